//! The parameters of experiments: declared once, checked when they are set.

use std::collections::BTreeMap;
use std::fmt;

use knee::Function;
use serde::{Deserialize, Serialize};

use crate::error::{Error, nearest};
use crate::experiment::Meta;

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number between two, both included.
    Count(u32, u32),
    /// A number between two, both included.
    Real(f64, f64),
    /// Names of element-wise functions, such as `relu,leaky_relu(negative_slope=0.1)`.
    Functions,
}

impl Kind {
    fn words(self) -> String {
        match self {
            Self::Count(low, high) => format!("a whole number from {low} to {high}"),
            Self::Real(low, high) => format!("a number from {low} to {high}"),
            Self::Functions => "names of functions, separated by commas".to_owned(),
        }
    }
}

/// A parameter of an experiment.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in `--set NAME=VALUE`.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// The value when nothing is set.
    pub default: &'static str,
    /// The value of a quick run when nothing is set.
    pub quick: &'static str,
    /// What it is; a sentence.
    pub about: &'static str,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, whole or not.
    Number(f64),
    /// Names.
    Names(Vec<String>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{x}"),
            Self::Names(names) => f.write_str(&names.join(",")),
        }
    }
}

/// A value for every parameter of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    experiment: &'static str,
    quick: bool,
    values: BTreeMap<String, Value>,
}

impl Settings {
    /// The defaults, those of a quick run if it is one, with what is set in their place.
    pub fn new(meta: &'static Meta, quick: bool, set: &[(&str, &str)]) -> Result<Self, Error> {
        let known = || meta.parameters.iter().map(|parameter| parameter.name);
        if let Some((given, _)) = set
            .iter()
            .find(|(name, _)| known().all(|known| known != *name))
        {
            return Err(Error::UnknownParameter {
                experiment: meta.name.to_owned(),
                given: (*given).to_owned(),
                nearest: nearest(given, known()),
                known: known().map(str::to_owned).collect(),
            });
        }
        let mut values = BTreeMap::new();
        for parameter in meta.parameters {
            let set = set.iter().rev().find(|(name, _)| *name == parameter.name);
            let default = if quick {
                parameter.quick
            } else {
                parameter.default
            };
            let text = set.map_or(default, |(_, value)| value);
            values.insert(
                parameter.name.to_owned(),
                value(meta.name, parameter, text)?,
            );
        }
        Ok(Self {
            experiment: meta.name,
            quick,
            values,
        })
    }

    /// Whether the defaults are those of a quick run.
    pub fn quick(&self) -> bool {
        self.quick
    }

    /// Every value, by name.
    pub fn values(&self) -> &BTreeMap<String, Value> {
        &self.values
    }

    /// A whole number.
    ///
    /// # Panics
    ///
    /// When the experiment declares no such parameter of this kind, which its tests would show.
    pub fn count(&self, name: &str) -> usize {
        self.real(name) as usize
    }

    /// A number.
    ///
    /// # Panics
    ///
    /// When the experiment declares no such parameter of this kind, which its tests would show.
    pub fn real(&self, name: &str) -> f64 {
        match self.value(name) {
            Value::Number(x) => *x,
            Value::Names(_) => panic!("{}: {name} is no number", self.experiment),
        }
    }

    /// Functions.
    ///
    /// # Panics
    ///
    /// When the experiment declares no such parameter of this kind, which its tests would show.
    pub fn functions(&self, name: &str) -> Vec<Function> {
        match self.value(name) {
            Value::Names(names) => names
                .iter()
                .filter_map(|name| Function::parse(name).ok())
                .collect(),
            Value::Number(_) => panic!("{}: {name} is a number", self.experiment),
        }
    }

    fn value(&self, name: &str) -> &Value {
        match self.values.get(name) {
            Some(value) => value,
            None => panic!("{} declares no parameter {name}", self.experiment),
        }
    }
}

/// Reads a value and checks it.
fn value(experiment: &str, parameter: &Parameter, text: &str) -> Result<Value, Error> {
    let refuse = |expected: String| Error::BadValue {
        experiment: experiment.to_owned(),
        parameter: parameter.name.to_owned(),
        given: text.to_owned(),
        expected,
    };
    match parameter.kind {
        Kind::Count(low, high) => text
            .trim()
            .parse::<u32>()
            .ok()
            .filter(|count| (low..=high).contains(count))
            .map(|count| Value::Number(f64::from(count))),
        Kind::Real(low, high) => text
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|x| (low..=high).contains(x))
            .map(Value::Number),
        Kind::Functions => {
            let mut names = Vec::new();
            for name in pieces(text) {
                let function = Function::parse(name).map_err(|error| refuse(error.to_string()))?;
                names.push(function.to_string());
            }
            names.dedup();
            (!names.is_empty()).then_some(Value::Names(names))
        }
    }
    .ok_or_else(|| refuse(parameter.kind.words()))
}

/// What lies between commas that are not in parentheses.
fn pieces(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let pieces = text.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth <= 0
    });
    pieces
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect()
}
