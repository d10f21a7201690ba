//! A function on slices: its tier, its convention at kinks, and the instructions it uses.
//!
//! Slices are worked through in blocks: a block is widened, the formula is evaluated on it at the level's width, and the
//! results are narrowed into whatever storage there is. So a formula is compiled once for each lane and level, whatever types
//! and operations there are, and the bits of a result depend on its argument alone.

use core::mem::MaybeUninit;

use crate::element::Element;
use crate::error::NoOutputForm;
use crate::functions::Function;
use crate::lane::Lane;
use crate::simd::{Cursor, Level, Sink, Store};
use crate::slice::same_length;
pub(crate) use sealed::{Evaluate, Quantity};

/// How exact the results are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Within [`Budget`](crate::Budget) of the true result: about half a unit in the last place.
    #[default]
    Exact,
    /// Within 4 units in the last place, tails included; NaN, limits, ranges and signs as in the exact tier. `f64` is exact.
    Fast,
}

/// Whose derivative is taken at a kink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kinks {
    /// `PyTorch`'s: [`Kink::slope`](crate::Kink).
    #[default]
    Torch,
    /// JAX's: [`Kink::jax`](crate::Kink).
    Jax,
}

pub(crate) mod sealed {
    use super::Kernel;

    /// What is evaluated on a block.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Quantity {
        Value,
        Slope,
        SlopeFromOutput,
    }

    /// Evaluates a function's formulas on a block.
    pub trait Evaluate: Sized {
        fn evaluate(kernel: &Kernel, quantity: Quantity, x: &[Self], out: &mut [Self]);
    }
}

/// A lane in which slices are evaluated: [`f64`], [`Pair`](crate::Pair), [`Quick`](crate::Quick).
pub trait Wide: Lane + Evaluate + Send + Sync + 'static {}

/// A function with the way it is to be computed on slices.
///
/// ```
/// use knee::{Function, Kinks, Tier};
///
/// let leaky = Function::parse("leaky_relu").unwrap();
/// let (x, mut slopes) = ([-1.0_f32, 0.0, 1.0], [0.0; 3]);
/// leaky.kernel().derivatives(&x, &mut slopes);
/// assert_eq!(slopes, [0.01, 0.01, 1.0]);
/// leaky.kernel().kinks(Kinks::Jax).derivatives(&x, &mut slopes);
/// assert_eq!(slopes, [0.01, 1.0, 1.0]);
///
/// let mut y = [0.0; 3];
/// Function::parse("gelu").unwrap().kernel().tier(Tier::Fast).forward(&x, &mut y);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    function: Function,
    tier: Tier,
    kinks: Kinks,
    level: Level,
}

impl Function {
    /// The function on slices, to be computed otherwise than by default: another tier, another convention at kinks.
    pub fn kernel(&self) -> Kernel {
        Kernel {
            function: *self,
            tier: Tier::default(),
            kinks: Kinks::default(),
            level: Level::best(),
        }
    }
}

impl Kernel {
    /// In this tier.
    #[must_use]
    pub fn tier(self, tier: Tier) -> Self {
        Self { tier, ..self }
    }

    /// With this convention at kinks.
    #[must_use]
    pub fn kinks(self, kinks: Kinks) -> Self {
        Self { kinks, ..self }
    }

    /// With these instructions; the results do not depend on them.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// The function.
    pub fn function(&self) -> &Function {
        &self.function
    }

    pub(crate) fn instructions(&self) -> Level {
        self.level
    }

    /// Writes the value at each element of `x` to `y`. Panics if the lengths differ.
    pub fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        same_length("y", y.len(), x.len());
        self.each(Quantity::Value, x, &mut Cursor(y));
    }

    /// Writes the value at each element of `x` to storage that need not be initialised, and returns it. Panics if the lengths
    /// differ.
    pub fn forward_uninit<'y, T: Element>(
        &self,
        x: &[T],
        y: &'y mut [MaybeUninit<T>],
    ) -> &'y mut [T] {
        same_length("y", y.len(), x.len());
        let mut sink = Sink::new(y);
        self.each(Quantity::Value, x, &mut sink);
        sink.finish()
    }

    /// Replaces each element by the value there.
    pub fn forward_in_place<T: Element>(&self, x: &mut [T]) {
        self.replace(Quantity::Value, x);
    }

    /// Writes the derivative at each element of `x` to `out`. Panics if the lengths differ.
    pub fn derivatives<T: Element>(&self, x: &[T], out: &mut [T]) {
        same_length("out", out.len(), x.len());
        self.each(Quantity::Slope, x, &mut Cursor(out));
    }

    /// Writes `dy * f'(x)` to `dx`, the product rounded once. Panics if the lengths differ.
    pub fn backward<T: Element>(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        self.product(Quantity::Slope, x, dy, &mut Cursor(dx));
    }

    /// Writes `dy * f'(x)` to storage that need not be initialised, and returns it. Panics if the lengths differ.
    pub fn backward_uninit<'d, T: Element>(
        &self,
        x: &[T],
        dy: &[T],
        dx: &'d mut [MaybeUninit<T>],
    ) -> &'d mut [T] {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        let mut sink = Sink::new(dx);
        self.product(Quantity::Slope, x, dy, &mut sink);
        sink.finish()
    }

    /// Replaces each element of `dy` by `dy * f'(x)`. Panics if the lengths differ.
    pub fn backward_in_place<T: Element>(&self, x: &[T], dy: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        self.product_in_place(x, dy);
    }

    /// Writes `dy * f'` to `dx`, with the derivative as a function of the output `y`: what a network keeps if it does not keep
    /// its inputs.
    ///
    /// An output has been rounded, so the derivative is that of the number `y`, not that of the input: where the function
    /// saturates, `1 - y` has few digits. An error if the derivative is no function of the output: see
    /// [`About::from_output`](crate::About). Panics if the lengths differ.
    pub fn backward_from_output<T: Element>(
        &self,
        y: &[T],
        dy: &[T],
        dx: &mut [T],
    ) -> Result<(), NoOutputForm> {
        same_length("dy", dy.len(), y.len());
        same_length("dx", dx.len(), y.len());
        if self.function.about().from_output.is_none() {
            return Err(NoOutputForm {
                function: self.function.name(),
            });
        }
        self.product(Quantity::SlopeFromOutput, y, dy, &mut Cursor(dx));
        Ok(())
    }

    fn each<T: Element>(&self, quantity: Quantity, x: &[T], out: &mut impl Store<T>) {
        match self.tier {
            Tier::Exact => each::<T, T::Wide>(self, quantity, x, out),
            Tier::Fast => each::<T, T::Fast>(self, quantity, x, out),
        }
    }

    fn replace<T: Element>(&self, quantity: Quantity, x: &mut [T]) {
        match self.tier {
            Tier::Exact => replace::<T, T::Wide>(self, quantity, x),
            Tier::Fast => replace::<T, T::Fast>(self, quantity, x),
        }
    }

    fn product<T: Element>(&self, quantity: Quantity, x: &[T], dy: &[T], dx: &mut impl Store<T>) {
        match self.tier {
            Tier::Exact => product::<T, T::Wide>(self, quantity, x, dy, dx),
            Tier::Fast => product::<T, T::Fast>(self, quantity, x, dy, dx),
        }
    }

    fn product_in_place<T: Element>(&self, x: &[T], dy: &mut [T]) {
        match self.tier {
            Tier::Exact => product_in_place::<T, T::Wide>(self, x, dy),
            Tier::Fast => product_in_place::<T, T::Fast>(self, x, dy),
        }
    }
}

/// As many elements as are evaluated at a time: a few kilobytes on the stack, many registers' worth.
const BLOCK: usize = 128;

/// Room for the arguments and the results of a block.
struct Block<W> {
    arguments: [W; BLOCK],
    results: [W; BLOCK],
}

impl<W: Wide> Block<W> {
    fn new() -> Self {
        let zero = W::of(0.0);
        Self {
            arguments: [zero; BLOCK],
            results: [zero; BLOCK],
        }
    }

    /// The quantity at each element of a block of at most `BLOCK` elements.
    #[inline(always)]
    fn evaluate<T: Element>(&mut self, kernel: &Kernel, quantity: Quantity, x: &[T]) -> &[W]
    where
        T::Wide: Into<W>,
    {
        let arguments = &mut self.arguments[..x.len()];
        for (argument, x) in arguments.iter_mut().zip(x) {
            *argument = x.widen().into();
        }
        let results = &mut self.results[..x.len()];
        W::evaluate(kernel, quantity, arguments, results);
        if quantity == Quantity::Slope && kernel.kinks == Kinks::Jax {
            for kink in kernel
                .function
                .facts()
                .kinks
                .iter()
                .filter(|kink| kink.jax != kink.slope)
            {
                for (result, x) in results.iter_mut().zip(x) {
                    if x.to_f64() == kink.at {
                        *result = W::of(kink.jax);
                    }
                }
            }
        }
        results
    }
}

fn each<T: Element, W: Wide + Into<T::Wide>>(
    kernel: &Kernel,
    quantity: Quantity,
    x: &[T],
    out: &mut impl Store<T>,
) where
    T::Wide: Into<W>,
{
    let mut block = Block::<W>::new();
    for x in x.chunks(BLOCK) {
        let results = block.evaluate(kernel, quantity, x);
        out.extend(results.iter().map(|&wide| T::narrow(wide.into())));
    }
}

fn replace<T: Element, W: Wide + Into<T::Wide>>(kernel: &Kernel, quantity: Quantity, x: &mut [T])
where
    T::Wide: Into<W>,
{
    let mut block = Block::<W>::new();
    for x in x.chunks_mut(BLOCK) {
        let results = block.evaluate(kernel, quantity, x);
        for (x, &wide) in x.iter_mut().zip(results) {
            *x = T::narrow(wide.into());
        }
    }
}

fn product<T: Element, W: Wide + Into<T::Wide>>(
    kernel: &Kernel,
    quantity: Quantity,
    x: &[T],
    dy: &[T],
    dx: &mut impl Store<T>,
) where
    T::Wide: Into<W>,
{
    let mut block = Block::<W>::new();
    for (x, dy) in x.chunks(BLOCK).zip(dy.chunks(BLOCK)) {
        let slopes = block.evaluate(kernel, quantity, x);
        dx.extend(
            dy.iter()
                .zip(slopes)
                .map(|(dy, &slope)| T::narrow(dy.widen() * slope.into())),
        );
    }
}

fn product_in_place<T: Element, W: Wide + Into<T::Wide>>(kernel: &Kernel, x: &[T], dy: &mut [T])
where
    T::Wide: Into<W>,
{
    let mut block = Block::<W>::new();
    for (x, dy) in x.chunks(BLOCK).zip(dy.chunks_mut(BLOCK)) {
        let slopes = block.evaluate(kernel, Quantity::Slope, x);
        for (dy, &slope) in dy.iter_mut().zip(slopes) {
            *dy = T::narrow(dy.widen() * slope.into());
        }
    }
}
