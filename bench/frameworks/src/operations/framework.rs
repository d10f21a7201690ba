//! What is asked of a framework.

use super::kernels::Kernels;

/// A function of a tensor.
pub(super) type Map<T> = Box<dyn Fn(T) -> T>;

/// Tensors with a tape. Rows are the last axis.
pub(super) trait Framework {
    type Tensor: Clone + 'static;
    /// What it is called.
    const NAME: &'static str;

    /// Numbers in rows, not on the tape.
    fn input(numbers: &[f32], row: usize) -> Self::Tensor;
    /// Numbers in rows, whose gradient is wanted.
    fn variable(numbers: &[f32], row: usize) -> Self::Tensor;
    /// A tensor with a buffer of its own.
    fn copy(x: &Self::Tensor) -> Self::Tensor;
    /// The framework's own function; the form with a gradient where that is another one.
    fn theirs(function: &str, on_tape: bool) -> Option<Map<Self::Tensor>>;
    /// knee's.
    fn knee(kernels: Kernels) -> Map<Self::Tensor>;
    /// As many ones: the upstream gradient that a backward pass makes first.
    fn ones(y: &Self::Tensor) -> Self::Tensor;
    /// Computes the gradients of the sum of `y`.
    fn backward(y: &Self::Tensor);
    /// The gradient of `x` from the upstream gradient of `y`.
    #[cfg(test)]
    fn gradient(x: &Self::Tensor, y: &Self::Tensor, upstream: &[f32]) -> Vec<f32>;
    /// The numbers in the order of the rows.
    #[cfg(test)]
    fn numbers(x: &Self::Tensor) -> Vec<f32>;
}
