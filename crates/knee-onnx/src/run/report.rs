//! What a run tells its observer, and how it gets there.
//!
//! The network runs on a thread of its own and hands shared buffers over a short queue; the
//! observer works on the caller's thread, so counting overlaps with computing and the observer
//! needs no locks.

use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use knee_burn::{GradientSink, HostTensor, HostValues, Sink};
use knee_doctor::evidence::{Layout, NonFinite, Values};
use knee_doctor::network::ValueId;

use super::steps::{Moment, Steps};

/// Watches a run. Every method has a default that does nothing.
///
/// A recurrent node has one part per gate and direction, see [`parts`](super::parts); every other
/// site has part 0.
pub trait Observer {
    /// Whether activation sites are reported. A run that nobody watches is not slowed down.
    fn watches_sites(&self) -> bool {
        true
    }

    /// The values to be reported to [`Observer::value`].
    fn watched(&self) -> Vec<ValueId> {
        Vec::new()
    }

    /// An activation ran: its input z and its output a, in the same layout.
    fn site(&mut self, node: usize, part: usize, z: Values<'_>, a: Values<'_>, layout: Layout) {
        let _ = (node, part, z, a, layout);
    }

    /// The gradient of the loss, summed over inputs, with respect to an activation's output.
    fn site_gradient(&mut self, node: usize, part: usize, da: Values<'_>, layout: Layout) {
        let _ = (node, part, da, layout);
    }

    /// A watched value.
    fn value(&mut self, value: ValueId, x: Values<'_>, layout: Layout) {
        let _ = (value, x, layout);
    }

    /// A node made NaN or infinity of finite operands.
    fn nonfinite(&mut self, node: usize, seen: &NonFinite) {
        let _ = (node, seen);
    }

    /// What enters the loss. The layout's units run over the class axis.
    fn output(&mut self, logits: Values<'_>, layout: Layout) {
        let _ = (logits, layout);
    }
}

/// Watches nothing.
impl Observer for () {
    fn watches_sites(&self) -> bool {
        false
    }
}

/// Values on their way to the observer.
pub(super) enum Payload {
    Shared(HostTensor),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Payload {
    fn values(&self) -> Values<'_> {
        match self {
            Self::Shared(host) => match host.values() {
                HostValues::F32(v) => Values::F32(v),
                HostValues::F64(v) => Values::F64(v),
            },
            Self::F32(v) => Values::F32(v),
            Self::F64(v) => Values::F64(v),
        }
    }
}

/// One message to the observer.
pub(super) enum Event {
    Site {
        node: usize,
        part: usize,
        z: Payload,
        a: Payload,
        layout: Layout,
    },
    Gradient {
        node: usize,
        part: usize,
        da: Payload,
        layout: Layout,
    },
    Value {
        value: ValueId,
        x: Payload,
        layout: Layout,
    },
    NonFinite {
        node: usize,
        seen: NonFinite,
    },
    Output {
        logits: Payload,
        layout: Layout,
    },
    End,
}

impl Event {
    /// Tells the observer; `None` at the end of the run.
    pub(super) fn tell(&self, observer: &mut dyn Observer) -> Option<()> {
        match self {
            Self::End => return None,
            Self::Site {
                node,
                part,
                z,
                a,
                layout,
            } => {
                observer.site(*node, *part, z.values(), a.values(), *layout);
            }
            Self::Gradient {
                node,
                part,
                da,
                layout,
            } => {
                observer.site_gradient(*node, *part, da.values(), *layout);
            }
            Self::Value { value, x, layout } => observer.value(*value, x.values(), *layout),
            Self::NonFinite { node, seen } => observer.nonfinite(*node, seen),
            Self::Output { logits, layout } => observer.output(logits.values(), *layout),
        }
        Some(())
    }
}

/// Gates by node and part, each with the number of independent inputs.
type Pending = BTreeMap<(usize, usize), (usize, Steps)>;

/// The sending end of the queue.
#[derive(Clone)]
pub(super) struct Reporter {
    queue: SyncSender<Event>,
    /// Gradients of recurrent gates, which arrive step by step.
    steps: Arc<Mutex<Pending>>,
    pub(super) sites: bool,
}

impl Reporter {
    pub(super) fn new(queue: SyncSender<Event>, sites: bool) -> Self {
        Self {
            queue,
            steps: Arc::default(),
            sites,
        }
    }

    /// The receiving end outlives the run; when it is gone nobody listens.
    pub(super) fn send(&self, event: Event) {
        let _ = self.queue.send(event);
    }

    /// Something that ends the run for the observer when it is dropped, however the run ends.
    pub(super) fn end(&self) -> End {
        End(self.queue.clone())
    }

    /// Where the gradient of a site goes.
    pub(super) fn sink(&self, node: usize, part: usize, layout: Layout) -> Sink {
        Sink::new(SiteSink {
            reporter: self.clone(),
            node,
            part,
            layout,
        })
    }

    /// Where the gradient of one step of a gate goes. All steps together are one message.
    pub(super) fn step_sink(&self, gate: (usize, usize), at: Moment, inputs: usize) -> Sink {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps
            .entry(gate)
            .or_insert_with(|| (inputs, Steps::new(at.directions, at.steps)));
        Sink::new(StepSink {
            steps: self.steps.clone(),
            gate,
            at,
        })
    }

    /// Sends the gradients of gates, after the backward pass.
    pub(super) fn flush(&self) {
        let steps = std::mem::take(&mut *self.steps.lock().unwrap_or_else(PoisonError::into_inner));
        for ((node, part), (inputs, steps)) in steps {
            if let Some((da, layout)) = steps.stacked(inputs) {
                self.send(Event::Gradient {
                    node,
                    part,
                    da,
                    layout,
                });
            }
        }
    }
}

/// Sends the last event.
pub(super) struct End(SyncSender<Event>);

impl Drop for End {
    fn drop(&mut self) {
        let _ = self.0.send(Event::End);
    }
}

struct SiteSink {
    reporter: Reporter,
    node: usize,
    part: usize,
    layout: Layout,
}

impl GradientSink for SiteSink {
    fn gradient(&self, gradient: HostTensor) {
        self.reporter.send(Event::Gradient {
            node: self.node,
            part: self.part,
            da: Payload::Shared(gradient),
            layout: self.layout,
        });
    }
}

struct StepSink {
    steps: Arc<Mutex<Pending>>,
    gate: (usize, usize),
    at: Moment,
}

impl GradientSink for StepSink {
    fn gradient(&self, gradient: HostTensor) {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, steps)) = steps.get_mut(&self.gate) {
            steps.put(self.at.direction, self.at.step, gradient);
        }
    }
}
