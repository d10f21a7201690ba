//! What `knee list` lists and `knee show` shows, and how a program reads it.

use std::fmt;

use knee::learned::Prelu;
use knee::{About, Foreign, Framework, Function, Interval, Meaning, ParseError, RowFunction, Tail};
use serde_json::{Map, Value, json};

use crate::outcome::Failure;
use crate::words;

/// One function of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entry {
    /// It takes a number to a number.
    Element(Function),
    /// It takes a number to a number, by a slope that is learned.
    Prelu,
    /// It mixes the elements of a row.
    Row(RowFunction),
}

/// Every function, in the order of the crate's own lists.
pub(crate) fn all() -> Vec<Entry> {
    let elements = Function::all().into_iter().map(Entry::Element);
    let rows = RowFunction::ALL.iter().copied().map(Entry::Row);
    elements.chain([Entry::Prelu]).chain(rows).collect()
}

impl Entry {
    /// The function that a text names, with its parameters.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if let Ok(row) = RowFunction::parse(text) {
            return Ok(Self::Row(row));
        }
        if text.trim() == Prelu::NAME {
            return Ok(Self::Prelu);
        }
        match Function::parse(text) {
            Ok(function) => Ok(Self::Element(function)),
            Err(ParseError::UnknownFunction { found, .. }) => Err(Failure::new(format!(
                "unknown function `{found}`; did you mean `{}`? `knee list` names them all",
                nearest(&found)
            ))),
            Err(error) => Err(error.into()),
        }
    }

    /// What can be said about it.
    pub(crate) fn about(&self) -> &'static About {
        match self {
            Self::Element(function) => function.about(),
            Self::Prelu => Prelu::ABOUT,
            Self::Row(row) => row.about(),
        }
    }

    /// The public name.
    pub(crate) fn name(&self) -> &'static str {
        self.about().name
    }

    /// What it is, in one line.
    pub(crate) fn title(&self) -> &'static str {
        self.about().title
    }

    /// The title in a few words.
    pub(crate) fn gist(&self) -> String {
        let title = words::plain(self.title());
        let (head, rest) = title.split_once(':').unwrap_or((&title, ""));
        // "Softmax: positive numbers .." says nothing before the colon.
        let gist = if head.eq_ignore_ascii_case(self.name()) {
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

    /// The function whose curve shows it; none where it has no curve.
    pub(crate) fn curve(&self) -> Option<Function> {
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
    let entries = all();
    entries
        .iter()
        .flat_map(|entry| {
            std::iter::once(entry.name()).chain(entry.about().aliases.iter().copied())
        })
        .min_by_key(|name| strsim::damerau_levenshtein(&text, name))
        .unwrap_or_default()
}

/// What is known about a function, for a program.
pub(crate) fn json(entry: &Entry) -> Value {
    let about = entry.about();
    let (kind, facts, parameters) = match entry {
        Entry::Element(function) => ("element-wise", facts(function), parameters(function)),
        Entry::Prelu => ("learned", Value::Null, vec![learned_slope()]),
        Entry::Row(_) => ("row-wise", Value::Null, Vec::new()),
    };
    json!({
        "name": about.name,
        "kind": kind,
        "title": words::plain(about.title),
        "parameters": parameters,
        "facts": facts,
        "foreign": about.foreign.iter().map(foreign).collect::<Vec<_>>(),
        "aliases": about.aliases,
        "formula": words::plain(&about.formula()),
        "derivative": words::plain(&about.derivative()),
        "latex": about.latex,
        "numerics": words::plain(&about.numerics()),
        "origin": words::plain(&about.origin()),
    })
}

fn parameters(function: &Function) -> Vec<Value> {
    let declarations = function.about().parameters;
    let parameters = function.parameters().into_iter().zip(declarations);
    parameters
        .map(|(parameter, declared)| {
            json!({
                "name": parameter.name,
                "value": number(parameter.value),
                "default": number(parameter.default),
                "allowed": declared.domain.in_words(),
                "meaning": words::plain(declared.doc),
            })
        })
        .collect()
}

/// The slope of a parametric ReLU, which is data and not a parameter that a text sets.
fn learned_slope() -> Value {
    json!({
        "name": "slope",
        "value": number(Prelu::INITIAL_SLOPE),
        "default": number(Prelu::INITIAL_SLOPE),
        "allowed": "a number, one for all or one per channel",
        "meaning": "The slope on the left where learning begins.",
    })
}

/// A number, or the string that stands for one that is not finite.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(knee_figure::short(value))
    }
}

fn interval(interval: &Interval) -> Value {
    json!({
        "low": number(interval.low),
        "high": number(interval.high),
        "low_closed": interval.low_closed,
        "high_closed": interval.high_closed,
    })
}

fn tail(tail: Tail) -> Value {
    match tail {
        Tail::Saturates { limit } => json!({ "kind": "saturates", "limit": number(limit) }),
        Tail::Linear { slope } => json!({ "kind": "linear", "slope": number(slope) }),
        Tail::Grows => json!({ "kind": "grows" }),
        Tail::Sublinear => json!({ "kind": "sublinear" }),
        Tail::Oscillates => json!({ "kind": "oscillates" }),
    }
}

fn facts(function: &Function) -> Value {
    let facts = function.facts();
    let moments = function.moments();
    let kinks = facts
        .kinks
        .iter()
        .map(|kink| json!({ "at": number(kink.at), "slope": number(kink.slope) }));
    json!({
        "range": interval(&facts.range),
        "monotone": words::monotone(facts.monotone),
        "smoothness": words::smoothness(facts.smoothness),
        "kinks": kinks.collect::<Vec<_>>(),
        "flat": facts.flat.iter().map(interval).collect::<Vec<_>>(),
        "left": tail(facts.left),
        "right": tail(facts.right),
        "centre": words::centre(facts.centre),
        "lipschitz": facts.lipschitz.map(number),
        "initialisation": words::initialisation(facts.initialisation),
        "typical_use": facts.typical_use,
        "moments": {
            "mean": number(moments.mean),
            "second": number(moments.second),
            "slope_second": number(moments.slope_second),
        },
        "gain": number(function.gain()),
    })
}

fn foreign(foreign: &Foreign) -> Value {
    let attributes = foreign.attributes.iter().map(|attribute| {
        let mut entry = Map::new();
        entry.insert("name".to_string(), json!(attribute.name));
        entry.insert("default".to_string(), number(attribute.default));
        match attribute.meaning {
            Meaning::Parameter(name) => entry.insert("parameter".to_string(), json!(name)),
            Meaning::Required(value) => entry.insert("required".to_string(), number(value)),
        };
        Value::Object(entry)
    });
    let fixed: Map<String, Value> = foreign
        .fixed
        .iter()
        .map(|(name, value)| ((*name).to_string(), number(*value)))
        .collect();
    let mut entry = json!({
        "framework": framework_name(foreign.framework),
        "op": foreign.op,
        "attributes": attributes.collect::<Vec<_>>(),
        "fixed": fixed,
    });
    if foreign.opsets != (1, u32::MAX) {
        let last = (foreign.opsets.1 != u32::MAX).then_some(foreign.opsets.1);
        entry["opsets"] = json!([foreign.opsets.0, last]);
    }
    entry
}

fn framework_name(framework: Framework) -> &'static str {
    match framework {
        Framework::Onnx => "onnx",
        Framework::Torch => "torch",
        Framework::Jax => "jax",
        Framework::Keras => "keras",
        Framework::HuggingFace => "hugging_face",
        _ => "other",
    }
}
