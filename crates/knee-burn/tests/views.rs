//! A tensor that is a view of another is computed like its copy, and the other is left alone.

use burn::tensor::{Device, Tensor};
use knee::{Gelu, Relu, RowFunction, Tanh};

type Cube = Tensor<3>;

fn cube(device: &Device) -> Cube {
    let values: Vec<f32> = (0..120).map(|k| (k as f32) * 0.07 - 4.0).collect();
    Tensor::<1>::from_floats(&values[..], device).reshape([4, 5, 6])
}

/// Every kind of view that Burn makes without a copy.
fn views(x: &Cube) -> Vec<Cube> {
    vec![
        x.clone(),
        x.clone().swap_dims(0, 2),
        x.clone().permute([1, 2, 0]),
        x.clone().slice([1..3, 0..5, 0..6]),
        x.clone().slice([0..4, 2..4, 1..5]),
        x.clone().slice([0..4, 2..4, 1..5]).swap_dims(0, 1),
        x.clone().flip([1]),
        x.clone().flip([0, 2]).swap_dims(1, 2),
        x.clone().slice([0..1, 0..5, 0..6]).expand([3, 5, 6]),
        x.clone().slice([0..4, 0..1, 0..6]).expand([4, 7, 6]),
        x.clone().slice([0..4, 0..5, 2..3]).expand([4, 5, 2]),
    ]
}

/// The same numbers in a buffer of their own.
fn copy(x: &Cube) -> Cube {
    Cube::from_data(x.clone().into_data(), &x.device())
}

fn bits(x: Cube) -> Vec<u32> {
    let values: Vec<f32> = x.into_data().try_to_vec().unwrap();
    values.into_iter().map(f32::to_bits).collect()
}

#[test]
fn values_are_those_of_the_copy() {
    let base = cube(&Device::flex());
    let before = bits(base.clone());
    for view in views(&base) {
        // `copy` holds its buffer alone, and the view shares it: in place and into a new one.
        let gelu = knee_burn::activation(copy(&view), Gelu::default());
        assert_eq!(
            bits(knee_burn::activation(view.clone(), Gelu::default())),
            bits(gelu)
        );
        for dim in 0..3 {
            let rows = knee_burn::rows(copy(&view), RowFunction::LogSoftmax, dim);
            assert_eq!(
                bits(knee_burn::rows(view.clone(), RowFunction::LogSoftmax, dim)),
                bits(rows)
            );
        }
    }
    assert_eq!(bits(base), before);
}

#[test]
fn a_view_that_holds_its_buffer_alone_is_computed_there() {
    for index in 0..views(&cube(&Device::flex())).len() {
        let view = || views(&cube(&Device::flex())).swap_remove(index);
        let expected = knee_burn::activation(copy(&view()), Tanh::default());
        assert_eq!(
            bits(knee_burn::activation(view(), Tanh::default())),
            bits(expected)
        );
        let expected = knee_burn::softmax(copy(&view()), 1);
        assert_eq!(bits(knee_burn::softmax(view(), 1)), bits(expected));
    }
}

#[test]
fn gradients_are_those_of_the_copies() {
    let device = Device::flex().autodiff();
    let (x, dy) = (cube(&device), cube(&device) * 0.5 + 1.0);
    for (x, dy) in views(&x).into_iter().zip(views(&dy)) {
        let gradient = |x: Cube, dy: Cube| {
            let x = x.detach().require_grad();
            let y = knee_burn::activation(x.clone(), Gelu::default())
                + knee_burn::softmax(x.clone(), 1);
            // The view's own backward hands over a gradient that lies as it does.
            let gradients = (knee_burn::activation(y, Relu::default()) * dy)
                .sum()
                .backward();
            bits(x.grad(&gradients).unwrap())
        };
        let expected = gradient(copy(&x), copy(&dy));
        assert_eq!(gradient(x.clone(), dy.clone()), expected);
        assert_eq!(gradient(copy(&x), dy.clone()), expected);
        assert_eq!(gradient(x, copy(&dy)), expected);
    }
}
