//! The extreme of several arms, seed by seed.

use crate::Results;
use crate::experiments::shared::together::together;

/// The largest value of a measure over some arms, for each seed that all of them have; NaN where one of them is NaN.
pub(in crate::experiments) fn most(
    results: &Results<'_>,
    arms: &[String],
    measure: &str,
) -> Vec<f64> {
    extreme(results, arms, measure, f64::max)
}

/// The least value of a measure over some arms, for each seed that all of them have; NaN where one of them is NaN.
pub(in crate::experiments) fn least(
    results: &Results<'_>,
    arms: &[String],
    measure: &str,
) -> Vec<f64> {
    extreme(results, arms, measure, f64::min)
}

fn extreme(
    results: &Results<'_>,
    arms: &[String],
    measure: &str,
    worse: impl Fn(f64, f64) -> f64,
) -> Vec<f64> {
    let of_seed = |row: Vec<f64>| {
        let known = row.iter().all(|value| !value.is_nan());
        let worst = row.into_iter().reduce(&worse).filter(|_| known);
        worst.unwrap_or(f64::NAN)
    };
    let rows = together(results, arms, measure).into_iter();
    rows.map(of_seed).collect()
}
