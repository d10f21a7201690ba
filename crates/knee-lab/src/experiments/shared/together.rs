//! Several arms on the same seed.

use crate::Results;

/// A measure of some arms, a row for each seed that all of them have.
pub(in crate::experiments) fn together(
    results: &Results<'_>,
    arms: &[String],
    measure: &str,
) -> Vec<Vec<f64>> {
    let Some(first) = arms.first() else {
        return Vec::new();
    };
    let row = |seeds| -> Option<Vec<f64>> {
        let value = |arm: &String| {
            let record = results
                .of(arm)
                .iter()
                .find(|record| record.seeds == seeds)?;
            Some(
                record
                    .measured
                    .measures
                    .get(measure)
                    .copied()
                    .unwrap_or(f64::NAN),
            )
        };
        arms.iter().map(value).collect()
    };
    results
        .of(first)
        .iter()
        .filter_map(|record| row(record.seeds))
        .collect()
}
