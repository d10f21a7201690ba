//! How a command ends.

use std::fmt;
use std::process::ExitCode;

/// A command that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to report; exit code 0.
    Fine,
    /// A diagnosis found something at or above the asked level; exit code 1.
    Found,
}

impl Outcome {
    /// The exit code of the program.
    pub(crate) fn code(self) -> ExitCode {
        match self {
            Self::Fine => ExitCode::SUCCESS,
            Self::Found => ExitCode::from(1),
        }
    }
}

/// A command that could not do what it was asked, because of its arguments or a file; exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with its message: where, what was found, what was expected.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}
