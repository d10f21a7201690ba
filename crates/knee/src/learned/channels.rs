//! The learned functions on slices: which parameter belongs to which element, and the gradients of both.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::LearnedActivation;
use crate::element::Element;
use crate::lane::Lane;
use crate::slice::{same_length, same_lengths};

/// How the elements of a slice belong to channels: the layout is `[outer, count, inner]`, row-major.
///
/// `[batch, channels, height, width]` has `inner = height * width`; `[batch, features]` has `inner = 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// The number of channels.
    pub count: usize,
    /// The number of neighbouring elements of one channel.
    pub inner: usize,
}

impl Channels {
    /// The runs of neighbouring elements with the same parameters: the channel, and where they are. If every parameter has one
    /// value there is one run.
    #[track_caller]
    fn runs(self, elements: usize, shared: bool) -> impl Iterator<Item = (usize, Range<usize>)> {
        let Self { count, inner } = self;
        let block = count * inner;
        let whole = if block == 0 {
            elements == 0
        } else {
            elements.is_multiple_of(block)
        };
        assert!(
            whole,
            "`x` has {elements} elements, which is no multiple of {count} channels of {inner} elements"
        );
        let (length, channels) = if shared {
            (elements, 1)
        } else {
            (inner, count)
        };
        let runs = elements.checked_div(length).unwrap_or(0);
        (0..runs).map(move |run| (run % channels, run * length..(run + 1) * length))
    }
}

/// The function with the parameters of each channel, and whether all channels share one; `None` for a channel with a value
/// outside of its domain.
#[track_caller]
fn functions<F: LearnedActivation, T: Element>(
    parameters: &[&[T]],
    channels: Channels,
) -> (Vec<Option<F>>, bool) {
    let (given, expected) = (parameters.len(), F::PARAMETERS.len());
    assert!(
        given == expected,
        "{} has {expected} parameters, but {given} slices of parameters were given",
        F::NAME
    );
    let count = channels.count;
    for (declaration, values) in F::PARAMETERS.iter().zip(parameters) {
        let (name, values) = (declaration.name, values.len());
        assert!(
            values == 1 || values == count,
            "`{name}` has {values} elements; it must have 1, or one for each of {count} channels"
        );
    }
    let shared = parameters.iter().all(|values| values.len() == 1);
    let of_channel = |channel: usize| {
        let mut function = F::default();
        for (index, (declaration, values)) in F::PARAMETERS.iter().zip(parameters).enumerate() {
            let value = values[channel % values.len()].to_f64();
            if !declaration.domain.contains(value) {
                return None;
            }
            function.set_parameter(index, value);
        }
        function.conflict().is_none().then_some(function)
    };
    let many = if shared { 1 } else { count };
    ((0..many).map(of_channel).collect(), shared)
}

/// Writes the values.
#[track_caller]
pub(super) fn forward<F: LearnedActivation, T: Element>(
    x: &[T],
    parameters: &[&[T]],
    channels: Channels,
    y: &mut [T],
) {
    same_length("y", y.len(), x.len());
    let (functions, shared) = functions::<F, T>(parameters, channels);
    for (channel, run) in channels.runs(x.len(), shared) {
        let pairs = y[run.clone()].iter_mut().zip(&x[run]);
        match &functions[channel] {
            Some(function) => {
                for (y, x) in pairs {
                    let x = x.widen();
                    *y = T::narrow(keep_nan(x, function.value(x)));
                }
            }
            None => pairs.for_each(|(y, _)| *y = T::from_f64(f64::NAN)),
        }
    }
}

/// Writes the gradient in `x` and the gradients of the parameters.
#[track_caller]
pub(super) fn backward<F: LearnedActivation, T: Element>(
    x: &[T],
    dy: &[T],
    parameters: &[&[T]],
    channels: Channels,
    dx: &mut [T],
    dparameters: &mut [&mut [T]],
) {
    same_length("dy", dy.len(), x.len());
    same_length("dx", dx.len(), x.len());
    same_lengths(
        ("dparameters", dparameters.len()),
        ("parameters", parameters.len()),
    );
    for (gradient, (declaration, values)) in
        dparameters.iter().zip(F::PARAMETERS.iter().zip(parameters))
    {
        let (name, found, expected) = (declaration.name, gradient.len(), values.len());
        assert!(
            found == expected,
            "`d{name}` has {found} elements and `{name}` has {expected}; both must have the same length"
        );
    }
    let (functions, shared) = functions::<F, T>(parameters, channels);
    let (zero, nan) = (T::Wide::of(0.0), T::Wide::of(f64::NAN));
    let mut sums: Vec<Vec<T::Wide>> = parameters
        .iter()
        .map(|values| vec![zero; values.len()])
        .collect();
    let mut gradient = vec![zero; parameters.len()];
    for (channel, run) in channels.runs(x.len(), shared) {
        let gradients = dx[run.clone()].iter_mut().zip(&dy[run.clone()]);
        for (x, (dx, dy)) in x[run].iter().zip(gradients) {
            let (x, dy) = (x.widen(), dy.widen());
            let derivative = if let Some(function) = &functions[channel] {
                function.gradient(x, &mut gradient);
                function.derivative(x)
            } else {
                gradient.fill(nan);
                nan
            };
            *dx = T::narrow(dy * keep_nan(x, derivative));
            for (sums, &gradient) in sums.iter_mut().zip(&gradient) {
                let own = channel % sums.len();
                let sum = &mut sums[own];
                *sum = *sum + dy * keep_nan(x, gradient);
            }
        }
    }
    for (gradients, sums) in dparameters.iter_mut().zip(sums) {
        for (gradient, sum) in gradients.iter_mut().zip(sums) {
            *gradient = T::narrow(sum);
        }
    }
}

/// The result, or NaN where `x` is NaN.
#[inline(always)]
pub(super) fn keep_nan<L: Lane>(x: L, result: L) -> L {
    L::select(x.le(x), result, x)
}
