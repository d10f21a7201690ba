//! The crates that are timed beside knee, one file each.

#[cfg(feature = "peers")]
mod burn;
#[cfg(feature = "peers")]
mod candle;
#[cfg(feature = "peers")]
mod rten;

use session::{Cell, Run};

/// Room for a result, for as long as it is needed.
pub(crate) type Room<'a> = Box<dyn Fn() -> &'a mut [f32] + 'a>;

/// One computation, ready to be made.
pub(crate) struct Call<'a> {
    /// Makes it as many times as told.
    pub(crate) run: Run<'a>,
    /// What `run` does as well without being asked for; its time is subtracted.
    pub(crate) without: Option<Run<'a>>,
    /// The result.
    pub(crate) result: Box<dyn FnOnce() -> Vec<f32> + 'a>,
}

/// A crate with kernels of its own.
pub(crate) trait Peer {
    /// What it is called.
    fn name(&self) -> &'static str;
    /// Its version.
    fn version(&self) -> &'static str;
    /// What computes the cell from `[a, b]`, input (or, backward from the output, output) and upstream gradient; `None` if the
    /// crate has no such function.
    fn call<'a>(&self, cell: &Cell, arrays: [&'a [f32]; 2], out: Room<'a>) -> Option<Call<'a>>;
}

/// Whether crates that allocate their results, and are slow, are left out of a cell: forward they are timed on one large size,
/// backward, where their tapes hold many arrays, on none.
#[cfg(feature = "peers")]
fn too_long(cell: &Cell) -> bool {
    const MIDDLE: usize = 1 << 22;
    const LARGE: usize = 1 << 25;
    match cell.direction.as_str() {
        "forward" => (MIDDLE..LARGE).contains(&cell.elements),
        _ => cell.elements >= MIDDLE,
    }
}

/// Those that this program was built with.
pub(crate) fn all() -> Vec<Box<dyn Peer>> {
    #[cfg(feature = "peers")]
    return vec![
        Box::new(rten::Rten),
        Box::new(candle::Candle),
        Box::new(burn::Burn),
    ];
    #[cfg(not(feature = "peers"))]
    Vec::new()
}
