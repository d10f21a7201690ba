//! What a rule found.

use serde::{Deserialize, Serialize};

use crate::network::Role;

/// How bad a finding is. The order is from harmless to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It costs accuracy, speed or capacity.
    Warn,
    /// The network cannot be right.
    Error,
}

impl Severity {
    /// The word that reports show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// One finding of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The slug of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The name of the node; `None` where it is about the whole network.
    pub site: Option<String>,
    /// The path of the layer that the node belongs to.
    pub layer: Option<String>,
    /// What the site is for.
    pub role: Option<Role>,
    /// The units it is about; empty where it is about no single unit.
    pub units: Vec<u64>,
    /// The number that was judged.
    pub measured: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// Independent inputs behind the measurement; 0 for graph and weights.
    pub samples: u64,
    /// The 95 % bound that the samples allow.
    pub bound: Option<f64>,
    /// What is wrong and why, in plain words with numbers.
    pub cause: String,
    /// What to do, the first to try first.
    pub fixes: Vec<String>,
    /// The command that checks it again.
    pub recheck: String,
    /// Index of the site in the network, where it is about one. Not part of the JSON report.
    pub site_index: Option<usize>,
    /// Pre-activations of the finding's units, where they were seen. Not part of the JSON report.
    pub histogram: Option<Histogram>,
}

/// A histogram ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Edges of the bins; one more than there are counts. The first and the last may be infinite.
    pub edges: Vec<f64>,
    /// Values per bin.
    pub counts: Vec<u64>,
}
