//! The functions that draw numbers, seeded and reproducible, and the generator that they draw from.

mod generator;

pub use generator::Seed;
