//! knee's slice kernels on Flex tensors.

use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::backend::{DType, Flex, FloatDType};
use burn::tensor::TensorData;
use knee::{Function, RowFunction, learned::Channels, learned::Prelu};
use rayon::prelude::*;

use crate::{HostTensor, KneeKernels, KneeOps, Sink};

/// Elements per task: large enough that starting a task costs nothing beside its work, small enough
/// that a layer of a small network still spreads over the cores.
const GRAIN: usize = 1 << 15;

/// Runs the body with `$T` standing for the tensor's element type.
macro_rules! by_dtype {
    ($tensor:expr, $T:ident => $body:expr) => {
        if $tensor.dtype() == DType::F64 {
            type $T = f64;
            $body
        } else {
            type $T = f32;
            $body
        }
    };
}

/// Half precisions are computed in f32 and rounded once at the end.
fn widened(x: FlexTensor, compute: impl FnOnce(FlexTensor) -> FlexTensor) -> FlexTensor {
    match x.dtype() {
        dtype @ (DType::F16 | DType::BF16) => {
            let y = compute(Flex::float_cast(x, FloatDType::F32));
            Flex::float_cast(y, dtype.into())
        }
        _ => compute(x),
    }
}

/// Row-major without gaps; no copy when it is so already.
fn dense(x: FlexTensor) -> FlexTensor {
    if x.is_contiguous() {
        x
    } else {
        x.to_contiguous()
    }
}

/// Both operands of a backward in the precision of `x`.
fn like(x: &FlexTensor, dy: FlexTensor) -> FlexTensor {
    let dy = if dy.dtype() == x.dtype() {
        dy
    } else {
        Flex::float_cast(dy, x.dtype().into())
    };
    dense(dy)
}

fn wrap<T: burn::tensor::Element>(values: Vec<T>, like: &FlexTensor) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, like.layout().shape().clone()))
}

/// Whole rows of `row` elements, about [`GRAIN`] elements per task.
fn grain_of_rows(row: usize) -> usize {
    row.max(1) * (GRAIN / row.max(1)).max(1)
}

impl KneeKernels for Flex {
    fn function_forward(x: FlexTensor, function: Function) -> FlexTensor {
        widened(x, |x| {
            let mut x = dense(x);
            let whole = x.bytes().len() == x.layout().num_elements() * x.dtype().size();
            by_dtype!(x, T => {
                if whole && let Some(values) = x.try_storage_mut::<T>() {
                    values
                        .par_chunks_mut(GRAIN)
                        .for_each(|part| function.forward_in_place(part));
                    return x;
                }
                let values = x.as_slice::<T>().expect("made contiguous");
                let mut y = vec![0.0 as T; values.len()];
                y.par_chunks_mut(GRAIN)
                    .zip(values.par_chunks(GRAIN))
                    .for_each(|(y, x)| function.forward(x, y));
                wrap(y, &x)
            })
        })
    }

    fn function_backward(x: FlexTensor, dy: FlexTensor, function: Function) -> FlexTensor {
        let dtype = x.dtype();
        let gradient = widened(x, |x| {
            let x = dense(x);
            let dy = like(&x, dy);
            by_dtype!(x, T => {
                let values = x.as_slice::<T>().expect("made contiguous");
                let upstream = dy.as_slice::<T>().expect("made contiguous");
                let mut dx = vec![0.0 as T; values.len()];
                dx.par_chunks_mut(GRAIN)
                    .zip(values.par_chunks(GRAIN).zip(upstream.par_chunks(GRAIN)))
                    .for_each(|(dx, (x, dy))| function.backward(x, dy, dx));
                wrap(dx, &x)
            })
        });
        debug_assert_eq!(gradient.dtype(), dtype);
        gradient
    }

    fn rows_forward(x: FlexTensor, function: RowFunction) -> FlexTensor {
        widened(x, |x| {
            let x = dense(x);
            let row = x.layout().shape().last().copied().unwrap_or(1);
            let grain = grain_of_rows(row);
            by_dtype!(x, T => {
                let values = x.as_slice::<T>().expect("made contiguous");
                let mut y = vec![0.0 as T; values.len()];
                y.par_chunks_mut(grain)
                    .zip(values.par_chunks(grain))
                    .for_each(|(y, x)| function.forward(x, row, y));
                wrap(y, &x)
            })
        })
    }

    fn rows_backward(y: FlexTensor, dy: FlexTensor, function: RowFunction) -> FlexTensor {
        widened(y, |y| {
            let y = dense(y);
            let dy = like(&y, dy);
            let row = y.layout().shape().last().copied().unwrap_or(1);
            let grain = grain_of_rows(row);
            by_dtype!(y, T => {
                let values = y.as_slice::<T>().expect("made contiguous");
                let upstream = dy.as_slice::<T>().expect("made contiguous");
                let mut dx = vec![0.0 as T; values.len()];
                dx.par_chunks_mut(grain)
                    .zip(values.par_chunks(grain).zip(upstream.par_chunks(grain)))
                    .for_each(|(dx, (y, dy))| function.backward_from_output(y, dy, row, dx));
                wrap(dx, &y)
            })
        })
    }

    fn prelu_forward(x: FlexTensor, slope: FlexTensor, channels: Channels) -> FlexTensor {
        widened(x, |x| {
            let x = dense(x);
            let slope = like(&x, slope);
            by_dtype!(x, T => {
                let values = x.as_slice::<T>().expect("made contiguous");
                let slope = slope.as_slice::<T>().expect("made contiguous");
                let mut y = vec![0.0 as T; values.len()];
                Prelu::forward(values, slope, channels, &mut y);
                wrap(y, &x)
            })
        })
    }

    fn prelu_backward(
        x: FlexTensor,
        dy: FlexTensor,
        slope: FlexTensor,
        channels: Channels,
    ) -> (FlexTensor, FlexTensor) {
        let mut of_slope = slope.clone();
        let slope_dtype = slope.dtype();
        let of_x = widened(x, |x| {
            let x = dense(x);
            let dy = like(&x, dy);
            let slope = like(&x, slope);
            by_dtype!(x, T => {
                let values = x.as_slice::<T>().expect("made contiguous");
                let upstream = dy.as_slice::<T>().expect("made contiguous");
                let slopes = slope.as_slice::<T>().expect("made contiguous");
                let mut dx = vec![0.0 as T; values.len()];
                let mut dslope = vec![0.0 as T; slopes.len()];
                Prelu::backward(values, upstream, slopes, channels, &mut dx, &mut dslope);
                of_slope = wrap(dslope, &slope);
                wrap(dx, &x)
            })
        });
        if of_slope.dtype() != slope_dtype {
            of_slope = Flex::float_cast(of_slope, slope_dtype.into());
        }
        (of_x, of_slope)
    }

    fn host_values(x: FlexTensor) -> HostTensor {
        HostTensor::new(x)
    }
}

impl KneeOps for Flex {
    fn knee_activation(x: FlexTensor, function: Function) -> FlexTensor {
        Self::function_forward(x, function)
    }

    fn knee_rows(x: FlexTensor, function: RowFunction) -> FlexTensor {
        Self::rows_forward(x, function)
    }

    fn knee_prelu(x: FlexTensor, slope: FlexTensor, channels: Channels) -> FlexTensor {
        Self::prelu_forward(x, slope, channels)
    }

    fn knee_observe(x: FlexTensor, _sink: Sink) -> FlexTensor {
        x
    }
}
