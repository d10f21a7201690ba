//! Burn on its flex backend.

use burn::tensor::activation as act;
use burn::tensor::{DType, Device, Tensor, TensorData};

use super::framework::{Framework, Map};
use super::kernels::Kernels;

pub(super) struct InBurn;

impl Framework for InBurn {
    type Tensor = Tensor<2>;
    const NAME: &'static str = "burn";

    fn input(numbers: &[f32], row: usize) -> Tensor<2> {
        tensor(numbers, row, &Device::flex())
    }

    fn variable(numbers: &[f32], row: usize) -> Tensor<2> {
        tensor(numbers, row, &Device::flex().autodiff()).require_grad()
    }

    fn copy(x: &Tensor<2>) -> Tensor<2> {
        x.clone().mul_scalar(1.0)
    }

    fn theirs(function: &str, _on_tape: bool) -> Option<Map<Tensor<2>>> {
        Some(match function {
            "relu" => Box::new(act::relu),
            "leaky_relu" => Box::new(|x| act::leaky_relu(x, 0.01)),
            "elu" => Box::new(|x| act::elu(x, 1.0)),
            "selu" => Box::new(act::selu),
            "gelu" => Box::new(act::gelu),
            "gelu_tanh" => Box::new(act::gelu_approximate),
            "sigmoid" => Box::new(act::sigmoid),
            "silu" => Box::new(act::silu),
            "tanh" => Box::new(act::tanh),
            "softplus" => Box::new(|x| act::softplus(x, 1.0)),
            "mish" => Box::new(act::mish),
            "hard_swish" => Box::new(act::hard_swish),
            "softmax" => Box::new(|x| act::softmax(x, 1)),
            "log_softmax" => Box::new(|x| act::log_softmax(x, 1)),
            _ => return None,
        })
    }

    fn knee(kernels: Kernels) -> Map<Tensor<2>> {
        match kernels {
            Kernels::Element(kernel) => Box::new(move |x| knee_burn::activation(x, kernel)),
            Kernels::Rows(function) => Box::new(move |x| knee_burn::rows(x, function, 1)),
        }
    }

    fn ones(y: &Tensor<2>) -> Tensor<2> {
        y.ones_like()
    }

    fn backward(y: &Tensor<2>) {
        std::hint::black_box(y.backward());
    }

    #[cfg(test)]
    fn gradient(x: &Tensor<2>, y: &Tensor<2>, upstream: &[f32]) -> Vec<f32> {
        let upstream = tensor(upstream, y.dims()[1], &y.device());
        let gradients = (y.clone() * upstream).sum().backward();
        x.grad(&gradients)
            .map(|dx| Self::numbers(&dx))
            .unwrap_or_default()
    }

    #[cfg(test)]
    fn numbers(x: &Tensor<2>) -> Vec<f32> {
        x.clone().into_data().try_to_vec().unwrap_or_default()
    }
}

fn tensor(numbers: &[f32], row: usize, device: &Device) -> Tensor<2> {
    let data = TensorData::new(numbers.to_vec(), [numbers.len() / row, row]);
    Tensor::from_data(data, (device, DType::F32))
}
