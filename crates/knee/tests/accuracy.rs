//! Every value and every derivative is within its budget of the true one; and a budget is no looser than it has to be.

use knee::{Budget, Function};
use knee_oracle::sweep::{PARTS, Report, Sweep};
use knee_oracle::{Big, Measured, ulps};

use crate::support::for_each;
use crate::support::points::Random;
use crate::support::samples::{Sample, samples, truth};

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

/// The worst value and derivative on the hard points.
fn hard_points<T: Measured>(name: &str, [value, derivative]: &mut [Worst; 2]) {
    for sample in samples::<T>(name).iter() {
        let Sample { function, x, .. } = sample;
        let at = || format!("{function} at {x:?}");
        value.see(ulps(function.value(*x), &sample.value), at);
        derivative.see(ulps(function.derivative(*x), &sample.derivative), at);
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

/// Every 509th bit pattern of `f32`: within the budget, inside of the range, in order.
fn f32_sweep(name: &str) {
    let function = Function::parse(name).expect(name);
    let sweep = Sweep::new(function, truth(&function));
    let mut report = Report::default();
    for part in 0..PARTS {
        report.merge(&sweep.part(part, 509));
    }
    assert!(report.broken.is_empty(), "{}", report.broken.join("\n"));
    assert!(report.inputs > 8_400_000, "{}", report.inputs);
}

/// The gradient is the upstream gradient times the true derivative, rounded once.
fn backward(name: &str) {
    one_rounding::<f32>(name);
    one_rounding::<f64>(name);
}

fn one_rounding<T: Measured>(name: &str) {
    let mut random = Random(7);
    for sample in samples::<T>(name).iter().step_by(3) {
        let Sample { function, x, .. } = sample;
        // Below, the derivative has fewer digits than a number of the type.
        if sample.derivative.exponent().is_some_and(|e| e < -960) {
            continue;
        }
        let dy = T::from_f64(random.between(-3.0, 3.0));
        let mut dx = [T::default()];
        function.backward(&[*x], &[dy], &mut dx);
        let error = ulps(dx[0], &(sample.derivative.clone() * Big::of(dy.to_f64())));
        assert!(
            error <= 0.51,
            "{function} backward {} at {x:?}, dy = {dy:?}: {error} ulp",
            T::NAME
        );
    }
}

for_each!($ f32, f64, tight, f32_sweep, backward);
