use std::ops::Range;

use burn::backend::DType;
use burn::backend::flex::FlexTensor;

/// A tensor's values on the host, row-major, read-only and cheap to clone (the buffer is shared).
#[derive(Debug, Clone)]
pub struct HostTensor {
    tensor: FlexTensor,
    /// Where its elements lie in the buffer.
    range: Range<usize>,
}

/// A slice of the values in the tensor's own precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HostValues<'a> {
    /// Single precision.
    F32(&'a [f32]),
    /// Double precision.
    F64(&'a [f64]),
}

impl HostTensor {
    /// Half precisions are widened to f32.
    pub(crate) fn new(tensor: FlexTensor) -> Self {
        use burn::backend::{Flex, FloatDType, ops::FloatTensorOps};

        let tensor = match tensor.dtype() {
            DType::F32 | DType::F64 => tensor,
            _ => Flex::float_cast(tensor, FloatDType::F32),
        };
        let tensor = if tensor.is_contiguous() {
            tensor
        } else {
            tensor.to_contiguous()
        };
        let whole = (0, tensor.layout().num_elements());
        let (start, end) = tensor.layout().contiguous_offsets().unwrap_or(whole);
        Self {
            tensor,
            range: start..end,
        }
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        self.tensor.layout().shape()
    }

    /// The values in row-major order.
    pub fn values(&self) -> HostValues<'_> {
        if self.tensor.dtype() == DType::F64 {
            HostValues::F64(&self.tensor.storage::<f64>()[self.range.clone()])
        } else {
            HostValues::F32(&self.tensor.storage::<f32>()[self.range.clone()])
        }
    }
}
