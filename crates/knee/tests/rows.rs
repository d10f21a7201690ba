//! Softmax and log-softmax: accuracy, special rows, gradients.

use knee::RowFunction;
use knee_oracle::{Big, Measured, same, ulps};

use crate::support::points::Random;

/// Rows of several lengths and spreads, some with a clear winner.
fn rows<T: Measured>() -> Vec<Vec<T>> {
    let mut random = Random(5);
    let mut rows = vec![
        vec![0.0, -17.5, -40.0],
        vec![0.0, -104.0, -740.0, -1000.0],
        vec![7.0],
        vec![1e30, 1e30],
        vec![3.0, 3.0, 3.0],
    ];
    for (length, spread) in [
        (2, 1.0),
        (16, 1.0),
        (128, 9.0),
        (300, 40.0),
        (50, 300.0),
        (1000, 5.0),
    ] {
        rows.push(
            (0..length)
                .map(|_| random.between(-spread, spread))
                .collect(),
        );
    }
    rows.into_iter()
        .map(|row| row.into_iter().map(T::from_f64).collect())
        .collect()
}

/// Softmax and log-softmax of a row by the textbook, with 320 bits.
fn truth<T: Measured>(row: &[T]) -> (Vec<Big>, Vec<Big>) {
    let x: Vec<Big> = row.iter().map(|x| Big::of(x.to_f64())).collect();
    let top = x.iter().fold(
        x[0].clone(),
        |top, x| if *x > top { x.clone() } else { top },
    );
    let difference: Vec<Big> = x.into_iter().map(|x| x - top.clone()).collect();
    let exponentials: Vec<Big> = difference.iter().map(|d| d.clone().exp()).collect();
    let sum = exponentials
        .iter()
        .fold(Big::of(0.0), |sum, e| sum + e.clone());
    let logarithm = (sum.clone() - Big::of(1.0)).ln_1p();
    let softmax = exponentials.into_iter().map(|e| e / sum.clone()).collect();
    (
        softmax,
        difference
            .into_iter()
            .map(|d| d - logarithm.clone())
            .collect(),
    )
}

fn accuracy<T: Measured>() {
    for row in rows::<T>() {
        let (softmax, log_softmax) = truth(&row);
        let mut y = vec![T::default(); row.len()];
        for (function, truth) in [
            (RowFunction::Softmax, softmax),
            (RowFunction::LogSoftmax, log_softmax),
        ] {
            function.forward(&row, row.len(), &mut y);
            for (index, (y, truth)) in y.iter().zip(&truth).enumerate() {
                let error = ulps(*y, truth);
                assert!(
                    error <= 0.51,
                    "{function} {} of {} elements, at {index}: {error} ulp",
                    T::NAME,
                    row.len()
                );
            }
        }
    }
}

#[test]
fn f32_is_rounded_once() {
    accuracy::<f32>();
}

#[test]
fn f64_is_rounded_once() {
    accuracy::<f64>();
}

/// A clear winner keeps its digits: `log(1 + rest)` would be 0.
#[test]
fn the_winner_of_log_softmax_is_not_rounded_to_zero() {
    let mut y = [0.0_f32; 3];
    RowFunction::LogSoftmax.forward(&[0.0, -17.5, -40.0], 3, &mut y);
    assert_eq!(y[0], -2.510999e-8);
}

#[test]
fn rows_that_have_no_answer_give_nan() {
    let inf = f32::INFINITY;
    for row in [
        [-inf, -inf, -inf],
        [inf, 0.0, 1.0],
        [0.0, f32::NAN, 1.0],
        [f32::NAN, 0.0, 1.0],
        [inf, inf, -inf],
    ] {
        for function in RowFunction::ALL {
            let mut y = [0.0; 3];
            function.forward(&row, 3, &mut y);
            assert!(
                y.iter().all(|y| y.is_nan()),
                "{function} of {row:?} is {y:?}"
            );
            let wide = row.map(f64::from);
            let mut y = [0.0; 3];
            function.forward(&wide, 3, &mut y);
            assert!(
                y.iter().all(|y| y.is_nan()),
                "{function} of {wide:?} is {y:?}"
            );
        }
    }
}

#[test]
fn a_masked_element_has_no_share() {
    let row = [0.0_f32, f32::NEG_INFINITY, 0.0];
    let mut y = [1.0; 3];
    RowFunction::Softmax.forward(&row, 3, &mut y);
    assert_eq!(y, [0.5, 0.0, 0.5]);
    RowFunction::LogSoftmax.forward(&row, 3, &mut y);
    assert_eq!(y[1], f32::NEG_INFINITY);
    let mut dx = [1.0; 3];
    RowFunction::LogSoftmax.backward_from_output(&y, &[1.0, 0.0, 0.0], 3, &mut dx);
    assert_eq!(dx, [0.5, 0.0, -0.5]);
}

#[test]
fn each_row_is_on_its_own() {
    let (a, b) = ([1.0_f32, 2.0, 4.0], [-3.0, 0.0, f32::NAN]);
    for function in RowFunction::ALL {
        let (mut alone, mut both) = ([0.0; 3], [0.0; 6]);
        function.forward(&a, 3, &mut alone);
        function.forward(&[a, b].concat(), 3, &mut both);
        assert!(
            alone.iter().zip(&both).all(|(x, y)| same(*x, *y)),
            "{function}"
        );
    }
}

/// The gradient is that of a sum weighted by `dy`, as differences of the values have it.
#[test]
fn gradients_are_the_slopes_of_the_values() {
    let mut random = Random(9);
    let x: Vec<f64> = (0..7).map(|_| random.between(-2.0, 2.0)).collect();
    let dy: Vec<f64> = (0..7).map(|_| random.between(-1.0, 1.0)).collect();
    for function in RowFunction::ALL {
        let weighted = |x: &[f64]| {
            let mut y = vec![0.0; 7];
            function.forward(x, 7, &mut y);
            y.iter().zip(&dy).map(|(y, dy)| y * dy).sum::<f64>()
        };
        let (mut y, mut dx) = (vec![0.0; 7], vec![0.0; 7]);
        function.forward(&x, 7, &mut y);
        function.backward_from_output(&y, &dy, 7, &mut dx);
        for index in 0..7 {
            let moved = |by: f64| {
                let mut x = x.clone();
                x[index] += by;
                weighted(&x)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (slope - dx[index]).abs() < 1e-9,
                "{function} at {index}: {} and {slope}",
                dx[index]
            );
        }
    }
}

#[test]
fn empty_rows_are_allowed() {
    for function in RowFunction::ALL {
        function.forward::<f32>(&[], 0, &mut []);
        function.forward::<f64>(&[], 5, &mut []);
        function.backward_from_output::<f32>(&[], &[], 0, &mut []);
    }
}

#[test]
#[should_panic(expected = "a slice of 5 elements is not made of whole rows of 3")]
fn a_part_of_a_row_is_refused() {
    RowFunction::Softmax.forward(&[0.0_f32; 5], 3, &mut [0.0; 5]);
}

#[test]
fn names_lead_to_the_functions() {
    for function in RowFunction::ALL {
        assert_eq!(RowFunction::parse(function.name()), Ok(*function));
        assert!(function.about().title.len() > 10 && !function.about().latex.is_empty());
    }
}
