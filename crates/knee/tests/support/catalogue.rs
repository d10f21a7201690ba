//! What the field knows about activation functions: names, parameters, ranges, limits and gains, taken from the documentation and
//! the source of the frameworks.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

/// An entry of the catalogue.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    /// Names and defaults; a default in words is one that is drawn, learned or required.
    pub(crate) parameters: BTreeMap<String, Value>,
    /// `1 / sqrt(E f(Z)^2)` by a trapezoid rule that is right to about 1e-8 at kinks.
    pub(crate) gain_second_moment: Option<f64>,
}

/// All entries.
pub(crate) fn catalogue() -> &'static [Entry] {
    static CATALOGUE: OnceLock<Vec<Entry>> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        serde_json::from_str(include_str!("../data/catalogue.json")).expect("a list of entries")
    })
}

/// The entry of that name; the catalogue does not have every function.
pub(crate) fn entry(name: &str) -> Option<&'static Entry> {
    catalogue().iter().find(|entry| entry.name == name)
}
