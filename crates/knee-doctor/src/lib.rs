//! What a network is, what was seen in it, and what is wrong with its activations.
//!
//! A [`network::Network`] describes nodes, weights and activation sites, whatever framework they
//! come from. A [`evidence::Recorder`] turns the values and gradients of a run into
//! [`evidence::Evidence`]: counts and moments per unit. [`diagnose()`] asks every rule of
//! [`rules::all`] and returns a [`Diagnosis`] for a report to show.
//!
//! ```
//! use knee_doctor::{Network, Options, diagnose};
//!
//! let diagnosis = diagnose(&Network::default(), None, &Options::default(), None);
//! assert!(diagnosis.findings.is_empty());
//! // Without inputs most rules have nothing to look at, and say so.
//! assert!(diagnosis.not_checked.iter().any(|s| s.rule == "dead-units" && s.needs == "--input"));
//! ```

mod diagnose;
mod error;
mod finding;
mod gain;
mod links;
mod loss;
mod measure;
mod options;
mod quick;
mod rule;
mod sites;

pub mod evidence;
pub mod network;
pub mod report;
pub mod rules;
pub mod statistics;

pub use crate::diagnose::{
    Answer, Diagnosis, ModelSummary, QuickCheck, SiteSummary, Skipped, diagnose,
};
pub use crate::error::Error;
pub use crate::finding::{Finding, Histogram, Severity};
pub use crate::links::Links;
pub use crate::loss::{Labels, LossKind};
pub use crate::network::Network;
pub use crate::options::{Options, Selection, Settings, explain, meta};
pub use crate::rule::{
    Certificate, Context, Meta, Need, NotChecked, Parameter, Rule, Scope, Workbench,
};
