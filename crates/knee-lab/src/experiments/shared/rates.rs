//! Arms at several learning rates, of which each case gets its best one.

use knee_figure::{Figure, Layer};

use crate::Results;
use crate::statistics::{median, range};

/// An arm: a case at a learning rate.
pub(in crate::experiments) fn at(case: &str, rate: f64) -> String {
    format!("{case}, rate {rate}")
}

/// The arm of a case at the rate with the least median over seeds of a measure; between equal ones, with the least of the largest
/// values. What was not measured counts as infinite.
pub(in crate::experiments) fn best(
    results: &Results<'_>,
    case: &str,
    rates: &[f64],
    measure: &str,
) -> String {
    let or_infinite = |x: f64| if x.is_nan() { f64::INFINITY } else { x };
    let key = |arm: &String| {
        let values = results.measures(arm, measure);
        [median(&values), range(&values).1].map(or_infinite)
    };
    let order = |one: &String, other: &String| {
        let ([a, b], [c, d]) = (key(one), key(other));
        a.total_cmp(&c).then(b.total_cmp(&d))
    };
    let arms = rates.iter().map(|rate| at(case, *rate));
    arms.min_by(order).unwrap_or_default()
}

/// The same figure with shorter labels of its lines; their arms stand in the description.
pub(in crate::experiments) fn relabelled(
    mut figure: Figure,
    label: impl Fn(&str) -> String,
) -> Figure {
    for layer in &mut figure.layers {
        if let Layer::Line(line) = layer {
            line.label = label(&line.label);
        }
    }
    figure
}

/// The case of an arm, without its rate.
pub(in crate::experiments) fn case(arm: &str) -> &str {
    arm.rsplit_once(", rate ").map_or(arm, |(case, _)| case)
}
