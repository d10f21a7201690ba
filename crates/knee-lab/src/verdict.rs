//! What follows from the runs: effects with intervals, and verdicts that are computed from them.

use crate::statistics::{Interval, interval, median};

/// What the measurements say of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It held.
    Confirmed,
    /// It did not hold.
    NotConfirmed,
    /// It held in some cases and not in others, or the seeds do not agree.
    Depends,
}

impl Verdict {
    /// The words that reports show.
    pub fn words(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::NotConfirmed => "not confirmed",
            Self::Depends => "depends",
        }
    }

    /// The verdict over the claims that are the sentence's own: what they agree on, and otherwise that it depends.
    pub fn over(claims: &[Claim]) -> Self {
        let own = claims.iter().filter(|claim| !claim.beside);
        let mut verdicts = own.map(Claim::verdict);
        let Some(first) = verdicts.next() else {
            return Self::Depends;
        };
        if verdicts.all(|verdict| verdict == first) {
            first
        } else {
            Self::Depends
        }
    }
}

/// When an effect speaks for a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// Above this number.
    Above(f64),
    /// Below this number.
    Below(f64),
    /// Between two numbers, both included.
    Between(f64, f64),
}

impl Criterion {
    /// Whether a value speaks for the claim. NaN never does.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Above(bound) => value > bound,
            Self::Below(bound) => value < bound,
            Self::Between(low, high) => (low..=high).contains(&value),
        }
    }
}

/// A quantity that decides about a claim, one value for each seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it is, with its unit: "epochs of tanh / epochs of relu".
    pub what: String,
    /// Its value for each seed.
    pub values: Vec<f64>,
}

impl Effect {
    /// An effect from its name and values.
    pub fn new(what: impl Into<String>, values: Vec<f64>) -> Self {
        Self {
            what: what.into(),
            values,
        }
    }

    /// The median over seeds.
    pub fn median(&self) -> f64 {
        median(&self.values)
    }

    /// The interval for the median.
    pub fn interval(&self) -> Interval {
        interval(&self.values)
    }
}

/// Something that the measurements can confirm or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The claim, one sentence.
    pub sentence: String,
    /// What decides.
    pub effect: Effect,
    /// When it speaks for the claim.
    pub criterion: Criterion,
    /// Whether it stands beside the experiment's sentence: what was predicted or found on the way, and decides nothing about it.
    pub beside: bool,
}

impl Claim {
    /// A claim from its parts.
    pub fn new(sentence: impl Into<String>, effect: Effect, criterion: Criterion) -> Self {
        Self {
            sentence: sentence.into(),
            effect,
            criterion,
            beside: false,
        }
    }

    /// The same claim, beside the experiment's sentence.
    #[must_use]
    pub fn beside(self) -> Self {
        Self {
            beside: true,
            ..self
        }
    }

    /// Confirmed when the whole interval meets the criterion, not confirmed when none of it does, and otherwise dependent on the
    /// seed. The ends are measured values, as the median of an odd number of values is.
    pub fn verdict(&self) -> Verdict {
        let interval = self.effect.interval();
        let held =
            [interval.low, self.effect.median(), interval.high].map(|x| self.criterion.holds(x));
        // A range that lies on both sides of what is asked for.
        let astride = match self.criterion {
            Criterion::Between(low, high) => interval.low < low && interval.high > high,
            _ => false,
        };
        if held.iter().all(|held| *held) {
            Verdict::Confirmed
        } else if held.iter().any(|held| *held) || astride {
            Verdict::Depends
        } else {
            Verdict::NotConfirmed
        }
    }
}
