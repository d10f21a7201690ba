//! One function of the catalogue, of whatever kind.

use std::fmt;

use knee::learned::Prelu;
use knee::{About, Element, Function, LogSumExp, Parameter, ParseError, RowFunction};
use knee_figure::short;

use crate::{Error, Kind, words};

/// One function of the catalogue, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// It takes a number to a number.
    Element(Function),
    /// It takes a number to a number, by a slope that is learned.
    Prelu,
    /// It mixes the elements of a row.
    Row(RowFunction),
    /// It makes one number of a row.
    LogSumExp,
}

/// Every function with its default parameters, in the order of the crate's own lists.
pub fn all() -> Vec<Entry> {
    let elements = Function::all().into_iter().map(Entry::Element);
    let rows = RowFunction::ALL.iter().copied().map(Entry::Row);
    elements
        .chain([Entry::Prelu])
        .chain(rows)
        .chain([Entry::LogSumExp])
        .collect()
}

impl Entry {
    /// The function that a text names, by its name or an alias, with parameters in parentheses.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text.trim() {
            Prelu::NAME => return Ok(Self::Prelu),
            LogSumExp::NAME => return Ok(Self::LogSumExp),
            _ => {}
        }
        let lists: [fn(&str) -> Result<Self, ParseError>; 2] = [
            |text| Function::parse(text).map(Self::Element),
            |text| RowFunction::parse(text).map(Self::Row),
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
            Self::Prelu => Kind::Learned,
            Self::Row(_) | Self::LogSumExp => Kind::Row,
        }
    }

    /// What can be said about it.
    pub fn about(&self) -> &'static About {
        match self {
            Self::Element(function) => function.about(),
            Self::Prelu => Prelu::ABOUT,
            Self::Row(row) => row.about(),
            Self::LogSumExp => LogSumExp::ABOUT,
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
        let end = gist.find([';', ',']).unwrap_or(gist.len());
        let mut gist = gist[..end].trim().trim_end_matches('.').to_string();
        // The first letter of a sentence; the `x` of a formula stays small.
        if !gist.starts_with("x ")
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
            Self::Prelu | Self::LogSumExp => Vec::new(),
        }
    }

    /// What a function of rows makes of a row, and `None` for another.
    pub(crate) fn of_row<T: Element>(&self, x: &[T]) -> Option<Vec<T>> {
        match self {
            Self::Row(row) => {
                let mut y = vec![T::default(); x.len()];
                row.forward(x, x.len(), &mut y);
                Some(y)
            }
            Self::LogSumExp => {
                let mut y = [T::default()];
                LogSumExp::forward(x, x.len(), &mut y);
                Some(y.to_vec())
            }
            _ => None,
        }
    }

    /// What a function without a curve makes of a few inputs.
    pub(crate) fn examples(&self) -> Vec<(&'static str, String)> {
        let inputs = [
            [1.0, 2.0, 3.0],
            [1001.0, 1002.0, 1003.0],
            [0.0, 0.0, f64::NEG_INFINITY],
        ];
        let list = |values: &[f64]| {
            let values: Vec<String> = values.iter().map(|&value| short(value)).collect();
            values.join(", ")
        };
        let example = |input: [f64; 3]| {
            let result = list(&self.of_row(&input)?);
            let result = if result.contains(',') {
                format!("({result})")
            } else {
                result
            };
            Some(("Example", format!("{self}({}) = {result}", list(&input))))
        };
        inputs.into_iter().filter_map(example).collect()
    }

    /// The element-wise function whose curve and facts it has; none where it is no function of one number.
    pub fn curve(&self) -> Option<Function> {
        match self {
            Self::Element(function) => Some(*function),
            Self::Prelu => {
                let slope = Prelu::INITIAL_SLOPE;
                Function::parse("leaky_relu")
                    .ok()?
                    .with("negative_slope", slope)
                    .ok()
            }
            Self::Row(_) | Self::LogSumExp => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(function) => function.fmt(f),
            Self::Prelu => f.write_str(Prelu::NAME),
            Self::Row(row) => row.fmt(f),
            Self::LogSumExp => f.write_str(LogSumExp::NAME),
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
