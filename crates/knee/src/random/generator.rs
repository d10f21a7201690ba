//! Random numbers by index: Philox, a generator without state.

use crate::elementary;
use crate::init::inverse_square_root;

/// Numbers that look random, each a function of the seed, the stream and its index only.
///
/// The generator is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011: ten
/// rounds of multiplication mix a counter (index and stream) with a key (the seed). It has no state, so a draw does not depend
/// on the order in which elements are visited, on how a slice was split, or on the number of threads; and the numbers derived
/// from it here use no library, so they have the same bits on every machine.
///
/// ```
/// use knee::random::Seed;
/// let seed = Seed::new(7);
/// let all: Vec<f64> = (0..4).map(|index| seed.uniform(index)).collect();
/// assert_eq!(all[2], Seed::new(7).uniform(2));
/// assert_ne!(all[2], seed.stream(1).uniform(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed {
    key: u64,
    stream: u64,
    first: u64,
}

/// The multipliers of the two halves, and what is added to the two halves of the key after each round.
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
const STEPS: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
const ROUNDS: usize = 10;

impl Seed {
    /// The numbers of that seed, in its stream 0.
    pub const fn new(seed: u64) -> Self {
        Self {
            key: seed,
            stream: 0,
            first: 0,
        }
    }

    /// Other numbers of the same seed, independent of those of every other stream: one for each tensor or step.
    #[must_use]
    pub const fn stream(self, stream: u64) -> Self {
        Self { stream, ..self }
    }

    /// The same numbers from that index on, which has index 0 then: for the part of a slice that begins there.
    #[must_use]
    pub const fn after(self, index: u64) -> Self {
        Self {
            first: self.first.wrapping_add(index),
            ..self
        }
    }

    /// The 128 random bits at an index.
    pub const fn bits(self, index: u64) -> [u64; 2] {
        let index = self.first.wrapping_add(index);
        let mut counter = [
            index as u32,
            (index >> 32) as u32,
            self.stream as u32,
            (self.stream >> 32) as u32,
        ];
        let mut key = [self.key as u32, (self.key >> 32) as u32];
        let mut round = 0;
        while round < ROUNDS {
            let a = MULTIPLIERS[0] as u64 * counter[0] as u64;
            let b = MULTIPLIERS[1] as u64 * counter[2] as u64;
            counter = [
                (b >> 32) as u32 ^ counter[1] ^ key[0],
                b as u32,
                (a >> 32) as u32 ^ counter[3] ^ key[1],
                a as u32,
            ];
            key = [key[0].wrapping_add(STEPS[0]), key[1].wrapping_add(STEPS[1])];
            round += 1;
        }
        [
            counter[0] as u64 | (counter[1] as u64) << 32,
            counter[2] as u64 | (counter[3] as u64) << 32,
        ]
    }

    /// A number between 0 and 1 at an index, uniform, never 0 and never 1: an odd multiple of `2^-53`.
    pub fn uniform(self, index: u64) -> f64 {
        between_0_and_1(self.bits(index)[0])
    }

    /// A number of the exponential distribution with mean 1 at an index: `-log` of [`Seed::uniform`], between `1.1e-16` and 36.8.
    pub fn exponential(self, index: u64) -> f64 {
        negative_logarithm(self.uniform(index))
    }

    /// A number of the standard Gumbel distribution at an index, `-log` of [`Seed::exponential`]: finite, between -3.7 and 36.8.
    pub fn gumbel(self, index: u64) -> f64 {
        let e = self.exponential(index);
        if e < 1.0 {
            negative_logarithm(e)
        } else {
            -elementary::ln_1p(e - 1.0)
        }
    }

    /// A number of the standard normal distribution at an index, by Box and Muller: at most 8.6 in absolute value.
    pub fn normal(self, index: u64) -> f64 {
        const TURN: f64 = core::f64::consts::TAU;
        let [radius, angle] = self.bits(index).map(between_0_and_1);
        let square = 2.0 * negative_logarithm(radius);
        let turn = elementary::reduce(angle, 0.0, TURN);
        let (_, cosine) = elementary::sin_cos(turn.rest.head(), turn.odd, turn.half);
        square * inverse_square_root(square) * cosine
    }
}

/// The middle of one of `2^52` equal parts: the 53 bits of `k + 1/2` are exact, so that neither end is ever reached.
fn between_0_and_1(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

/// `-log(u)` for `0 < u < 1`. As `log(1 + (1 - u)/u)` it keeps its digits near 1, where `1 - u` is exact.
fn negative_logarithm(u: f64) -> f64 {
    elementary::ln_1p((1.0 - u) / u)
}
