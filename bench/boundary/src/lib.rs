//! knee's kernels behind a C boundary, beside what they are compared with: loops that only copy, other vector libraries called
//! by pointer, and the ruler. A program in any language times them in one process with kernels of its own.
//!
//! Every function takes numbers and pointers. A dtype is 0 for f32, 1 for f64, 2 for f16, 3 for bf16.

pub mod buffer;
pub mod copies;
mod dtype;
pub mod job;
pub mod judge;
pub mod processor;
pub mod sample;
pub mod timer;
pub mod vml;
