//! One function of the catalogue, of whatever kind.

use std::fmt;

use knee::gated::GatedFunction;
use knee::learned::LearnedFunction;
use knee::{About, Dual, Element, Function, Moments, Parameter, ParseError, RowFunction};
use knee_figure::short;

use crate::{Error, Kind, Single, words};

/// One function of the catalogue, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// It takes a number to a number.
    Element(Function),
    /// It takes a number to a number, by parameters that are learned.
    Learned(LearnedFunction),
    /// It mixes the elements of a row.
    Row(RowFunction),
    /// It multiplies one half of its input by a function of the other half.
    Gated(GatedFunction),
    /// It has a type of its own.
    Single(Single),
}

/// How a list finds the function that a text names.
type List = fn(&str) -> Result<Entry, ParseError>;

/// Every function with its default parameters, in the order of the crate's own lists.
pub fn all() -> Vec<Entry> {
    let elements = Function::all().into_iter().map(Entry::Element);
    // An element-wise function whose parameter can be learned as well is listed once.
    let learned = LearnedFunction::all().into_iter();
    let learned = learned
        .filter(|learned| Function::parse(learned.name()).is_err())
        .map(Entry::Learned);
    let rows = RowFunction::ALL.iter().copied().map(Entry::Row);
    elements
        .chain(learned)
        .chain(rows)
        .chain(GatedFunction::ALL.iter().copied().map(Entry::Gated))
        .chain(Single::all().map(Entry::Single))
        .collect()
}

impl Entry {
    /// The function that a text names, by its name or an alias, with parameters in parentheses.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let lists: [List; 5] = [
            |text| Function::parse(text).map(Self::Element),
            |text| LearnedFunction::parse(text).map(Self::Learned),
            |text| RowFunction::parse(text).map(Self::Row),
            |text| GatedFunction::parse(text).map(Self::Gated),
            |text| Single::parse(text).map(Self::Single),
        ];
        let mut unknown = text.trim().to_string();
        for list in lists {
            match list(text) {
                Ok(entry) => return Ok(entry),
                Err(ParseError::UnknownFunction { found, .. }) => unknown = found,
                Err(error) => return Err(Error::Parse(error)),
            }
        }
        Err(Error::Unknown {
            nearest: nearest(&unknown),
            found: unknown,
        })
    }

    /// What it takes and gives.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Element(_) => Kind::Element,
            Self::Learned(_) => Kind::Learned,
            Self::Row(_) => Kind::Row,
            Self::Gated(_) => Kind::Gated,
            Self::Single(single) => single.kind(),
        }
    }

    /// What can be said about it.
    pub fn about(&self) -> &'static About {
        match self {
            Self::Element(function) => function.about(),
            Self::Learned(learned) => learned.about(),
            Self::Row(row) => row.about(),
            Self::Gated(gated) => gated.about(),
            Self::Single(single) => single.about(),
        }
    }

    /// The public name.
    pub fn name(&self) -> &'static str {
        self.about().name
    }

    /// What it is, in one line.
    pub fn title(&self) -> &'static str {
        self.about().title
    }

    /// The title in a few words.
    pub fn gist(&self) -> String {
        let title = words::plain(self.title());
        let (head, rest) = title.split_once(':').unwrap_or((&title, ""));
        // "Softmax: positive numbers .." says nothing before the colon.
        let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
        let names = std::iter::once(self.name()).chain(self.about().aliases.iter().copied());
        let gist = if names.into_iter().any(|name| plain(name) == plain(head)) {
            rest
        } else {
            head
        };
        let end = gist.find(';').unwrap_or(gist.len());
        let mut gist = gist[..end].trim().trim_end_matches('.').to_string();
        // The first letter of a sentence; a formula stays as it is.
        if !self.title().trim_start().starts_with('`')
            && let Some(first) = gist.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
        gist
    }

    /// The parameters with their values, in the order in which they are declared.
    pub fn parameters(&self) -> Vec<Parameter> {
        match self {
            Self::Element(function) => function.parameters(),
            Self::Row(row) => row.parameters(),
            Self::Learned(learned) => learned.parameters(),
            Self::Gated(gated) => gated.parameters(),
            Self::Single(single) => single.parameters(),
        }
    }

    /// What a function of rows makes of a row, a function of channels of the channels, and a gated one of a gate and the
    /// number that it gates; `None` for another, and where the number of elements does not suit.
    pub(crate) fn of_row<T: Element>(&self, x: &[T]) -> Option<Vec<T>> {
        match (self, x) {
            (Self::Row(row), _) => {
                let mut y = vec![T::default(); x.len()];
                row.forward(x, x.len(), &mut y);
                Some(y)
            }
            (Self::Gated(gated), [gate, up]) => Some(vec![gated.value(*gate, *up)]),
            (Self::Single(single), _) => single.of_row(x),
            _ => None,
        }
    }

    /// What a function without a curve makes of a few inputs.
    pub(crate) fn examples(&self) -> Vec<(&'static str, String)> {
        let inputs: [&[f64]; 3] = match self.kind() {
            Kind::Gated => [&[-1.0, 2.0], &[3.0, 2.0], &[8.0, -10.0]],
            Kind::Channels => [&[1.0, 2.0], &[-1.0, 3.0], &[-0.5, -2.0]],
            _ => [
                &[1.0, 2.0, 3.0],
                &[1001.0, 1002.0, 1003.0],
                &[0.0, 0.0, f64::NEG_INFINITY],
            ],
        };
        let list = |values: &[f64]| {
            let values: Vec<String> = values.iter().map(|&value| short(value)).collect();
            values.join(", ")
        };
        let example = |input: &[f64]| {
            let result = self.of_row(input)?;
            let text = match result.len() {
                1 => list(&result),
                _ => format!("({})", list(&result)),
            };
            let note = match self.kind() {
                Kind::Gated => " of a gate and what it gates",
                Kind::Random => " with seed 0",
                _ => "",
            };
            Some(("Example", format!("{self}({}) = {text}{note}", list(input))))
        };
        inputs.into_iter().filter_map(example).collect()
    }

    /// The element-wise function whose curve and facts it has; none where it has no facts of a curve.
    pub fn curve(&self) -> Option<Function> {
        match self {
            Self::Element(function) => Some(*function),
            // With its slope given, the parametric ReLU is the leaky one.
            Self::Learned(LearnedFunction::Prelu(_)) => {
                let slope = self.parameters().first()?.value;
                let leaky = Function::parse("leaky_relu").ok()?;
                leaky.with("negative_slope", slope).ok()
            }
            // Outside of training the slope is the middle one.
            Self::Single(Single::Rrelu(rrelu)) => Some(rrelu.eval()),
            _ => None,
        }
    }

    /// The value at `x`, for a function of one number.
    pub fn value<T: Element>(&self, x: T) -> Option<T> {
        match self {
            Self::Element(function) => Some(function.value(x)),
            Self::Learned(learned) => Some(learned.value(x)),
            _ => self.curve().map(|function| function.value(x)),
        }
    }

    /// The derivative at `x`, for a function of one number.
    pub fn derivative<T: Element>(&self, x: T) -> Option<T> {
        match self {
            Self::Element(function) => Some(function.derivative(x)),
            Self::Learned(learned) => Some(learned.derivative(x)),
            _ => self.curve().map(|function| function.derivative(x)),
        }
    }

    /// The second derivative at `x`, for a function of one number.
    pub fn second_derivative(&self, x: f64) -> Option<f64> {
        match self {
            Self::Element(function) => Some(function.second_derivative(x)),
            Self::Learned(learned) => Some(learned.evaluate(Dual::variable(x)).1.slope),
            _ => self.curve().map(|function| function.second_derivative(x)),
        }
    }

    /// The moments over a standard normal variable, for a function of one number.
    pub fn moments(&self) -> Option<Moments> {
        match self {
            Self::Element(function) => Some(function.moments()),
            Self::Learned(learned) => Some(learned.moments()),
            _ => self.curve().map(|function| function.moments()),
        }
    }

    /// Whether its derivative jumps at `x`, or may.
    pub(crate) fn has_knot(&self, x: f64) -> bool {
        match self {
            Self::Learned(learned) => learned.knots().contains(&x),
            _ => self
                .curve()
                .is_some_and(|function| function.facts().kinks.iter().any(|kink| kink.at == x)),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(function) => function.fmt(f),
            Self::Learned(learned) => learned.fmt(f),
            Self::Row(row) => row.fmt(f),
            Self::Gated(gated) => gated.fmt(f),
            Self::Single(single) => single.fmt(f),
        }
    }
}

/// The name or alias that is nearest to a text, whatever its case.
fn nearest(text: &str) -> &'static str {
    let text = text.to_lowercase();
    let names = all().into_iter().flat_map(|entry| {
        std::iter::once(entry.name()).chain(entry.about().aliases.iter().copied())
    });
    names
        .min_by_key(|name| strsim::damerau_levenshtein(&text, name))
        .unwrap_or_default()
}
