//! What can be wrong with a user's data.

use std::fmt;

/// Why a file cannot be used as data. Its message says where, what was found, what was expected, and what to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    File {
        /// The path as it was given.
        path: String,
        /// What the system answered.
        cause: String,
        /// What to do.
        advice: String,
    },
    /// The file is not what its name says, or it is broken.
    Format {
        /// The file, and the line or array in it.
        place: String,
        /// What was found there.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// The names of the columns or arrays cannot be used.
    Names {
        /// The file.
        path: String,
        /// What was found.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// There is no label of that name.
    NoLabel {
        /// The file.
        path: String,
        /// The name that was asked for, if there was one.
        label: Option<String>,
        /// The names that there are.
        names: Vec<String>,
        /// The name that is nearest, if one is near.
        nearest: Option<String>,
    },
    /// A cell holds no number that can be used.
    Cell {
        /// The file, and the array in it.
        path: String,
        /// The row: the line of a CSV file, or the index along the first axis of an array.
        row: String,
        /// The column.
        column: String,
        /// What was found there.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// The label column says nothing that can be learned.
    Label {
        /// The file.
        path: String,
        /// The label.
        label: String,
        /// What was found there.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// There are too few rows to train and to test on.
    TooFew {
        /// The file.
        path: String,
        /// How many rows there are.
        rows: usize,
        /// How many there must be.
        least: usize,
    },
    /// The file would need more memory than is allowed.
    Limit {
        /// The file, and the array in it.
        place: String,
        /// How much it needs.
        found: String,
        /// How much is allowed, or what to do.
        expected: String,
    },
}

/// Names beyond these are counted only.
const NAMES_SHOWN: usize = 12;

impl Error {
    pub(super) fn format(
        place: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Format {
            place: place.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(super) fn label(
        path: &str,
        label: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Label {
            path: path.to_owned(),
            label: label.to_owned(),
            found: found.into(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File {
                path,
                cause,
                advice,
            } => write!(f, "{path}: {cause}; {advice}"),
            Self::Format {
                place,
                found,
                expected,
            }
            | Self::Limit {
                place,
                found,
                expected,
            } => write!(f, "{place}: {found}; {expected}"),
            Self::Names {
                path,
                found,
                expected,
            } => write!(f, "{path}: {found}; {expected}"),
            Self::NoLabel {
                path,
                label,
                names,
                nearest,
            } => {
                match label {
                    Some(label) => write!(f, "{path}: there is no label {}", quoted(label))?,
                    None => write!(f, "{path}: which column is the label was not said")?,
                }
                let names = list(names);
                match nearest {
                    Some(nearest) => write!(
                        f,
                        "; did you mean {}? Expected one of {names}",
                        quoted(nearest)
                    ),
                    None => write!(f, "; expected one of {names}"),
                }
            }
            Self::Cell {
                path,
                row,
                column,
                found,
                expected,
            } => write!(f, "{path}, {row}, column {column}: {found}; {expected}"),
            Self::Label {
                path,
                label,
                found,
                expected,
            } => write!(f, "{path}, label {}: {found}; {expected}", quoted(label)),
            Self::TooFew { path, rows, least } => {
                let rows = match rows {
                    0 => "no rows".to_owned(),
                    1 => "1 row".to_owned(),
                    rows => format!("{rows} rows"),
                };
                write!(
                    f,
                    "{path}: it has {rows}; expected at least {least}, some to train and some to test on"
                )
            }
        }
    }
}

impl std::error::Error for Error {}

/// A text from a file in quotes, in one line, and not longer than a line.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    format!("\"{}\"", shown.escape_debug())
}

/// Texts from a file, with commas between them.
pub(super) fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES_SHOWN).map(|n| quoted(n)).collect();
    let more = names.len() - shown.len();
    if more > 0 {
        format!("{} and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
