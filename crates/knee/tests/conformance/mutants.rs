//! The mutation test: 23 broken implementations, each of which some library had or might have. knee's own cases
//! must refute every one; which of them ONNX's cases let pass is worked out beside it.

use super::cases::{Case, Kind, read};
use super::judge::allowed;
use super::own::CASES;
use super::rows;

/// What an implementation is told: attributes by name.
type Attributes<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// A broken implementation of an operator.
pub(super) struct Mutant {
    pub(super) name: &'static str,
    pub(super) op: &'static str,
    /// Evaluates a slice; for an operator of rows one row.
    broken: fn(Attributes, &[f32]) -> Vec<f32>,
}

/// An element-wise implementation, in `f64` so that it has no other fault than the one that it is here for.
macro_rules! each {
    ([$($let:ident = $attribute:literal or $default:literal),*] $x:ident => $result:expr) => {
        |attributes, x| {
            $(let $let: f64 = attributes($attribute).unwrap_or($default);)*
            let _ = attributes;
            let value = |$x: f64| -> f64 { $result };
            x.iter().map(|&x| value(f64::from(x)) as f32).collect()
        }
    };
}

/// The `f32` next to the exponential and the logarithm: an `f32` library whose parts are right.
fn exp(x: f32) -> f32 {
    f64::from(x).exp() as f32
}

fn ln(x: f32) -> f32 {
    f64::from(x).ln() as f32
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The rational approximation 7.1.26 of Abramowitz and Stegun, absolute error 1.5e-7.
fn erf_7_1_26(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] = [
        1.061405429,
        -1.453152027,
        1.421413741,
        -0.284496736,
        0.254829592,
    ];
    let t = 1.0 / (1.0 + 0.3275911 * x.abs());
    let tail = COEFFICIENTS
        .iter()
        .fold(0.0, |sum, coefficient| (sum + coefficient) * t);
    (1.0 - tail * (-x * x).exp()).copysign(x)
}

/// The tanh form of GELU, written with a sigmoid, which loses no digits.
fn gelu_tanh(x: f64) -> f64 {
    x * sigmoid((8.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x * x * x))
}

const fn mutant(
    name: &'static str,
    op: &'static str,
    broken: fn(Attributes, &[f32]) -> Vec<f32>,
) -> Mutant {
    Mutant { name, op, broken }
}

/// The broken implementations.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "CELU without the outer alpha",
        "Celu",
        each!([alpha = "alpha" or 1.0] x => if x > 0.0 { x } else { (x / alpha).exp_m1() }),
    ),
    mutant(
        "CELU is ReLU",
        "Celu",
        each!([] x => if x < 0.0 { 0.0 } else { x }),
    ),
    mutant(
        "Swish ignores alpha",
        "Swish",
        each!([] x => if x == f64::NEG_INFINITY { 0.0 } else { x * sigmoid(x) }),
    ),
    mutant(
        "ReLU drops NaN",
        "Relu",
        each!([] x => if x > 0.0 { x } else { 0.0 }),
    ),
    mutant(
        "softplus as log(1 + exp(x)) in f32",
        "Softplus",
        each!([] x => f64::from(ln(1.0 + exp(x as f32)))),
    ),
    mutant(
        "softplus is x above 5",
        "Softplus",
        each!([] x => if x > 5.0 { x } else { x.exp().ln_1p() }),
    ),
    mutant(
        "sigmoid is 0 below -4",
        "Sigmoid",
        each!([] x => if x < -4.0 { 0.0 } else { sigmoid(x) }),
    ),
    mutant(
        "ELU as exp(x) - 1 in f32",
        "Elu",
        each!([alpha = "alpha" or 1.0] x => if x > 0.0 { x } else { alpha * f64::from(exp(x as f32) - 1.0) }),
    ),
    mutant(
        "SELU with the constants 1.67326 and 1.0507",
        "Selu",
        each!([alpha = "alpha" or 1.67326, gamma = "gamma" or 1.0507] x => {
            gamma * if x > 0.0 { x } else { alpha * x.exp_m1() }
        }),
    ),
    mutant(
        "hard-swish not limited outside [-3, 3]",
        "HardSwish",
        each!([] x => x * (x + 3.0) / 6.0),
    ),
    mutant(
        "tanh limited to 0.9995",
        "Tanh",
        each!([] x => x.tanh().clamp(-0.9995, 0.9995)),
    ),
    mutant(
        "log-softmax as the logarithm of softmax",
        "LogSoftmax",
        |_, x| softmax(x, true).into_iter().map(ln).collect(),
    ),
    mutant(
        "erf by Abramowitz and Stegun 7.1.26",
        "Erf",
        each!([] x => erf_7_1_26(x)),
    ),
    mutant(
        "shrink gives 0 for NaN",
        "Shrink",
        each!([lambd = "lambd" or 0.5, bias = "bias" or 0.0] x => {
            if x < -lambd { x + bias } else if x > lambd { x - bias } else { 0.0 }
        }),
    ),
    mutant(
        "softsign of an infinity is NaN",
        "Softsign",
        each!([] x => x / (1.0 + x.abs())),
    ),
    mutant(
        "GELU answers the tanh form always",
        "Gelu",
        each!([] x => gelu_tanh(x)),
    ),
    mutant(
        "GELU is quick GELU",
        "Gelu",
        each!([] x => x * sigmoid(1.702 * x)),
    ),
    mutant(
        "GELU by Abramowitz and Stegun 7.1.26, always",
        "Gelu",
        each!([] x => 0.5 * x * (1.0 + erf_7_1_26(x * std::f64::consts::FRAC_1_SQRT_2))),
    ),
    mutant(
        "Swish as x * (x / 6 + 0.5)",
        "Swish",
        each!([] x => x * (x / 6.0 + 0.5)),
    ),
    mutant(
        "hard sigmoid with the default 1/6",
        "HardSigmoid",
        each!([alpha = "alpha" or 0.16666666666666666, beta = "beta" or 0.5] x => {
            (alpha * x + beta).clamp(0.0, 1.0)
        }),
    ),
    mutant(
        "Mish is 0 below -8",
        "Mish",
        each!([] x => if x < -8.0 { 0.0 } else { x * (x.max(0.0) + (-x.abs()).exp().ln_1p()).tanh() }),
    ),
    mutant(
        "thresholded ReLU with >=",
        "ThresholdedRelu",
        each!([alpha = "alpha" or 1.0] x => if x >= alpha { x } else { 0.0 }),
    ),
    mutant("softmax without the maximum", "Softmax", |_, x| {
        softmax(x, false)
    }),
];

/// Softmax in `f32`, as it is usually written, with or without the largest element subtracted.
fn softmax(x: &[f32], shifted: bool) -> Vec<f32> {
    let top = if shifted {
        x.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    } else {
        0.0
    };
    let exponentials: Vec<f32> = x.iter().map(|x| exp(x - top)).collect();
    let sum: f32 = exponentials.iter().sum();
    exponentials.into_iter().map(|e| e / sum).collect()
}

impl Mutant {
    /// knee's own cases that refute it, in their order, with the argument.
    pub(super) fn refuted_by(&self) -> Vec<(&'static str, f32)> {
        let cases = CASES.iter().filter(|case| case.op == self.op);
        let refuted = |case: &super::own::Own| {
            case.refutes(|x| (self.broken)(&|name| case.attribute(name), x))
        };
        cases
            .filter_map(|case| refuted(case).map(|x| (case.name, x)))
            .collect()
    }

    /// Whether it passes all of ONNX's cases in a type, judged as ONNX's own runner does.
    pub(super) fn passes_onnx(&self, cases: &[Case], kinds: &[Kind]) -> bool {
        let cases = cases
            .iter()
            .filter(|case| case.op == self.op && kinds.contains(&case.inputs[0].kind));
        cases
            .clone()
            .for_each(|case| assert_eq!(case.outputs.len(), 1, "{}", case.name));
        cases.into_iter().all(|case| {
            let (x, output) = (&case.inputs[0], &case.outputs[0]);
            let attributes = |name: &str| case.number(name);
            let found = if ["Softmax", "LogSoftmax"].contains(&self.op) {
                let lines = rows::along(&x.shape, case.number("axis").unwrap_or(-1.0));
                rows::each(&x.singles(), &lines, |row| (self.broken)(&attributes, row))
            } else {
                (self.broken)(&attributes, &x.singles())
            };
            let mut pairs = found.iter().zip(&output.data);
            pairs.all(|(&found, &recorded)| {
                allowed(case, x.kind, x.kind.round(f64::from(found)), recorded)
            })
        })
    }
}

#[test]
fn every_broken_implementation_is_refuted() {
    assert_eq!(MUTANTS.len(), 23);
    for mutant in MUTANTS {
        assert!(
            !mutant.refuted_by().is_empty(),
            "{} passes knee's own cases",
            mutant.name
        );
    }
}

/// ONNX's `f32` cases let 15 of the 23 pass: what knee's own cases are for.
#[test]
fn onnx_lets_most_of_them_pass() {
    let cases = read("onnx").1;
    let passing = MUTANTS
        .iter()
        .filter(|mutant| mutant.passes_onnx(&cases, &[Kind::Single]));
    assert_eq!(passing.count(), 15);
}
