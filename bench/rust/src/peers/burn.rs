//! Burn on its flex backend: tensors that allocate their results; backward through its own tape, the gradient of the sum.

use burn::tensor::activation as act;
use burn::tensor::{DType, Device, Tensor, TensorData};
use session::Cell;

use super::{Call, Peer, Room, too_long};

pub(super) struct Burn;

type Function = fn(Tensor<2>) -> Tensor<2>;

fn find(name: &str) -> Option<Function> {
    Some(match name {
        "relu" => act::relu,
        "leaky_relu" => |x| act::leaky_relu(x, 0.01),
        "elu" => |x| act::elu(x, 1.0),
        "selu" => act::selu,
        "gelu" => act::gelu,
        "gelu_tanh" => act::gelu_approximate,
        "sigmoid" => act::sigmoid,
        "silu" => act::silu,
        "tanh" => act::tanh,
        "softplus" => |x| act::softplus(x, 1.0),
        "mish" => act::mish,
        "hard_swish" => act::hard_swish,
        "softmax" => |x| act::softmax(x, 1),
        "log_softmax" => |x| act::log_softmax(x, 1),
        _ => return None,
    })
}

impl Peer for Burn {
    fn name(&self) -> &'static str {
        "burn"
    }

    fn version(&self) -> &'static str {
        session::version("burn-flex")
    }

    fn call<'a>(&self, cell: &Cell, [a, _]: [&'a [f32]; 2], _: Room<'a>) -> Option<Call<'a>> {
        let function = find(&cell.function)?;
        // Nobody asks it to work in place, and a gradient from rows needs an upstream gradient that is not 1.
        if cell.form == "in_place"
            || too_long(cell)
            || (cell.row.is_some() && cell.direction != "forward")
        {
            return None;
        }
        let row = cell.row.unwrap_or(a.len());
        match cell.direction.as_str() {
            "forward" => {
                let x = tensor(a, row, &Device::flex());
                let again = x.clone();
                Some(Call {
                    run: repeated(x, function),
                    without: None,
                    result: Box::new(move || numbers(function(again))),
                })
            }
            "backward" => {
                let x = tensor(a, row, &Device::flex().autodiff()).require_grad();
                let (again, alone) = (x.clone(), x.clone());
                Some(Call {
                    run: Box::new(move |calls| {
                        for _ in 0..calls {
                            std::hint::black_box(function(x.clone()).backward());
                        }
                    }),
                    // The tape is used up by one pass, so it has to be made each time.
                    without: Some(repeated(alone, function)),
                    result: Box::new(move || {
                        let gradients = function(again.clone()).backward();
                        again.grad(&gradients).map(numbers).unwrap_or_default()
                    }),
                })
            }
            _ => None,
        }
    }
}

fn repeated<'a>(x: Tensor<2>, function: Function) -> Box<dyn FnMut(u64) + 'a> {
    Box::new(move |calls| {
        for _ in 0..calls {
            std::hint::black_box(function(x.clone()));
        }
    })
}

fn tensor(a: &[f32], row: usize, device: &Device) -> Tensor<2> {
    let data = TensorData::new(a.to_vec(), [a.len() / row, row]);
    Tensor::from_data(data, (device, DType::F32))
}

fn numbers(x: Tensor<2>) -> Vec<f32> {
    x.into_data().try_to_vec().unwrap_or_default()
}
