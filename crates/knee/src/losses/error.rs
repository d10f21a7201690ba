//! What can be wrong with the input of a loss.

use core::fmt;

use crate::element::Element;

/// An input or an option that a loss cannot take.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LossError {
    /// A slice has another length than the others require.
    Length {
        /// The loss.
        loss: &'static str,
        /// The slice.
        slice: &'static str,
        /// How many elements it has.
        found: usize,
        /// How many it must have.
        expected: usize,
    },
    /// A slice is not made of whole rows.
    Rows {
        /// The loss.
        loss: &'static str,
        /// The slice.
        slice: &'static str,
        /// How many elements it has.
        found: usize,
        /// How many elements a row has.
        row: usize,
    },
    /// A label is not a class.
    Label {
        /// The loss.
        loss: &'static str,
        /// Which row has it.
        position: usize,
        /// The label.
        found: usize,
        /// The number of classes.
        classes: usize,
    },
    /// A number is not in its domain.
    OutOfDomain {
        /// The loss.
        loss: &'static str,
        /// The option or the slice.
        parameter: &'static str,
        /// Where in the slice; `None` for an option that is one number.
        position: Option<usize>,
        /// The number that was given.
        found: f64,
        /// Which are allowed, in words.
        expected: &'static str,
    },
}

impl fmt::Display for LossError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length {
                loss,
                slice,
                found,
                expected,
            } => {
                write!(
                    f,
                    "{loss}: `{slice}` has {found} elements; expected {expected}"
                )
            }
            Self::Rows {
                loss,
                slice,
                found,
                row,
            } => {
                write!(
                    f,
                    "{loss}: `{slice}` has {found} elements; expected whole rows of {row}"
                )
            }
            Self::Label {
                loss,
                position,
                found,
                classes,
            } => {
                write!(
                    f,
                    "{loss}: the label at position {position} is {found}; expected a class below {classes}, or the ignored index"
                )
            }
            Self::OutOfDomain {
                loss,
                parameter,
                position: Some(position),
                found,
                expected,
            } => {
                write!(
                    f,
                    "{loss}: `{parameter}` at position {position} is {found}; expected {expected}"
                )
            }
            Self::OutOfDomain {
                loss,
                parameter,
                position: None,
                found,
                expected,
            } => {
                write!(f, "{loss}: `{parameter}` is {found}; expected {expected}")
            }
        }
    }
}

impl core::error::Error for LossError {}

/// An error unless a slice has that length.
pub(super) fn length(
    loss: &'static str,
    slice: &'static str,
    found: usize,
    expected: usize,
) -> Result<(), LossError> {
    if found == expected {
        Ok(())
    } else {
        Err(LossError::Length {
            loss,
            slice,
            found,
            expected,
        })
    }
}

/// The number of rows, or an error if there is a part of one.
pub(super) fn rows(
    loss: &'static str,
    slice: &'static str,
    found: usize,
    row: usize,
) -> Result<usize, LossError> {
    match found.checked_div(row) {
        Some(rows) if rows * row == found => Ok(rows),
        None if found == 0 => Ok(0),
        _ => Err(LossError::Rows {
            loss,
            slice,
            found,
            row,
        }),
    }
}

/// An error at the first number that is not in its domain.
fn all<T: Element>(
    loss: &'static str,
    parameter: &'static str,
    values: &[T],
    expected: &'static str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), LossError> {
    let bad = values.iter().position(|value| !holds(value.to_f64()));
    bad.map_or(Ok(()), |position| {
        let found = values[position].to_f64();
        Err(LossError::OutOfDomain {
            loss,
            parameter,
            position: Some(position),
            found,
            expected,
        })
    })
}

/// An error at the first number that is no weight: finite, not negative.
pub(super) fn weights<T: Element>(
    loss: &'static str,
    parameter: &'static str,
    values: &[T],
) -> Result<(), LossError> {
    let expected = "a finite number that is not negative";
    all(loss, parameter, values, expected, |v| {
        v.is_finite() && v >= 0.0
    })
}

/// An error at the first number that is no probability.
pub(super) fn probabilities<T: Element>(
    loss: &'static str,
    parameter: &'static str,
    values: &[T],
) -> Result<(), LossError> {
    all(loss, parameter, values, BETWEEN_0_AND_1, |v| {
        (0.0..=1.0).contains(&v)
    })
}

pub(super) const BETWEEN_0_AND_1: &str = "a number between 0 and 1";
