//! A tensor that is a view of another is computed like its copy, and the other is left alone.

use candle_core::{CustomOp1, Tensor};
use knee::{Function, RowFunction};
use knee_candle::{Activation, Knee};

use crate::support::{bits, elements, points, tensor, variable, weights};

/// Views of a tensor of the shape `[4, 6, 10]` of every kind there is.
fn views(x: &Tensor) -> Vec<Tensor> {
    let views = [
        x.transpose(0, 2),
        x.transpose(1, 2),
        x.permute((2, 0, 1)),
        x.narrow(0, 1, 2),
        x.narrow(1, 2, 3),
        x.narrow(2, 3, 4),
        x.narrow(2, 3, 1),
        x.narrow(1, 1, 4).and_then(|x| x.narrow(2, 2, 5)),
        x.narrow(1, 1, 4).and_then(|x| x.transpose(0, 1)),
        x.narrow(2, 0, 1).and_then(|x| x.broadcast_as((4, 6, 3))),
        x.get(2),
        x.get(2).and_then(|x| x.t()),
        x.narrow(1, 5, 0),
    ];
    views.into_iter().collect::<Result<_, _>>().unwrap()
}

#[test]
fn values_are_those_of_the_copy() {
    let x = points::<f32>(240);
    let base = tensor(&x, (4, 6, 10));
    for view in views(&base) {
        let copy = view.contiguous().unwrap();
        for name in ["relu", "gelu"] {
            let (found, expected) = (view.knee(name).unwrap(), copy.knee(name).unwrap());
            assert_eq!(found.dims(), view.dims());
            let (found, expected) = (elements::<f32>(&found), elements::<f32>(&expected));
            assert_eq!(
                bits(&found),
                bits(&expected),
                "{name} of {:?}",
                view.layout()
            );
        }
        for dim in 0..view.rank() {
            let found = knee_candle::softmax(&view, dim).unwrap();
            let expected = knee_candle::softmax(&copy, dim).unwrap();
            assert_eq!(
                bits(&elements::<f32>(&found)),
                bits(&elements::<f32>(&expected))
            );
        }
    }
    assert_eq!(bits(&elements::<f32>(&base)), bits(&x));
}

#[test]
fn gradients_are_those_of_the_copies() {
    let tanh = Activation::from(Function::parse("tanh").unwrap());
    let softmax = knee_candle::Rows::new(RowFunction::Softmax, 0);
    let base = tensor(&points::<f64>(240), (4, 6, 10));
    let upstream = tensor(&weights::<f64>(240), (4, 6, 10));
    for (x, dy) in views(&base).into_iter().zip(views(&upstream)) {
        let (x_copy, dy_copy) = (x.contiguous().unwrap(), dy.contiguous().unwrap());
        let gradient = |x: &Tensor, dy: &Tensor| {
            let of_tanh = tanh.bwd(x, x, dy).unwrap().unwrap();
            let of_softmax = softmax.bwd(x, x, dy).unwrap().unwrap();
            [elements::<f64>(&of_tanh), elements(&of_softmax)].concat()
        };
        let expected = bits(&gradient(&x_copy, &dy_copy));
        for (x, dy) in [(&x, &dy), (&x, &dy_copy), (&x_copy, &dy)] {
            assert_eq!(bits(&gradient(x, dy)), expected, "{:?}", x.layout());
        }
    }
}

#[test]
fn the_tape_leads_back_through_a_view() {
    let x = variable(&points::<f32>(240)[12..24], (3, 4));
    let y = x
        .t()
        .unwrap()
        .narrow(0, 1, 2)
        .unwrap()
        .knee("gelu")
        .unwrap();
    let gradients = y.sum_all().unwrap().backward().unwrap();
    let dx: Vec<Vec<f32>> = gradients.get(&x).unwrap().to_vec2().unwrap();
    let gelu = Function::parse("gelu").unwrap();
    for (dx, x) in dx.iter().zip(x.to_vec2::<f32>().unwrap()) {
        let expected = [0.0, gelu.derivative(x[1]), gelu.derivative(x[2]), 0.0];
        assert_eq!(dx[..], expected);
    }
}

#[test]
fn in_place_only_the_view_changes() {
    let silu = Function::parse("silu").unwrap();
    for index in 0..views(&tensor(&points::<f32>(240), (4, 6, 10))).len() {
        let base = tensor(&points::<f32>(240), (4, 6, 10));
        let view = &views(&base)[index];
        // A view that repeats elements cannot be written to.
        if view.layout().has_internal_overlap() {
            let error = view.knee_in_place(silu).unwrap_err().to_string();
            assert!(error.contains("repeated elements"), "{error}");
            continue;
        }
        let expected = elements::<f32>(&view.knee(silu).unwrap());
        let touched = marks(index);
        let before = elements::<f32>(&base);
        view.knee_in_place(silu).unwrap();
        assert_eq!(
            bits(&elements::<f32>(view)),
            bits(&expected),
            "{:?}",
            view.layout()
        );
        for ((now, before), touched) in elements::<f32>(&base).iter().zip(before).zip(touched) {
            let value = if touched { silu.value(before) } else { before };
            assert_eq!(now.to_bits(), value.to_bits(), "{:?}", view.layout());
        }
    }
}

/// Which elements of the base the view of that index shows.
fn marks(index: usize) -> Vec<bool> {
    let base = tensor(&(0..240).map(|k| k as f32).collect::<Vec<_>>(), (4, 6, 10));
    let seen = elements::<f32>(&views(&base)[index].contiguous().unwrap());
    (0..240).map(|k| seen.contains(&(k as f32))).collect()
}
