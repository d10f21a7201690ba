//! What is refused says what was found and what to do.

use candle_core::{
    CudaStorage, CustomOp1, CustomOp2, D, DType, Device, InplaceOp1, MetalStorage, Result, Tensor,
};
use knee::gated::{GatedFunction, Layout};
use knee::{Function, RowFunction};
use knee_candle::{Activation, Gated, GatedPacked, Knee, Rows};

use crate::support::tensor;

fn assert_says<T>(result: Result<T>, parts: &[&str]) {
    let Err(error) = result else {
        panic!("should be refused: {parts:?}")
    };
    let error = error.to_string();
    for part in parts {
        assert!(error.contains(part), "`{error}` does not say `{part}`");
    }
}

#[test]
fn integers() {
    let x = Tensor::new(&[[1_u32, 2]], &Device::Cpu).unwrap();
    let advice = ["knee's", "U32", "F32", "`to_dtype"];
    assert_says(x.knee("relu"), &advice);
    assert_says(x.knee_in_place("relu"), &advice);
    assert_says(knee_candle::softmax(&x, 1), &advice);
    assert_says(x.inplace_op1(&Rows::new(RowFunction::Softmax, 0)), &advice);
    assert_says(knee_candle::gated(&x, &x, GatedFunction::Glu), &advice);
    assert_says(
        knee_candle::gated_packed(&x, GatedFunction::Glu, Layout::TORCH, 1),
        &advice,
    );
}

#[test]
fn unknown_names() {
    let x = tensor(&[1.0_f32], 1);
    assert_says(x.knee("gelo"), &["`gelo`", "nearest name is `gelu`"]);
    assert_says(x.knee("elu(slope=1)"), &["elu", "slope", "alpha"]);
}

#[test]
fn axes_that_are_not_there() {
    let x = tensor(&[1.0_f32; 6], (2, 3));
    assert_says(knee_candle::softmax(&x, 2), &["softmax", "2", "[2, 3]"]);
    assert_says(
        x.apply_op1(Rows::new(RowFunction::Hardmax, 5)),
        &["hardmax", "5", "[2, 3]"],
    );
    assert_says(
        knee_candle::log_softmax(&tensor(&[1.0_f32], ()), D::Minus1),
        &["log_softmax"],
    );
    let odd = knee_candle::gated_packed(&x, GatedFunction::Glu, Layout::TORCH, 1);
    assert_says(odd, &["glu", "axis 1", "[2, 3]", "even"]);
}

#[test]
fn operands_that_do_not_fit_together() {
    let (gate, up) = (tensor(&[1.0_f32; 6], (2, 3)), tensor(&[1.0_f32; 6], (3, 2)));
    let shapes = knee_candle::gated(&gate, &up, GatedFunction::Glu);
    assert_says(shapes, &["[2, 3]", "[3, 2]", "`broadcast_as`"]);
    let up = gate.to_dtype(DType::F64).unwrap();
    let types = knee_candle::gated(&gate, &up, GatedFunction::Glu);
    assert_says(types, &["F32", "F64", "`to_dtype`"]);
}

#[test]
fn tensors_on_a_gpu() {
    let x = tensor(&[1.0_f32; 2], 2);
    let layout = x.layout();
    let activation = Activation::from(Function::parse("gelu").unwrap());
    let rows = Rows::new(RowFunction::Softmax, 0);
    let packed = GatedPacked::new(GatedFunction::Glu, Layout::TORCH, 0);
    let ones: [&dyn CustomOp1; 3] = [&activation, &rows, &packed];
    for operation in ones {
        let advice = [operation.name(), "CUDA", "`to_device(&Device::Cpu)`"];
        assert_says(operation.cuda_fwd(&CudaStorage, layout), &advice);
        let advice = [operation.name(), "Metal", "`to_device(&Device::Cpu)`"];
        assert_says(operation.metal_fwd(&MetalStorage, layout), &advice);
    }
    let in_place: [&dyn InplaceOp1; 2] = [&activation, &rows];
    for operation in in_place {
        assert_says(
            operation.cuda_fwd(&mut CudaStorage, layout),
            &["CUDA", "Cpu"],
        );
        assert_says(
            operation.metal_fwd(&mut MetalStorage, layout),
            &["Metal", "Cpu"],
        );
    }
    let gated = Gated(GatedFunction::Glu);
    let found = gated.cuda_fwd(&CudaStorage, layout, &CudaStorage, layout);
    assert_says(found, &["glu", "CUDA", "`to_device(&Device::Cpu)`"]);
}
