//! Runs a graph on a batch, forward and backward, under observation.
//!
//! Floats are computed on Burn: on Flex alone when only outputs are wanted, on Flex under a tape
//! when there is a loss. Activation functions are knee's own kernels in both directions.
//! Integers and booleans stay on the host.
//!
//! An operator is one function over a `Call`, named in the one list of `operators.rs`. It reads
//! the node's attributes as the file states them, at the node's own operator-set version: what
//! differs between versions is mostly an attribute that became an input.

#![expect(
    clippy::cast_possible_wrap,
    reason = "lengths of axes: a tensor too large for memory is refused before it is made"
)]

mod activation;
mod attention;
mod budget;
mod call;
mod cells;
mod compute;
mod control;
mod conv;
mod elementwise;
mod gates;
mod generate;
mod host;
mod index;
mod interpret;
mod labels;
mod logic;
mod loss;
mod matmul;
mod nonfinite;
mod norm;
mod operators;
mod order;
mod pieces;
mod pool;
mod recurrent;
mod reduce;
mod report;
mod resize;
mod session;
mod shape;
mod steps;
mod value;
mod view;
mod window;

pub(crate) use budget::size;
pub use gates::parts;
pub(crate) use labels::check as check_labels;
pub use operators::{OPERATORS, supported};
pub use report::Observer;
pub use session::{Limits, Objective, Outcome, Session};
