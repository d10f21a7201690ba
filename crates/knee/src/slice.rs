//! The functions on slices: one loop each, the same code for every length and position, so the same bits.

use crate::activation::Activation;
use crate::element::Element;

/// Panics unless a slice has the length of the input.
#[track_caller]
pub(crate) fn same_length(name: &str, length: usize, input: usize) {
    same_lengths((name, length), ("x", input));
}

/// Panics with both lengths unless they are the same.
#[track_caller]
pub(crate) fn same_lengths((name, length): (&str, usize), (other, expected): (&str, usize)) {
    assert!(
        length == expected,
        "`{name}` has {length} elements and `{other}` has {expected}; both must have the same length"
    );
}

#[inline(always)]
pub(crate) fn forward<F: Activation, T: Element>(function: &F, x: &[T], y: &mut [T]) {
    same_length("y", y.len(), x.len());
    for (y, &x) in y.iter_mut().zip(x) {
        *y = T::narrow(function.forward(x.widen()));
    }
}

#[inline(always)]
pub(crate) fn forward_in_place<F: Activation, T: Element>(function: &F, x: &mut [T]) {
    for x in x {
        *x = T::narrow(function.forward(x.widen()));
    }
}

#[inline(always)]
pub(crate) fn derivatives<F: Activation, T: Element>(function: &F, x: &[T], out: &mut [T]) {
    same_length("out", out.len(), x.len());
    for (out, &x) in out.iter_mut().zip(x) {
        *out = T::narrow(function.derivative(x.widen()));
    }
}

#[inline(always)]
pub(crate) fn backward<F: Activation, T: Element>(function: &F, x: &[T], dy: &[T], dx: &mut [T]) {
    same_length("dy", dy.len(), x.len());
    same_length("dx", dx.len(), x.len());
    for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
        *dx = T::narrow(dy.widen() * function.derivative(x.widen()));
    }
}
