//! knee's slice kernels on Flex tensors, over threads, in place where the buffer is nobody else's.

use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::backend::{DType, Flex};
use burn::tensor::{bf16, f16};
use knee::{Axis, Kernel, RowFunction, learned::Channels, learned::Prelu};

use crate::buffer::{elements, in_any_order, in_the_same_order, new, replace, row_major};
use crate::{HostTensor, KneeKernels, KneeOps, Sink};

/// Runs the body with `$T` standing for the tensor's element type.
macro_rules! by_dtype {
    ($tensor:expr, $T:ident => $body:expr) => {
        by_dtype!(@ $tensor, $T => $body; F16 f16, BF16 bf16, F64 f64)
    };
    (@ $tensor:expr, $T:ident => $body:expr; $($dtype:ident $type:ident),+) => {
        match $tensor.dtype() {
            $(DType::$dtype => {
                type $T = $type;
                $body
            })+
            _ => {
                type $T = f32;
                $body
            }
        }
    };
}

/// The second operand in the precision of `x`.
fn like(x: &FlexTensor, second: FlexTensor) -> FlexTensor {
    if second.dtype() == x.dtype() {
        second
    } else {
        Flex::float_cast(second, x.dtype().into())
    }
}

/// How the rows of a row-major tensor lie along an axis.
fn axis(x: &FlexTensor, dim: usize) -> Axis {
    let shape = x.layout().shape();
    Axis::of(shape, dim)
        .unwrap_or_else(|| panic!("axis {dim} of a tensor with {} axes", shape.len()))
}

impl KneeKernels for Flex {
    fn function_forward(x: FlexTensor, kernel: Kernel) -> FlexTensor {
        let (x, kernel) = (in_any_order(x), kernel.parallel());
        by_dtype!(x, T => replace::<T, 0>(
            [],
            x,
            1,
            |[], x| kernel.forward_in_place(x),
            |[], x, y| kernel.forward(x, y),
        ))
    }

    fn function_backward(x: FlexTensor, dy: FlexTensor, kernel: Kernel) -> FlexTensor {
        let dy = like(&x, dy);
        let ((x, dy), kernel) = (in_the_same_order(x, dy), kernel.parallel());
        by_dtype!(x, T => replace::<T, 1>(
            [&x],
            dy,
            1,
            |[x], dy| kernel.backward_in_place(x, dy),
            |[x], dy, dx| kernel.backward(x, dy, dx),
        ))
    }

    fn rows_forward(x: FlexTensor, function: RowFunction, dim: usize) -> FlexTensor {
        let x = row_major(x);
        let (rows, function) = (axis(&x, dim), function.parallel());
        by_dtype!(x, T => replace::<T, 0>(
            [],
            x,
            rows.length * rows.stride,
            |[], x| function.forward_in_place(x, rows),
            |[], x, y| function.forward(x, rows, y),
        ))
    }

    fn rows_backward(
        y: FlexTensor,
        dy: FlexTensor,
        function: RowFunction,
        dim: usize,
    ) -> FlexTensor {
        let dy = row_major(like(&y, dy));
        let y = row_major(y);
        let (rows, function) = (axis(&y, dim), function.parallel());
        by_dtype!(y, T => replace::<T, 1>(
            [&y],
            dy,
            rows.length * rows.stride,
            |[y], dy| function.backward_from_output_in_place(y, dy, rows),
            |[y], dy, dx| function.backward_from_output(y, dy, rows, dx),
        ))
    }

    fn prelu_forward(x: FlexTensor, slope: FlexTensor, channels: Channels) -> FlexTensor {
        let slope = row_major(like(&x, slope));
        let x = row_major(x);
        by_dtype!(x, T => new::<T>(&x, |y| {
            Prelu::forward(elements(&x), elements(&slope), channels, y);
        }))
    }

    fn prelu_backward(
        x: FlexTensor,
        dy: FlexTensor,
        slope: FlexTensor,
        channels: Channels,
    ) -> (FlexTensor, FlexTensor) {
        let slope_dtype = slope.dtype();
        let (dy, slope) = (row_major(like(&x, dy)), row_major(like(&x, slope)));
        let x = row_major(x);
        let mut of_x = x.clone();
        let of_slope = by_dtype!(x, T => new::<T>(&slope, |dslope| {
            of_x = new::<T>(&x, |dx| {
                Prelu::backward(elements(&x), elements(&dy), elements(&slope), channels, dx, dslope);
            });
        }));
        if of_slope.dtype() == slope_dtype {
            (of_x, of_slope)
        } else {
            (of_x, Flex::float_cast(of_slope, slope_dtype.into()))
        }
    }

    fn host_values(x: FlexTensor) -> HostTensor {
        HostTensor::new(x)
    }
}

impl KneeOps for Flex {
    fn knee_activation(x: FlexTensor, kernel: Kernel) -> FlexTensor {
        Self::function_forward(x, kernel)
    }

    fn knee_rows(x: FlexTensor, function: RowFunction, dim: usize) -> FlexTensor {
        Self::rows_forward(x, function, dim)
    }

    fn knee_prelu(x: FlexTensor, slope: FlexTensor, channels: Channels) -> FlexTensor {
        Self::prelu_forward(x, slope, channels)
    }

    fn knee_observe(x: FlexTensor, _sink: Sink) -> FlexTensor {
        x
    }
}
