//! knee in Burn and in candle beside the frameworks' own functions: single operations, and training steps in Burn.
//!
//! The program of this package times operations, and training steps where Python is not asked; a Python program loads the library
//! and times the same steps beside PyTorch's.

pub mod boundary;
pub mod operations;
pub mod training;
mod values;
