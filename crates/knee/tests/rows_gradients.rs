//! The gradients of the functions of rows: against differences of values, and against the textbook where those have no digits.

use knee::{LogSumExp, RowFunction};
use knee_oracle::{Big, ulps};

use crate::support::points::Random;

fn functions() -> Vec<RowFunction> {
    let other = RowFunction::parse("softmax_one(denominator_bias=3)").expect("a function");
    RowFunction::ALL.iter().copied().chain([other]).collect()
}

/// The gradient is that of a sum weighted by `dy`, as differences of the values have it.
#[test]
fn gradients_are_the_slopes_of_the_values() {
    let mut random = Random(9);
    for function in functions() {
        for _ in 0..10 {
            let x: Vec<f64> = (0..7).map(|_| random.between(-2.0, 2.0)).collect();
            let dy: Vec<f64> = (0..7).map(|_| random.between(-1.0, 1.0)).collect();
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
                    "{function} of {x:?} at {index}: {} and {slope}",
                    dx[index]
                );
            }
        }
    }
}

#[test]
fn the_jacobian_holds_the_gradients_of_all_outputs() {
    let mut random = Random(4);
    let x: Vec<f64> = (0..5).map(|_| random.between(-1.0, 1.0)).collect();
    for function in functions() {
        let jacobian = function.jacobian(&x);
        for index in 0..5 {
            let moved = |by: f64| {
                let (mut x, mut y) = (x.clone(), vec![0.0; 5]);
                x[index] += by;
                function.forward(&x.clone(), 5, &mut y);
                y
            };
            let slopes = moved(1e-5).into_iter().zip(moved(-1e-5));
            for (output, (above, below)) in slopes.enumerate() {
                let slope = (above - below) / 2e-5;
                let found = jacobian[output * 5 + index];
                assert!(
                    (slope - found).abs() < 1e-9,
                    "{function}: {found} and {slope}"
                );
            }
        }
    }
}

/// The share of a clear winner is rounded to 1, and its slope `p (1 - p)` is still right: in the Jacobian of softmax, and where
/// only the winner's output is asked for.
#[test]
fn the_slope_of_a_clear_winner_keeps_its_digits() {
    for gap in [5.0_f64, 20.0, 40.0, 300.0] {
        let e = (-Big::of(gap)).exp();
        let one = Big::of(1.0);
        let sum = one.clone() + e.clone();
        let slope = e.clone() / (sum.clone() * sum.clone());
        let jacobian = RowFunction::Softmax.jacobian(&[gap, 0.0]);
        for (found, truth) in
            jacobian
                .iter()
                .zip([&slope, &-slope.clone(), &-slope.clone(), &slope])
        {
            assert!(ulps(*found, truth) < 2.0, "gap {gap}: {found}");
        }
        let jacobian = RowFunction::LogSoftmax.jacobian(&[gap, 0.0]);
        let (first, second) = (e / sum.clone(), one / sum);
        for (found, truth) in jacobian
            .iter()
            .zip([first.clone(), -first, -second.clone(), second])
        {
            // The rounded output stands in an exponential: `y` ulp of it.
            assert!(ulps(*found, &truth) < 2.0 + gap, "gap {gap}: {found}");
        }
    }
}

#[test]
fn logsumexp_has_the_softmax_as_gradient() {
    let mut random = Random(11);
    let x: Vec<f64> = (0..12).map(|_| random.between(-3.0, 3.0)).collect();
    let mut dx = vec![0.0; 12];
    LogSumExp::backward(&x, &[2.0, -1.0], 6, &mut dx);
    for index in 0..12 {
        let value = |by: f64| {
            let (mut x, mut y) = (x.clone(), [0.0; 2]);
            x[index] += by;
            LogSumExp::forward(&x, 6, &mut y);
            2.0 * y[0] - y[1]
        };
        let slope = (value(1e-5) - value(-1e-5)) / 2e-5;
        assert!((slope - dx[index]).abs() < 1e-9);
    }
}

/// An upstream gradient that is NaN reaches every element that its output depends on.
#[test]
fn a_gradient_that_is_nan_spreads() {
    for function in functions() {
        let x = [0.5, 0.25, 0.375];
        for place in 0..3 {
            let (mut y, mut dx, mut dy) = ([0.0; 3], [0.0; 3], [1.0; 3]);
            function.forward(&x, 3, &mut y);
            dy[place] = f64::NAN;
            function.backward_from_output(&y, &dy, 3, &mut dx);
            assert!(
                dx.iter().all(|dx| dx.is_nan()),
                "{function} at {place}: {dx:?}"
            );
            function.backward_from_output(&[f64::NAN; 3], &[1.0; 3], 3, &mut dx);
            assert!(dx.iter().all(|dx| dx.is_nan()), "{function}: {dx:?}");
        }
    }
}
