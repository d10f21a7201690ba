//! Numbers to compute with.

use knee::random::Seed;

/// As many normally distributed numbers.
pub(crate) fn normal(count: usize, scale: f64, seed: u64) -> Vec<f32> {
    let seed = Seed::new(seed);
    (0..count as u64)
        .map(|index| (scale * seed.normal(index)) as f32)
        .collect()
}
