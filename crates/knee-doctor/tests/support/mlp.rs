//! Runs a network of dense layers and element-wise functions forward and backward, and trains it.

use std::sync::Arc;

use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Kind, Linear};
use knee_doctor::{Labels, LossKind, Network};

/// Inputs with class labels.
pub(crate) struct Data {
    pub(crate) x: Vec<f32>,
    pub(crate) width: usize,
    pub(crate) classes: Vec<i64>,
}

impl Data {
    /// Number of inputs.
    pub(crate) fn len(&self) -> usize {
        self.classes.len()
    }

    /// Part of the inputs.
    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            x: self.x[range.start * self.width..range.end * self.width].to_vec(),
            width: self.width,
            classes: self.classes[range].to_vec(),
        }
    }
}

/// What a pass computed: the value that each node read, the logits, and the gradient of each
/// node's output.
struct Pass {
    read: Vec<Vec<f32>>,
    logits: Vec<f32>,
    gradients: Vec<Vec<f32>>,
    loss: f64,
}

/// Forward and backward with cross-entropy, summed over inputs.
fn pass(network: &Network, data: &Data) -> Pass {
    let inputs = data.len();
    let mut read = Vec::new();
    let mut value = data.x.clone();
    for node in &network.nodes {
        let next = match &node.kind {
            Kind::Linear(linear) => forward(linear, &value, inputs),
            Kind::Activation(site) => {
                let function = network.sites[*site]
                    .function
                    .element()
                    .expect("element-wise");
                value.iter().map(|&z| function.value(z)).collect()
            }
            other => panic!("{other:?} cannot be run here"),
        };
        read.push(std::mem::replace(&mut value, next));
    }
    let classes = value.len() / inputs;
    let mut loss = 0.0;
    let mut gradient = Vec::with_capacity(value.len());
    for (row, &class) in value.chunks_exact(classes).zip(&data.classes) {
        let greatest = row.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = row.iter().map(|x| (x - greatest).exp()).sum();
        for (k, x) in (0_i64..).zip(row) {
            let p = (x - greatest).exp() / sum;
            gradient.push(p - f32::from(u8::from(k == class)));
        }
        loss += f64::from(sum.ln() + greatest - row[class as usize]);
    }
    let mut gradients = vec![Vec::new(); network.nodes.len()];
    for (index, node) in network.nodes.iter().enumerate().rev() {
        let before = match &node.kind {
            Kind::Linear(linear) => backward(linear, &gradient, inputs),
            Kind::Activation(site) => {
                let function = network.sites[*site]
                    .function
                    .element()
                    .expect("element-wise");
                let z = &read[index];
                gradient
                    .iter()
                    .zip(z)
                    .map(|(dy, &z)| dy * function.derivative(z))
                    .collect()
            }
            other => panic!("{other:?} cannot be run here"),
        };
        gradients[index] = std::mem::replace(&mut gradient, before);
    }
    Pass {
        read,
        logits: value,
        gradients,
        loss,
    }
}

fn forward(linear: &Linear, x: &[f32], inputs: usize) -> Vec<f32> {
    let (units, fan_in) = (linear.units as usize, linear.fan_in as usize);
    let mut y = Vec::with_capacity(inputs * units);
    for row in x.chunks_exact(fan_in) {
        for unit in 0..units {
            let bias = linear.bias.as_ref().map_or(0.0, |bias| bias[unit]);
            let sum: f32 = linear.row(unit).iter().zip(row).map(|(w, x)| w * x).sum();
            y.push(sum + bias);
        }
    }
    y
}

fn backward(linear: &Linear, dy: &[f32], inputs: usize) -> Vec<f32> {
    let (units, fan_in) = (linear.units as usize, linear.fan_in as usize);
    let mut dx = vec![0.0; inputs * fan_in];
    for (dy, dx) in dy.chunks_exact(units).zip(dx.chunks_exact_mut(fan_in)) {
        for (unit, dy) in dy.iter().enumerate() {
            dx.iter_mut()
                .zip(linear.row(unit))
                .for_each(|(dx, w)| *dx += dy * w);
        }
    }
    dx
}

/// Takes evidence in chunks.
pub(crate) fn observe(network: &Network, data: &Data, chunk: usize) -> Evidence {
    let options = RecorderOptions {
        loss: Some(LossKind::CrossEntropy),
    };
    let mut recorder = Recorder::new(network, options);
    let mut start = 0;
    while start < data.len() {
        let end = (start + chunk).min(data.len());
        record(&mut recorder, network, &data.part(start..end));
        start = end;
    }
    recorder.into_evidence()
}

fn record(recorder: &mut Recorder, network: &Network, data: &Data) {
    let inputs = data.len();
    let pass = pass(network, data);
    for value in recorder.watched().to_vec() {
        let reader = network
            .nodes
            .iter()
            .position(|node| node.inputs.contains(&value));
        let values = reader.map_or(&pass.logits, |node| &pass.read[node]);
        let layout = Layout::dense(inputs, values.len() / inputs);
        recorder.signal(value, Values::F32(values), layout);
    }
    for (index, site) in network.sites.iter().enumerate() {
        let z = &pass.read[site.node];
        let layout = Layout::dense(inputs, z.len() / inputs);
        let a = &pass.read[site.node + 1];
        recorder.site(index, Values::F32(z), Values::F32(a), layout);
        recorder.site_gradient(index, Values::F32(&pass.gradients[site.node]), layout);
    }
    let labels = Labels::Classes(data.classes.clone());
    let layout = Layout::dense(inputs, pass.logits.len() / inputs);
    recorder.output(Values::F32(&pass.logits), layout, Some(&labels));
    recorder.loss(pass.loss);
    recorder.finish_chunk(inputs);
}

/// Plain gradient descent over the whole data.
pub(crate) fn train(network: &mut Network, data: &Data, steps: usize, rate: f32) {
    let inputs = data.len() as f32;
    for _ in 0..steps {
        let pass = pass(network, data);
        for (index, node) in network.nodes.iter_mut().enumerate() {
            let Kind::Linear(linear) = &mut node.kind else {
                continue;
            };
            let (units, fan_in) = (linear.units as usize, linear.fan_in as usize);
            let mut weight = linear.weight.to_vec();
            let mut bias = linear
                .bias
                .as_deref()
                .map(<[f32]>::to_vec)
                .unwrap_or_default();
            let rows = pass.gradients[index]
                .chunks_exact(units)
                .zip(pass.read[index].chunks_exact(fan_in));
            for (dy, x) in rows {
                for (unit, dy) in dy.iter().enumerate() {
                    let step = rate * dy / inputs;
                    let row = &mut weight[unit * fan_in..(unit + 1) * fan_in];
                    row.iter_mut().zip(x).for_each(|(w, x)| *w -= step * x);
                    if let Some(bias) = bias.get_mut(unit) {
                        *bias -= step;
                    }
                }
            }
            linear.weight = Arc::from(weight);
            linear.bias = linear.bias.is_some().then(|| Arc::from(bias));
        }
    }
}
