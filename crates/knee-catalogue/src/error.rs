//! What can be wrong with the name of a function.

use std::fmt;

use knee::ParseError;

/// A text that names no function of the catalogue.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is no function of that name.
    Unknown {
        /// The name that was given.
        found: String,
        /// The name that is nearest to it.
        nearest: &'static str,
    },
    /// The name is known, and its parameters are wrong.
    Parse(ParseError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { found, nearest } => {
                write!(f, "unknown function `{found}`; did you mean `{nearest}`?")
            }
            Self::Parse(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
