//! What a sentence on trial is.

use crate::verdict::Criterion;
use crate::{Claim, Effect, Measured, Results, Run, Stop};

/// The measure that decides about a sentence.
pub(super) const EFFECT: &str = "effect";

/// A sentence on trial: who says it, what is measured, and what decides.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// A short name; the arm of the experiment.
    pub name: &'static str,
    /// The sentence as it is said.
    pub said: &'static str,
    /// What decides, with its unit.
    pub effect: &'static str,
    /// When it speaks for the sentence.
    pub criterion: Criterion,
    /// Where it is said, how it is read here, and how it is measured, in Markdown.
    pub prose: &'static str,
    pub(super) measure: fn(&Run<'_>) -> Result<Measured, Stop>,
}

impl Sentence {
    /// The name in addresses.
    pub fn slug(&self) -> String {
        self.name.replace(' ', "-")
    }

    /// The sentence as a claim over the runs.
    pub(super) fn claim(&self, results: &Results<'_>) -> Claim {
        let effect = Effect::new(self.effect, results.measures(self.name, EFFECT));
        Claim::new(self.said, effect, self.criterion)
    }
}

/// How many times an effect is beyond what a criterion asks for: above 1 it speaks for the sentence, below 1 against it.
pub(super) fn score(criterion: Criterion, value: f64) -> f64 {
    match criterion {
        Criterion::Above(bound) => value / bound,
        Criterion::Below(bound) => bound / value,
        Criterion::Between(low, high) => (value / low).min(high / value),
    }
}

/// Declares a sentence; its doc comment is the prose of its page.
macro_rules! sentence {
    (
        $(#[doc = $prose:literal])+
        pub(super) static $name:ident {
            name: $short:literal,
            said: $said:literal,
            effect: $effect:literal,
            criterion: $criterion:expr,
            measure: $measure:path $(,)?
        }
    ) => {
        $(#[doc = $prose])+
        pub(super) static $name: super::sentence::Sentence = super::sentence::Sentence {
            name: $short,
            said: $said,
            effect: $effect,
            criterion: $criterion,
            prose: concat!($($prose, "\n"),+),
            measure: $measure,
        };
    };
}
pub(super) use sentence;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_above_one_meets_the_criterion() {
        let criteria = [
            Criterion::Above(2.0),
            Criterion::Below(2.0),
            Criterion::Between(2.0, 8.0),
        ];
        for criterion in criteria {
            for value in [0.5, 1.9, 2.1, 4.0, 7.9, 8.1] {
                let speaks = score(criterion, value) > 1.0;
                assert_eq!(speaks, criterion.holds(value), "{criterion:?} of {value}");
            }
        }
    }
}
