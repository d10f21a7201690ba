//! Facts by which functions are picked.

use knee::learned::LearnedFunction;
use knee::{Framework, Function, Monotone, Smoothness, Tail};

use crate::{Entry, Kind};

/// Which tails a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// At least one of them.
    Any,
    /// Towards `-inf`.
    Left,
    /// Towards `inf`.
    Right,
    /// Both of them.
    Both,
}

/// A question that a function answers with yes or no.
///
/// Facts of a curve are known of element-wise functions only; of a learned function its mean is known, with the parameters
/// with which learning begins. Where nothing is known the answer is no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// A tail approaches a number, so the slope there goes to zero.
    Saturating(Side),
    /// The mean of its values over a standard normal variable is zero.
    ZeroCentred,
    /// It keeps order, or reverses it.
    Monotone,
    /// Its values lie between two numbers.
    Bounded,
    /// All its derivatives are continuous.
    Smooth,
    /// Its slope is exactly zero somewhere on an interval.
    Dead,
    /// It has parameters that training changes.
    Learned,
    /// It is of that kind.
    Kind(Kind),
    /// A framework has an operator for it.
    In(Framework),
}

/// Quadrature leaves a rounding error where the mean is zero.
const ZERO_MEAN: f64 = 1e-9;

impl Fact {
    /// Whether it holds for a function.
    pub fn holds(self, entry: &Entry) -> bool {
        match self {
            Self::Learned => LearnedFunction::parse(entry.name()).is_ok(),
            Self::Kind(kind) => entry.kind() == kind,
            Self::In(framework) => {
                let mut rows = entry.about().foreign.iter();
                rows.any(|row| row.framework == framework)
            }
            Self::ZeroCentred => entry
                .moments()
                .is_some_and(|moments| moments.mean.abs() < ZERO_MEAN),
            _ => entry
                .curve()
                .is_some_and(|function| self.of_curve(&function)),
        }
    }

    fn of_curve(self, function: &Function) -> bool {
        let facts = function.facts();
        let level = |tail: Tail| matches!(tail, Tail::Saturates { .. });
        match self {
            Self::Saturating(side) => {
                let (left, right) = (level(facts.left), level(facts.right));
                match side {
                    Side::Any => left || right,
                    Side::Left => left,
                    Side::Right => right,
                    Side::Both => left && right,
                }
            }
            Self::Monotone => facts.monotone != Monotone::No,
            Self::Bounded => facts.range.low.is_finite() && facts.range.high.is_finite(),
            Self::Smooth => facts.smoothness == Smoothness::Infinite,
            Self::Dead => !facts.flat.is_empty(),
            Self::ZeroCentred | Self::Learned | Self::Kind(_) | Self::In(_) => false,
        }
    }
}
