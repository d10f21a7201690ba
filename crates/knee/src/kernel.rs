//! A function on slices: its tier, its convention at kinks, and the instructions it uses.
//!
//! A slice goes through registers as wide as the processor has them, the piece that fills none as well, so the bits of a
//! result depend on its argument alone.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::activation::{Activation, InSingle};
use crate::element::Element;
use crate::error::NoOutputForm;
use crate::functions::Function;
use crate::lane::Lane;
use crate::simd::{Formula, Input, Level, Output, Written, apply};
use crate::slice::same_length;

/// How exact the results are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Within [`Budget`](crate::Budget) of the true result: about half a unit in the last place.
    #[default]
    Exact,
    /// Within 4 units in the last place, tails included; NaN, limits, ranges and signs as in the exact tier. `f64` is exact, and
    /// so are the 16-bit types.
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

    /// The tier.
    pub fn precision(&self) -> Tier {
        self.tier
    }

    /// Writes the value at each element of `x` to `y`. Panics if the lengths differ.
    pub fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        same_length("y", y.len(), x.len());
        T::values(self, Input::new(x), Output::new(y));
    }

    /// Writes the value at each element of `x` to storage that need not be initialised, and returns it. Panics if the lengths
    /// differ.
    pub fn forward_uninit<'y, T: Element>(
        &self,
        x: &[T],
        y: &'y mut [MaybeUninit<T>],
    ) -> &'y mut [T] {
        same_length("y", y.len(), x.len());
        Output::fill(y, |y| T::values(self, Input::new(x), y))
    }

    /// Replaces each element by the value there.
    pub fn forward_in_place<T: Element>(&self, x: &mut [T]) {
        let (x, y) = Output::in_place(x);
        T::values(self, x, y);
    }

    /// Writes the derivative at each element of `x` to `out`. Panics if the lengths differ.
    pub fn derivatives<T: Element>(&self, x: &[T], out: &mut [T]) {
        same_length("out", out.len(), x.len());
        let ones = [T::from_f64(1.0); BLOCK];
        for (x, out) in x.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
            self.backward(x, &ones[..x.len()], out);
        }
    }

    /// Writes `dy * f'(x)` to `dx`, the product rounded once. Panics if the lengths differ.
    pub fn backward<T: Element>(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        self.product(Input::new(x), Input::new(dy), Output::new(dx));
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
        Output::fill(dx, |dx| self.product(Input::new(x), Input::new(dy), dx))
    }

    /// Replaces each element of `dy` by `dy * f'(x)`. Panics if the lengths differ.
    pub fn backward_in_place<T: Element>(&self, x: &[T], dy: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        let (dy, dx) = Output::in_place(dy);
        self.product(Input::new(x), dy, dx);
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
        T::gradients_from_output(self, [Input::new(y), Input::new(dy)], Output::new(dx));
        Ok(())
    }

    /// Where the loops of `forward`, `backward` and `backward_from_output` over slices of `f32` or `f64` begin in memory, and how
    /// many elements one turn of them takes: for a test that reads their instructions.
    #[doc(hidden)]
    pub fn loops<T: Element>(&self) -> [(usize, usize); 3] {
        T::loops(self)
    }

    fn product<T: Element>(
        &self,
        x: Input<'_, T>,
        dy: Input<'_, T>,
        mut dx: Output<'_, T>,
    ) -> Written {
        let differing = |kinks: Kinks| {
            kinks == Kinks::Jax
                && self
                    .function
                    .facts()
                    .kinks
                    .iter()
                    .any(|kink| kink.jax != kink.slope)
        };
        if !differing(self.kinks) {
            return T::gradients(self, [x, dy], dx);
        }
        // Piece by piece, and what lies at a kink is written over.
        let plain = self.kinks(Kinks::Torch);
        let kinks = self.function.facts().kinks;
        let zero = T::default();
        for start in (0..x.len()).step_by(BLOCK) {
            let (mut near, mut upstream, mut products) =
                ([zero; BLOCK], [zero; BLOCK], [zero; BLOCK]);
            let length = BLOCK.min(x.len() - start);
            x.copy_to(start, &mut near[..length]);
            dy.copy_to(start, &mut upstream[..length]);
            plain.backward(
                &near[..length],
                &upstream[..length],
                &mut products[..length],
            );
            for kink in kinks.iter().filter(|kink| kink.jax != kink.slope) {
                for ((x, dy), dx) in near.iter().zip(&upstream).zip(&mut products) {
                    if x.to_f64() == kink.at {
                        *dx = T::narrow(dy.widen() * T::Wide::of(kink.jax));
                    }
                }
            }
            dx.append(&products[..length]);
        }
        dx.done()
    }
}

/// As many elements as are copied at a time: a few kilobytes on the stack.
const BLOCK: usize = 256;

/// `f(x)`.
pub(crate) struct Value<F>(PhantomData<F>);

impl<F: Activation + 'static> Formula<1, 1> for Value<F> {
    type Context = F;
    const IN_SINGLE: InSingle = F::IN_SINGLE;

    #[inline(always)]
    fn at<L: Lane>(function: &F, [x]: [L; 1]) -> [L; 1] {
        [function.forward(x)]
    }
}

/// `dy f'(x)`.
pub(crate) struct Gradient<F>(PhantomData<F>);

impl<F: Activation + 'static> Formula<2, 1> for Gradient<F> {
    type Context = F;
    const IN_SINGLE: InSingle = F::IN_SINGLE;

    #[inline(always)]
    fn at<L: Lane>(function: &F, [x, dy]: [L; 2]) -> [L; 1] {
        [dy * function.derivative(x)]
    }
}

/// `dy f'` from `y = f(x)`.
pub(crate) struct GradientFromOutput<F>(PhantomData<F>);

impl<F: Activation + 'static> Formula<2, 1> for GradientFromOutput<F> {
    type Context = F;
    const IN_SINGLE: InSingle = F::IN_SINGLE;

    #[inline(always)]
    fn at<L: Lane>(function: &F, [y, dy]: [L; 2]) -> [L; 1] {
        if const { F::FROM_OUTPUT.is_some() } {
            [dy * function.derivative_from_output(y)]
        } else {
            [dy * L::of(f64::NAN)]
        }
    }
}

/// What a kernel computes on slices of a type.
pub trait Evaluate: Sized {
    /// Where the loops begin in memory, and how many elements a turn takes.
    fn loops(kernel: &Kernel) -> [(usize, usize); 3];
    /// Values.
    fn values(kernel: &Kernel, x: Input<'_, Self>, y: Output<'_, Self>) -> Written;
    /// Gradients times derivatives, from inputs and gradients.
    fn gradients(kernel: &Kernel, inputs: [Input<'_, Self>; 2], dx: Output<'_, Self>) -> Written;
    /// The same from outputs and gradients.
    fn gradients_from_output(
        kernel: &Kernel,
        inputs: [Input<'_, Self>; 2],
        dx: Output<'_, Self>,
    ) -> Written;
}

macro_rules! evaluate {
    ($($type:ty),+) => {
        $(impl Evaluate for $type {
            fn loops(kernel: &Kernel) -> [(usize, usize); 3] {
                [
                    kernel.values::<Self>(kernel.tier).place(),
                    kernel.gradients::<Self>(kernel.tier).place(),
                    kernel.gradients_from_output::<Self>(kernel.tier).place(),
                ]
            }
            fn values(kernel: &Kernel, x: Input<'_, Self>, y: Output<'_, Self>) -> Written {
                apply(kernel.values(kernel.tier), [x], [y])
            }
            fn gradients(kernel: &Kernel, inputs: [Input<'_, Self>; 2], dx: Output<'_, Self>) -> Written {
                apply(kernel.gradients(kernel.tier), inputs, [dx])
            }
            fn gradients_from_output(kernel: &Kernel, inputs: [Input<'_, Self>; 2], dx: Output<'_, Self>) -> Written {
                apply(kernel.gradients_from_output(kernel.tier), inputs, [dx])
            }
        })+
    };
}
evaluate!(f32, f64);
#[cfg(feature = "half")]
evaluate!(half::f16, half::bf16);
