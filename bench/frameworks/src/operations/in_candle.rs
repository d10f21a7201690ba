//! candle on the CPU.

use candle_core::{D, Device, Result, Tensor, Var};
use candle_nn::ops;
use knee_candle::Knee;

use super::framework::{Framework, Map};
use super::kernels::Kernels;

pub(super) struct InCandle;

const REASON: &str = "tensors of one type on the CPU, of fitting shapes";

impl Framework for InCandle {
    type Tensor = Tensor;
    const NAME: &'static str = "candle";

    fn input(numbers: &[f32], row: usize) -> Tensor {
        Tensor::from_slice(numbers, (numbers.len() / row, row), &Device::Cpu).expect(REASON)
    }

    fn variable(numbers: &[f32], row: usize) -> Tensor {
        let x = Var::from_tensor(&Self::input(numbers, row));
        x.expect(REASON).as_tensor().clone()
    }

    fn copy(x: &Tensor) -> Tensor {
        x.copy().expect(REASON)
    }

    fn theirs(function: &str, on_tape: bool) -> Option<Map<Tensor>> {
        let map: fn(&Tensor) -> Result<Tensor> = match function {
            "relu" => Tensor::relu,
            "leaky_relu" => |x| ops::leaky_relu(x, 0.01),
            "elu" => |x| x.elu(1.0),
            "selu" => |x| ops::selu(x, 1.673_263_2, 1.050_701),
            "gelu" => Tensor::gelu_erf,
            "gelu_tanh" => Tensor::gelu,
            "sigmoid" => ops::sigmoid,
            "silu" => Tensor::silu,
            "tanh" => Tensor::tanh,
            // It has none; this is how its own networks write it.
            "softplus" => |x| (x.exp()? + 1.0)?.log(),
            "mish" => ops::mish,
            "hard_swish" => |x| x * ops::hard_sigmoid(x)?,
            // The fused one has no gradient.
            "softmax" if on_tape => |x| ops::softmax(x, D::Minus1),
            "softmax" => ops::softmax_last_dim,
            "log_softmax" => |x| ops::log_softmax(x, D::Minus1),
            _ => return None,
        };
        Some(Box::new(move |x| map(&x).expect(REASON)))
    }

    fn knee(kernels: Kernels) -> Map<Tensor> {
        match kernels {
            Kernels::Element(kernel) => Box::new(move |x| x.knee(kernel).expect(REASON)),
            Kernels::Rows(function) => {
                Box::new(move |x| knee_candle::rows(&x, function, D::Minus1).expect(REASON))
            }
        }
    }

    fn ones(y: &Tensor) -> Tensor {
        y.ones_like().and_then(|y| y.contiguous()).expect(REASON)
    }

    fn backward(y: &Tensor) {
        std::hint::black_box(y.backward().expect(REASON));
    }

    #[cfg(test)]
    fn gradient(x: &Tensor, y: &Tensor, upstream: &[f32]) -> Vec<f32> {
        let upstream = Self::input(upstream, y.dims()[1]);
        let loss = (y * upstream).and_then(|weighted| weighted.sum_all());
        let gradients = loss.and_then(|loss| loss.backward()).expect(REASON);
        gradients.get(x).map(Self::numbers).unwrap_or_default()
    }

    #[cfg(test)]
    fn numbers(x: &Tensor) -> Vec<f32> {
        let flat = x.flatten_all().and_then(|x| x.to_vec1());
        flat.expect(REASON)
    }
}
