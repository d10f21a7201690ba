//! The suites of other projects, and the cases that they lack. docs/conformance.md says what is run and how it
//! is judged.
//!
//! `cargo xtask vectors` records what lies beside these files.

mod cases;
mod judge;
mod losses;
mod mutants;
mod onnx;
mod opinfo;
mod own;
mod page;
mod published;
mod rows;
mod shaped;
