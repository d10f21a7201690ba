//! What a run leaves: one line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::number;
use crate::parameter::Value;

/// The form of the lines; it changes when a field changes its meaning. docs/lab/records.md has the schema.
pub const FORMAT: &str = "knee-lab/1";

/// The seeds of a run, kept apart: any of them can be varied alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seeds {
    /// Samples, their noise, and the split.
    pub data: u64,
    /// Initial weights.
    pub init: u64,
    /// The order of the samples, and whatever is drawn while training.
    pub order: u64,
}

impl Seeds {
    /// The seeds of the repetition with this index.
    pub fn of(repetition: usize) -> Self {
        let index = repetition as u64;
        Self {
            data: 1000 + index,
            init: 2000 + index,
            order: 3000 + index,
        }
    }
}

/// A quantity along another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Where.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// How much.
    #[serde(with = "number::list")]
    pub y: Vec<f64>,
}

impl Curve {
    /// The points.
    pub fn points(&self) -> Vec<(f64, f64)> {
        self.x.iter().copied().zip(self.y.iter().copied()).collect()
    }
}

impl FromIterator<(f64, f64)> for Curve {
    fn from_iter<I: IntoIterator<Item = (f64, f64)>>(points: I) -> Self {
        let (x, y) = points.into_iter().unzip();
        Self { x, y }
    }
}

/// What the doctor said of the network during a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sighting {
    /// The rule.
    pub rule: String,
    /// How bad: `info`, `warn` or `error`.
    pub level: String,
    /// The activation, where it is about one.
    pub site: Option<String>,
    /// The epoch after which it was seen first.
    pub epoch: u64,
}

/// What a run measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Numbers by name. NaN where the run could not say; infinity for "never".
    #[serde(with = "number::map")]
    pub measures: BTreeMap<String, f64>,
    /// Quantities along epochs, layers, inputs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub curves: BTreeMap<String, Curve>,
    /// Words: formulas that were found, steps of a computation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// What the doctor said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sightings: Vec<Sighting>,
    /// Times in seconds, by name: not a function of the specification, and so apart from the measures.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(with = "number::map")]
    pub seconds: BTreeMap<String, f64>,
}

impl Measured {
    /// Notes a number.
    pub fn set(&mut self, name: impl Into<String>, value: f64) {
        self.measures.insert(name.into(), value);
    }

    /// Notes a curve.
    pub fn curve(&mut self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) {
        self.curves
            .insert(name.into(), points.into_iter().collect());
    }

    /// Notes words.
    pub fn text(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.texts.insert(name.into(), text.into());
    }

    /// Notes a time.
    pub fn time(&mut self, name: impl Into<String>, seconds: f64) {
        self.seconds.insert(name.into(), seconds);
    }
}

/// What the run was made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of knee.
    pub knee: String,
    /// Of Burn.
    pub burn: String,
    /// The target, such as `x86_64-linux`.
    pub target: String,
}

impl Versions {
    /// Those of this program.
    pub fn current() -> Self {
        Self {
            knee: env!("CARGO_PKG_VERSION").to_owned(),
            burn: BURN.to_owned(),
            target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        }
    }
}

/// The version of Burn that the workspace asks for; a test compares it with the manifest.
pub(crate) const BURN: &str = "0.22.1";

/// One finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: String,
    /// The experiment.
    pub experiment: String,
    /// What was compared.
    pub arm: String,
    /// The seeds.
    pub seeds: Seeds,
    /// Whether the defaults were those of a quick run.
    pub quick: bool,
    /// Every parameter.
    pub parameters: BTreeMap<String, Value>,
    /// The user's own data: its name and a fingerprint of its contents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What was measured.
    #[serde(flatten)]
    pub measured: Measured,
    /// What the run was made with.
    pub versions: Versions,
    /// The day, as `2026-01-31`.
    pub date: String,
}

impl Record {
    /// What the results are a function of.
    pub fn key(&self) -> Key {
        let parameters = self.parameters.iter();
        Key {
            experiment: self.experiment.clone(),
            arm: self.arm.clone(),
            seeds: self.seeds,
            parameters: parameters
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            data: self.data.clone(),
        }
    }
}

/// What the results of a run are a function of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub(crate) experiment: String,
    pub(crate) arm: String,
    pub(crate) seeds: Seeds,
    pub(crate) parameters: Vec<String>,
    pub(crate) data: Option<String>,
}
