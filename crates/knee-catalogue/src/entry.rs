//! One function of the catalogue, of whatever kind.

use std::fmt;

use knee::learned::Prelu;
use knee::{About, Function, Parameter, ParseError, RowFunction};
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
}

/// Every function with its default parameters, in the order of the crate's own lists.
pub fn all() -> Vec<Entry> {
    let elements = Function::all().into_iter().map(Entry::Element);
    let rows = RowFunction::ALL.iter().copied().map(Entry::Row);
    elements.chain([Entry::Prelu]).chain(rows).collect()
}

impl Entry {
    /// The function that a text names, by its name or an alias, with parameters in parentheses.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Ok(row) = RowFunction::parse(text) {
            return Ok(Self::Row(row));
        }
        if text.trim() == Prelu::NAME {
            return Ok(Self::Prelu);
        }
        match Function::parse(text) {
            Ok(function) => Ok(Self::Element(function)),
            Err(ParseError::UnknownFunction { found, .. }) => Err(Error::Unknown {
                nearest: nearest(&found),
                found,
            }),
            Err(error) => Err(Error::Parse(error)),
        }
    }

    /// What it takes and gives.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Element(_) => Kind::Element,
            Self::Prelu => Kind::Learned,
            Self::Row(_) => Kind::Row,
        }
    }

    /// What can be said about it.
    pub fn about(&self) -> &'static About {
        match self {
            Self::Element(function) => function.about(),
            Self::Prelu => Prelu::ABOUT,
            Self::Row(row) => row.about(),
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
            Self::Prelu | Self::Row(_) => Vec::new(),
        }
    }

    /// What a function without a curve makes of a few inputs.
    pub(crate) fn examples(&self) -> Vec<(&'static str, String)> {
        let Self::Row(row) = self else {
            return Vec::new();
        };
        let inputs = [
            [1.0, 2.0, 3.0],
            [1001.0, 1002.0, 1003.0],
            [0.0, 0.0, f64::NEG_INFINITY],
        ];
        let list = |values: [f64; 3]| values.map(short).join(", ");
        inputs
            .into_iter()
            .map(|input| {
                let mut result = [0.0; 3];
                row.forward(&input, 3, &mut result);
                let text = format!("{row}({}) = ({})", list(input), list(result));
                ("Example", text)
            })
            .collect()
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
            Self::Row(_) => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(function) => function.fmt(f),
            Self::Prelu => f.write_str(Prelu::NAME),
            Self::Row(row) => row.fmt(f),
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
