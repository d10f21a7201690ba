//! Losses with their gradients: stable from logits, fused, rounded once.
//!
//! A loss is a small struct of options; `Default` gives those of `PyTorch`. `loss` writes the loss, `loss_and_gradient` the
//! gradient in the input as well, in the same pass: for logits that is `p - y`, without forming a softmax first.
//!
//! ```
//! use knee::losses::{CrossEntropy, Reduction, Target};
//!
//! // Two rows of three classes; the first label is 0, the second 2.
//! let logits = [0.0_f32, -17.5, -40.0, 1.0, 1.0, 1.0];
//! let (mut loss, mut gradient) = ([0.0; 2], [0.0; 6]);
//! let each = CrossEntropy { reduction: Reduction::None, ..Default::default() };
//! each.loss_and_gradient(&logits, 3, Target::Classes(&[0, 2]), &mut loss, &mut gradient)?;
//! assert_eq!(loss, [2.510999e-8, 1.0986123]);
//! assert_eq!(gradient[..2], [-2.510999e-8, 2.510999e-8]);
//!
//! let mut mean = [0.0];
//! CrossEntropy::default().loss(&logits, 3, Target::Classes(&[0, 2]), &mut mean)?;
//! assert_eq!(mean, [0.54930615]);
//! # Ok::<(), knee::losses::LossError>(())
//! ```
//!
//! # What to expect of a result
//!
//! - A loss is within 1 ulp, for `f32` and the half types nearly always the nearest number; sums and means are formed in the
//!   wider type and rounded once. A gradient `p - y` is within 1 ulp of the larger of `p` and `y`, before and after its scaling.
//! - The mean of nothing is NaN, as in `PyTorch`: an empty batch, or one of which every row is ignored.
//! - NaN in a row of logits makes the row's loss and gradient NaN; so does an infinite logit, `-inf` aside, which is a class
//!   that is excluded. What is not a probability or a weight is an error.

mod bce;
mod bce_with_logits;
mod cross_entropy;
mod entropy;
mod error;
mod huber;
mod mae;
mod mse;
mod nll;
mod reduction;

pub(crate) use bce_with_logits::Plain;
pub(crate) use entropy::Entropy;
pub(crate) use reduction::Blocks;

pub use bce::Bce;
pub use bce_with_logits::BceWithLogits;
pub use cross_entropy::{CrossEntropy, Target};
pub use error::LossError;
pub use huber::Huber;
pub use mae::Mae;
pub use mse::Mse;
pub use nll::Nll;
pub use reduction::Reduction;

/// The name of every loss.
pub const NAMES: [&str; 7] = [
    CrossEntropy::<f32>::NAME,
    Nll::<f32>::NAME,
    BceWithLogits::<f32>::NAME,
    Bce::NAME,
    Mse::NAME,
    Mae::NAME,
    Huber::NAME,
];
