//! The functions that are no variant of a list of their own: reductions, functions of channels, random ones.

use std::fmt;

use knee::channels::{Crelu, Maxout};
use knee::parameters;
use knee::random::{GumbelSoftmax, Rrelu, Seed};
use knee::{About, Element, LogSumExp, Parameter, ParameterError, ParseError, PolyNorm};

use crate::Kind;

/// A function with a type of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Single {
    /// One number of a row.
    LogSumExp,
    /// A polynomial of a row, whose weights are learned.
    PolyNorm(PolyNorm),
    /// Twice as many channels.
    Crelu,
    /// The largest of some channels.
    Maxout,
    /// A leaky ReLU with a random slope.
    Rrelu(Rrelu),
    /// A random sample of a softmax.
    GumbelSoftmax(GumbelSoftmax),
}

/// How many channels compete in a maxout that is shown.
const PIECES: usize = 2;

impl Single {
    /// All of them, with their default parameters.
    pub(crate) fn all() -> [Self; 6] {
        [
            Self::LogSumExp,
            Self::PolyNorm(PolyNorm::default()),
            Self::Crelu,
            Self::Maxout,
            Self::Rrelu(Rrelu::default()),
            Self::GumbelSoftmax(GumbelSoftmax::default()),
        ]
    }

    pub(crate) fn about(&self) -> &'static About {
        match self {
            Self::LogSumExp => LogSumExp::ABOUT,
            Self::PolyNorm(_) => PolyNorm::ABOUT,
            Self::Crelu => Crelu::ABOUT,
            Self::Maxout => Maxout::ABOUT,
            Self::Rrelu(_) => Rrelu::ABOUT,
            Self::GumbelSoftmax(_) => GumbelSoftmax::ABOUT,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::LogSumExp | Self::PolyNorm(_) => Kind::Row,
            Self::Crelu | Self::Maxout => Kind::Channels,
            Self::Rrelu(_) | Self::GumbelSoftmax(_) => Kind::Random,
        }
    }

    /// The function that a text names, with parameters in parentheses.
    pub(crate) fn parse(text: &str) -> Result<Self, ParseError> {
        let (name, settings) = parameters::parse(text)?;
        let found = Self::all().into_iter().find(|f| f.about().name == name);
        let found = found.ok_or_else(|| ParseError::UnknownFunction {
            found: name.into(),
            nearest: LogSumExp::NAME,
        })?;
        Ok(found.with_all(&settings)?)
    }

    fn with_all(self, settings: &[(&str, f64)]) -> Result<Self, ParameterError> {
        let known: Vec<Parameter> = self.parameters();
        for (name, _) in settings {
            if !known.iter().any(|parameter| parameter.name == *name) {
                return Err(ParameterError::Unknown {
                    function: self.about().name,
                    found: (*name).to_string(),
                    known: known.iter().map(|parameter| parameter.name).collect(),
                });
            }
        }
        let value = |name: &str| {
            let given = settings.iter().rev().find(|(given, _)| *given == name);
            let own = known.iter().find(|parameter| parameter.name == name);
            given.map_or_else(
                || own.map_or(f64::NAN, |own| own.value),
                |(_, value)| *value,
            )
        };
        Ok(match self {
            Self::PolyNorm(poly_norm) => Self::PolyNorm(poly_norm.with_all(settings)?),
            Self::Rrelu(_) => Self::Rrelu(Rrelu::new(value("lower"), value("upper"))?),
            Self::GumbelSoftmax(_) => Self::GumbelSoftmax(GumbelSoftmax::new(value("tau"))?),
            other => other,
        })
    }

    /// The parameters with their values.
    pub(crate) fn parameters(&self) -> Vec<Parameter> {
        match self {
            Self::Rrelu(rrelu) => parameters::list(rrelu),
            Self::PolyNorm(poly_norm) => parameters::list(poly_norm),
            Self::GumbelSoftmax(gumbel) => parameters::list(gumbel),
            // The number of pieces is an argument of each call.
            Self::LogSumExp | Self::Crelu | Self::Maxout => Vec::new(),
        }
    }

    /// What it makes of a row, or of the channels of one place; a random one with seed 0.
    pub(crate) fn of_row<T: Element>(&self, x: &[T]) -> Option<Vec<T>> {
        let length = x.len();
        let mut y;
        match self {
            Self::LogSumExp => {
                y = vec![T::default()];
                LogSumExp::forward(x, length, &mut y);
            }
            Self::PolyNorm(poly_norm) => {
                y = vec![T::default(); length];
                poly_norm.forward(x, length, &mut y);
            }
            Self::Crelu => {
                y = vec![T::default(); 2 * length];
                Crelu::forward(x, length, &mut y);
            }
            Self::Maxout => {
                if !length.is_multiple_of(PIECES) {
                    return None;
                }
                y = vec![T::default(); length / PIECES];
                Maxout::forward(x, length, PIECES, &mut y);
            }
            Self::Rrelu(_) => return None,
            Self::GumbelSoftmax(gumbel) => {
                y = vec![T::default(); length];
                gumbel.forward(x, length, Seed::new(0), &mut y);
            }
        }
        Some(y)
    }
}

impl fmt::Display for Single {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parameters::write(f, self.about().name, &self.parameters())
    }
}
