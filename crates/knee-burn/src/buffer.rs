//! Where results are written: to the tensor's own buffer if nobody else holds it, otherwise to a new one. What is read is copied
//! only if it lies so that a kernel cannot go through it.

use std::ops::Range;

use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, Element};

/// A type in which both Burn and knee compute.
pub(crate) trait Float: knee::Element + Element + bytemuck::Pod {}
impl<T: knee::Element + Element + bytemuck::Pod> Float for T {}

/// How many numbers the buffer holds.
fn stored(x: &FlexTensor) -> usize {
    x.bytes().len() / x.dtype().size()
}

/// Row-major without gaps; a copy only where it is not so already.
pub(crate) fn row_major(x: FlexTensor) -> FlexTensor {
    if x.is_contiguous() {
        x
    } else {
        x.to_contiguous()
    }
}

/// Whether the buffer holds nothing but the tensor's elements: also of a transposed, flipped or repeated tensor.
fn fills_its_buffer(x: &FlexTensor) -> bool {
    stored(x) <= x.layout().num_elements()
}

/// Without gaps, in whatever order: for what is done to each element by itself.
pub(crate) fn in_any_order(x: FlexTensor) -> FlexTensor {
    if fills_its_buffer(&x) {
        x
    } else {
        row_major(x)
    }
}

/// Both in the same order without gaps.
pub(crate) fn in_the_same_order(x: FlexTensor, y: FlexTensor) -> (FlexTensor, FlexTensor) {
    if x.layout() == y.layout() && fills_its_buffer(&x) && stored(&x) == stored(&y) {
        (x, y)
    } else {
        (row_major(x), row_major(y))
    }
}

/// Where the elements are in the buffer of a tensor without gaps.
fn range(x: &FlexTensor) -> Range<usize> {
    match x.layout().contiguous_offsets() {
        Some((start, end)) => start..end,
        None => 0..stored(x),
    }
}

/// Numbers as a tensor that lies like another one without gaps.
fn wrap<T: Float>(numbers: Vec<T>, like: &FlexTensor) -> FlexTensor {
    let layout = if like.is_contiguous() {
        Layout::contiguous(like.layout().shape().clone())
    } else {
        like.layout().clone()
    };
    FlexTensor::new(Bytes::from_elems(numbers), layout, like.dtype())
}

/// Replaces the elements of `x`, in its own buffer if nobody else holds it: `in_place` is handed the elements of the inputs and
/// those of `x`, and otherwise `fresh` the inputs', those of `x`, and where the results go.
///
/// All the tensors are without gaps and in the same order. Pieces of `unit` elements may be computed by themselves.
pub(crate) fn replace<T: Float, const N: usize>(
    inputs: [&FlexTensor; N],
    mut x: FlexTensor,
    unit: usize,
    in_place: impl FnOnce([&[T]; N], &mut [T]),
    fresh: impl Fn([&[T]; N], &[T], &mut [T]),
) -> FlexTensor {
    let inputs = inputs.map(|input| &input.storage::<T>()[range(input)]);
    let own = range(&x);
    if let Some(buffer) = x.try_storage_mut::<T>() {
        in_place(inputs, &mut buffer[own]);
        return x;
    }
    let old = &x.storage::<T>()[own];
    let results = computed(old.len(), unit, |own, results| {
        let inputs = inputs.map(|input| &input[own.clone()]);
        fresh(inputs, &old[own], results);
    });
    wrap(results, &x)
}

/// As many numbers, written by `write`, which is handed places and room for the results there. Pieces of `unit` elements may be
/// computed by themselves.
///
/// Room is made block by block, and is in the nearest cache when it is written to; all at once only where threads share the work.
fn computed<T: Float>(
    elements: usize,
    unit: usize,
    write: impl Fn(Range<usize>, &mut [T]),
) -> Vec<T> {
    const BLOCK: usize = 1 << 12;
    if is_shared(elements) {
        let mut results = vec![T::default(); elements];
        write(0..elements, &mut results);
        return results;
    }
    let block = BLOCK.next_multiple_of(unit.max(1));
    let mut results = Vec::with_capacity(elements);
    while results.len() < elements {
        let own = results.len()..(results.len() + block).min(elements);
        results.resize(own.end, T::default());
        write(own.clone(), &mut results[own]);
    }
    results
}

/// Whether knee's kernels share so many elements between threads.
fn is_shared(elements: usize) -> bool {
    const WORTH_SHARING: usize = 1 << 18;
    elements >= WORTH_SHARING && rayon::current_num_threads() > 1
}

/// A new tensor that lies like `like`, row-major.
pub(crate) fn new<T: Float>(like: &FlexTensor, write: impl FnOnce(&mut [T])) -> FlexTensor {
    let mut results = vec![T::default(); like.layout().num_elements()];
    write(&mut results);
    wrap(results, like)
}

/// The elements of a row-major tensor.
pub(crate) fn elements<T: Float>(x: &FlexTensor) -> &[T] {
    &x.storage::<T>()[range(x)]
}

#[cfg(test)]
mod tests {
    use super::computed;

    #[test]
    fn blocks_are_whole_units_and_leave_nothing_out() {
        for (elements, unit) in [
            (0, 0),
            (0, 1),
            (1, 1),
            (4096, 1),
            (10_000, 1),
            (30_000, 1000),
            (9000, 9000),
        ] {
            let found = computed(elements, unit, |own, room: &mut [f32]| {
                assert_eq!(own.start % unit, 0);
                assert_eq!(own.len(), room.len());
                for (place, number) in own.zip(room) {
                    *number = place as f32;
                }
            });
            let expected: Vec<f32> = (0..elements).map(|place| place as f32).collect();
            assert_eq!(found, expected, "{elements} by {unit}");
        }
    }
}
