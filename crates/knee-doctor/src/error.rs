//! What can go wrong in this crate.

use std::fmt;

/// An error of the doctor. Every message says what was found, what was expected and what to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// No rule has this slug.
    UnknownRule {
        /// What was asked for.
        given: String,
        /// The nearest slug.
        nearest: String,
    },
    /// The rule has no parameter of this name.
    UnknownParameter {
        /// The rule.
        rule: &'static str,
        /// What was asked for.
        given: String,
        /// The names that it has.
        known: Vec<&'static str>,
    },
    /// A setting is not of the form `SLUG.PARAM=VALUE`.
    Setting {
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No loss has this name.
    UnknownLoss {
        /// What was given.
        given: String,
    },
    /// A file is not an evidence file.
    NotEvidence {
        /// What the reader says.
        problem: String,
    },
    /// An evidence file of another version of the format.
    EvidenceVersion {
        /// The version of the file.
        found: u64,
        /// The version that is read.
        expected: u64,
    },
    /// Evidence of another network, or taken with other settings.
    OtherEvidence {
        /// What differs.
        what: &'static str,
        /// What the evidence says.
        found: String,
        /// What the network, or the evidence it is merged into, says.
        expected: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRule { given, nearest } => write!(
                f,
                "no rule is called `{given}`; did you mean `{nearest}`? `knee doctor --help` lists the rules"
            ),
            Self::UnknownParameter { rule, given, known } if known.is_empty() => {
                write!(
                    f,
                    "rule `{rule}` has no parameters, so `{given}` cannot be set"
                )
            }
            Self::UnknownParameter { rule, given, known } => write!(
                f,
                "rule `{rule}` has no parameter `{given}`; it has {}",
                known.join(", ")
            ),
            Self::Setting { given, problem } => write!(
                f,
                "setting `{given}`: {problem}; write SLUG.PARAM=VALUE, such as dead-units.warn=0.2"
            ),
            Self::UnknownLoss { given } => write!(
                f,
                "no loss is called `{given}`; expected cross-entropy, nll, bce, bce-with-logits, mse or mae"
            ),
            Self::NotEvidence { problem } => write!(
                f,
                "not an evidence file of knee: {problem}; write one with `knee doctor --evidence-out FILE`"
            ),
            Self::EvidenceVersion { found, expected } => write!(
                f,
                "evidence file of format {found}, this program reads format {expected}; take the evidence again"
            ),
            Self::OtherEvidence {
                what,
                found,
                expected,
            } => write!(
                f,
                "the evidence was taken from something else: its {what} is {found}, expected {expected}; \
                 take the evidence again with the same network and the same options"
            ),
        }
    }
}

impl std::error::Error for Error {}
