//! Networks that are put together at run time, trained by Burn's automatic differentiation with knee's operations, and watched
//! by the doctor in the same step.
//!
//! A value between two pieces is a matrix with one row for each position of each sample: a dense layer has one position, an image
//! one for each pixel, a sequence one for each token. Weights live on the host between steps, where the optimizer changes them.

mod attention;
mod builder;
mod describe;
mod fit;
mod formula;
mod forward;
mod init;
mod loss;
mod lstm;
mod net;
mod norm;
mod optimizer;
mod tensors;
mod watch;
mod window;

pub use builder::Builder;
pub use describe::describe;
pub use fit::{Epoch, Flow, History, Training, Watching, fit};
pub use formula::{Binary, Core, Formula, Unary};
pub use forward::{Gradients, Mode, Tape, backward};
pub use init::{Init, Rule};
pub use loss::{Answers, Loss, wrong};
pub use lstm::Gates;
pub use net::{Activation, Net, Weights};
pub use optimizer::{Optimizer, State};
pub use tensors::{host, matrix};
pub use watch::{Watch, doctor};
