//! A fused operation beside its separate steps.

use knee::Tier;

use crate::arrays::Slices;
use crate::number::Number;

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Results from inputs.
    Forward,
    /// Gradients; both sides have the inputs and the upstream gradient.
    Backward,
    /// Gradients; the separate steps have their intermediate results of the forward pass as well.
    Kept,
    /// A loss and its gradient.
    Loss,
}

impl Direction {
    /// As it stands in the record.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Kept => "kept",
            Self::Loss => "loss",
        }
    }
}

/// How near the two sides are to one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Agreement {
    /// The same bits.
    Bits,
    /// Each number within this share of itself, or apart by less than the smallest normal number.
    Relative(f64),
    /// Each number within this share of the largest of its array.
    Largest(f64),
}

impl Agreement {
    /// Whether it holds for two arrays of finite numbers.
    fn holds(self, fused: &[f64], unfused: &[f64]) -> bool {
        let largest = fused
            .iter()
            .fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let near = |a: f64, b: f64| match self {
            Self::Bits => a.to_bits() == b.to_bits(),
            Self::Relative(share) => {
                (a - b).abs() <= (share * a.abs()).max(f64::from(f32::MIN_POSITIVE))
            }
            Self::Largest(share) => (a - b).abs() <= share * largest,
        };
        fused.len() == unfused.len()
            && fused
                .iter()
                .zip(unfused)
                .all(|(&a, &b)| a.is_finite() && near(a, b))
    }
}

/// Both ways to the same results, which they write to the same arrays.
pub(crate) trait Pair {
    /// knee's fused operation.
    fn fused(&mut self);
    /// Its separate steps.
    fn unfused(&mut self);
    /// What was written last.
    fn results(&self) -> Vec<Vec<f64>>;
}

type Make<T> = Box<dyn for<'a> Fn(Slices<'a, T>) -> Box<dyn Pair + 'a>>;

/// A pair with what is to be known about it.
pub(crate) struct Case<T> {
    /// What is joined: `bias`, `gated`, ..
    pub(crate) fusion: &'static str,
    /// The function.
    pub(crate) function: &'static str,
    pub(crate) direction: Direction,
    pub(crate) tier: Tier,
    /// The length of the rows of the result, if it has any.
    pub(crate) row: Option<usize>,
    /// Arrays are this many times as long as the result.
    pub(crate) parts: usize,
    pub(crate) agreement: Agreement,
    /// Makes the pair.
    pub(crate) pair: Make<T>,
}

impl<T> Case<T> {
    /// The nearest number of elements that is made of whole rows; at least one row.
    pub(crate) fn whole(&self, elements: usize) -> usize {
        let row = self.row.unwrap_or(1);
        (elements / row).max(1) * row
    }
}

impl<T: Number> Case<T> {
    /// An error unless both sides give the same results, as near as they are said to be.
    pub(crate) fn check(&self, slices: Slices<'_, T>) -> Result<(), String> {
        let mut pair = (self.pair)(slices);
        pair.fused();
        let fused = pair.results();
        pair.unfused();
        let unfused = pair.results();
        let agree = fused.len() == unfused.len()
            && fused
                .iter()
                .zip(&unfused)
                .all(|(a, b)| self.agreement.holds(a, b));
        let found = fused.iter().flatten().any(|x| *x != 0.0);
        if agree && found {
            return Ok(());
        }
        let (fusion, function, direction) = (self.fusion, self.function, self.direction.name());
        Err(format!(
            "{fusion}, {function}, {direction}, {}: the two sides differ",
            T::NAME
        ))
    }
}

/// Arrays as numbers that can be compared.
pub(crate) fn numbers<T: Number>(arrays: &[&[T]]) -> Vec<Vec<f64>> {
    let each = arrays.iter().map(|array| array.iter().map(|x| x.to_f64()));
    each.map(Iterator::collect).collect()
}
