//! Functions with parameters that are learned, with the gradient of those parameters.

mod prelu;

pub use prelu::{Channels, Prelu};
