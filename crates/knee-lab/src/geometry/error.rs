//! What can go wrong with the geometry of a network.

use std::fmt;

/// An error of this module. Every message says where, what was found, what was expected and what to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Two lengths that should agree do not.
    Length {
        /// Where, such as `layer 2: weights`.
        place: String,
        /// The length found.
        found: usize,
        /// The length expected.
        expected: usize,
    },
    /// A number is NaN or infinite.
    NotFinite {
        /// Where, such as `layer 2: bias of unit 3`.
        place: String,
        /// The number.
        found: f64,
    },
    /// A network without layers, or a layer without units or inputs.
    Empty {
        /// What is empty.
        place: String,
    },
    /// Kinks that are not ascending, or more of them than are supported.
    Kinks {
        /// What was found.
        found: String,
    },
    /// A function that is not continuous and piecewise linear.
    NotPiecewiseLinear {
        /// Where it stands; empty for a function alone.
        place: String,
        /// The function.
        function: String,
    },
    /// A node of a network that the geometry does not see through.
    Node {
        /// The name of the node.
        node: String,
        /// Its operator.
        op: String,
        /// What is wrong with it, and what to do.
        problem: &'static str,
    },
    /// A network as a whole that the geometry cannot read.
    Graph {
        /// What was found, and what was expected.
        problem: String,
    },
    /// The method needs another number of inputs.
    Inputs {
        /// What was asked for.
        method: &'static str,
        /// How many the method takes.
        expected: usize,
        /// How many the network has.
        found: usize,
    },
    /// A range that is empty, reversed or too small for its numbers.
    Range {
        /// Which range.
        name: &'static str,
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
    },
    /// No example has this name.
    UnknownExample {
        /// What was asked for.
        given: String,
    },
    /// More regions than the limit.
    Limit {
        /// The limit.
        limit: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length {
                place,
                found,
                expected,
            } => {
                write!(f, "{place}: found {found} numbers, expected {expected}")
            }
            Self::NotFinite { place, found } => {
                write!(f, "{place} is {found}; geometry needs finite numbers")
            }
            Self::Empty { place } => write!(f, "{place}; expected at least one"),
            Self::Kinks { found } => write!(
                f,
                "kinks of a piecewise linear function: {found}; expected at most {} finite numbers in ascending order, \
                 and one slope more than kinks",
                super::Piecewise::MOST_KINKS
            ),
            Self::NotPiecewiseLinear { place, function } => {
                if !place.is_empty() {
                    write!(f, "{place}: ")?;
                }
                write!(
                    f,
                    "`{function}` is not a continuous function made of straight pieces, so the network has no linear \
                     regions; supported are relu, leaky_relu, prelu, relu6, hard_tanh, hard_sigmoid, soft_shrink, identity \
                     and the like"
                )
            }
            Self::Node { node, op, problem } => write!(f, "node `{node}` ({op}): {problem}"),
            Self::Graph { problem } => f.write_str(problem),
            Self::Inputs {
                method,
                expected,
                found,
            } => write!(
                f,
                "{method} needs a network of {expected} input{}, this one has {found}; \
                 the affine map around one point works for any number of inputs",
                if *expected == 1 { "" } else { "s" }
            ),
            Self::Range { name, low, high } => write!(
                f,
                "the range of {name} goes from {low} to {high}; expected two finite numbers, the lower one first"
            ),
            Self::UnknownExample { given } => {
                let names = super::EXAMPLES.map(|(name, _)| name);
                write!(
                    f,
                    "no example is called `{given}`; there are {}",
                    names.join(", ")
                )
            }
            Self::Limit { limit } => write!(
                f,
                "more than {limit} regions; ask for a smaller rectangle or raise the limit"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// The first number that is not finite, with its place.
pub(super) fn finite(numbers: &[f64], place: impl Fn(usize) -> String) -> Result<(), Error> {
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(at) => Err(Error::NotFinite {
            place: place(at),
            found: numbers[at],
        }),
        None => Ok(()),
    }
}
