//! What a textbook formula loses: it is evaluated step by step in a type, every step rounded, and measured beside knee.

mod naive;
mod textbook;

use std::fmt;

use knee::Element;
use knee_figure::{Axis, Figure, Ink, Line, short};
use knee_oracle::{Big, Measured, Truth, ulps};

use crate::Entry;
use naive::Float;

pub use textbook::known;

/// A type in which a formula is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// 24 bits.
    F32,
    /// 53 bits.
    F64,
}

impl Dtype {
    /// The name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// Decimal digits that a number of the type has.
    pub fn digits(self) -> f64 {
        let bits = match self {
            Self::F32 => 24.0,
            Self::F64 => 53.0,
        };
        bits * std::f64::consts::LOG10_2
    }

    /// Beyond it the exponential function is zero or infinite in this type.
    fn reach(self) -> f64 {
        match self {
            Self::F32 => 110.0,
            Self::F64 => 760.0,
        }
    }
}

/// Why nothing can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompareError {
    /// No textbook formula is known.
    NoFormula {
        /// The function.
        function: String,
    },
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::NoFormula { function } = self;
        write!(
            f,
            "{function}: no textbook formula is known; there is one for {}",
            known().join(", ")
        )
    }
}

impl std::error::Error for CompareError {}

/// What is wrong with a result that is no number of any use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Broken {
    /// Where it begins, seen from 0.
    pub x: f64,
    /// What the formula gives: 0, NaN or an infinity.
    pub found: f64,
    /// The true value.
    pub exact: f64,
}

/// What one formula loses.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The formula.
    pub formula: String,
    /// The most digits lost.
    pub digits: f64,
    /// Where.
    pub at: f64,
    /// Where it gives 0, NaN or an infinity although the true value is none, below 0 and above.
    pub broken: Vec<Broken>,
}

/// A function beside its textbook formulas.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The function.
    pub function: String,
    /// The type.
    pub dtype: Dtype,
    /// What each formula loses.
    pub losses: Vec<Loss>,
    /// The largest error of knee's result, in units in the last place.
    pub knee: f64,
    /// Correct digits over the argument.
    pub figure: Figure,
}

/// A function of one number in every type, its true value, and its textbook formulas.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) truth: Truth,
    pub(crate) derivative: bool,
    pub(crate) computed: Computed,
    pub(crate) formulas: Vec<Truth>,
}

/// How knee computes it.
pub(crate) enum Computed {
    /// At a number.
    Number(Entry),
    /// The first result of the row (x, 0).
    Row(Entry),
}

impl Subject {
    fn exact(&self, x: f64) -> Big {
        if self.derivative {
            self.truth.derivative(x)
        } else {
            self.truth.value(x)
        }
    }

    fn computed<T: Element>(&self, x: T) -> T {
        let result = match self.computed {
            Computed::Number(entry) if self.derivative => entry.derivative(x),
            Computed::Number(entry) => entry.value(x),
            Computed::Row(entry) => {
                let row = entry.of_row(&[x, T::default()]);
                row.and_then(|row| row.first().copied())
            }
        };
        result.unwrap_or_else(|| T::from_f64(f64::NAN))
    }
}

/// Compares a function, or its derivative, with its textbook formulas, between two arguments or where they differ.
pub fn compare(
    entry: &Entry,
    dtype: Dtype,
    derivative: bool,
    range: Option<(f64, f64)>,
) -> Result<Comparison, CompareError> {
    let subject = textbook::subject(entry, derivative).ok_or_else(|| CompareError::NoFormula {
        function: if derivative {
            format!("{entry}'")
        } else {
            entry.to_string()
        },
    })?;
    Ok(match dtype {
        Dtype::F32 => measure::<f32>(&subject, dtype, range),
        Dtype::F64 => measure::<f64>(&subject, dtype, range),
    })
}

/// A type whose results are measured.
trait Tested: Float + Measured {}
impl Tested for f32 {}
impl Tested for f64 {}

/// The digits that an error leaves; none where it is as large as the result.
fn correct(ulps: f64, dtype: Dtype) -> f64 {
    let left = dtype.digits() - ulps.max(1.0).log10();
    // A number has half as many units in its last place as the next power of two, or up to as many.
    if left > std::f64::consts::LOG10_2 {
        left
    } else {
        0.0
    }
}

fn measure<T: Tested>(subject: &Subject, dtype: Dtype, range: Option<(f64, f64)>) -> Comparison {
    let scan: Vec<Sample> = arguments(dtype)
        .map(|x| Sample::at::<T>(subject, x))
        .collect();
    let range = range.unwrap_or_else(|| interesting(&scan, dtype));
    let within = |x: &f64| (range.0..=range.1).contains(x);
    let steps = 480;
    let even = (0..=steps)
        .map(|index| range.0 + (range.1 - range.0) * f64::from(index) / f64::from(steps));
    let shown: Vec<Sample> = even.map(|x| Sample::at::<T>(subject, x)).collect();
    let all: Vec<&Sample> = scan
        .iter()
        .filter(|sample| within(&sample.x))
        .chain(&shown)
        .collect();
    let losses = subject
        .formulas
        .iter()
        .enumerate()
        .map(|(index, formula)| loss::<T>(subject, index, formula.formula(), &all, dtype))
        .collect();
    let knee = all.iter().map(|sample| sample.knee).fold(0.0, f64::max);
    Comparison {
        function: subject.name.clone(),
        dtype,
        losses,
        knee,
        figure: figure(subject, dtype, &shown, range),
    }
}

/// The errors at one argument.
struct Sample {
    x: f64,
    knee: f64,
    naive: Vec<f64>,
}

impl Sample {
    fn at<T: Tested>(subject: &Subject, x: f64) -> Self {
        let x = T::from_f64(x);
        let at = Element::to_f64(x);
        let exact = subject.exact(at);
        Self {
            x: at,
            knee: ulps(subject.computed(x), &exact),
            naive: subject
                .formulas
                .iter()
                .map(|formula| ulps(naive::value(formula, x), &exact))
                .collect(),
        }
    }
}

/// Arguments of every size, both signs.
fn arguments(dtype: Dtype) -> impl Iterator<Item = f64> {
    let (smallest, steps) = (1e-6_f64, 240);
    let ratio = dtype.reach() / smallest;
    (0..=steps).flat_map(move |step| {
        let x = smallest * ratio.powf(f64::from(step) / f64::from(steps));
        [-x, x]
    })
}

/// The range in which a formula loses digits, and some of the range in which it does not.
fn interesting(scan: &[Sample], dtype: Dtype) -> (f64, f64) {
    let lost = |ulps: &f64| dtype.digits() - correct(*ulps, dtype) > 1.0;
    let bad = scan.iter().filter(|sample| sample.naive.iter().any(lost));
    let (low, high) = bad.fold((-4.0_f64, 4.0_f64), |(low, high), sample| {
        (low.min(1.15 * sample.x), high.max(1.15 * sample.x))
    });
    (low.floor(), high.ceil())
}

fn loss<T: Tested>(
    subject: &Subject,
    index: usize,
    formula: &str,
    samples: &[&Sample],
    dtype: Dtype,
) -> Loss {
    let mut loss = Loss {
        formula: formula.to_string(),
        digits: 0.0,
        at: 0.0,
        broken: Vec::new(),
    };
    for sample in samples {
        let digits = dtype.digits() - correct(sample.naive[index], dtype);
        // Of equal losses the one nearest to 0 is told.
        if digits > loss.digits || (digits == loss.digits && sample.x.abs() < loss.at.abs()) {
            (loss.digits, loss.at) = (digits, sample.x);
        }
    }
    for side in [-1.0, 1.0] {
        let mut ordered: Vec<f64> = samples
            .iter()
            .map(|sample| sample.x)
            .filter(|x| x * side > 0.0)
            .collect();
        ordered.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        let is_broken = |x: f64| broken::<T>(subject, index, x);
        let Some(first) = ordered.iter().position(|&x| is_broken(x).is_some()) else {
            continue;
        };
        let mut inner = if first == 0 { 0.0 } else { ordered[first - 1] };
        let mut outer = ordered[first];
        for _ in 0..60 {
            let middle = f64::midpoint(inner, outer);
            if is_broken(middle).is_some() {
                outer = middle;
            } else {
                inner = middle;
            }
        }
        loss.broken.extend(is_broken(outer));
    }
    loss
}

/// What the formula gives, if it is 0, NaN or an infinity and the rounded true value is not.
fn broken<T: Tested>(subject: &Subject, index: usize, x: f64) -> Option<Broken> {
    let x = T::from_f64(x);
    let found = Element::to_f64(naive::value(&subject.formulas[index], x));
    let at = Element::to_f64(x);
    let exact = Element::to_f64(T::from_f64(subject.exact(at).to_f64()));
    let useless = |y: f64| y == 0.0 || !y.is_finite();
    (useless(found) && !useless(exact)).then_some(Broken {
        x: at,
        found,
        exact,
    })
}

/// Correct digits over the argument.
fn figure(subject: &Subject, dtype: Dtype, samples: &[Sample], range: (f64, f64)) -> Figure {
    let line = |label: String, ink: Ink, error: &dyn Fn(&Sample) -> f64| Line {
        label,
        points: samples
            .iter()
            .map(|sample| (sample.x, correct(error(sample), dtype)))
            .collect(),
        ink,
        markers: false,
    };
    let digits = dtype.digits();
    let slug = format!("compare-{}-{}", subject.name, dtype.name());
    let title = format!("{} in {}: correct digits", subject.name, dtype.name());
    let y = Axis::linear("correct decimal digits").range(-0.04 * digits, 1.06 * digits);
    let x = Axis::linear("x").range(range.0, range.1);
    let mut figure = Figure::new(slug, title, x, y);
    for index in 0..subject.formulas.len() {
        let label = match subject.formulas.len() {
            1 => "textbook".to_string(),
            _ => format!("textbook {}", index + 1),
        };
        let ink = Ink::series(index + 1);
        figure = figure.with(line(label, ink, &|sample| sample.naive[index]));
    }
    let formulas: Vec<&str> = subject.formulas.iter().map(Truth::formula).collect();
    let description = format!(
        "Digits of {} that are right when knee computes it, and when {} is evaluated step by step in {}, for x from {} to {}.",
        subject.name,
        formulas.join(" or "),
        dtype.name(),
        short(range.0),
        short(range.1)
    );
    figure
        .with(line("knee".to_string(), Ink::Blue, &|sample| sample.knee))
        .describe(description)
}
