//! The values that nodes exchange, and what moves their elements without computing.

use burn::backend::flex::FlexTensor;
use burn::backend::{DType, Flex, FloatDType, Slice, TensorMetadata};
use burn::tensor::TensorData;
use knee_burn::{HostTensor, HostValues, KneeKernels};

use super::compute::{Compute, Float};
use super::host::Host;
use super::shape;
use crate::tensor::{DType as Stored, Data, Tensor};

/// A value: floats on Burn, integers and booleans on the host.
#[derive(Debug, Clone)]
pub(super) enum Value<C: Compute> {
    Float(Float<C>),
    Int(Host<i64>),
    Bool(Host<bool>),
}

/// The lengths of a float tensor's axes.
pub(super) fn dims<C: Compute>(x: &Float<C>) -> Vec<usize> {
    x.shape().to_vec()
}

/// Whether a float tensor is f64.
pub(super) fn is_double<C: Compute>(x: &Float<C>) -> bool {
    x.dtype() == DType::F64
}

/// A float tensor of constants, in the precision of `like`.
pub(super) fn constant_like<C: Compute>(
    like: &Float<C>,
    shape: Vec<usize>,
    values: &[f64],
) -> Float<C> {
    C::constant(flex_floats(is_double::<C>(like), shape, values))
}

/// Constants on Flex in one of the two precisions.
pub(super) fn flex_floats(double: bool, shape: Vec<usize>, values: &[f64]) -> FlexTensor {
    FlexTensor::from_data(if double {
        TensorData::new(values.to_vec(), shape)
    } else {
        TensorData::new(values.iter().map(|&v| v as f32).collect::<Vec<_>>(), shape)
    })
}

/// The values of a float tensor on the host.
pub(super) fn on_host<C: Compute>(x: &Float<C>) -> HostTensor {
    Flex::host_values(C::raw(x))
}

/// The values of a float tensor in f64.
pub(super) fn as_f64(host: &HostTensor) -> Vec<f64> {
    match host.values() {
        HostValues::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        HostValues::F64(v) => v.to_vec(),
    }
}

/// Reshapes a float tensor; no work when the shape is the same.
pub(super) fn reshape<C: Compute>(x: Float<C>, to: &[usize]) -> Float<C> {
    if x.shape().as_slice() == to {
        x
    } else {
        C::float_reshape(x, to.to_vec().into())
    }
}

/// Repeats a float tensor to a larger shape by the rules of broadcasting.
pub(super) fn expand<C: Compute>(x: Float<C>, to: &[usize]) -> Float<C> {
    let from = dims::<C>(&x);
    if from == to {
        return x;
    }
    let x = reshape::<C>(x, &shape::padded(&from, to.len()));
    C::float_expand(x, to.to_vec().into())
}

/// Elements of an axis of a float tensor, by index.
pub(super) fn select<C: Compute>(x: Float<C>, axis: usize, indices: &[usize]) -> Float<C> {
    let indices = indices.iter().map(|&i| i as i64).collect();
    C::float_select(x, axis, Host::vector(indices).to_flex())
}

/// A contiguous part of one axis of a float tensor.
pub(super) fn narrow<C: Compute>(
    x: Float<C>,
    axis: usize,
    start: usize,
    length: usize,
) -> Float<C> {
    let shape = dims::<C>(&x);
    if start == 0 && shape[axis] == length {
        return x;
    }
    let slices: Vec<Slice> = shape
        .iter()
        .enumerate()
        .map(|(i, &n)| {
            let (start, length) = if i == axis { (start, length) } else { (0, n) };
            Slice::new(start as isize, Some((start + length) as isize), 1)
        })
        .collect();
    C::float_slice(x, &slices)
}

/// Float elements at these positions of the row-major order, as a tensor of another shape.
pub(super) fn take<C: Compute>(x: Float<C>, positions: &[usize], to: &[usize]) -> Float<C> {
    let all: usize = dims::<C>(&x).iter().product();
    let flat = reshape::<C>(x, &[all]);
    reshape::<C>(select::<C>(flat, 0, positions), to)
}

impl<C: Compute> Value<C> {
    /// A constant of the file or of the batch.
    pub(super) fn constant(tensor: &Tensor) -> Self {
        match &tensor.data {
            Data::I64(v) if tensor.dtype == Stored::Bool => Self::Bool(Host::new(
                tensor.shape.clone(),
                v.iter().map(|&b| b != 0).collect::<Vec<_>>(),
            )),
            Data::I64(v) => Self::Int(Host::new(tensor.shape.clone(), v.clone())),
            Data::F32(_) | Data::F64(_) => Self::Float(C::constant(flex(tensor))),
        }
    }

    /// The value as a tensor of the host.
    pub(super) fn to_tensor(&self) -> Tensor {
        match self {
            Self::Float(x) => {
                let host = on_host::<C>(x);
                let (dtype, data) = match host.values() {
                    HostValues::F32(v) => (Stored::F32, Data::F32(v.into())),
                    HostValues::F64(v) => (Stored::F64, Data::F64(v.into())),
                };
                Tensor {
                    dtype,
                    shape: host.shape().to_vec(),
                    data,
                }
            }
            Self::Int(x) => Tensor {
                dtype: Stored::I64,
                shape: x.shape.clone(),
                data: Data::I64(x.data.clone()),
            },
            Self::Bool(x) => Tensor {
                dtype: Stored::Bool,
                shape: x.shape.clone(),
                data: Data::I64(x.data.iter().map(|&b| i64::from(b)).collect()),
            },
        }
    }

    pub(super) fn shape(&self) -> Vec<usize> {
        match self {
            Self::Float(x) => dims::<C>(x),
            Self::Int(x) => x.shape.clone(),
            Self::Bool(x) => x.shape.clone(),
        }
    }

    pub(super) fn elements(&self) -> usize {
        self.shape().iter().product()
    }

    pub(super) fn reshape(self, to: Vec<usize>) -> Self {
        match self {
            Self::Float(x) => Self::Float(reshape::<C>(x, &to)),
            Self::Int(x) => Self::Int(Host {
                shape: to,
                data: x.data,
            }),
            Self::Bool(x) => Self::Bool(Host {
                shape: to,
                data: x.data,
            }),
        }
    }

    pub(super) fn permute(self, axes: &[usize]) -> Self {
        let from = self.shape();
        let to = || axes.iter().map(|&a| from[a]).collect();
        match self {
            Self::Float(x) => Self::Float(C::float_permute(x, axes)),
            Self::Int(x) => Self::Int(x.take(&shape::permute_positions(&from, axes), to())),
            Self::Bool(x) => Self::Bool(x.take(&shape::permute_positions(&from, axes), to())),
        }
    }

    pub(super) fn expand(self, to: &[usize]) -> Self {
        match self {
            Self::Float(x) => Self::Float(expand::<C>(x, to)),
            Self::Int(x) => Self::Int(x.broadcast(to)),
            Self::Bool(x) => Self::Bool(x.broadcast(to)),
        }
    }

    /// Elements of an axis, by index.
    pub(super) fn select(self, axis: usize, indices: &[usize]) -> Self {
        let mut to = self.shape();
        let positions = |from: &[usize]| {
            let strides = shape::strides(from);
            let mut lengths = from.to_vec();
            lengths[axis] = 1;
            let steps: Vec<isize> = strides.iter().map(|&s| s as isize).collect();
            let outer: usize = lengths[..axis].iter().product();
            let inner: usize = lengths[axis + 1..].iter().product();
            let bases = shape::walk(&lengths, 0, &steps);
            let mut positions = Vec::with_capacity(outer * indices.len() * inner);
            for o in 0..outer {
                for &index in indices {
                    let row = &bases[o * inner..(o + 1) * inner];
                    positions.extend(row.iter().map(|&at| at + index * strides[axis]));
                }
            }
            positions
        };
        match self {
            Self::Float(x) => Self::Float(select::<C>(x, axis, indices)),
            Self::Int(x) => {
                to[axis] = indices.len();
                Self::Int(x.take(&positions(&x.shape), to))
            }
            Self::Bool(x) => {
                to[axis] = indices.len();
                Self::Bool(x.take(&positions(&x.shape), to))
            }
        }
    }

    /// A contiguous part of one axis.
    pub(super) fn narrow(self, axis: usize, start: usize, length: usize) -> Self {
        match self {
            Self::Float(x) => Self::Float(narrow::<C>(x, axis, start, length)),
            other => {
                let indices: Vec<usize> = (start..start + length).collect();
                other.select(axis, &indices)
            }
        }
    }

    /// Elements at these positions of the row-major order, as a tensor of another shape.
    pub(super) fn take(self, positions: &[usize], to: Vec<usize>) -> Self {
        match self {
            Self::Float(x) => Self::Float(take::<C>(x, positions, &to)),
            Self::Int(x) => Self::Int(x.take(positions, to)),
            Self::Bool(x) => Self::Bool(x.take(positions, to)),
        }
    }

    /// The parts one after another along an axis. They have the same kind and, apart from the
    /// axis, the same shape.
    pub(super) fn concat(parts: Vec<Self>, axis: usize) -> Option<Self> {
        fn join<T: Copy>(parts: &[Host<T>], axis: usize) -> Host<T> {
            let mut to = parts[0].shape.clone();
            to[axis] = parts.iter().map(|p| p.shape[axis]).sum();
            let outer: usize = to[..axis].iter().product();
            let mut data = Vec::with_capacity(to.iter().product());
            for o in 0..outer {
                for part in parts {
                    let run: usize = part.shape[axis..].iter().product();
                    data.extend_from_slice(&part.data[o * run..(o + 1) * run]);
                }
            }
            Host::new(to, data)
        }
        let mut floats = Vec::new();
        let mut ints = Vec::new();
        let mut bools = Vec::new();
        for part in parts {
            match part {
                Self::Float(x) => floats.push(x),
                Self::Int(x) => ints.push(x),
                Self::Bool(x) => bools.push(x),
            }
        }
        match (floats.len(), ints.len(), bools.len()) {
            (1, 0, 0) => floats.pop().map(Self::Float),
            (_, 0, 0) => Some(Self::Float(C::float_cat(floats, axis))),
            (0, _, 0) => Some(Self::Int(join(&ints, axis))),
            (0, 0, _) => Some(Self::Bool(join(&bools, axis))),
            _ => None,
        }
    }
}

/// A tensor of floats on Flex.
pub(super) fn flex(tensor: &Tensor) -> FlexTensor {
    let shape = tensor.shape.clone();
    match &tensor.data {
        Data::F32(v) => FlexTensor::from_data(TensorData::new(v.to_vec(), shape)),
        Data::F64(v) => FlexTensor::from_data(TensorData::new(v.to_vec(), shape)),
        Data::I64(v) => FlexTensor::from_data(TensorData::new(
            v.iter().map(|&x| x as f32).collect::<Vec<_>>(),
            shape,
        )),
    }
}

/// The two precisions that a run computes in.
pub(super) fn float_dtype(double: bool) -> FloatDType {
    if double {
        FloatDType::F64
    } else {
        FloatDType::F32
    }
}
