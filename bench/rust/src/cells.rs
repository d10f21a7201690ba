//! What is timed: a function, forward or backward, on one type and size, by everybody who has it.

use std::time::Instant;

use serde_json::Value;
use session::{Cell, Plan, Turns};

use crate::boundary::Boundary;
use crate::peers::{Call, Peer};

/// Elements from which a single call is long enough.
const LARGE: usize = 1 << 22;
/// Outputs begin this far into their page, so that they do not share cache sets with inputs.
const OFFSET: usize = 1088;

/// The number of an operation that replaces its input.
const IN_PLACE: u8 = 3;

/// The loops that move as much memory as a kernel, with their numbers at the boundary.
fn copies(operation: u8) -> &'static [(&'static str, u8)] {
    match operation {
        0 => &[("copy", 0), ("copy streaming", 1), ("memcpy", 2)],
        IN_PLACE => &[("read-write", 3)],
        _ => &[("merge", 4), ("merge streaming", 5)],
    }
}

/// Every cell with median and quartiles in ns per element (per call for calls) of everybody who has the function.
pub(crate) fn time(
    boundary: &Boundary,
    plan: &Plan,
    peers: &[Box<dyn Peer>],
    start: &Instant,
) -> Result<Vec<Value>, String> {
    let largest = plan
        .cells
        .iter()
        .map(|cell| cell.elements * cell.bytes())
        .max()
        .unwrap_or(0);
    let memory = || {
        boundary
            .memory(largest + OFFSET)
            .ok_or(format!("no {largest} bytes"))
    };
    let mut arrays = [memory()?, memory()?, memory()?];
    let mut times = Vec::new();
    let mut filled = None;
    for (index, cell) in plan.cells.iter().enumerate() {
        let [a, b, _] = &mut arrays;
        prepare(boundary, cell, a, b, &mut filled);
        times.push(one(boundary, plan, peers, cell, &mut arrays));
        if index % 20 == 0 {
            let (seconds, cells) = (start.elapsed().as_secs(), plan.cells.len());
            eprintln!("{seconds:6} s  {} of {cells}", index + 1);
        }
    }
    Ok(times)
}

/// Fills input and upstream gradient unless the last cell left there what this one needs: type and elements of both. Where the
/// derivative is taken from the output, the input is one.
fn prepare(
    boundary: &Boundary,
    cell: &Cell,
    a: &mut [u8],
    b: &mut [u8],
    filled: &mut Option<(u8, usize)>,
) {
    let size = cell.elements * cell.bytes();
    let state = (cell.dtype(), cell.elements);
    if filled.replace(state) != Some(state) {
        boundary.fill(0, cell.dtype(), &mut a[..size], cell.elements, 3.0, 1);
        boundary.fill(0, cell.dtype(), &mut b[..size], cell.elements, 1.0, 2);
    }
    if cell.operation() == 2 {
        outputs(boundary, cell, &mut a[..size]);
        *filled = None;
    }
}

/// Replaces inputs by the outputs there.
pub(crate) fn outputs(boundary: &Boundary, cell: &Cell, a: &mut [u8]) {
    let x = a.to_vec();
    if let Some(forward) = boundary.kernel(&cell.function, cell.dtype(), 0, false, false) {
        forward(&x, &x, a, cell.row.unwrap_or(0), 1);
    }
}

fn one(
    boundary: &Boundary,
    plan: &Plan,
    peers: &[Box<dyn Peer>],
    cell: &Cell,
    arrays: &mut [&mut [u8]; 3],
) -> Value {
    let size = cell.elements * cell.bytes();
    let [a, b, out] = arrays;
    let (a, b) = (&a[..size], &b[..size]);
    let out = &mut out[OFFSET..OFFSET + size];
    out.copy_from_slice(a);
    let out = out.as_mut_ptr();
    // SAFETY: the contestants run one after the other, and none of them keeps the slice.
    let room = move || unsafe { std::slice::from_raw_parts_mut(out, size) };

    let mut turns = Turns::default();
    let row = cell.row.unwrap_or(0);
    for (tier, fast) in [("exact", false), ("fast", true)] {
        for parallel in [false, true].into_iter().take(plan.threads as usize) {
            let kernel = boundary.kernel(
                &cell.function,
                cell.dtype(),
                cell.operation(),
                fast,
                parallel,
            );
            if let Some(kernel) = kernel {
                let alone = if plan.threads > 1 && !parallel {
                    ", one thread"
                } else {
                    ""
                };
                let run = Box::new(move |calls| kernel(a, b, room(), row, calls));
                turns.add(format!("knee {tier}{alone}"), run, None);
            }
        }
    }
    if cell.form != "call" && plan.threads == 1 {
        for &(name, kind) in copies(cell.operation()) {
            if boundary.copy(kind, a, b, room(), 0) {
                let run = Box::new(move |calls| {
                    boundary.copy(kind, a, b, room(), calls);
                });
                turns.add(name, run, None);
            }
        }
    }
    if cell.dtype == "f32" {
        for peer in peers {
            let floats = [floats(a), floats(b)];
            if let Some(Call { run, without, .. }) =
                peer.call(cell, floats, Box::new(move || floats_mut(room())))
            {
                turns.add(peer.name(), run, without);
            }
        }
    }
    if cell.operation() == IN_PLACE {
        turns.prepared_by(|| room().copy_from_slice(a));
    }
    turns.time(cell, plan.turns(cell.elements >= LARGE))
}

fn floats(bytes: &[u8]) -> &[f32] {
    // SAFETY: the arrays begin at multiples of 64 and were filled with such numbers.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / 4) }
}

fn floats_mut(bytes: &mut [u8]) -> &mut [f32] {
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len() / 4) }
}
