//! In place means in the storage that the tensor has.

use candle_core::{CpuStorage, Storage, Tensor};
use knee::{Function, RowFunction};
use knee_candle::{Knee, Rows};

use crate::support::{Float, bits, elements, for_every_type, points, tensor, variable};

/// Where the numbers of an f32 tensor are.
fn address(x: &Tensor) -> *const f32 {
    match &*x.storage_and_layout().0 {
        Storage::Cpu(CpuStorage::F32(numbers)) => numbers.as_ptr(),
        _ => panic!("an f32 tensor on the CPU"),
    }
}

fn check<T: Float>(function: Function) {
    let values = points::<T>(60);
    let mut expected = values.clone();
    function.kernel().forward_in_place(&mut expected);
    let x = tensor(&values, (5, 12));
    x.knee_in_place(function).unwrap();
    assert_eq!(bits(&elements::<T>(&x)), bits(&expected), "{function}");
}

#[test]
fn every_function_replaces_the_numbers() {
    for function in Function::all() {
        for_every_type!(check(function));
    }
}

#[test]
fn the_storage_is_kept() {
    let x = tensor(&points::<f32>(60), (5, 12));
    let before = address(&x);
    x.knee_in_place("gelu").unwrap();
    x.inplace_op1(&Rows::new(RowFunction::Softmax, 0)).unwrap();
    assert_eq!(address(&x), before);
}

#[test]
fn rows_are_replaced_along_any_axis_of_any_view() {
    for (view, dim) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
        let x = tensor(&points::<f32>(72)[12..], (5, 12));
        let shown = if view {
            x.t().unwrap().narrow(0, 2, 7).unwrap()
        } else {
            x.clone()
        };
        let expected = knee_candle::softmax(&shown, dim).unwrap();
        shown
            .inplace_op1(&Rows::new(RowFunction::Softmax, dim))
            .unwrap();
        assert_eq!(elements::<f32>(&shown), elements::<f32>(&expected));
    }
}

#[test]
fn what_the_tape_needs_is_not_overwritten() {
    let x = variable(&points::<f32>(3), 3);
    for tensor in [x.as_tensor(), &x.affine(2.0, 0.0).unwrap()] {
        let error = tensor.knee_in_place("relu").unwrap_err().to_string();
        assert!(
            error.contains("knee's relu") && error.contains("`detach`"),
            "{error}"
        );
    }
    assert_eq!(bits(&elements::<f32>(&x)), bits(&points::<f32>(3)));
    x.affine(2.0, 0.0)
        .unwrap()
        .detach()
        .knee_in_place("relu")
        .unwrap();
}
