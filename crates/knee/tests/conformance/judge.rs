//! When an answer agrees with a recorded one.

use knee::{Facts, Function, Tail};
use knee_oracle::Truth;

use super::cases::{Case, Kind, Tensor};

/// An answer, and the true value of each element, which is asked for only where it is needed.
pub(super) struct Answer<'a> {
    pub(super) found: Vec<f64>,
    pub(super) truth: Box<dyn Fn(usize) -> f64 + 'a>,
}

/// How many elements were compared, and how many of them needed the suite's own tolerance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) elements: usize,
    pub(super) loose: usize,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.elements += other.elements;
        self.loose += other.loose;
    }
}

/// Compares an answer with a recorded output.
///
/// An element agrees if it is within one unit in the last place of the recorded one. Where the recorded one is
/// itself further from the truth than that, the answer must be within the suite's tolerance of it and within one
/// unit of the truth. The first element that does not agree is the error.
pub(super) fn judge(case: &Case, output: &Tensor, answer: &Answer) -> Result<Count, String> {
    let (found, recorded) = (&answer.found, &output.data);
    assert_eq!(
        found.len(),
        recorded.len(),
        "{}: elements of {}",
        case.name,
        output.name
    );
    let kind = output.kind;
    let mut loose = 0;
    for (index, (&found, &recorded)) in found.iter().zip(recorded).enumerate() {
        if within_units(kind, found, recorded) {
            continue;
        }
        let truth = (answer.truth)(index);
        if !(allowed(case, kind, found, recorded) && within_units(kind, found, truth)) {
            let place = format!("{} {} at {index}", case.name, output.name);
            return Err(format!(
                "{place}: {found:e}, recorded {recorded:e}, true {truth:e}"
            ));
        }
        loose += 1;
    }
    Ok(Count {
        elements: found.len(),
        loose,
    })
}

/// Within one unit in the last place of the wanted number, or equal, or both NaN.
pub(super) fn within_units(kind: Kind, found: f64, wanted: f64) -> bool {
    found == wanted
        || (found.is_nan() && wanted.is_nan())
        || (found - wanted).abs() <= kind.unit(wanted)
}

/// Within the tolerance of ONNX's own runner, which gives `bfloat16` two units more.
pub(super) fn allowed(case: &Case, kind: Kind, found: f64, recorded: f64) -> bool {
    let (relative, absolute) = case.tolerance;
    let relative = if kind == Kind::Brain {
        relative.max(1.0 / 64.0)
    } else {
        relative
    };
    let same = found == recorded || (found.is_nan() && recorded.is_nan());
    same || (found - recorded).abs() <= absolute + relative * recorded.abs()
}

/// The true value and slope of a function in as many digits as an `f64` has; at an infinity the limits that its
/// tails declare.
pub(super) struct Oracle {
    truth: Truth,
    facts: Facts,
}

impl Oracle {
    pub(super) fn of(function: &Function) -> Self {
        let truth = Truth::of(function).unwrap_or_else(|error| panic!("{function}: {error}"));
        Self {
            truth,
            facts: function.facts(),
        }
    }

    /// The value and the slope.
    pub(super) fn at(&self, x: f64) -> (f64, f64) {
        if x.is_finite() {
            let (value, slope) = self.truth.both(x);
            return (value.to_f64(), slope.to_f64());
        }
        match if x < 0.0 {
            self.facts.left
        } else {
            self.facts.right
        } {
            _ if x.is_nan() => (x, x),
            Tail::Saturates { limit } => (limit, 0.0),
            Tail::Linear { slope } => (slope * x, slope),
            Tail::Grows => (f64::INFINITY, f64::INFINITY.copysign(x)),
            Tail::Sublinear => (x, 0.0),
            Tail::Oscillates => (f64::NAN, f64::NAN),
        }
    }

    /// The value.
    pub(super) fn value(&self, x: f64) -> f64 {
        if x.is_finite() {
            self.truth.value(x).to_f64()
        } else {
            self.at(x).0
        }
    }
}
