//! What several experiments build, train and measure in the same way.

pub(super) mod adversaries;
pub(super) mod blocks;
pub(super) mod broken_line;
pub(super) mod doubled;
pub(super) mod learning_curve;
pub(super) mod looking;
pub(super) mod plain;
pub(super) mod rates;
pub(super) mod scoring;
pub(super) mod task;
pub(super) mod together;
pub(super) mod worst;
