//! The functions that draw numbers, seeded and reproducible, and the generator that they draw from.

mod generator;
mod gumbel_softmax;
mod rrelu;

pub use generator::Seed;
pub use gumbel_softmax::GumbelSoftmax;
pub use rrelu::Rrelu;
