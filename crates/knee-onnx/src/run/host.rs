//! Integer and boolean tensors. They stay on the host, where shape arithmetic is exact and costs
//! nothing; Burn never sees them but as indices and masks.

use std::sync::Arc;

use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

use super::shape;

/// A tensor on the host, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Host<T> {
    pub(super) shape: Vec<usize>,
    pub(super) data: Arc<[T]>,
}

impl<T: Copy> Host<T> {
    pub(super) fn new(shape: Vec<usize>, data: impl Into<Arc<[T]>>) -> Self {
        let data = data.into();
        debug_assert_eq!(shape.iter().product::<usize>(), data.len());
        Self { shape, data }
    }

    pub(super) fn scalar(value: T) -> Self {
        Self::new(Vec::new(), vec![value])
    }

    pub(super) fn vector(values: Vec<T>) -> Self {
        Self::new(vec![values.len()], values)
    }

    pub(super) fn map<U: Copy>(&self, f: impl FnMut(T) -> U) -> Host<U> {
        Host::new(
            self.shape.clone(),
            self.data.iter().copied().map(f).collect::<Vec<_>>(),
        )
    }

    /// The elements at these positions of the row-major order, as a tensor of another shape.
    pub(super) fn take(&self, positions: &[usize], shape: Vec<usize>) -> Self {
        Self::new(
            shape,
            positions
                .iter()
                .map(|&at| self.data[at])
                .collect::<Vec<_>>(),
        )
    }

    /// The same tensor repeated to a larger shape by the rules of broadcasting.
    pub(super) fn broadcast(&self, to: &[usize]) -> Self {
        if self.shape == to {
            return self.clone();
        }
        self.take(&shape::broadcast_positions(&self.shape, to), to.to_vec())
    }

    /// Element by element over both tensors, broadcast to `to`.
    pub(super) fn zip<U: Copy, V: Copy>(
        &self,
        other: &Host<U>,
        to: &[usize],
        f: impl Fn(T, U) -> V,
    ) -> Host<V> {
        let (a, b) = (self.broadcast(to), other.broadcast(to));
        let values: Vec<V> = a
            .data
            .iter()
            .zip(b.data.iter())
            .map(|(&a, &b)| f(a, b))
            .collect();
        Host::new(to.to_vec(), values)
    }
}

impl Host<i64> {
    /// As an index tensor of Burn.
    pub(super) fn to_flex(&self) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(self.data.to_vec(), self.shape.clone()))
    }
}

impl Host<bool> {
    /// As a mask of Burn.
    pub(super) fn to_flex(&self) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(self.data.to_vec(), self.shape.clone()))
    }
}
