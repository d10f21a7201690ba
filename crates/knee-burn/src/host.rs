use burn::backend::DType;
use burn::backend::flex::FlexTensor;

/// A tensor's values on the host, row-major, read-only and cheap to clone (the buffer is shared).
#[derive(Debug, Clone)]
pub struct HostTensor(FlexTensor);

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
        Self(if tensor.is_contiguous() {
            tensor
        } else {
            tensor.to_contiguous()
        })
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        self.0.layout().shape()
    }

    /// The values in row-major order.
    pub fn values(&self) -> HostValues<'_> {
        let (start, end) = self
            .0
            .layout()
            .contiguous_offsets()
            .expect("made contiguous at construction");
        if self.0.dtype() == DType::F64 {
            HostValues::F64(&self.0.storage::<f64>()[start..end])
        } else {
            HostValues::F32(&self.0.storage::<f32>()[start..end])
        }
    }
}
