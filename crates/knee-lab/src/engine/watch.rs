//! What the doctor sees of a training step: pre-activations, outputs and gradients, from the step itself.

use std::sync::{Arc, Mutex, PoisonError};

use burn::tensor::Tensor;
use knee_burn::{GradientSink, HostTensor, HostValues, Sink};
use knee_doctor::evidence::{
    Cause, Evidence, Layout, NonFinite, Recorder, RecorderOptions, Values,
};
use knee_doctor::network::{Kind, Network, ValueId};
use knee_doctor::{Diagnosis, Labels, Options, diagnose};

use super::describe::describe;
use super::loss::{Answers, Loss};
use super::net::Net;
use super::tensors::host;

/// Watches the steps of a network, and takes evidence of them.
pub struct Watch {
    network: Network,
    recorder: Recorder,
    wanted: Vec<ValueId>,
    sites: Vec<Seen>,
    values: Vec<(ValueId, usize, Tensor<2>)>,
    gradients: Arc<Mutex<Vec<(usize, HostTensor)>>>,
    next: usize,
}

/// What a pass left at a site.
struct Seen {
    site: usize,
    positions: usize,
    z: Tensor<2>,
    a: Tensor<2>,
}

/// Keeps the gradient of a site until the step is over.
struct Keep {
    site: usize,
    into: Arc<Mutex<Vec<(usize, HostTensor)>>>,
}

impl GradientSink for Keep {
    fn gradient(&self, gradient: HostTensor) {
        let mut into = self.into.lock().unwrap_or_else(PoisonError::into_inner);
        into.push((self.site, gradient));
    }
}

impl Watch {
    /// A watch over a network as it is now.
    pub fn new(net: &Net, loss: Option<Loss>) -> Self {
        let network = describe(net);
        let options = RecorderOptions {
            loss: loss.map(Loss::kind),
        };
        let recorder = Recorder::new(&network, options);
        Self {
            wanted: recorder.watched().to_vec(),
            recorder,
            network,
            sites: Vec::new(),
            values: Vec::new(),
            gradients: Arc::default(),
            next: 0,
        }
    }

    /// Notes a site, and returns its output with an ear for the gradient.
    pub(super) fn site(
        &mut self,
        site: usize,
        positions: usize,
        z: Tensor<2>,
        a: Tensor<2>,
    ) -> Tensor<2> {
        self.sites.push(Seen {
            site,
            positions,
            z,
            a: a.clone(),
        });
        if !a.is_autodiff() {
            return a;
        }
        knee_burn::observe(
            a,
            Sink::new(Keep {
                site,
                into: Arc::clone(&self.gradients),
            }),
        )
    }

    /// Notes a value, counted in the order in which they are made; the first is the input.
    pub(super) fn value(&mut self, positions: usize, x: &Tensor<2>) {
        let value = ValueId(self.next);
        self.next += 1;
        if self.wanted.contains(&value) {
            self.values.push((value, positions, x.clone()));
        }
    }

    /// Takes in a step of so many samples: its outputs, the answers, and its mean loss. Gradients of the mean become those of each
    /// sample.
    pub fn finish(&mut self, samples: usize, outputs: &[f32], answers: Option<(&Answers, f32)>) {
        let mut broken = None;
        for seen in self.sites.drain(..) {
            let [_, units] = seen.z.dims();
            let layout = Layout::tokens(samples, seen.positions, units);
            let (z, a) = (host(seen.z), host(seen.a));
            self.recorder
                .site(seen.site, Values::F32(&z), Values::F32(&a), layout);
            // The input is value 0, and each node makes the value after its own number.
            let node = self.network.sites[seen.site].node;
            let before = self.network.nodes[node].inputs[0].0.saturating_sub(1);
            broken = broken
                .or_else(|| Some((before, not_finite(&z, samples)?)))
                .or_else(|| Some((node, not_finite(&a, samples)?)));
        }
        let last = self.network.nodes.len().saturating_sub(1);
        let broken = broken.or_else(|| Some((last, not_finite(outputs, samples)?)));
        if let Some((node, mut seen)) = broken.filter(|(node, _)| *node <= last) {
            let linear = matches!(self.network.nodes[node].kind, Kind::Linear(_));
            if linear && seen.positive + seen.negative > 0 {
                seen.cause = Cause::Overflow;
            }
            self.recorder.nonfinite(node, &seen);
        }
        for (value, positions, x) in self.values.drain(..) {
            let [_, units] = x.dims();
            let layout = Layout::tokens(samples, positions, units);
            self.recorder.signal(value, Values::F32(&host(x)), layout);
        }
        let mut gradients = self
            .gradients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (site, gradient) in gradients.drain(..) {
            let HostValues::F32(values) = gradient.values() else {
                continue;
            };
            let each: Vec<f32> = values.iter().map(|g| g * samples as f32).collect();
            let units = gradient.shape()[1];
            let positions = each.len() / (units * samples).max(1);
            let layout = Layout::tokens(samples, positions, units);
            self.recorder
                .site_gradient(site, Values::F32(&each), layout);
        }
        drop(gradients);
        let rows = samples.max(1);
        let width = outputs.len() / rows;
        let labels = answers.map(|(answers, _)| labels(answers, rows));
        let outputs_of = self.outputs(width);
        let layout = Layout::tokens(samples, width / outputs_of.max(1), outputs_of);
        self.recorder
            .output(Values::F32(outputs), layout, labels.as_ref());
        if let Some((_, mean)) = answers {
            self.recorder.loss(f64::from(mean) * samples as f64);
        }
        self.recorder.finish_chunk(samples);
        self.next = 0;
    }

    fn outputs(&self, width: usize) -> usize {
        let shape = self.network.outputs.first().map(|port| &port.shape);
        let last = shape.and_then(|shape| shape.last().copied().flatten());
        last.map_or(width, |last| last as usize)
    }

    /// The network as the rules see it.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What was seen so far.
    pub fn evidence(&self) -> &Evidence {
        self.recorder.evidence()
    }

    /// What the doctor says of it.
    pub fn diagnosis(&self, at_init: bool) -> Diagnosis {
        let options = Options {
            at_init,
            ..Options::default()
        };
        diagnose(
            &self.network,
            Some(self.recorder.evidence()),
            &options,
            None,
        )
    }
}

/// What is not finite among values that are rows of samples; nothing where all are finite.
fn not_finite(values: &[f32], samples: usize) -> Option<NonFinite> {
    let count = |is: fn(&f32) -> bool| values.iter().filter(|x| is(x)).count() as u64;
    let each = (values.len() / samples.max(1)).max(1);
    let inputs = values
        .chunks(each)
        .filter(|row| row.iter().any(|x| !x.is_finite()));
    let inputs = inputs.count() as u64;
    (inputs > 0).then(|| NonFinite {
        cause: Cause::Unknown,
        nan: count(|x| x.is_nan()),
        positive: count(|x| *x == f32::INFINITY),
        negative: count(|x| *x == f32::NEG_INFINITY),
        inputs,
    })
}

fn labels(answers: &Answers, samples: usize) -> Labels {
    match answers {
        Answers::Classes(classes) => {
            let label = |class: &usize| i64::try_from(*class).unwrap_or(i64::MAX);
            Labels::Classes(classes.iter().map(label).collect())
        }
        Answers::Values(values) => Labels::Rows {
            values: values.clone(),
            width: values.len() / samples,
        },
    }
}

/// What the doctor says of a network on some samples, forward and backward, with the weights as they are.
pub fn doctor(
    net: &Net,
    inputs: &[f32],
    answers: &Answers,
    loss: Loss,
    at_init: bool,
) -> Result<Diagnosis, crate::Stop> {
    let mut watch = Watch::new(net, Some(loss));
    let mut net = net.clone();
    net.gradients(inputs, answers, loss, Some(&mut watch))?;
    Ok(watch.diagnosis(at_init))
}
