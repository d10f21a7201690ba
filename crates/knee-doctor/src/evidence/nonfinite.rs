//! Nodes that made NaN or infinity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many nodes are remembered. The first in the order of the graph is what matters.
const KEPT: usize = 64;

/// What one node made of finite values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NonFinite {
    /// Why, as far as the operator and its operands tell.
    pub cause: Cause,
    /// Elements that were NaN.
    pub nan: u64,
    /// Elements that were plus infinity.
    pub positive: u64,
    /// Elements that were minus infinity.
    pub negative: u64,
    /// Independent inputs on which it happened.
    pub inputs: u64,
}

/// Why a value is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cause {
    /// The data had it.
    Input,
    /// A weight had it.
    Weight,
    /// The logarithm of 0.
    LogOfZero,
    /// The logarithm of a negative number.
    LogOfNegative,
    /// The square root of a negative number.
    SqrtOfNegative,
    /// An exponential beyond the largest number.
    ExpOverflow,
    /// 0 / 0.
    ZeroByZero,
    /// x / 0.
    DivisionByZero,
    /// A sum or a product beyond the largest number.
    Overflow,
    /// A constant of the graph, such as an attention mask.
    Constant,
    /// None of the above could be shown.
    Unknown,
}

impl Cause {
    /// The words that follow "it made NaN or infinity: ".
    pub fn words(self) -> &'static str {
        match self {
            Self::Input => "the data has it",
            Self::Weight => "a weight has it",
            Self::LogOfZero => "the logarithm of 0",
            Self::LogOfNegative => "the logarithm of a negative number",
            Self::SqrtOfNegative => "the square root of a negative number",
            Self::ExpOverflow => "an exponential beyond the largest number",
            Self::ZeroByZero => "0 / 0",
            Self::DivisionByZero => "a division by 0",
            Self::Overflow => "a sum or a product beyond the largest number",
            Self::Constant => "a constant of the graph has it",
            Self::Unknown => "no operand shows why",
        }
    }
}

impl NonFinite {
    /// Adds the counts of the same node elsewhere. Of two causes the first in the order of
    /// [`Cause`] stays, so that the order of merging does not matter.
    pub(super) fn merge(&mut self, other: &Self) {
        self.cause = self.cause.min(other.cause);
        self.nan += other.nan;
        self.positive += other.positive;
        self.negative += other.negative;
        self.inputs += other.inputs;
    }
}

/// Adds what a node made, and forgets the last nodes when there are too many.
pub(super) fn insert(map: &mut BTreeMap<usize, NonFinite>, node: usize, seen: &NonFinite) {
    map.entry(node)
        .and_modify(|mine| mine.merge(seen))
        .or_insert_with(|| seen.clone());
    while map.len() > KEPT {
        map.pop_last();
    }
}
