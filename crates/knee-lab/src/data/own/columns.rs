//! Columns of numbers in single precision.

use crate::data::error::quoted;

/// Rounding may take this much of the range of a column: a difference of a hundred-thousandth says nothing more.
const LOSS: f64 = 1e-5;

/// The numbers in single precision. A column of a name that would lose its differences is taken from its smallest value on.
pub(super) fn single(values: &[f64], columns: &[String], notes: &mut Vec<String>) -> Vec<f32> {
    let width = columns.len();
    if width == 0 {
        return values.iter().map(|x| *x as f32).collect();
    }
    let mut offsets = vec![0.0; width];
    for (column, (offset, name)) in offsets.iter_mut().zip(columns).enumerate() {
        let cells = || values.iter().skip(column).step_by(width).copied();
        let smallest = cells().fold(f64::INFINITY, f64::min);
        let largest = cells().fold(f64::NEG_INFINITY, f64::max);
        let size = smallest.abs().max(largest.abs());
        if size * f64::from(f32::EPSILON) > LOSS * (largest - smallest) && largest > smallest {
            *offset = smallest;
            notes.push(format!(
                "Column {} has values near {smallest} that differ by {} at most; {smallest} was taken off, so that single \
                 precision keeps the differences.",
                quoted(name),
                largest - smallest
            ));
        }
    }
    let offsets = offsets.iter().cycle();
    let moved = values.iter().zip(offsets).map(|(x, o)| (x - o) as f32);
    moved.collect()
}
