//! The evidence of a model on a batch, taken chunk by chunk.

use std::collections::BTreeMap;

use knee_doctor::evidence::{Evidence, Layout, NonFinite, Recorder, RecorderOptions, Values};
use knee_doctor::network::ValueId;
use knee_doctor::{Labels, LossKind, Network};

use crate::error::Result;
use crate::input::Batch;
use crate::model::Model;
use crate::need;
use crate::run::{Limits, Objective, Observer, Session, check_labels};

/// How a model is run to take evidence.
#[derive(Clone, Copy, Debug)]
pub struct Examination {
    /// The loss; with labels in the batch it is differentiated.
    pub loss: Option<LossKind>,
    /// Samples that run at once. The evidence does not depend on it.
    pub batch_size: usize,
    /// Bytes of tensors that a run may hold. Chunks are made smaller to stay below it.
    pub max_memory: u64,
    /// Whether the weights are the initial ones: then the variation of signals from layer to
    /// layer is taken too.
    pub at_init: bool,
}

impl Examination {
    /// Runs the model on the whole batch; `progress` is told how many samples are done.
    ///
    /// The first chunk is a single sample (or as many as the graph takes at a time). What it
    /// needs tells how many samples fit into the memory allowed, before more of them run.
    pub fn run(
        &self,
        model: &Model,
        batch: &Batch,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evidence> {
        let network = model.network();
        let objective = self.objective(network, batch);
        need::check(model.graph(), self.max_memory)?;
        let session = Session::new(model.graph())?.with_output(network.loss_output);
        let limits = Limits {
            max_memory: Some(self.max_memory),
            ..Limits::default()
        };
        let options = RecorderOptions {
            loss: objective.map(|objective| objective.loss),
        };
        let recorder = Recorder::new(network, options);
        let mut watch = Watch {
            watched: recorder.watched().to_vec(),
            recorder,
            sites: sites(network),
            labels: None,
        };
        if !self.at_init {
            let inputs = |value: &ValueId| network.inputs.iter().any(|port| port.value == *value);
            watch.watched.retain(inputs);
        }
        let step = batch.fixed_step().unwrap_or(1);
        let (mut done, mut size) = (0, step);
        while done < batch.samples {
            let end = (done + size).min(batch.samples);
            let chunk = batch.chunk(done..end);
            watch.labels = objective.and(chunk.labels.clone());
            let outcome = session.run(&chunk, objective, &mut watch, &limits)?;
            if let Some(loss) = outcome.loss {
                watch.recorder.loss(loss);
            }
            watch.recorder.finish_chunk(end - done);
            if done == 0 {
                if let (Some(objective), Some(labels)) = (objective, &batch.labels) {
                    // A label that does not fit is told at once, not when its chunk runs.
                    let mut shape = outcome.outputs[objective.output].shape.clone();
                    shape[0] = shape[0] / end * batch.samples;
                    check_labels(objective.loss, labels, batch.samples, &shape)?;
                }
                size = self.chunk_size(step, outcome.peak_memory);
            }
            done = end;
            progress(done);
        }
        Ok(watch.recorder.into_evidence())
    }

    /// The loss is differentiated where there is one and the batch has labels for it.
    fn objective(&self, network: &Network, batch: &Batch) -> Option<Objective> {
        batch.labels.as_ref()?;
        Some(Objective {
            loss: self.loss?,
            output: network.loss_output,
        })
    }

    /// Samples per chunk: as asked, but no more than fit when one step needs `peak` bytes.
    fn chunk_size(&self, step: usize, peak: u64) -> usize {
        let fitting = self.max_memory / peak.max(1);
        let steps = (self.batch_size / step).min(usize::try_from(fitting).unwrap_or(usize::MAX));
        steps.max(1) * step
    }
}

/// The site of each part of each node.
fn sites(network: &Network) -> BTreeMap<(usize, usize), usize> {
    network
        .sites
        .iter()
        .enumerate()
        .map(|(index, site)| ((site.node, site.part), index))
        .collect()
}

/// Hands what a run shows to the recorder.
struct Watch {
    recorder: Recorder,
    sites: BTreeMap<(usize, usize), usize>,
    labels: Option<Labels>,
    /// The network's inputs, and at initialisation what shows how signals change with depth.
    watched: Vec<ValueId>,
}

impl Observer for Watch {
    fn watched(&self) -> Vec<ValueId> {
        self.watched.clone()
    }

    fn site(&mut self, node: usize, part: usize, z: Values<'_>, a: Values<'_>, layout: Layout) {
        if let Some(&site) = self.sites.get(&(node, part)) {
            self.recorder.site(site, z, a, layout);
        }
    }

    fn site_gradient(&mut self, node: usize, part: usize, da: Values<'_>, layout: Layout) {
        if let Some(&site) = self.sites.get(&(node, part)) {
            self.recorder.site_gradient(site, da, layout);
        }
    }

    fn value(&mut self, value: ValueId, x: Values<'_>, layout: Layout) {
        self.recorder.signal(value, x, layout);
    }

    fn nonfinite(&mut self, node: usize, seen: &NonFinite) {
        self.recorder.nonfinite(node, seen);
    }

    fn output(&mut self, logits: Values<'_>, layout: Layout) {
        self.recorder.output(logits, layout, self.labels.as_ref());
    }
}
