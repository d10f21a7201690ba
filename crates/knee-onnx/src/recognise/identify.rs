//! Which function of the catalogue an expression is.

use knee::{Function, Tail};

use super::expression::Expression;

/// Points at which functions are compared. Dense where they bend, and some far out, where one
/// that is cut off (ReLU6) differs from one that is not.
const POINTS: [f64; 40] = [
    -1e30, -1e9, -3e4, -900.0, -60.0, -31.0, -21.0, -12.0, -7.0, -6.0, -5.0, -4.0, -3.0, -2.6,
    -2.2, -1.7, -1.3, -1.0, -0.7, -0.4, -0.15, -0.01, 0.02, 0.2, 0.5, 0.8, 1.1, 1.6, 2.1, 2.4, 2.8,
    3.5, 4.6, 6.5, 11.0, 25.0, 70.0, 2e4, 1e9, 1e30,
];

/// Points that tell nearly all functions apart, tried before all others.
const PROBES: [f64; 4] = [-2.2, -0.7, 0.8, 2.8];

/// How far, relative to `1 + |value|`, the written form may be from the function. Constants are
/// written with five digits or more.
const TOLERANCE: f64 = 5e-5;

/// The same when the constants are stored with 16 bits.
const COARSE_TOLERANCE: f64 = 4e-3;

/// The function that the expression is within its rounding, with its parameters.
pub(super) fn identify(expression: &Expression<'_>) -> Option<Function> {
    if !expression.bends() {
        return None;
    }
    let tolerance = if expression.coarse {
        COARSE_TOLERANCE
    } else {
        TOLERANCE
    };
    let probes = evaluate(expression, &PROBES)?;
    let mut candidates = candidates(expression);
    candidates.retain(|function| distance(function, &probes, tolerance).is_some());
    if candidates.is_empty() {
        return None;
    }
    let points = evaluate(expression, &POINTS)?;
    let mut best: Option<(Function, f64)> = None;
    for function in candidates {
        let limit = best.as_ref().map_or(tolerance, |(_, error)| 0.5 * error);
        // A later one must be clearly better: relu is not a leaky ReLU of slope 0.
        if limit == 0.0 {
            break;
        }
        // Far out the phase of a wave is a matter of rounding.
        let oscillates = matches!(function.facts().right, Tail::Oscillates);
        let near =
            points.partition_point(|(x, _)| *x < -1e3)..points.partition_point(|(x, _)| *x < 1e3);
        let compared = if oscillates {
            &points[near]
        } else {
            &points[..]
        };
        if let Some(error) = distance(&function, compared, limit) {
            best = Some((function, error));
        }
    }
    best.map(|(function, _)| function)
}

/// The values at some points. A naive form overflows far out, where the function itself does
/// not; such points are left out.
fn evaluate(expression: &Expression<'_>, points: &[f64]) -> Option<Vec<(f64, f64)>> {
    let mut values = Vec::with_capacity(points.len());
    for x in points {
        let value = expression.evaluate(*x)?;
        if value.is_finite() {
            values.push((*x, value));
        } else if x.abs() < 10.0 {
            return None;
        }
    }
    Some(values)
}

/// The largest difference, if it stays below `limit`.
fn distance(function: &Function, points: &[(f64, f64)], limit: f64) -> Option<f64> {
    let mut worst = 0.0f64;
    for (x, value) in points {
        let expected = function.value(*x);
        let error = (expected - value).abs() / (1.0 + value.abs());
        // A floor just above 0 is there to guard a logarithm or a division.
        let lifted = expected == 0.0 && *value != 0.0;
        if error.is_nan() || error > limit || lifted {
            return None;
        }
        worst = worst.max(error);
    }
    Some(worst)
}

/// Functions to compare with: those without parameters first, then each parameter with every
/// number that stands in the expression.
fn candidates(expression: &Expression<'_>) -> Vec<Function> {
    let mut numbers = vec![1.0];
    for number in expression.numbers() {
        for value in [number, -number, number.recip()] {
            let value = short(value);
            // What a guard is written with is no parameter.
            if (1e-3..=1e3).contains(&value.abs()) && !numbers.contains(&value) {
                numbers.push(value);
            }
        }
    }
    let functions = Function::all().into_iter().filter(|f| suits(expression, f));
    let (plain, free): (Vec<_>, Vec<_>) = functions.partition(|f| f.parameters().is_empty());
    let mut candidates = plain;
    candidates.extend(free.iter().copied());
    for function in free.into_iter().filter(may_be_fitted) {
        let mut tried = vec![function];
        for parameter in function.parameters() {
            let with = |f: &Function| -> Vec<Function> {
                numbers
                    .iter()
                    .filter_map(|n| f.with(parameter.name, *n).ok())
                    .collect()
            };
            let more: Vec<Function> = tried.iter().flat_map(with).collect();
            tried.extend(more);
        }
        candidates.extend(tried.into_iter().skip(1));
    }
    candidates.retain(is_plausible);
    candidates
}

/// A line cut off at 0 and 1 is a hard sigmoid with its own two numbers only: with any numbers
/// it would be every clip. A tanh or a silu between factors is the plain function: the factors
/// belong to the layers around it.
fn may_be_fitted(function: &Function) -> bool {
    let name = function.name();
    !name.starts_with("hard_sigmoid") && !matches!(name, "scaled_tanh" | "e_swish")
}

/// A clip is a hard tanh when its bounds are small and on both sides of zero; others guard a
/// range.
pub(super) fn is_plausible(function: &Function) -> bool {
    let bounds: Vec<f64> = function.parameters().iter().map(|p| p.value).collect();
    match (function.name(), bounds.as_slice()) {
        ("hard_tanh", [low, high]) => (-10.0..0.0).contains(low) && (0.0..=10.0).contains(high),
        _ => true,
    }
}

/// Some functions are nearly the same, and the operator tells them apart; others are an
/// activation only where they stand alone, which is decided elsewhere.
fn suits(expression: &Expression<'_>, function: &Function) -> bool {
    match function.name() {
        "identity" | "exp" | "erf" | "sign" | "binary_step" | "arctan" => false,
        "sine" => expression.has("Sin"),
        "cosine" => expression.has("Cos"),
        "gelu" => !expression.has("Tanh"),
        "gelu_tanh" => !expression.has("Erf"),
        _ => true,
    }
}

/// The shortest decimal with the same f32, which is what the number was before it was stored.
fn short(value: f64) -> f64 {
    let single = value as f32;
    if f64::from(single) == value {
        single.to_string().parse().unwrap_or(value)
    } else {
        value
    }
}
