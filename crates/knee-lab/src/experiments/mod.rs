//! The experiments: one file each, one list, one loop.

use crate::error::{Error, nearest};
use crate::experiment::Experiment;

/// Declares the modules of the experiments and the one list of them.
macro_rules! experiments {
    ($($module:ident::$name:ident,)+) => {
        $(mod $module; pub use $module::$name;)+

        /// Every experiment, in the order of the report.
        pub fn all() -> &'static [&'static dyn Experiment] {
            &[$(&$name),+]
        }
    };
}

mod shared;

experiments! {
    compare::Compare,
    collapse::Collapse,
    depth::Depth,
    saturation::Saturation,
    initialisation::Initialisation,
    zero_centred::ZeroCentred,
    sparsity::Sparsity,
    bias_minus_five::BiasMinusFive,
    dead_units::DeadUnits,
    prelu_learns::PreluLearns,
    batch_norm::BatchNorm,
    universal::Universal,
    double_softmax::DoubleSoftmax,
    double_sigmoid::DoubleSigmoid,
    loss_pairing::LossPairing,
    swap_without_retuning::SwapWithoutRetuning,
    six_times::SixTimes,
    gelu_vs_relu::GeluVsRelu,
    residual_50::Residual50,
    gates::MemoryGates,
    gan_leaky::GanLeaky,
    cost::Cost,
    swish_search::SwishSearch,
    sentences::Sentences,
}

pub use sentences::Sentence;

/// The experiment of this name.
pub fn named(name: &str) -> Result<&'static dyn Experiment, Error> {
    let found = all().iter().copied().find(|one| one.meta().name == name);
    found.ok_or_else(|| Error::UnknownExperiment {
        given: name.to_owned(),
        nearest: nearest(name, all().iter().map(|one| one.meta().name)),
    })
}
