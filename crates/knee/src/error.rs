//! What can be wrong with a name or a parameter.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::activation::About;

/// A parameter that a function cannot take.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ParameterError {
    /// The function has no parameter of that name.
    Unknown {
        /// The function.
        function: &'static str,
        /// The name that was given.
        found: String,
        /// The names that it has.
        known: Vec<&'static str>,
    },
    /// The value is not in the parameter's domain.
    OutOfDomain {
        /// The function.
        function: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// The value that was given.
        found: f64,
        /// Which values are allowed, in words.
        expected: &'static str,
    },
    /// The parameters do not fit together.
    Conflict {
        /// The function.
        function: &'static str,
        /// What must hold.
        reason: &'static str,
    },
}

impl ParameterError {
    pub(crate) fn unknown(about: &About, found: &str) -> Self {
        let known = about.parameters.iter().map(|p| p.name).collect();
        Self::Unknown {
            function: about.name,
            found: found.into(),
            known,
        }
    }

    pub(crate) fn outside(about: &About, index: usize, found: f64) -> Self {
        let parameter = &about.parameters[index];
        Self::OutOfDomain {
            function: about.name,
            parameter: parameter.name,
            found,
            expected: parameter.domain.in_words(),
        }
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                function,
                found,
                known,
            } if known.is_empty() => {
                write!(
                    f,
                    "{function}: unknown parameter `{found}`; the function has no parameters, leave it out"
                )
            }
            Self::Unknown {
                function,
                found,
                known,
            } => {
                write!(
                    f,
                    "{function}: unknown parameter `{found}`; expected one of: {}",
                    known.join(", ")
                )
            }
            Self::OutOfDomain {
                function,
                parameter,
                found,
                expected,
            } => {
                write!(
                    f,
                    "{function}: `{parameter}` is {found}; expected {expected}"
                )
            }
            Self::Conflict { function, reason } => write!(f, "{function}: {reason}"),
        }
    }
}

impl core::error::Error for ParameterError {}

/// A text that is not a function.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ParseError {
    /// There is no function of that name.
    UnknownFunction {
        /// The name that was given.
        found: String,
        /// The name that is nearest to it.
        nearest: &'static str,
    },
    /// The text is not of the form `name` or `name(parameter=value, ..)`.
    Syntax {
        /// The text that was given.
        found: String,
    },
    /// A value is not a number.
    NotANumber {
        /// The parameter.
        parameter: String,
        /// The value that was given.
        found: String,
    },
    /// A parameter is wrong.
    Parameter(ParameterError),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFunction { found, nearest } => {
                write!(
                    f,
                    "unknown function `{found}`; the nearest name is `{nearest}`"
                )
            }
            Self::Syntax { found } => {
                write!(
                    f,
                    "cannot read `{found}`; expected a name such as `gelu` or `leaky_relu(negative_slope=0.02)`"
                )
            }
            Self::NotANumber { parameter, found } => {
                write!(
                    f,
                    "`{parameter}` is `{found}`; expected a number such as 0.02"
                )
            }
            Self::Parameter(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ParseError {}

impl From<ParameterError> for ParseError {
    fn from(error: ParameterError) -> Self {
        Self::Parameter(error)
    }
}

/// A function's derivative is no function of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoOutputForm {
    /// The function.
    pub function: &'static str,
}

impl fmt::Display for NoOutputForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the derivative is no function of the output; keep the input and use `backward`",
            self.function
        )
    }
}

impl core::error::Error for NoOutputForm {}
