//! The arrays that all cases share.

use boundary::buffer::Numbers;
use boundary::sample::normal;

use crate::number::Number;

/// Each array begins so many bytes further into its page than the one before, so that no two share cache sets.
const APART: usize = 1088;

/// Arrays of inputs, which nobody writes to, and of outputs.
pub(crate) struct Arrays<T: Number> {
    elements: usize,
    inputs: [Numbers<T>; 3],
    outputs: [Numbers<T>; 4],
}

/// The arrays as a case has them: a result of so many elements. Each array has room for at least twice as many where a case says
/// so, else for as many.
pub(crate) struct Slices<'a, T> {
    /// Elements of the result.
    pub(crate) elements: usize,
    /// Normally distributed: the first with a standard deviation of 3, the others of 1.
    pub(crate) inputs: [&'a [T]; 3],
    /// Whatever was there before.
    pub(crate) outputs: [&'a mut [T]; 4],
}

impl<T: Number> Arrays<T> {
    /// Arrays of so many elements.
    pub(crate) fn new(elements: usize) -> Self {
        let zeros = || Numbers::zeros(elements + 7 * APART / size_of::<T>());
        let mut inputs = [(); 3].map(|()| zeros());
        for (index, (input, scale)) in inputs.iter_mut().zip([3.0, 1.0, 1.0]).enumerate() {
            normal(input, scale, index as u64);
        }
        Self {
            elements,
            inputs,
            outputs: [(); 4].map(|()| zeros()),
        }
    }

    /// The arrays for a result of so many elements.
    pub(crate) fn slices(&mut self, elements: usize) -> Slices<'_, T> {
        let start = |index: usize| index * APART / size_of::<T>();
        let mut index = 0;
        let inputs = self.inputs.each_ref().map(|input| {
            index += 1;
            &input[start(index - 1)..][..self.elements]
        });
        let outputs = self.outputs.each_mut().map(|output| {
            index += 1;
            &mut output[start(index - 1)..][..self.elements]
        });
        Slices {
            elements,
            inputs,
            outputs,
        }
    }
}
