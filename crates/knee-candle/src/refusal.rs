//! What an operation does not do, said with what was found and what to do.

use std::fmt;

use candle_core::{DType, Error, Shape};

/// Why an operation was not done.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The numbers are not of a type that has these functions.
    Dtype { found: DType },
    /// Two operands are of different types.
    Dtypes { expected: DType, found: DType },
    /// Two operands are of different shapes.
    Shapes { expected: Shape, found: Shape },
    /// The tensor is not on the CPU.
    Device { found: &'static str },
    /// The axis has an odd number of elements.
    NoHalves { shape: Shape, dim: usize },
    /// The tensor is on the tape, which would keep what is overwritten.
    OnTape,
}

impl Refusal {
    /// The same as candle's error, in the name of an operation.
    pub(crate) fn of(self, operation: &'static str) -> Error {
        Error::msg(format_args!("knee's {operation}: {self}"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dtype { found } => write!(
                f,
                "the tensor holds {found:?}; expected F16, BF16, F32 or F64: convert it with `to_dtype(DType::F32)`"
            ),
            Self::Dtypes { expected, found } => write!(
                f,
                "the tensors hold {expected:?} and {found:?}; expected the same type: convert one with `to_dtype`"
            ),
            Self::Shapes { expected, found } => write!(
                f,
                "the tensors have the shapes {expected:?} and {found:?}; expected the same shape: use `broadcast_as` on one"
            ),
            Self::Device { found } => write!(
                f,
                "the tensor is on {found}; expected the CPU: move it with `to_device(&Device::Cpu)`, or keep candle's own operation"
            ),
            Self::NoHalves { shape, dim } => write!(
                f,
                "axis {dim} of the shape {shape:?} has no two halves; expected an even number of elements"
            ),
            Self::OnTape => f.write_str(
                "the tensor is a variable or depends on one, so backward would read what was overwritten; use `knee`, or `detach` it first",
            ),
        }
    }
}

/// The methods of an operation for tensors that are not on the CPU, which it refuses.
macro_rules! only_on_the_cpu {
    ($trait:ident($($operand:ident),+)) => {
        fn cuda_fwd(&self, $($operand: &CudaStorage, _: &Layout),+) -> Result<(CudaStorage, Shape)> {
            Err(Refusal::Device { found: "a CUDA device" }.of($trait::name(self)))
        }

        fn metal_fwd(&self, $($operand: &MetalStorage, _: &Layout),+) -> Result<(MetalStorage, Shape)> {
            Err(Refusal::Device { found: "a Metal device" }.of($trait::name(self)))
        }
    };
    (in place) => {
        fn cuda_fwd(&self, _: &mut CudaStorage, _: &Layout) -> Result<()> {
            Err(Refusal::Device { found: "a CUDA device" }.of(InplaceOp1::name(self)))
        }

        fn metal_fwd(&self, _: &mut MetalStorage, _: &Layout) -> Result<()> {
            Err(Refusal::Device { found: "a Metal device" }.of(InplaceOp1::name(self)))
        }
    };
}
pub(crate) use only_on_the_cpu;
