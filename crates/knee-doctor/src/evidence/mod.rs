//! What was seen while a network ran: counts and moments per unit, never the values themselves.
//!
//! Evidence is a streaming, mergeable summary. One pass, the same inputs in pieces, and pieces
//! from several machines merged in any order give the same counts, and moments that agree to
//! 1e-12. Its size is O(units): it does not grow with the number of inputs.

mod file;
mod fingerprint;
mod histogram;
mod layout;
mod moments;
mod nonfinite;
mod output;
mod recorder;
mod region;
mod signal;
mod site;
mod slope;
mod sweep;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::file::FORMAT;
pub use self::fingerprint::fingerprint;
pub use self::histogram::{Bins, edges};
pub use self::layout::{Layout, Values};
pub use self::moments::Moments;
pub use self::nonfinite::{Cause, NonFinite};
pub use self::output::{Excess, OutputEvidence, TargetEvidence};
pub use self::recorder::{Recorder, RecorderOptions};
pub use self::region::{AliveSet, Region};
pub use self::signal::SignalEvidence;
pub use self::site::{SiteEvidence, UnitEvidence};

use crate::error::Error;
use crate::loss::LossKind;
use crate::network::{Network, ValueId};

/// Everything that was seen of one network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    network: String,
    /// The file that the network was read from.
    #[serde(default)]
    model: Option<String>,
    loss: Option<LossKind>,
    samples: u64,
    sites: Vec<SiteEvidence>,
    signals: BTreeMap<usize, SignalEvidence>,
    nonfinite: BTreeMap<usize, NonFinite>,
    output: Option<OutputEvidence>,
    targets: Option<TargetEvidence>,
    /// Sum of the loss over the inputs.
    loss_sum: Option<f64>,
}

impl Evidence {
    /// Independent inputs that were seen.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The file that the network was read from, where it came from one.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The loss that was differentiated.
    pub fn loss(&self) -> Option<LossKind> {
        self.loss
    }

    /// Mean loss per input, where a loss was computed.
    pub fn mean_loss(&self) -> Option<f64> {
        Some(self.loss_sum? / self.samples as f64)
    }

    /// What was seen at a site; `None` when it was never called.
    pub fn site(&self, site: usize) -> Option<&SiteEvidence> {
        self.sites.get(site).filter(|seen| seen.inputs() > 0)
    }

    /// What was seen of a watched value.
    pub fn signal(&self, value: ValueId) -> Option<&SignalEvidence> {
        self.signals.get(&value.0)
    }

    /// The nodes that made NaN or infinity out of finite values, in the order of the graph; the
    /// first 64 of them.
    pub fn nonfinite(&self) -> impl Iterator<Item = (usize, &NonFinite)> {
        self.nonfinite.iter().map(|(&node, seen)| (node, seen))
    }

    /// What entered the loss.
    pub fn output(&self) -> Option<&OutputEvidence> {
        self.output.as_ref()
    }

    /// What the labels were.
    pub fn targets(&self) -> Option<&TargetEvidence> {
        self.targets.as_ref()
    }

    /// Whether gradients were taken: one was seen at a site, or a loss was computed though no site
    /// lies before it.
    pub fn has_gradients(&self) -> bool {
        self.loss_sum.is_some() || self.sites.iter().any(|site| site.gradient().is_some())
    }

    /// Takes in what was seen elsewhere of the same network.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let differs = |what, found: &dyn std::fmt::Debug, expected: &dyn std::fmt::Debug| {
            Err(Error::OtherEvidence {
                what,
                found: format!("{found:?}"),
                expected: format!("{expected:?}"),
            })
        };
        if self.network != other.network {
            return differs("network", &other.network, &self.network);
        }
        if self.loss != other.loss {
            return differs("loss", &other.loss, &self.loss);
        }
        for (mine, theirs) in self.sites.iter_mut().zip(&other.sites) {
            mine.merge(theirs);
        }
        for (value, theirs) in &other.signals {
            self.signals.entry(*value).or_default().merge(theirs);
        }
        for (node, theirs) in &other.nonfinite {
            nonfinite::insert(&mut self.nonfinite, *node, theirs);
        }
        merge_option(
            &mut self.output,
            other.output.as_ref(),
            OutputEvidence::merge,
        );
        merge_option(
            &mut self.targets,
            other.targets.as_ref(),
            TargetEvidence::merge,
        );
        merge_option(
            &mut self.loss_sum,
            other.loss_sum.as_ref(),
            |mine, theirs| *mine += theirs,
        );
        self.samples += other.samples;
        Ok(())
    }

    /// Refuses a network that this evidence was not taken from.
    pub fn belongs_to(&self, network: &Network) -> Result<(), Error> {
        let expected = fingerprint(network);
        if self.network == expected {
            return Ok(());
        }
        Err(Error::OtherEvidence {
            what: "network",
            found: self.network.clone(),
            expected,
        })
    }
}

/// Merges what may be missing on either side.
fn merge_option<T: Clone>(
    mine: &mut Option<T>,
    theirs: Option<&T>,
    merge: impl FnOnce(&mut T, &T),
) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => merge(mine, theirs),
        (None, Some(theirs)) => *mine = Some(theirs.clone()),
        (_, None) => {}
    }
}
