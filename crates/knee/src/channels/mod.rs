//! The functions that change the number of channels: one doubles it, the other divides it.
//!
//! An [`Axis`](crate::Axis) says which elements are the channels of one place: `Axis::of(&[n, c, h, w], 1)` of images, a plain
//! number where the channels lie side by side.

mod crelu;
mod maxout;

pub use crelu::Crelu;
pub use maxout::Maxout;
