//! No copies: where the numbers are before an operation and after it.

use std::sync::{Arc, Mutex};

use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::backend::{DType, Flex, FloatDType};
use burn::tensor::{Device, Tensor, TensorData};
use knee::{Function, Gelu, RowFunction, Tanh};
use knee_burn::{GradientSink, HostTensor, HostValues, KneeKernels, Sink};

fn tensor(dtype: DType) -> FlexTensor {
    let values: Vec<f32> = (0..24).map(|k| k as f32 * 0.3 - 4.0).collect();
    let x = FlexTensor::from_data(TensorData::new(values, [4, 6]));
    if dtype == DType::F32 {
        x
    } else {
        Flex::float_cast(x, dtype.into())
    }
}

fn address(x: &FlexTensor) -> *const u8 {
    x.bytes().as_ptr()
}

const TYPES: [DType; 4] = [DType::F16, DType::BF16, DType::F32, DType::F64];

#[test]
fn what_nobody_else_holds_is_computed_in_place() {
    for dtype in TYPES {
        for function in Function::all() {
            let x = tensor(dtype);
            let before = address(&x);
            let y = Flex::function_forward(x, function.kernel());
            assert_eq!((address(&y), y.dtype()), (before, dtype), "{function}");
            let dy = tensor(dtype);
            let before = address(&dy);
            let dx = Flex::function_backward(y, dy, function.kernel());
            assert_eq!((address(&dx), dx.dtype()), (before, dtype), "{function}'");
        }
        for &function in RowFunction::ALL {
            for dim in [0, 1] {
                let x = tensor(dtype);
                let before = address(&x);
                let y = Flex::rows_forward(x, function, dim);
                assert_eq!((address(&y), y.dtype()), (before, dtype), "{function}");
                let dy = tensor(dtype);
                let before = address(&dy);
                let dx = Flex::rows_backward(y, dy, function, dim);
                assert_eq!((address(&dx), dx.dtype()), (before, dtype), "{function}'");
            }
        }
    }
}

#[test]
fn a_transposed_tensor_is_computed_as_it_lies() {
    let kernel = Function::from(Gelu::default()).kernel();
    let x = tensor(DType::F32).transpose(0, 1);
    let before = address(&x);
    let (y, shared) = (Flex::function_forward(x.clone(), kernel), x);
    assert_eq!(y.layout(), shared.layout());
    let dy = tensor(DType::F32).transpose(0, 1);
    let there = address(&dy);
    let dx = Flex::function_backward(shared.clone(), dy, kernel);
    assert_eq!((address(&dx), dx.layout()), (there, shared.layout()));
    assert_eq!(address(&Flex::function_forward(shared, kernel)), before);
}

#[test]
fn what_somebody_else_holds_is_left_alone() {
    let kernel = Function::from(Gelu::default()).kernel();
    let numbers = |x: &FlexTensor| x.bytes().to_vec();
    let (x, dy) = (tensor(DType::F32), tensor(DType::F32));
    let before = numbers(&x);
    let results = [
        Flex::function_forward(x.clone(), kernel),
        Flex::function_backward(x.clone(), dy.clone(), kernel),
        Flex::rows_forward(x.clone(), RowFunction::Softmax, 1),
        Flex::rows_backward(x.clone(), dy.clone(), RowFunction::Softmax, 0),
    ];
    for result in results {
        assert!(address(&result) != address(&x) && address(&result) != address(&dy));
    }
    assert_eq!((numbers(&x), numbers(&dy)), (before.clone(), before));
}

/// Where the gradients were that were handed over, the first one last in the network.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<usize>>>);

impl GradientSink for Seen {
    fn gradient(&self, gradient: HostTensor) {
        let HostValues::F32(values) = gradient.values() else {
            panic!("f32 in, f32 out")
        };
        self.0.lock().unwrap().push(values.as_ptr().addr());
    }
}

#[test]
fn a_chain_has_one_gradient_buffer() {
    let device = Device::flex().autodiff();
    let seen = Seen::default();
    let watch = |x: Tensor<2>| knee_burn::observe(x, Sink::new(seen.clone()));
    let x = Tensor::<2>::from_floats([[1.0, -2.0, 3.0], [0.5, 0.0, -4.0]], &device).require_grad();
    let y = knee_burn::activation(watch(x.clone()), Gelu::default());
    let y = knee_burn::activation(watch(y), Tanh::default());
    let y = watch(knee_burn::softmax(watch(y), 1));
    let gradients = (y * Tensor::<2>::from_floats([[1.0, 2.0, 3.0]], &device))
        .sum()
        .backward();
    let seen = seen.0.lock().unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|address| *address == seen[0]), "{seen:?}");
    assert_eq!(x.grad(&gradients).unwrap().dims(), [2, 3]);
}

/// Two consumers are handed the same gradient; neither may write to it while the other still reads.
#[test]
fn a_gradient_with_two_readers_is_not_overwritten() {
    let device = Device::flex().autodiff();
    let (gelu, tanh) = (
        Function::from(Gelu::default()),
        Function::from(Tanh::default()),
    );
    let values = [1.0_f32, -2.0, 3.0];
    let [a, b] = [(); 2].map(|()| Tensor::<1>::from_floats(values, &device).require_grad());
    let sum = knee_burn::activation(a.clone(), gelu) + knee_burn::activation(b.clone(), tanh);
    let gradients = (sum * Tensor::<1>::from_floats([1.0, 2.0, 4.0], &device))
        .sum()
        .backward();
    for (x, function) in [(a, gelu), (b, tanh)] {
        let dx: Vec<f32> = x
            .grad(&gradients)
            .unwrap()
            .into_data()
            .try_to_vec()
            .unwrap();
        let mut expected = [0.0; 3];
        function.backward(&values, &[1.0, 2.0, 4.0], &mut expected);
        assert_eq!(dx, expected);
    }
}

#[test]
fn a_gradient_of_another_precision_is_cast() {
    let kernel = Function::from(Tanh::default()).kernel();
    let x = tensor(DType::F64);
    let dy = tensor(DType::F32);
    let expected = Flex::function_backward(
        x.clone(),
        Flex::float_cast(dy.clone(), FloatDType::F64),
        kernel,
    );
    let dx = Flex::function_backward(x, dy, kernel);
    assert_eq!(dx.dtype(), DType::F64);
    assert_eq!(dx.bytes(), expected.bytes());
}
