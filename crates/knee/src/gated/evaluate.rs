//! Gated units on slices: the loops over their formulas.

use core::marker::PhantomData;

use super::{GatedActivation, GatedFunction};
use crate::activation::InSingle;
use crate::kernel::Tier;
use crate::lane::Lane;
use crate::simd::{Body, Formula, Input, Lanes, Level, Output, Written, apply};

/// The value from a gate and what it lets through.
pub(super) struct Value<F>(PhantomData<F>);

impl<F: GatedActivation + 'static> Formula<2, 1> for Value<F> {
    type Context = F;
    const IN_SINGLE: InSingle = InSingle::Coarse;

    #[inline(always)]
    fn at<L: Lane>(function: &F, [gate, up]: [L; 2]) -> [L; 1] {
        [function.forward(gate, up)]
    }
}

/// The gradients of both, from both and the upstream gradient.
pub(super) struct Gradients<F>(PhantomData<F>);

impl<F: GatedActivation + 'static> Formula<3, 2> for Gradients<F> {
    type Context = F;
    const IN_SINGLE: InSingle = InSingle::Coarse;

    #[inline(always)]
    fn at<L: Lane>(function: &F, [gate, up, dy]: [L; 3]) -> [L; 2] {
        let gradients = function.gradients(gate, up, dy);
        // A gradient that does not depend on a NaN of its own element is NaN all the same.
        [
            L::select(gate.le(gate), gradients.0, gate),
            L::select(up.le(up), gradients.1, up),
        ]
    }
}

/// What a gated unit computes on slices of a type.
pub trait EvaluateGated: Sized {
    /// Values.
    fn gated(function: GatedFunction, inputs: [Input<'_, Self>; 2], y: Output<'_, Self>)
    -> Written;
    /// The gradients of the gate and of the other half.
    fn gated_gradients(
        function: GatedFunction,
        inputs: [Input<'_, Self>; 3],
        gradients: [Output<'_, Self>; 2],
    ) -> Written;
}

macro_rules! evaluate {
    ($($type:ty),+) => {
        $(impl EvaluateGated for $type {
            fn gated(mut function: GatedFunction, inputs: [Input<'_, Self>; 2], y: Output<'_, Self>) -> Written {
                let y = [y];
                values(&mut function, |body| apply(body, inputs, y))
            }
            fn gated_gradients(
                mut function: GatedFunction,
                inputs: [Input<'_, Self>; 3],
                outputs: [Output<'_, Self>; 2],
            ) -> Written {
                gradients(&mut function, |body| apply(body, inputs, outputs))
            }
        })+
    };
}
evaluate!(f32, f64);
#[cfg(feature = "half")]
evaluate!(half::f16, half::bf16);

/// Hands the loop over the values to a closure.
#[inline(always)]
pub(crate) fn values<T: Lanes, R>(
    function: &mut GatedFunction,
    then: impl FnOnce(Body<'_, T, 2, 1>) -> R,
) -> R {
    each!(function, f => then(Body::new::<Value<_>>(Level::best(), Tier::Exact, f)))
}

/// Hands the loop over the gradients to a closure.
#[inline(always)]
pub(crate) fn gradients<T: Lanes, R>(
    function: &mut GatedFunction,
    then: impl FnOnce(Body<'_, T, 3, 2>) -> R,
) -> R {
    each!(function, f => then(Body::new::<Gradients<_>>(Level::best(), Tier::Exact, f)))
}
