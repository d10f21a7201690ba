//! Data that is made from a seed, ships with the crate, or is the user's own.
//!
//! Whatever is made is a function of its sizes and of a [`Seed`](knee::random::Seed): the same numbers on every machine, in
//! whatever order they are asked for. [`digits`] ships with the crate, and [`own::read`] reads a user's CSV or `.npz` file.
//!
//! ```
//! use knee::random::Seed;
//! use knee_lab::data;
//!
//! let moons = data::moons(200, 0.1, Seed::new(1));
//! let parts = moons.split(0.25, Seed::new(1)).standardised();
//! assert_eq!((parts.train.samples(), parts.test.samples()), (150, 50));
//! let first: Vec<usize> = data::batches(parts.train.samples(), 32, Seed::new(1), 0).remove(0);
//! assert_eq!(first.len(), 32);
//! ```

mod arithmetic;
mod dataset;
mod digits;
mod error;
mod gaussians;
mod images;
pub mod memory;
mod moons;
mod multilabel;
mod noise;
mod order;
pub mod own;
pub mod regression;
mod rings;
mod spirals;
mod split;
mod standardise;
pub mod text;
mod xor;

pub use dataset::{Dataset, Split, Targets};
pub use digits::digits;
pub use error::Error;
pub use gaussians::{gaussian_mixture, gaussian_ring};
pub use images::images;
pub use moons::moons;
pub use multilabel::multilabel;
pub use noise::noise;
pub use order::{batches, permutation};
pub use rings::rings;
pub use spirals::spirals;
pub use standardise::Standard;
pub use xor::xor;
