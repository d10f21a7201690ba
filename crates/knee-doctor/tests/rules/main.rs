//! One file per rule: cases that fire, and cases where it must stay silent.

#[path = "../support/mod.rs"]
mod support;

mod dead_by_norm;
mod dead_layer;
mod dead_units;
mod double_sigmoid;
mod double_softmax;
mod entering;
mod exploding_gradient;
mod first_nonfinite;
mod healthy;
mod hidden_squash;
mod init_gain;
mod linear_collapse;
mod meta;
mod missing_log_probability;
mod missing_output_activation;
mod off_centre;
mod output_range;
mod redundant_activation;
mod relu_on_logits;
mod saturated_units;
mod softmax_on_multilabel;
mod softmax_over_one;
mod symmetric_init;
mod vanishing_gradient;
