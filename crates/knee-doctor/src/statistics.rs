//! What a number of inputs allows to say about units that never fired.
//!
//! All rules that speak of dead units use these definitions, and only these.

use crate::evidence::SiteEvidence;

/// Fewer inputs than this say nothing about single units.
pub const QUIET: u64 = 128;
/// From so many inputs on, a unit that never fired is called dead.
pub const DEAD: u64 = 1000;
/// So many dead units are needed before anything is worse than information.
pub const FEWEST: u64 = 4;

/// What so many inputs allow to say about a unit that never fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Fewer than 128 inputs: nothing.
    InsufficientData,
    /// 128 to 999 inputs: it is quiet.
    Quiet,
    /// 1000 inputs or more: it is dead.
    Dead,
}

impl Verdict {
    /// The verdict that `inputs` independent inputs allow.
    pub fn of(inputs: u64) -> Self {
        match inputs {
            0..QUIET => Self::InsufficientData,
            QUIET..DEAD => Self::Quiet,
            _ => Self::Dead,
        }
    }

    /// The word that reports show.
    pub fn word(self) -> &'static str {
        match self {
            Self::InsufficientData => "insufficient data",
            Self::Quiet => "quiet",
            Self::Dead => "dead",
        }
    }
}

/// The 95 % upper bound of the rate of an event that did not happen in `inputs` trials: 3 / N.
///
/// It is the "rule of three": `(1 - p)^N = 0.05` solved for p, rounded up.
pub fn bound(inputs: u64) -> f64 {
    (3.0 / inputs as f64).min(1.0)
}

/// The units of a site that were never alive, and how many of them are so by chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// Units that were alive on no input.
    pub silent: Vec<u64>,
    /// Units that were judged.
    pub units: u64,
    /// Estimate of the units that are silent only because they fire rarely.
    pub by_chance: f64,
    /// Independent inputs.
    pub inputs: u64,
    /// What so many inputs allow to say.
    pub verdict: Verdict,
}

impl Silence {
    /// Counts the silent units of a site; `None` when its units were not judged.
    pub fn of(seen: &SiteEvidence) -> Option<Self> {
        let (mut silent, mut once, mut twice) = (Vec::new(), 0u64, 0u64);
        let mut units = 0u64;
        for (index, unit) in seen.units().iter().enumerate() {
            units += 1;
            match unit.alive? {
                0 => silent.push(index as u64),
                1 => once += 1,
                2 => twice += 1,
                _ => {}
            }
        }
        let inputs = seen.inputs();
        let by_chance = unseen(once, twice).min(silent.len() as f64);
        Some(Self {
            silent,
            units,
            by_chance,
            inputs,
            verdict: Verdict::of(inputs),
        })
    }

    /// Dead units: the silent ones without those that are silent by chance.
    pub fn dead(&self) -> f64 {
        self.silent.len() as f64 - self.by_chance
    }

    /// Share of the units that are dead.
    pub fn share(&self) -> f64 {
        if self.units == 0 {
            0.0
        } else {
            self.dead() / self.units as f64
        }
    }
}

/// How many rarely firing units were silent by chance, from how many fired once and twice.
///
/// The lower bound of Chao (1984) in its bias-corrected form, `f1 (f1 - 1) / (2 (f2 + 1))`, which
/// follows from the same argument as Good and Turing's estimate of unseen species.
pub fn unseen(once: u64, twice: u64) -> f64 {
    let (once, twice) = (once as f64, twice as f64);
    once * (once - 1.0).max(0.0) / (2.0 * (twice + 1.0))
}
