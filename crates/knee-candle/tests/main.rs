//! The operations against knee's own kernels, one file per property.

mod activations;
mod gated;
mod in_place;
mod refusals;
mod rows;
mod support;
mod swaps;
mod views;
