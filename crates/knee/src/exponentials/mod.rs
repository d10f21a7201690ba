//! Rows of exponentials in proportion to the largest of them: what every kind of softmax is made of.
//!
//! A row is gone through in chunks that stay in the first cache. Each chunk has its own largest element, from which its exponents are
//! counted; what the chunks are to each other is decided at the end. So a row is read once, and what its exponentials are
//! waits in a [`Room`](crate::simd::Room) for its share.

mod chunk;
mod gradients;
mod logarithms;
mod one_by_one;
mod origin;
mod places;
mod shares;

pub(crate) use chunk::{Chunk, Chunks, parts};
pub(crate) use gradients::{LogSoftmaxGradient, SharesGradient};
pub(crate) use logarithms::{LogShares, LogSum};
pub(crate) use one_by_one::{Exponentials, less};
pub(crate) use origin::{Exponents, Origin};
pub(crate) use places::{first_largest, place_of, top, total};
pub(crate) use shares::Shares;

/// Elements of a chunk: with their exponentials they fit into the first cache.
pub(crate) const CHUNK: usize = 2048;
