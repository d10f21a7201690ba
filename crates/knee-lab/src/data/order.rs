//! The order in which samples are visited.

use knee::random::Seed;

use super::arithmetic::{below, part};

/// The first of the parts of a seed that orders draw from; made sets draw from smaller ones.
const ORDERS: u64 = 1 << 20;

/// The numbers below `count` in an order that depends on the seed only.
///
/// ```
/// use knee::random::Seed;
/// let mut order = knee_lab::data::permutation(100, Seed::new(3));
/// assert_ne!(order, (0..100).collect::<Vec<_>>());
/// order.sort_unstable();
/// assert_eq!(order, (0..100).collect::<Vec<_>>());
/// ```
pub fn permutation(count: usize, seed: Seed) -> Vec<usize> {
    shuffled(count, part(seed, ORDERS - 1))
}

/// The numbers of the samples in batches, in an order that depends on the seed and the epoch only. Each sample is in one batch;
/// the last one is smaller where `batch` does not divide the samples. A `batch` of 0 counts as 1.
pub fn batches(samples: usize, batch: usize, seed: Seed, epoch: usize) -> Vec<Vec<usize>> {
    shuffled(samples, part(seed, ORDERS + epoch as u64))
        .chunks(batch.max(1))
        .map(<[usize]>::to_vec)
        .collect()
}

/// By Fisher and Yates.
fn shuffled(count: usize, seed: Seed) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, below(seed, last as u64, last + 1));
    }
    order
}
