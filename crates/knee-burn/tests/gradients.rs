//! Values and gradients of the Burn operations against knee's own functions, as a Burn user sees them.

use std::sync::{Arc, Mutex};

use burn::tensor::{DType, Device, Tensor, TensorData};
use knee::{Function, RowFunction, learned::Channels, learned::Prelu};
use knee_burn::{GradientSink, HostTensor, HostValues, Sink};

const POINTS: [f64; 9] = [-30.0, -3.0, -1.0, -1e-3, 0.0, 1e-3, 0.7, 2.0, 30.0];

fn on_tape(values: &[f64], dtype: DType) -> Tensor<1> {
    let device = Device::flex().autodiff();
    Tensor::<1>::from_data(
        TensorData::new(values.to_vec(), [values.len()]),
        (&device, dtype),
    )
    .require_grad()
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().convert::<f64>().try_to_vec().unwrap()
}

#[test]
fn every_function_has_its_own_values_and_gradients() {
    for function in Function::all() {
        let x = on_tape(&POINTS, DType::F64);
        let y = knee_burn::activation(x.clone(), function);
        let weights = Tensor::<1>::from_data(
            TensorData::new(vec![2.0_f64; POINTS.len()], [POINTS.len()]),
            (&y.device(), DType::F64),
        );
        let gradients = (y.clone() * weights).sum().backward();
        let dx = numbers(x.grad(&gradients).unwrap());
        for (k, value) in numbers(y).into_iter().enumerate() {
            assert_eq!(
                value,
                function.value(POINTS[k]),
                "{function} at {}",
                POINTS[k]
            );
            assert_eq!(
                dx[k],
                2.0 * function.derivative(POINTS[k]),
                "{function}' at {}",
                POINTS[k]
            );
        }
    }
}

#[test]
fn single_precision_is_computed_in_single_precision() {
    let gelu = Function::parse("gelu").unwrap();
    let x = on_tape(&POINTS, DType::F32);
    let y = numbers(knee_burn::activation(x, gelu));
    for (k, value) in y.into_iter().enumerate() {
        assert_eq!(value, f64::from(gelu.value(POINTS[k] as f32)));
    }
}

#[test]
fn half_precision_is_rounded_once() {
    let silu = Function::parse("silu").unwrap();
    let x = on_tape(&POINTS, DType::F16);
    let y = knee_burn::activation(x.clone(), silu);
    assert_eq!(y.dtype(), DType::F16);
    let dx = x.grad(&y.clone().sum().backward()).unwrap();
    assert_eq!(dx.dtype(), DType::F16);
    // 0.7 is not a half; what enters the function is the half next to it.
    let input = numbers(on_tape(&POINTS, DType::F16))[6];
    let exact = silu.value(input as f32);
    let step = f64::from(exact) * 2f64.powi(-11);
    assert!((numbers(y)[6] - f64::from(exact)).abs() <= step);
}

#[test]
fn softmax_works_along_any_axis() {
    let device = Device::flex().autodiff();
    let x = Tensor::<2>::from_floats([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]], &device).require_grad();
    for (dim, function) in [
        (0, RowFunction::Softmax),
        (1, RowFunction::Softmax),
        (1, RowFunction::LogSoftmax),
    ] {
        let y = match function {
            RowFunction::LogSoftmax => knee_burn::log_softmax(x.clone(), dim),
            _ => knee_burn::softmax(x.clone(), dim),
        };
        let weights = Tensor::<2>::from_floats([[1.0, -2.0, 0.5], [0.25, 3.0, 1.0]], &device);
        let gradients = (y.clone() * weights.clone()).sum().backward();
        let dx = numbers(x.grad(&gradients).unwrap().swap_dims(dim, 1));
        let rows = |t: Tensor<2>| -> Vec<f32> {
            numbers(t.swap_dims(dim, 1))
                .iter()
                .map(|&v| v as f32)
                .collect()
        };
        let row = if dim == 0 { 2 } else { 3 };
        let mut expected = vec![0.0; 6];
        function.forward(&rows(x.clone()), row, &mut expected);
        assert_eq!(rows(y), expected);
        let mut gradient = vec![0.0; 6];
        function.backward_from_output(&expected, &rows(weights), row, &mut gradient);
        assert_eq!(dx.iter().map(|&v| v as f32).collect::<Vec<_>>(), gradient);
    }
}

#[test]
fn prelu_passes_a_gradient_to_input_and_slope() {
    let device = Device::flex().autodiff();
    let values = [[-1.0, 2.0], [3.0, -4.0]];
    let x = Tensor::<2>::from_floats(values, &device).require_grad();
    let slope = Tensor::<1>::from_floats([0.25, 0.5], &device).require_grad();
    let y = knee_burn::prelu(x.clone(), slope.clone());
    assert_eq!(numbers(y.clone()), [-0.25, 2.0, 3.0, -2.0]);
    let gradients = y.sum().backward();
    let (mut dx, mut dslope) = ([0.0_f32; 4], [0.0_f32; 2]);
    let channels = Channels { count: 2, inner: 1 };
    Prelu::backward(
        &[-1.0, 2.0, 3.0, -4.0],
        &[1.0; 4],
        &[0.25, 0.5],
        channels,
        &mut dx,
        &mut dslope,
    );
    assert_eq!(numbers(x.grad(&gradients).unwrap()), dx.map(f64::from));
    assert_eq!(
        numbers(slope.grad(&gradients).unwrap()),
        dslope.map(f64::from)
    );
}

#[test]
fn a_view_is_computed_like_its_copy() {
    let device = Device::flex();
    let tanh = Function::parse("tanh").unwrap();
    let x = Tensor::<2>::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &device);
    let view = x.clone().transpose().slice([1..3, 0..2]);
    let y = numbers(knee_burn::activation(view, tanh));
    let expected: Vec<f64> = [2.0_f32, 5.0, 3.0, 6.0]
        .iter()
        .map(|&v| f64::from(tanh.value(v)))
        .collect();
    assert_eq!(y, expected);
    // The tensor that the view was taken from is untouched.
    assert_eq!(numbers(x), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Vec<f32>>>>);

impl GradientSink for Seen {
    fn gradient(&self, gradient: HostTensor) {
        let HostValues::F32(values) = gradient.values() else {
            panic!("f32 in, f32 out")
        };
        assert_eq!(gradient.shape(), [2]);
        self.0.lock().unwrap().push(values.to_vec());
    }
}

#[test]
fn an_observed_value_hands_over_its_whole_gradient_once() {
    let device = Device::flex().autodiff();
    let seen = Seen::default();
    let x = Tensor::<1>::from_floats([1.0, 2.0], &device).require_grad();
    let watched = knee_burn::observe(x.clone() * 3.0, Sink::new(seen.clone()));
    // Two consumers: the gradient is the sum of both.
    let loss = (watched.clone() * 2.0).sum() + watched.sum();
    let gradients = loss.backward();
    assert_eq!(*seen.0.lock().unwrap(), [[3.0, 3.0]]);
    assert_eq!(numbers(x.grad(&gradients).unwrap()), [9.0, 9.0]);
}
