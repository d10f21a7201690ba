//! Every value and every derivative is within its budget of the true one; and a budget is no looser than it has to be.

use knee::{Budget, Function};

use crate::support::oracle::{Big, Real, truth};
use crate::support::points::{Random, hard};
use crate::support::ruler::{Measured, ulps};
use crate::support::{for_each, variants};

/// The largest error seen, and where.
#[derive(Default)]
struct Worst {
    error: f64,
    at: String,
}

impl Worst {
    fn see(&mut self, error: f64, at: impl FnOnce() -> String) {
        if error > self.error {
            *self = Self { error, at: at() };
        }
    }

    fn within(&self, what: &str, budget: f64) {
        assert!(
            self.error <= budget,
            "{what}: {} ulp at {}, the budget is {budget}",
            self.error,
            self.at
        );
    }

    /// Fails where the budget could be lower by more than 0.02. One rounding may cost 0.5 whether a sample shows it or not.
    fn not_far_below(&self, what: &str, budget: f64) {
        let enough = if budget == 0.5 {
            self.error > 0.0
        } else {
            self.error >= budget - 0.02
        };
        assert!(
            enough,
            "{what}: the budget of {budget} ulp is too loose, the worst is {}",
            self.error
        );
    }
}

/// The worst value and derivative on the hard points, against 320 bits.
fn hard_points<T: Measured>(name: &str, [value, derivative]: &mut [Worst; 2]) {
    for function in variants(name) {
        for x in hard::<T>(&function) {
            let (true_value, true_derivative) = truth::<Big>(&function, x.to_f64());
            let at = || format!("{function} at {x:?}");
            value.see(ulps(function.value(x), &true_value), at);
            derivative.see(ulps(function.derivative(x), &true_derivative), at);
        }
    }
}

fn budget(name: &str) -> Budget {
    Function::parse(name).expect(name).about().budget
}

fn within_budget<T: Measured>(name: &str) {
    let mut worst = <[Worst; 2]>::default();
    hard_points::<T>(name, &mut worst);
    worst[0].within(&format!("{name} value {}", T::NAME), budget(name).forward);
    worst[1].within(
        &format!("{name} derivative {}", T::NAME),
        budget(name).derivative,
    );
}

fn f32(name: &str) {
    within_budget::<f32>(name);
}

fn f64(name: &str) {
    within_budget::<f64>(name);
}

/// The budget is no looser than `f32` needs.
fn tight(name: &str) {
    let mut worst = <[Worst; 2]>::default();
    hard_points::<f32>(name, &mut worst);
    worst[0].not_far_below(&format!("{name} value"), budget(name).forward);
    worst[1].not_far_below(&format!("{name} derivative"), budget(name).derivative);
}

/// A dense sample of all `f32` against the quick oracle.
fn f32_dense(name: &str) {
    let function = Function::parse(name).expect(name);
    let budget = budget(name);
    for bits in (0..=u32::MAX).step_by(1999) {
        let x = f32::from_bits(bits);
        if !x.is_finite() {
            continue;
        }
        let (value, derivative) = truth::<f64>(&function, f64::from(x));
        let error = quick_ulps(function.value(x), value);
        assert!(
            error <= budget.forward + QUICK,
            "{name} value at {x:e}: {error} ulp"
        );
        if has_digits(&function, x, derivative) {
            let error = quick_ulps(function.derivative(x), derivative);
            assert!(
                error <= budget.derivative + QUICK,
                "{name} derivative at {x:e}: {error} ulp"
            );
        }
    }
}

/// What the error of the quick oracle can add, in units in the last place of an `f32`: 2^-40 of the number.
const QUICK: f64 = 1.0 / 65536.0;

/// Near a root of the derivative the quick oracle cancels, and the sine of a large product is not its own; the hard points
/// are there.
fn has_digits(function: &Function, x: f32, derivative: f64) -> bool {
    derivative.abs() > 1e-3
        || x.abs() > 3.0
        || function.name() == "erf"
        || function.facts().kinks.len() == 2
}

/// The error of a result against a number that is not exact, in units in the last place of an `f32`.
fn quick_ulps(found: f32, truth: f64) -> f64 {
    if truth.abs() >= f64::from(f32::MAX) {
        return if f64::from(found).abs() >= f64::from(f32::MAX) {
            0.0
        } else {
            f64::INFINITY
        };
    }
    let exponent = ((truth.abs().to_bits() >> 52) as i32 - 1023 - 23).max(-149);
    (f64::from(found) - truth).abs() / f64::from(exponent).exp2()
}

/// The quick oracle is as good as the dense sample takes it to be.
fn quick_oracle(name: &str) {
    let function = Function::parse(name).expect(name);
    for x in hard::<f32>(&function) {
        let ((value, derivative), (true_value, true_derivative)) = (
            truth::<f64>(&function, f64::from(x)),
            truth::<Big>(&function, f64::from(x)),
        );
        let check = |what: &str, quick: f64, truth: &Big| {
            if quick.abs() < f64::from(f32::MAX) && quick.abs() > 1e-60 {
                let error = ((Big::of(quick) - truth.clone()) / truth.clone())
                    .to_f64()
                    .abs();
                assert!(
                    error < (-40.0_f64).exp2(),
                    "{name} {what} at {x:e}: the quick oracle is wrong by {error:e}"
                );
            }
        };
        check("value", value, &true_value);
        if has_digits(&function, x, derivative) {
            check("derivative", derivative, &true_derivative);
        }
    }
}

/// The gradient is the upstream gradient times the true derivative, rounded once.
fn backward(name: &str) {
    one_rounding::<f32>(name);
    one_rounding::<f64>(name);
}

fn one_rounding<T: Measured>(name: &str) {
    let mut random = Random(7);
    for function in variants(name) {
        for x in hard::<T>(&function).into_iter().step_by(3) {
            let (_, derivative) = truth::<Big>(&function, x.to_f64());
            // Below, the derivative has fewer digits than a number of the type.
            if derivative.exponent().is_some_and(|e| e < -960) {
                continue;
            }
            let dy = T::from_f64(random.between(-3.0, 3.0));
            let mut dx = [T::default()];
            function.backward(&[x], &[dy], &mut dx);
            let error = ulps(dx[0], &(derivative * Big::of(dy.to_f64())));
            assert!(
                error <= 0.51,
                "{function} backward {} at {x:?}, dy = {dy:?}: {error} ulp",
                T::NAME
            );
        }
    }
}

for_each!($ f32, f64, tight, f32_dense, quick_oracle, backward);
