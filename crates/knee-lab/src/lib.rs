//! Experiments that measure what is said about activation functions, and the exact geometry of ReLU networks.
//!
//! An [`Experiment`] has a sentence of the field, a prediction, arms to compare and a judgement that is computed from what was
//! measured. [`experiments::all`] lists them, [`runner::run`] runs them on any number of seeds, and each run is one [`Record`], a
//! function of its parameters and seeds alone.
//!
//! ```
//! use knee_lab::{experiments, Settings};
//!
//! let collapse = experiments::named("collapse")?;
//! let settings = Settings::new(collapse.meta(), true, &[("depth", "4")])?;
//! assert_eq!(settings.count("depth"), 4);
//! # Ok::<(), knee_lab::Error>(())
//! ```

pub mod data;
pub mod engine;
mod error;
mod experiment;
pub mod experiments;
mod fingerprint;
pub mod geometry;
pub mod networks;
mod number;
mod parameter;
mod record;
pub mod report;
mod results;
mod run;
pub mod runner;
pub mod statistics;
pub mod store;
pub mod trained;
mod verdict;

pub use crate::error::Error;
pub use crate::experiment::{Experiment, HEADINGS, Meta};
pub use crate::parameter::{Kind, Parameter, Settings, Value};
pub use crate::record::{Curve, FORMAT, Measured, Record, Seeds, Sighting, Versions};
pub use crate::results::Results;
pub use crate::run::{Progress, Run, Stop};
pub use crate::verdict::{Claim, Criterion, Effect, Verdict};
