use std::fmt;
use std::sync::Arc;

use crate::HostTensor;

/// Receives the gradient of the loss with respect to an observed value, during the backward pass.
pub trait GradientSink: Send + Sync {
    /// Called once per backward pass that reaches the value, with the complete gradient.
    fn gradient(&self, gradient: HostTensor);
}

/// A shared [`GradientSink`].
#[derive(Clone)]
pub struct Sink(Arc<dyn GradientSink>);

impl Sink {
    /// A sink that any number of observed values may share.
    pub fn new(sink: impl GradientSink + 'static) -> Self {
        Self(Arc::new(sink))
    }

    pub(crate) fn hand_over(&self, gradient: HostTensor) {
        self.0.gradient(gradient);
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}
