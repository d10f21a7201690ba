//! knee in Burn and in candle beside the frameworks' own functions: single operations, and training steps in Burn.
//!
//! The program of this package times operations, and training steps where Python is not asked; a Python program loads the library
//! and times the same steps beside PyTorch's.

pub mod boundary;
pub mod operations;
pub mod training;
mod values;

use std::hint::black_box;

/// Lets the memory of tensors stay with the program, as it does in one that has dropped a large tensor: glibc gives back to the system, and has
/// page by page made anew, what is larger than all that was ever freed, up to 32 MiB.
pub fn keep_memory() {
    const LARGEST: usize = (32 << 20) - (64 << 10);
    drop(black_box(vec![0_u8; LARGEST]));
}
