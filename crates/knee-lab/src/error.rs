//! What can go wrong around the experiments.

use std::fmt;

/// What can go wrong around the experiments: in arguments and in files.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is no experiment of this name.
    UnknownExperiment {
        /// What was given.
        given: String,
        /// The most similar name.
        nearest: Option<String>,
    },
    /// An experiment has no parameter of this name.
    UnknownParameter {
        /// The experiment.
        experiment: String,
        /// What was given.
        given: String,
        /// The most similar name.
        nearest: Option<String>,
        /// All its parameters.
        known: Vec<String>,
    },
    /// A parameter cannot have this value.
    BadValue {
        /// The experiment.
        experiment: String,
        /// The parameter.
        parameter: String,
        /// What was given.
        given: String,
        /// What it may be.
        expected: String,
    },
    /// The experiment makes its own data.
    NoOwnData {
        /// The experiment.
        experiment: String,
        /// Those that take data.
        takers: Vec<String>,
    },
    /// A folder or a file of results cannot be used.
    Results {
        /// The path.
        path: String,
        /// What was found there.
        found: String,
        /// What to do.
        advice: String,
    },
    /// There is no task of this name.
    UnknownTask {
        /// What was given.
        given: String,
        /// The most similar name.
        nearest: Option<String>,
        /// All tasks.
        known: Vec<String>,
    },
    /// A run cannot be made.
    Run {
        /// The experiment.
        experiment: String,
        /// Why.
        cause: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let guess = |f: &mut fmt::Formatter<'_>, nearest: &Option<String>| match nearest {
            Some(nearest) => write!(f, "; did you mean \"{nearest}\"?"),
            None => Ok(()),
        };
        match self {
            Self::UnknownExperiment { given, nearest } => {
                write!(f, "there is no experiment \"{given}\"")?;
                guess(f, nearest)?;
                write!(f, " `knee lab list` names them all")
            }
            Self::UnknownParameter {
                experiment,
                given,
                nearest,
                known,
            } => {
                write!(f, "{experiment} has no parameter \"{given}\"")?;
                guess(f, nearest)?;
                if known.is_empty() {
                    write!(f, " It has none.")
                } else {
                    write!(f, " It has {}.", known.join(", "))
                }
            }
            Self::BadValue {
                experiment,
                parameter,
                given,
                expected,
            } => write!(
                f,
                "{experiment}: {parameter} is \"{given}\"; expected {expected}"
            ),
            Self::NoOwnData { experiment, takers } => write!(
                f,
                "{experiment} makes its own data; those that take `--data` are {}",
                takers.join(", ")
            ),
            Self::Results {
                path,
                found,
                advice,
            } => write!(f, "{path}: {found}; {advice}"),
            Self::UnknownTask {
                given,
                nearest,
                known,
            } => {
                write!(f, "there is no task \"{given}\"")?;
                guess(f, nearest)?;
                write!(f, " There are {}.", known.join(", "))
            }
            Self::Run { experiment, cause } => write!(f, "{experiment}: {cause}"),
        }
    }
}

impl std::error::Error for Error {}

/// The name that is most like what was given, if one is.
pub(crate) fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let likeness = |name: &&str| strsim::jaro_winkler(&given.to_lowercase(), name);
    let best = names
        .into_iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) > 0.75).then(|| best.to_owned())
}
