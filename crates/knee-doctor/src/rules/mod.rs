//! The rules: one file each, one list, one loop.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every rule's check has one signature, also where nothing can be missing"
)]

use crate::rule::Rule;

/// Declares the modules of the rules and the one list of them.
macro_rules! rules {
    ($($module:ident::$name:ident,)+) => {
        $(mod $module; pub use $module::$name;)+

        /// Every rule, in the order in which they are asked.
        pub fn all() -> &'static [&'static dyn Rule] {
            &[$(&$name),+]
        }
    };
}

mod gradient_profile;
pub(crate) mod shape;

rules! {
    first_nonfinite::FirstNonfinite,
    dead_layer::DeadLayer,
    dead_units::DeadUnits,
    dead_by_norm::DeadByNorm,
    off_centre::OffCentre,
    saturated_units::SaturatedUnits,
    vanishing_gradient::VanishingGradient,
    exploding_gradient::ExplodingGradient,
    init_gain::InitGain,
    symmetric_init::SymmetricInit,
    double_softmax::DoubleSoftmax,
    double_sigmoid::DoubleSigmoid,
    missing_log_probability::MissingLogProbability,
    missing_output_activation::MissingOutputActivation,
    softmax_on_multilabel::SoftmaxOnMultilabel,
    softmax_over_one::SoftmaxOverOne,
    output_range::OutputRange,
    relu_on_logits::ReluOnLogits,
    linear_collapse::LinearCollapse,
    redundant_activation::RedundantActivation,
    hidden_squash::HiddenSquash,
}
