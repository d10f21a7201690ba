//! Values and derivatives in every type, beside the true ones.

use std::fmt::Debug;

use half::{bf16, f16};
use knee::{Element, RowFunction};
use knee_oracle::{Big, Measured, Truth, ulps};

use crate::exact::{decimal, limit, truth};
use crate::{Entry, Single, words};

/// A result and how far it is from the true one.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The result, in as many digits as tell it from its neighbours.
    pub text: String,
    /// The result as a number.
    pub number: f64,
    /// The true value in 30 digits; `None` where none is known.
    pub exact: Option<String>,
    /// The error in units in the last place of the type; `None` where no true value is known.
    pub ulp: Option<f64>,
}

/// A function at one number in one type.
#[derive(Clone, Debug, PartialEq)]
pub struct AtNumber {
    /// The name of the type.
    pub dtype: &'static str,
    /// The argument, rounded to the type; the true value is that of the rounded argument.
    pub x: f64,
    /// The value.
    pub value: Found,
    /// The derivative.
    pub derivative: Found,
    /// The second derivative, which is formed in `f64` only.
    pub second: Option<Found>,
}

/// A function of rows at one row in one type.
#[derive(Clone, Debug, PartialEq)]
pub struct AtRow {
    /// The name of the type.
    pub dtype: &'static str,
    /// The results.
    pub results: Vec<Found>,
    /// The derivatives of every result by every element, row by row; empty for a function that is none of rows.
    pub jacobian: Vec<Vec<f64>>,
}

/// A type that is computed in and measured.
trait Dtype: Element + Measured + Debug {}
impl<T: Element + Measured + Debug> Dtype for T {}

/// The value and the derivative at a number, in `f64`, `f32`, `f16` and `bf16`; `None` for a function of rows.
pub fn at_number(entry: &Entry, x: f64) -> Option<Vec<AtNumber>> {
    let second = entry.second_derivative(x)?;
    let truth = truth(entry);
    let truth = truth.as_ref();
    let mut all = vec![
        in_type::<f64>(entry, truth, x)?,
        in_type::<f32>(entry, truth, x)?,
        in_type::<f16>(entry, truth, x)?,
        in_type::<bf16>(entry, truth, x)?,
    ];
    let is_smooth = x.is_finite() && !entry.has_knot(x);
    let exact = truth
        .filter(|_| is_smooth)
        .map(|truth| truth.second_derivative(x));
    all[0].second = Some(measured(second, exact.as_ref()));
    Some(all)
}

fn in_type<T: Dtype>(entry: &Entry, truth: Option<&Truth>, x: f64) -> Option<AtNumber> {
    let x = T::from_f64(x);
    let at = Element::to_f64(x);
    let (value, derivative) = (entry.value(x)?, entry.derivative(x)?);
    let (value, derivative) = if at.is_finite() {
        let exact = truth.map(|truth| truth.both(at));
        let (exact, slope) = exact.unzip();
        (
            measured(value, exact.as_ref()),
            measured(derivative, slope.as_ref()),
        )
    } else {
        let limits = match entry.curve() {
            Some(function) => limit(&function.facts(), at),
            None if at.is_nan() => Some((f64::NAN, f64::NAN)),
            None => None,
        };
        let (limit, slope) = limits.unzip();
        (at_limit(value, limit), at_limit(derivative, slope))
    };
    Some(AtNumber {
        dtype: T::NAME,
        x: at,
        value,
        derivative,
        second: None,
    })
}

fn measured<T: Dtype>(found: T, exact: Option<&Big>) -> Found {
    Found {
        text: words::shortest(&format!("{found:?}")),
        number: Element::to_f64(found),
        exact: exact.map(decimal),
        ulp: exact.map(|exact| ulps(found, exact)),
    }
}

/// A result at an infinity or at NaN.
fn at_limit<T: Dtype>(found: T, limit: Option<f64>) -> Found {
    let number = Element::to_f64(found);
    let right = |limit: f64| {
        let rounded = Element::to_f64(T::from_f64(limit));
        number == rounded || (number.is_nan() && limit.is_nan())
    };
    Found {
        text: words::shortest(&format!("{found:?}")),
        number,
        exact: limit.map(|limit| words::shortest(&format!("{limit:?}"))),
        ulp: limit.map(|limit| if right(limit) { 0.0 } else { f64::INFINITY }),
    }
}

/// The results of a row, of channels or of a gate and what it gates, in `f64`, `f32`, `f16` and `bf16`; `None` for a function
/// of one number, and where the number of elements does not suit.
pub fn at_row(entry: &Entry, x: &[f64]) -> Option<Vec<AtRow>> {
    entry.of_row(x)?;
    Some(vec![
        row_in_type::<f64>(entry, x),
        row_in_type::<f32>(entry, x),
        row_in_type::<f16>(entry, x),
        row_in_type::<bf16>(entry, x),
    ])
}

fn row_in_type<T: Dtype>(entry: &Entry, x: &[f64]) -> AtRow {
    let x: Vec<T> = x.iter().map(|&x| T::from_f64(x)).collect();
    let length = x.len();
    let results = entry.of_row(&x).unwrap_or_default();
    let jacobian = match entry {
        Entry::Row(row) => row.jacobian(&x),
        // The gradient of the logarithm of the sum is the softmax.
        Entry::Single(Single::LogSumExp) => Entry::Row(RowFunction::Softmax)
            .of_row(&x)
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let arguments: Vec<f64> = x.iter().map(|&x| Element::to_f64(x)).collect();
    let exact = exact_row(entry, &arguments);
    let results = results
        .into_iter()
        .enumerate()
        .map(|(index, result)| measured(result, exact.as_ref().map(|exact| &exact[index])))
        .collect();
    AtRow {
        dtype: T::NAME,
        results,
        jacobian: jacobian
            .chunks(length.max(1))
            .map(|row| row.iter().map(|&slope| Element::to_f64(slope)).collect())
            .collect(),
    }
}

/// The true results of a row of finite numbers, for the functions that are made of exponentials.
fn exact_row(entry: &Entry, x: &[f64]) -> Option<Vec<Big>> {
    let largest = x.iter().copied().reduce(f64::max)?;
    if !x.iter().all(|x| x.is_finite()) {
        return None;
    }
    let (one, zero) = (Big::of(1.0), Big::of(0.0));
    let exponentials = |sign: f64, top: f64| -> Vec<Big> {
        let differences = x.iter().map(|&x| Big::of(sign * x) - Big::of(top));
        differences.map(Big::exp).collect()
    };
    let sum = |terms: &[Big]| {
        terms
            .iter()
            .cloned()
            .fold(zero.clone(), |sum, term| sum + term)
    };
    let shares = |terms: Vec<Big>, sum: &Big| -> Vec<Big> {
        terms.into_iter().map(|term| term / sum.clone()).collect()
    };
    let logarithm = || {
        let sum = sum(&exponentials(1.0, largest));
        (sum - one.clone()).ln_1p()
    };
    Some(match entry.name() {
        "softmax" => {
            let terms = exponentials(1.0, largest);
            let sum = sum(&terms);
            shares(terms, &sum)
        }
        "softmin" => {
            let smallest = x.iter().copied().fold(largest, f64::min);
            let terms = exponentials(-1.0, -smallest);
            let sum = sum(&terms);
            shares(terms, &sum)
        }
        "softmax_one" => {
            let bias = entry
                .parameters()
                .first()
                .map_or(1.0, |parameter| parameter.value);
            let top = largest.max(0.0);
            let terms = exponentials(1.0, top);
            let sum = sum(&terms) + Big::of(bias) * Big::of(-top).exp();
            shares(terms, &sum)
        }
        "log_softmax" => {
            let logarithm = logarithm();
            let differences = x.iter().map(|&x| Big::of(x) - Big::of(largest));
            differences
                .map(|difference| difference - logarithm.clone())
                .collect()
        }
        "logsumexp" => vec![Big::of(largest) + logarithm()],
        "crelu" => {
            let part = |sign: f64| x.iter().map(move |&x| Big::of((sign * x).max(0.0)));
            part(1.0).chain(part(-1.0)).collect()
        }
        "maxout" => x
            .chunks(2)
            .map(|pair| Big::of(pair.iter().copied().fold(f64::NEG_INFINITY, f64::max)))
            .collect(),
        "hardmax" => {
            let first = x.iter().position(|&x| x == largest)?;
            (0..x.len())
                .map(|index| {
                    if index == first {
                        one.clone()
                    } else {
                        zero.clone()
                    }
                })
                .collect()
        }
        _ => exact_gate(entry, x)?,
    })
}

/// The true result of a gated function: the formula of its gate, times the other number.
fn exact_gate(entry: &Entry, x: &[f64]) -> Option<Vec<Big>> {
    let (gate, up) = (*x.first()?, *x.get(1)?);
    let activation = match entry.name() {
        "glu" => "sigmoid",
        "bilinear" => "identity",
        "reglu" => "relu",
        "geglu" => "gelu",
        "swiglu" => "silu",
        _ => return None,
    };
    let truth = truth(&Entry::parse(activation).ok()?)?;
    Some(vec![truth.value(gate) * Big::of(up)])
}
