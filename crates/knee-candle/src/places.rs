//! Where the elements of a strided tensor are in its storage.

use std::borrow::Cow;
use std::ops::Range;

use candle_core::Layout;

/// The places of a tensor's elements, in the tensor's order, as runs of neighbours.
pub(crate) fn runs(layout: &Layout) -> impl Iterator<Item = Range<usize>> {
    let axes = layout
        .dims()
        .iter()
        .copied()
        .zip(layout.stride().iter().copied());
    runs_of(layout.start_offset(), axes.collect())
}

/// The same places in whatever order makes the runs longest: a transposed matrix is one run.
pub(crate) fn runs_in_any_order(layout: &Layout) -> impl Iterator<Item = Range<usize>> {
    let axes = layout
        .dims()
        .iter()
        .copied()
        .zip(layout.stride().iter().copied());
    let mut axes: Vec<_> = axes.collect();
    axes.sort_by_key(|&(_, stride)| std::cmp::Reverse(stride));
    runs_of(layout.start_offset(), axes)
}

/// The runs of axes given as lengths and strides, the last one varying fastest.
fn runs_of(start: usize, axes: Vec<(usize, usize)>) -> impl Iterator<Item = Range<usize>> {
    let empty = axes.iter().any(|&(length, _)| length == 0);
    let mut axes: Vec<_> = axes
        .into_iter()
        .filter(|&(length, _)| length != 1)
        .collect();
    let mut run = 1;
    while let Some((length, _)) = axes.pop_if(|&mut (_, stride)| stride == run) {
        run *= length;
    }
    // The innermost axis that is left is a plain loop; only those around it are counted through.
    let (inner, stride) = axes.pop().unwrap_or((1, 0));
    let outer = if empty {
        0
    } else {
        axes.iter().map(|axis| axis.0).product()
    };
    (0..outer).flat_map(move |mut index| {
        let mut offset = start;
        for &(length, stride) in axes.iter().rev() {
            offset += index % length * stride;
            index /= length;
        }
        (0..inner).map(move |element| {
            let first = offset + element * stride;
            first..first + run
        })
    })
}

/// The elements in the tensor's order: borrowed where they lie so.
pub(crate) fn dense<'a, T: Copy>(numbers: &'a [T], layout: &Layout) -> Cow<'a, [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Cow::Borrowed(&numbers[start..end]),
        None => Cow::Owned(gathered(numbers, layout)),
    }
}

/// A copy of the elements in the tensor's order.
pub(crate) fn gathered<T: Copy>(numbers: &[T], layout: &Layout) -> Vec<T> {
    let mut copy = Vec::with_capacity(layout.shape().elem_count());
    for run in runs(layout) {
        copy.extend_from_slice(&numbers[run]);
    }
    copy
}

/// Writes elements in the tensor's order to their places.
pub(crate) fn scatter<T: Copy>(elements: &[T], numbers: &mut [T], layout: &Layout) {
    let mut rest = elements;
    for run in runs(layout) {
        let (here, after) = rest.split_at(run.len());
        numbers[run].copy_from_slice(here);
        rest = after;
    }
}
