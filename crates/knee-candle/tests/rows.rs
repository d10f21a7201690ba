//! Every function of rows in every type along every axis: values and gradients are knee's, bit for bit.

use candle_core::D;
use knee::{Axis, RowFunction};

use crate::support::{
    Float, bits, elements, for_every_type, points, summed, tensor, variable, weights,
};

fn check<T: Float>(function: RowFunction, dims: &[usize]) {
    let count = dims.iter().product();
    // Without the infinities and NaN, which would make most rows NaN; another test has them.
    let (x, dy) = (&points::<T>(count + 12)[12..], weights::<T>(count));
    for dim in 0..dims.len() {
        let axis = Axis::of(dims, dim).unwrap();
        let (mut y, mut dx) = (vec![T::zero(); count], vec![T::zero(); count]);
        function.forward(x, axis, &mut y);
        function.backward_from_output(&y, &dy, axis, &mut dx);

        let input = variable(x, dims);
        let output = knee_candle::rows(&input, function, dim).unwrap();
        let name = format!("{function} in {:?} along {dim} of {dims:?}", T::DTYPE);
        assert_eq!(bits(&elements::<T>(&output)), bits(&y), "{name}");
        let loss = output.mul(&tensor(&dy, dims)).unwrap().sum_all().unwrap();
        let gradients = loss.backward().unwrap();
        let found = elements::<T>(gradients.get(&input).unwrap());
        assert_eq!(bits(&found), bits(&summed(&dx)), "{name}'");
    }
}

#[test]
fn values_and_gradients_are_knees() {
    for &function in RowFunction::ALL {
        for dims in [&[24][..], &[3, 8], &[2, 3, 4], &[1, 5], &[5, 1]] {
            for_every_type!(check(function, dims));
        }
    }
}

#[test]
fn what_is_shared_between_threads_is_the_same() {
    check::<f32>(RowFunction::LogSoftmax, &[40, 3, 500]);
}

#[test]
fn rows_that_are_no_numbers_are_as_in_knee() {
    let x = points::<f64>(24);
    for &function in RowFunction::ALL {
        let mut y = [0.0; 24];
        function.forward(&x, 4, &mut y);
        let found = knee_candle::rows(&tensor(&x, (6, 4)), function, D::Minus1).unwrap();
        assert_eq!(bits(&elements::<f64>(&found)), bits(&y), "{function}");
    }
}

#[test]
fn empty_rows_and_no_rows() {
    for dims in [vec![0], vec![0, 3], vec![3, 0], vec![2, 0, 5]] {
        for dim in 0..dims.len() {
            let x = variable::<f32>(&[], dims.clone());
            let y = knee_candle::softmax(&x, dim).unwrap();
            assert_eq!(y.dims(), dims);
            let gradients = y.sum_all().unwrap().backward().unwrap();
            assert_eq!(gradients.get(&x).unwrap().dims(), dims);
        }
    }
}
