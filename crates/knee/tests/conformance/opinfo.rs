//! The inputs that PyTorch tests its own element-wise functions with, judged by the oracle instead of by PyTorch.

use knee::{Framework, Function};
use knee_oracle::{Measured, Truth, ulps};

use super::cases::{Case, read};
use super::judge::Oracle;

/// The operators whose samples keep their shapes; `shaped.rs` runs them.
pub(super) const SHAPED: [&str; 7] = [
    "prelu",
    "softmax",
    "log_softmax",
    "softmin",
    "logsumexp",
    "cross_entropy",
    "nll_loss",
];

/// What was measured for an operator.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Measurement {
    pub(super) op: String,
    pub(super) cases: usize,
    pub(super) refused: usize,
    pub(super) points: usize,
    pub(super) value: f64,
    pub(super) slope: f64,
}

/// What knee refuses although PyTorch computes it.
pub(super) struct Refusal {
    pub(super) op: &'static str,
    /// What is refused, and why.
    pub(super) reason: &'static str,
    /// Whether a case of the operator is of that kind.
    applies: fn(&Case) -> bool,
}

/// `lambd` is negative.
fn has_negative_zone(case: &Case) -> bool {
    case.number("lambd").is_some_and(|lambd| lambd < 0.0)
}

/// A class has a negative weight.
fn has_negative_weight(case: &Case) -> bool {
    let weight = case.input("weight");
    weight.is_some_and(|weight| weight.data.iter().any(|&weight| weight < 0.0))
}

/// The kinds that are refused.
pub(super) const REFUSED: &[Refusal] = &[
    Refusal {
        op: "hardshrink",
        reason: "an error: a zone of negative width is no zone",
        applies: has_negative_zone,
    },
    Refusal {
        op: "cross_entropy",
        reason: "an error: the weight of a class is not negative",
        applies: has_negative_weight,
    },
    Refusal {
        op: "nll_loss",
        reason: "an error: the weight of a class is not negative",
        applies: has_negative_weight,
    },
];

/// Whether knee refuses a case.
pub(super) fn is_refused(case: &Case) -> bool {
    REFUSED
        .iter()
        .any(|refusal| refusal.op == case.op && (refusal.applies)(case))
}

/// The measurement of an operator, the last one of the list.
pub(super) fn of<'a>(measurements: &'a mut Vec<Measurement>, op: &str) -> &'a mut Measurement {
    if measurements.last().is_none_or(|measured| measured.op != op) {
        measurements.push(Measurement {
            op: op.to_owned(),
            ..Measurement::default()
        });
    }
    measurements.last_mut().expect("it was added")
}

/// A random slope has no one answer; `random.rs` of knee's tests is about it.
fn is_random(case: &Case) -> bool {
    case.op == "rrelu" && case.number("training") == Some(1.0)
}

/// The function of PyTorch's operator.
fn function(case: &Case) -> Option<Function> {
    if case.op == "rrelu" {
        // In evaluation the slope is the middle of the limits, 1/8 and 1/3 unless they are given.
        let slope = f64::midpoint(
            case.number("lower").unwrap_or(0.125),
            case.number("upper").unwrap_or(1.0 / 3.0),
        );
        return Function::parse("leaky_relu")
            .ok()?
            .with("negative_slope", slope)
            .ok();
    }
    Function::from_foreign(Framework::Torch, &case.op, &|name| case.number(name))
}

/// The error in units in the last place; at an argument that is not finite 0 if the limit was found.
fn error(found: f32, truth: Option<&knee_oracle::Big>, limit: f64) -> f64 {
    match truth {
        Some(truth) => ulps(found, truth),
        None if found == limit as f32 || (found.is_nan() && limit.is_nan()) => 0.0,
        None => f64::INFINITY,
    }
}

/// Runs the samples of all element-wise operators; fails with the list of what exceeds its budget.
pub(super) fn run() -> Vec<Measurement> {
    let (mut measurements, mut failures) = (Vec::<Measurement>::new(), Vec::new());
    let cases = read("opinfo").1;
    for case in cases
        .iter()
        .filter(|case| !SHAPED.contains(&case.op.as_str()) && !is_random(case))
    {
        let measured = of(&mut measurements, &case.op);
        let function = match function(case) {
            Some(function) if !is_refused(case) => function,
            None if is_refused(case) => {
                measured.refused += 1;
                continue;
            }
            found => {
                failures.push(format!("{}: read as {found:?}", case.name));
                continue;
            }
        };
        let (truth, limits) = (
            Truth::of(&function).expect("a formula"),
            Oracle::of(&function),
        );
        let budget = function.about().budget;
        let x = case.inputs[0].singles();
        let (mut y, mut slopes) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        function.forward(&x, &mut y);
        function.derivatives(&x, &mut slopes);
        for ((&x, &y), &slope) in x.iter().zip(&y).zip(&slopes) {
            let exact = x.is_finite().then(|| truth.both(f64::from(x)));
            let (limit, limit_slope) = if x.is_finite() {
                (0.0, 0.0)
            } else {
                limits.at(f64::from(x))
            };
            let value = error(y, exact.as_ref().map(|both| &both.0), limit);
            let slope_error = error(slope, exact.as_ref().map(|both| &both.1), limit_slope);
            if value > budget.forward || slope_error > budget.derivative {
                failures.push(format!(
                    "{function} at {x:e}: {y:e} ({value} ulp), slope {slope:e} ({slope_error} ulp)"
                ));
            }
            measured.value = measured.value.max(value);
            measured.slope = measured.slope.max(slope_error);
        }
        measured.cases += 1;
        measured.points += x.len();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    measurements
}

#[test]
fn element_wise_samples_are_within_budget() {
    let measurements = run();
    assert!(
        measurements
            .iter()
            .map(|measured| measured.points)
            .sum::<usize>()
            > 5000
    );
}

/// The samples hold what they are recorded for: NaN, infinities, large and small numbers.
#[test]
fn samples_hold_extreme_numbers() {
    let cases = read("opinfo").1;
    let all: Vec<f32> = cases
        .iter()
        .filter(|case| case.op == "silu")
        .flat_map(|case| case.inputs[0].singles())
        .collect();
    assert!(
        all.iter().any(|x| x.is_nan())
            && all.contains(&f32::INFINITY)
            && all.contains(&f32::NEG_INFINITY)
    );
    assert!(all.iter().any(|x| x.is_finite() && x.abs() > 1e19));
    assert!(all.iter().any(|x| x.ordered() == 0));
}
