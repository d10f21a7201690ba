//! Values and gradients against knee's own functions.

use std::sync::{Arc, Mutex};

use burn::tensor::{DType, Device, Tensor, TensorData};
use knee::learned::{Channels, Prelu};
use knee::{Function, Gelu, GeluTanh, Kinks, Mish, Relu, RowFunction, Silu, Softplus, Tier};
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

/// Values and gradients of every function in a 16-bit or 32-bit type, bit for bit.
fn check<T: knee::Element + burn::tensor::Element>(function: Function) {
    let values: Vec<T> = POINTS.iter().map(|&x| knee::Element::from_f64(x)).collect();
    let device = Device::flex().autodiff();
    let data = TensorData::new(values.clone(), [POINTS.len()]);
    let x = Tensor::<1>::from_data(data, (&device, T::dtype())).require_grad();
    let y = knee_burn::activation(x.clone(), function);
    let dx = x.grad(&y.clone().sum().backward()).unwrap();
    let mut expected = [(); 2].map(|()| values.clone());
    function.forward(&values, &mut expected[0]);
    let ones = vec![knee::Element::from_f64(1.0); values.len()];
    function.backward(&values, &ones, &mut expected[1]);
    for (found, expected) in [y, dx].into_iter().zip(expected) {
        assert_eq!(found.dtype(), T::dtype());
        let found: Vec<T> = found.into_data().try_to_vec().unwrap();
        let bits = |values: Vec<T>| -> Vec<u64> {
            values
                .into_iter()
                .map(|x| knee::Element::to_f64(x).to_bits())
                .collect()
        };
        assert_eq!(bits(found), bits(expected), "{function}");
    }
}

#[test]
fn every_precision_is_rounded_once() {
    for function in Function::all() {
        check::<burn::tensor::f16>(function);
        check::<burn::tensor::bf16>(function);
        check::<f32>(function);
    }
}

#[test]
fn a_function_is_given_as_itself_or_as_its_kernel() {
    let x = on_tape(&POINTS, DType::F32);
    let gelu = Function::from(Gelu::default());
    let expected = numbers(knee_burn::activation(x.clone(), Gelu::default()));
    for same in [
        knee_burn::activation(x.clone(), gelu),
        knee_burn::activation(x.clone(), gelu.kernel()),
    ] {
        assert_eq!(numbers(same), expected);
    }
    let leaky = Function::parse("leaky_relu(negative_slope=0.1)").unwrap();
    let kernel = leaky.kernel().tier(Tier::Fast).kinks(Kinks::Jax);
    let y = knee_burn::activation(x.clone(), kernel);
    let dx = x.grad(&y.sum().backward()).unwrap();
    // JAX's slope at 0 is 1, PyTorch's is that of the left side.
    assert_eq!(numbers(dx)[4], 1.0);
}

#[test]
fn the_swap_is_to_the_same_function() {
    use burn::tensor::activation as theirs;
    let x = on_tape(&POINTS, DType::F64).inner();
    let pairs = [
        (theirs::relu(x.clone()), Function::from(Relu::default())),
        (theirs::gelu(x.clone()), Gelu::default().into()),
        (
            theirs::gelu_approximate(x.clone()),
            GeluTanh::default().into(),
        ),
        (
            theirs::leaky_relu(x.clone(), 0.1),
            Function::parse("leaky_relu(negative_slope=0.1)").unwrap(),
        ),
        (theirs::silu(x.clone()), Silu::default().into()),
        (theirs::mish(x.clone()), Mish::default().into()),
        (theirs::softplus(x.clone(), 1.0), Softplus::default().into()),
    ];
    for (theirs, ours) in pairs {
        let found = numbers(knee_burn::activation(x.clone(), ours));
        for (found, theirs) in found.into_iter().zip(numbers(theirs)) {
            assert!(
                (found - theirs).abs() < 1e-6,
                "{ours}: {found} and {theirs}"
            );
        }
    }
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
