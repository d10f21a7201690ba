//! Every element-wise function in every type: values and gradients are those of the kernel, bit for bit.

use candle_core::{CustomOp1, DType, Device, Module, Tensor};
use knee::{Function, Tier};
use knee_candle::{Activation, Knee};

use crate::support::{
    Float, bits, elements, for_every_type, points, summed, tensor, variable, weights,
};

/// Value, `bwd`, and the gradient that a backward pass leaves, of one function on `count` numbers.
fn check<T: Float>(activation: Activation, count: usize) {
    let kernel = activation.kernel();
    let (x, dy) = (points::<T>(count), weights::<T>(count));
    let (mut y, mut dx) = (vec![T::zero(); count], vec![T::zero(); count]);
    kernel.forward(&x, &mut y);
    kernel.backward(&x, &dy, &mut dx);

    let (input, upstream) = (variable(&x, count), tensor(&dy, count));
    let output = input.knee(activation).unwrap();
    let name = format!("{} in {:?}", kernel.function(), T::DTYPE);
    assert_eq!(bits(&elements::<T>(&output)), bits(&y), "{name}");

    let direct = activation.bwd(&input, &output, &upstream).unwrap().unwrap();
    assert_eq!(bits(&elements::<T>(&direct)), bits(&dx), "{name}'");

    let loss = output.mul(&upstream).unwrap().sum_all().unwrap();
    let gradients = loss.backward().unwrap();
    let found = elements::<T>(gradients.get(&input).unwrap());
    assert_eq!(bits(&found), bits(&summed(&dx)), "{name}' on the tape");
}

#[test]
fn values_and_gradients_are_the_kernels() {
    for function in Function::all() {
        for_every_type!(check(function.into(), 60));
    }
}

#[test]
fn the_tier_is_that_of_the_kernel() {
    for function in Function::all() {
        check::<f32>(function.kernel().tier(Tier::Fast).into(), 60);
    }
}

#[test]
fn what_is_shared_between_threads_is_the_same() {
    for_every_type!(check("gelu".parse().unwrap(), 70_001));
}

#[test]
fn empty_tensors_stay_empty() {
    for shape in [vec![0], vec![0, 3], vec![3, 0], vec![2, 0, 5]] {
        let x = variable::<f32>(&[], shape.clone());
        let y = x.knee("gelu").unwrap();
        assert_eq!(y.dims(), shape);
        let turned = x
            .transpose(0, shape.len() - 1)
            .unwrap()
            .knee("tanh")
            .unwrap();
        assert_eq!(turned.elem_count(), 0);
        let gradients = y.sum_all().unwrap().backward().unwrap();
        assert_eq!(gradients.get(&x).unwrap().dims(), shape);
    }
}

#[test]
fn a_scalar_is_a_tensor() {
    let x = variable(&[-2.0_f64], ());
    let y = x.knee("silu").unwrap();
    let silu = Function::parse("silu").unwrap();
    assert_eq!(y.to_scalar::<f64>().unwrap(), silu.value(-2.0));
    let gradients = y.backward().unwrap();
    let dx = gradients.get(&x).unwrap().to_scalar::<f64>().unwrap();
    assert_eq!(dx, silu.derivative(-2.0));
}

#[test]
fn a_function_is_named_given_or_configured() {
    let x = tensor(&[-1.0_f32, 2.0], 2);
    let leaky = Function::parse("leaky_relu(negative_slope=0.5)").unwrap();
    let named = x.knee("leaky_relu(negative_slope=0.5)").unwrap();
    for other in [
        x.knee(leaky).unwrap(),
        x.knee(leaky.kernel()).unwrap(),
        x.apply_op1(Activation::from(leaky)).unwrap(),
        Activation::from(leaky).forward(&x).unwrap(),
    ] {
        assert_eq!(elements::<f32>(&other), elements::<f32>(&named));
    }
    assert_eq!(elements::<f32>(&named), [-0.5, 2.0]);
}

/// The gradients of a chain reach a weight behind two activations.
#[test]
fn gradients_pass_through_a_network() {
    let (gelu, tanh) = (
        Function::parse("gelu").unwrap(),
        Function::parse("tanh").unwrap(),
    );
    let w = variable(&[0.7_f64], (1, 1));
    let x = Tensor::new(&[[1.25_f64]], &Device::Cpu).unwrap();
    let hidden = x.matmul(&w).unwrap().knee(gelu).unwrap();
    let gradients = hidden.knee(tanh).unwrap().backward().unwrap();
    let z = 1.25 * 0.7;
    let expected = tanh.derivative(gelu.value(z)) * gelu.derivative(z) * 1.25;
    let found = elements::<f64>(gradients.get(&w).unwrap())[0];
    assert!((found - expected).abs() <= 4.0 * f64::EPSILON * expected.abs());
    assert_eq!(hidden.dtype(), DType::F64);
}
