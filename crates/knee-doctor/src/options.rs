//! What a diagnosis is asked for: the rules, their settings, and what the caller knows.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::loss::LossKind;
use crate::rule::{Meta, Parameter};
use crate::rules;

/// Options of a diagnosis.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether the weights are the initial ones.
    pub at_init: bool,
    /// The loss, where it is known.
    pub loss: Option<LossKind>,
    /// The file of inputs, for the command that a finding prints.
    pub input: Option<String>,
    /// The name of the embedded example, where one is diagnosed; for that command too.
    pub example: Option<String>,
    /// Why no values could be seen though there was input, such as an unsupported operator.
    pub no_values: Option<String>,
    /// Which rules run.
    pub selection: Selection,
    /// Parameters that differ from their defaults.
    pub settings: Settings,
}

/// Which rules run. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    only: Vec<&'static str>,
    skip: Vec<&'static str>,
}

impl Selection {
    /// Only the rules of `only` (all when it is empty), without those of `skip`.
    pub fn new<S: AsRef<str>>(only: &[S], skip: &[S]) -> Result<Self, Error> {
        let slugs = |list: &[S]| -> Result<Vec<&'static str>, Error> {
            list.iter()
                .map(|slug| Ok(meta(slug.as_ref())?.slug))
                .collect()
        };
        Ok(Self {
            only: slugs(only)?,
            skip: slugs(skip)?,
        })
    }

    /// Whether the rule of this slug runs.
    pub fn runs(&self, slug: &str) -> bool {
        (self.only.is_empty() || self.only.contains(&slug)) && !self.skip.contains(&slug)
    }
}

/// Parameters of rules that differ from their defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: BTreeMap<(&'static str, &'static str), f64>,
}

impl Settings {
    /// Reads one setting of the form `SLUG.PARAM=VALUE`.
    pub fn set(&mut self, text: &str) -> Result<(), Error> {
        let problem = |problem| Error::Setting {
            given: text.to_owned(),
            problem,
        };
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| problem("there is no `=`"))?;
        let (slug, parameter) = name
            .trim()
            .split_once('.')
            .ok_or_else(|| problem("there is no `.` after the rule"))?;
        let meta = meta(slug)?;
        let Some(known) = meta.parameters.iter().find(|p| p.name == parameter) else {
            return Err(Error::UnknownParameter {
                rule: meta.slug,
                given: parameter.to_owned(),
                known: meta.parameters.iter().map(|p| p.name).collect(),
            });
        };
        let value: f64 = value
            .trim()
            .parse()
            .map_err(|_| problem("the value is no number"))?;
        if !value.is_finite() {
            return Err(problem("the value is not finite"));
        }
        self.values.insert((meta.slug, known.name), value);
        Ok(())
    }

    /// The value of a parameter: the setting, or else its default.
    pub fn value(&self, rule: &Meta, parameter: &Parameter) -> f64 {
        self.values
            .get(&(rule.slug, parameter.name))
            .copied()
            .unwrap_or(parameter.default)
    }
}

/// What the rule of this slug says of itself; the error names the nearest slug.
pub fn meta(slug: &str) -> Result<&'static Meta, Error> {
    let mut all = rules::all().iter().map(|rule| rule.meta());
    if let Some(found) = all.clone().find(|meta| meta.slug == slug) {
        return Ok(found);
    }
    // A part of a slug is nearer than any other word of its length.
    let distance = |meta: &&Meta| {
        let part = !slug.is_empty() && meta.slug.contains(slug);
        (!part, strsim::damerau_levenshtein(meta.slug, slug))
    };
    let nearest = all
        .by_ref()
        .min_by_key(distance)
        .map_or("", |meta| meta.slug);
    Err(Error::UnknownRule {
        given: slug.to_owned(),
        nearest: nearest.to_owned(),
    })
}

/// The prose of a rule: what it checks, why it matters, how it is measured, what to do, and its
/// parameters with their sources.
pub fn explain(slug: &str) -> Result<String, Error> {
    let meta = meta(slug)?;
    let mut text = format!("# {}\n\n{}\n", meta.slug, meta.prose.trim());
    if !meta.parameters.is_empty() {
        text += "\n## Parameters\n\n";
        let lines = meta.parameters.iter().map(
            |Parameter {
                 name,
                 default,
                 about,
                 source,
             }| { format!("- `{name}` = {default}: {about} Source: {source}\n") },
        );
        text.extend(lines);
    }
    Ok(text)
}
