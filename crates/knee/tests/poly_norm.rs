//! `PolyNorm`: against its textbook in f64, gradients against differences, rows that are special.

use knee::{Axis, ParameterError, PolyNorm};

use crate::support::points::Random;

fn textbook(row: &[f64], [a1, a2, a3, b]: [f64; 4]) -> Vec<f64> {
    let norm = |k: i32| {
        let mean = row.iter().map(|x| x.powi(2 * k)).sum::<f64>() / row.len() as f64;
        (mean + 1e-6).sqrt()
    };
    let norms = [norm(1), norm(2), norm(3)];
    row.iter()
        .map(|x| a1 * x / norms[0] + a2 * x * x / norms[1] + a3 * x.powi(3) / norms[2] + b)
        .collect()
}

fn with([a1, a2, a3, b]: [f64; 4]) -> PolyNorm {
    PolyNorm::default()
        .with_all(&[("a1", a1), ("a2", a2), ("a3", a3), ("b", b)])
        .expect("finite numbers")
}

const WEIGHTS: [f64; 4] = [0.7, -0.25, 1.5, 0.125];

#[test]
fn values_are_those_of_the_textbook() {
    let mut random = Random(3);
    for (length, spread) in [(1, 1.0), (7, 1e-3), (64, 3.0), (300, 40.0), (5, 1e4)] {
        let row: Vec<f32> = (0..length)
            .map(|_| random.between(-spread, spread) as f32)
            .collect();
        let wide: Vec<f64> = row.iter().map(|x| f64::from(*x)).collect();
        let (mut short, mut long) = (vec![0.0_f32; length], vec![0.0; length]);
        with(WEIGHTS).forward(&row, length, &mut short);
        with(WEIGHTS).forward(&wide, length, &mut long);
        for ((short, long), truth) in short.iter().zip(&long).zip(textbook(&wide, WEIGHTS)) {
            assert!(
                (long - truth).abs() <= 1e-14 * truth.abs().max(1.0),
                "{long} and {truth}"
            );
            assert_eq!(*short, truth as f32);
        }
    }
}

#[test]
fn gradients_are_the_slopes_of_the_values() {
    let mut random = Random(5);
    let (rows, length) = (3, 6);
    let x: Vec<f64> = (0..rows * length)
        .map(|_| random.between(-2.0, 2.0))
        .collect();
    let dy: Vec<f64> = x.iter().map(|_| random.between(-1.0, 1.0)).collect();
    let weighted = |x: &[f64], weights: [f64; 4]| {
        let mut y = vec![0.0; x.len()];
        with(weights).forward(x, length, &mut y);
        y.iter().zip(&dy).map(|(y, dy)| y * dy).sum::<f64>()
    };
    let (mut dx, mut dparameters) = (vec![0.0; x.len()], [0.0; PolyNorm::LEARNED]);
    with(WEIGHTS).backward(&x, &dy, length, &mut dx, &mut dparameters);
    let h = 1e-5;
    for (index, dx) in dx.iter().enumerate() {
        let moved = |by: f64| {
            let mut x = x.clone();
            x[index] += by;
            weighted(&x, WEIGHTS)
        };
        let slope = (moved(h) - moved(-h)) / (2.0 * h);
        assert!((slope - dx).abs() < 1e-8, "dx[{index}]: {dx} and {slope}");
    }
    for (index, gradient) in dparameters.iter().enumerate() {
        let moved = |by: f64| {
            let mut weights = WEIGHTS;
            weights[index] += by;
            weighted(&x, weights)
        };
        let slope = (moved(h) - moved(-h)) / (2.0 * h);
        assert!((slope - gradient).abs() < 1e-8, "parameter {index}");
    }
}

#[test]
fn large_and_small_rows_neither_overflow_nor_vanish() {
    let row = |x: &[f64]| {
        let mut y = vec![0.0; x.len()];
        PolyNorm::default().forward(x, x.len(), &mut y);
        y
    };
    assert_eq!(row(&[1e300, -1e300]), [1.0, -1.0 / 3.0]);
    assert!((row(&[1e-200, 0.0])[0] - 1e-200 / 3.0 * 1e3).abs() < 1e-211);
    assert_eq!(row(&[0.0, 0.0]), [0.0, 0.0]);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(row(&[1.0, bad]).iter().all(|y| y.is_nan()), "{bad}");
    }
    assert!(row(&[]).is_empty());
}

#[test]
fn rows_that_lie_across_have_the_same_bits() {
    let x = [1.0_f32, 10.0, -2.0, 20.0, 3.0, -30.0];
    let (mut across, mut first) = ([0.0; 6], [0.0; 3]);
    let axis = Axis {
        length: 3,
        stride: 2,
    };
    PolyNorm::default().forward(&x, axis, &mut across);
    PolyNorm::default().forward(&[1.0, -2.0, 3.0], 3, &mut first);
    assert_eq!([across[0], across[2], across[4]], first);
}

#[test]
fn a_parameter_outside_of_its_domain_is_named() {
    let error = PolyNorm::default()
        .with_all(&[("eps", 0.0)])
        .expect_err("no norm");
    assert!(
        matches!(
            error,
            ParameterError::OutOfDomain {
                parameter: "eps",
                ..
            }
        ),
        "{error}"
    );
}
