//! What can be wrong with a model, a batch or a run.

use std::fmt;

/// An error of this crate. Its message says where, what was found, what was expected, and what
/// to do where that can be said.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    File {
        /// The path as it was given.
        path: String,
        /// What the system answered.
        cause: String,
    },
    /// The bytes are not an ONNX model.
    NotOnnx {
        /// What was found.
        found: String,
    },
    /// The model is ONNX, but its graph is broken.
    Graph {
        /// The node, value or field.
        place: String,
        /// What was found there.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// The data of a tensor does not fit its description.
    Tensor {
        /// The tensor's name.
        name: String,
        /// What was found.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// The data of a tensor lies in another file that is missing or must not be read.
    External {
        /// The tensor's name.
        name: String,
        /// The location that the model states.
        location: String,
        /// Why it cannot be read.
        cause: String,
    },
    /// The file is valid, but knee does not support this node.
    Unsupported {
        /// The node's name.
        node: String,
        /// The operator.
        op: String,
        /// The operator's domain; empty is ONNX's own.
        domain: String,
        /// What exactly is not supported.
        cause: String,
    },
    /// A library that knee builds on gave up.
    Dependency {
        /// The node or file it was working on.
        place: String,
        /// What it said.
        message: String,
    },
    /// A batch file is broken, or does not fit the model.
    Batch {
        /// The file, array or input.
        place: String,
        /// What was found.
        found: String,
        /// What was expected, or what to do.
        expected: String,
    },
    /// Something would need more than is allowed.
    Limit {
        /// What would.
        what: String,
        /// How much it needs.
        found: String,
        /// How much is allowed, and how to allow more.
        expected: String,
    },
}

/// The result of what can fail in this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn graph(
        place: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Error {
        Error::Graph {
            place: place.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(crate) fn tensor(
        name: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Error {
        Error::Tensor {
            name: name.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(crate) fn batch(
        place: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Error {
        Error::Batch {
            place: place.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(crate) fn limit(
        what: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Error {
        Error::Limit {
            what: what.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File { path, cause } => write!(f, "{path}: cannot be read: {cause}"),
            Error::NotOnnx { found } => {
                write!(
                    f,
                    "not an ONNX model: {found}; expected a file written by an ONNX exporter"
                )
            }
            Error::Graph {
                place,
                found,
                expected,
            } => {
                write!(f, "{place}: {found}; {expected}")
            }
            Error::Tensor {
                name,
                found,
                expected,
            } => {
                write!(f, "tensor \"{name}\": {found}; {expected}")
            }
            Error::External {
                name,
                location,
                cause,
            } => {
                write!(f, "tensor \"{name}\": its data at \"{location}\" {cause}")
            }
            Error::Unsupported {
                node,
                op,
                domain,
                cause,
            } => {
                let domain = if domain.is_empty() { "ai.onnx" } else { domain };
                write!(
                    f,
                    "node \"{node}\": operator {op} (domain {domain}): {cause}"
                )
            }
            Error::Dependency { place, message } => write!(f, "{place}: {message}"),
            Error::Batch {
                place,
                found,
                expected,
            } => write!(f, "{place}: {found}; {expected}"),
            Error::Limit {
                what,
                found,
                expected,
            } => write!(f, "{what}: {found}; {expected}"),
        }
    }
}

impl std::error::Error for Error {}
