//! Numbers, and how they are compared.

use candle_core::{Device, Shape, Tensor, Var, WithDType};
use knee::Element;

/// A type that both candle and knee compute in.
pub(crate) trait Float: WithDType + Element {}
impl<T: WithDType + Element> Float for T {}

/// Calls a generic function for every type.
macro_rules! for_every_type {
    ($check:ident($($argument:expr),*)) => {
        $check::<half::f16>($($argument),*);
        $check::<half::bf16>($($argument),*);
        $check::<f32>($($argument),*);
        $check::<f64>($($argument),*);
    };
}
pub(crate) use for_every_type;

/// Numbers on both sides of zero, tails, kinks and what is no number; as many as asked for.
pub(crate) fn points<T: Float>(count: usize) -> Vec<T> {
    const SPECIAL: [f64; 12] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        3.0,
        -3.0,
        -30.0,
        30.0,
        1e-7,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let swept = (0..).map(|k| f64::from(k % 1009) * 0.037 - 12.0);
    let all = SPECIAL.into_iter().chain(swept).take(count);
    all.map(Element::from_f64).collect()
}

/// Finite numbers that are not the ones of [`points`].
pub(crate) fn weights<T: Float>(count: usize) -> Vec<T> {
    let all = (0..count).map(|k| (k % 17) as f64 * 0.3 - 2.0);
    all.map(Element::from_f64).collect()
}

pub(crate) fn tensor<T: Float>(values: &[T], shape: impl Into<Shape>) -> Tensor {
    Tensor::from_slice(values, shape.into(), &Device::Cpu).unwrap()
}

pub(crate) fn variable<T: Float>(values: &[T], shape: impl Into<Shape>) -> Var {
    Var::from_tensor(&tensor(values, shape)).unwrap()
}

/// The elements in the tensor's order.
pub(crate) fn elements<T: Float>(x: &Tensor) -> Vec<T> {
    x.flatten_all().unwrap().to_vec1().unwrap()
}

/// The bits of each number, so that zeros and NaNs are told apart.
pub(crate) fn bits<T: Float>(values: &[T]) -> Vec<u64> {
    values
        .iter()
        .map(|&value| Element::to_f64(value).to_bits())
        .collect()
}

/// What `Tensor::backward` makes of a gradient: it is added to zero.
pub(crate) fn summed<T: Float>(gradient: &[T]) -> Vec<T> {
    gradient.iter().map(|&value| T::zero() + value).collect()
}
