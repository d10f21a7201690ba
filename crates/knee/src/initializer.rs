//! Weights drawn at random, the same for every order and split.

use crate::element::Element;
use crate::error::ParameterError;
use crate::init::inverse_square_root;
use crate::random::Seed;

/// The shape of the distribution that weights are drawn from; its mean is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Equally likely between plus and minus `sqrt(3 variance)`.
    Uniform,
    /// Normal; the largest of a billion draws is about six standard deviations.
    #[default]
    Normal,
    /// Normal, without what lies beyond two of its standard deviations, and wider by `1 / 0.8796` so that the variance is the
    /// one asked for, as in JAX and Keras. No draw is beyond 2.27 standard deviations.
    TruncatedNormal,
}

/// A distribution with a variance, from which weights are drawn.
///
/// The variance is the rule's: [`Fan::he`](crate::Fan::he), [`Fan::glorot`](crate::Fan::glorot), [`Fan::lecun`](crate::Fan::lecun), or
/// [`Fan::variance`](crate::Fan::variance) with the gain of any function. The number at an index depends on the seed, its stream and
/// the index only, so a slice may be filled in pieces, in any order, by any number of threads.
///
/// ```
/// use knee::random::Seed;
/// use knee::{Distribution, Fan, Function, Initializer};
///
/// let mish = Function::parse("mish").unwrap();
/// let variance = Fan::dense(256, 128).variance(mish.gain());
/// let initializer = Initializer { distribution: Distribution::Uniform, variance };
/// let mut weights = vec![0.0_f32; 256 * 128];
/// initializer.fill(&mut weights, Seed::new(7))?;
///
/// // A piece of the same weights.
/// let mut piece = [0.0_f32; 10];
/// initializer.fill_from(&mut piece, Seed::new(7), 500)?;
/// assert_eq!(piece, weights[500..510]);
/// # Ok::<(), knee::ParameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Initializer {
    /// The shape.
    pub distribution: Distribution,
    /// The variance: finite and not negative.
    pub variance: f64,
}

/// The variance of a standard normal without what lies beyond 2: `1 - 4 phi(2) / erf(sqrt(2))`, with 40 digits.
const TRUNCATED: f64 = 0.7737413035499232;
/// Where a truncated normal ends.
const END: f64 = 2.0;
/// The index of a further try at the same element is so far from the elements' own that they never meet.
const TRY: u64 = 1 << 56;

impl Initializer {
    /// Fills a slice, its first element having the index 0. Give each tensor a [`Seed::stream`] of its own. An error if the variance
    /// is negative or not finite, as that of an empty fan.
    pub fn fill<T: Element>(&self, weights: &mut [T], seed: Seed) -> Result<(), ParameterError> {
        self.fill_from(weights, seed, 0)
    }

    /// Fills a part of a larger slice, whose first element has that index in the whole.
    pub fn fill_from<T: Element>(
        &self,
        weights: &mut [T],
        seed: Seed,
        first: u64,
    ) -> Result<(), ParameterError> {
        let width = self.width()?;
        for (weight, index) in weights.iter_mut().zip(first..) {
            let standard = match self.distribution {
                Distribution::Uniform => 2.0 * seed.uniform(index) - 1.0,
                Distribution::Normal => seed.normal(index),
                Distribution::TruncatedNormal => truncated(seed, index),
            };
            *weight = T::from_f64(width * standard);
        }
        Ok(())
    }

    /// What the standard draw is multiplied with.
    fn width(&self) -> Result<f64, ParameterError> {
        let variance = self.variance;
        if !(variance.is_finite() && variance >= 0.0) {
            return Err(ParameterError::OutOfDomain {
                function: "initializer",
                parameter: "variance",
                found: variance,
                expected: "a finite number that is not negative",
            });
        }
        let square = match self.distribution {
            Distribution::Uniform => 3.0 * variance,
            Distribution::Normal => variance,
            Distribution::TruncatedNormal => variance / TRUNCATED,
        };
        Ok(if square < f64::MIN_POSITIVE {
            0.0
        } else {
            square * inverse_square_root(square)
        })
    }
}

/// The first of an element's draws that is not beyond the end: one in 22 is. 255 of them in a row never happen.
fn truncated(seed: Seed, index: u64) -> f64 {
    let mut draws = (0..255).map(|attempt| seed.normal(index + attempt * TRY));
    draws.find(|draw| draw.abs() <= END).unwrap_or(0.0)
}
