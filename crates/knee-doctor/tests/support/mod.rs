//! Small networks, and the evidence of values that a test makes up.

pub(crate) mod mlp;
pub(crate) mod random;

use std::sync::Arc;

use knee::Function;
use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{
    Form, Kind, Linear, Node, Norm, NormForm, Port, Role, Site, SiteFunction, ValueId,
};
use knee_doctor::{Diagnosis, Finding, Network, Options, Selection, diagnose};

use self::random::Random;

/// Builds a network node by node; each reads what the one before it wrote.
pub(crate) struct Builder {
    network: Network,
    values: usize,
    depth: u32,
    random: Random,
    /// What the next node reads.
    pub(crate) current: ValueId,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A network with one input.
    pub(crate) fn new() -> Self {
        let port = Port {
            name: "x".to_owned(),
            shape: vec![None],
            dtype: "float32".to_owned(),
            value: ValueId(0),
        };
        let network = Network {
            name: "test".to_owned(),
            inputs: vec![port],
            ..Network::default()
        };
        Self {
            network,
            values: 1,
            depth: 0,
            random: Random::new(1),
            current: ValueId(0),
        }
    }

    /// Any node that reads the current value.
    pub(crate) fn node(self, op: &str, kind: Kind) -> Self {
        let inputs = vec![self.current];
        self.node_of(op, kind, inputs)
    }

    /// A node that reads the current value and another one.
    pub(crate) fn join(self, op: &str, kind: Kind, other: ValueId) -> Self {
        let inputs = vec![self.current, other];
        self.node_of(op, kind, inputs)
    }

    /// A node that reads some values.
    pub(crate) fn node_of(mut self, op: &str, kind: Kind, inputs: Vec<ValueId>) -> Self {
        self.current = ValueId(self.values);
        self.values += 1;
        self.network.nodes.push(Node {
            name: format!("{op}_{}", self.network.nodes.len()),
            op: op.to_owned(),
            layer: format!("layer{}", self.network.nodes.len()),
            kind,
            inputs,
            outputs: vec![self.current],
        });
        self
    }

    /// Goes on from another value.
    pub(crate) fn from(mut self, value: ValueId) -> Self {
        self.current = value;
        self
    }

    /// A layer with these weights.
    pub(crate) fn linear(self, linear: Linear) -> Self {
        self.node("Gemm", Kind::Linear(linear))
    }

    /// A dense layer with random weights of the given standard deviation times `1 / sqrt(fan_in)`.
    pub(crate) fn dense(mut self, units: u64, fan_in: u64, gain: f64) -> Self {
        let sd = gain / (fan_in as f64).sqrt();
        let weight = (0..units * fan_in)
            .map(|_| (sd * self.random.normal()) as f32)
            .collect();
        let bias = vec![0.0; units as usize];
        self.linear(dense(units, fan_in, weight, Some(bias)))
    }

    /// A batch normalisation.
    pub(crate) fn batch_norm(self, gamma: Vec<f32>, beta: Vec<f32>) -> Self {
        let norm = Norm {
            form: NormForm::Batch,
            gamma,
            beta,
        };
        self.node("BatchNormalization", Kind::Norm(norm))
    }

    /// A hidden site of an element-wise function.
    pub(crate) fn hidden(self, function: &str, units: u64) -> Self {
        self.site(element(function), Role::Hidden, units)
    }

    /// A site.
    pub(crate) fn site(mut self, function: SiteFunction, role: Role, units: u64) -> Self {
        self.depth += 1;
        let index = self.network.sites.len();
        let mut builder = self.node("Activation", Kind::Activation(index));
        let node = builder.network.nodes.len() - 1;
        let site = Site {
            name: builder.network.nodes[node].name.clone(),
            layer: builder.network.nodes[node].layer.clone(),
            function,
            role,
            units: Some(units),
            positions: None,
            depth: builder.depth,
            node,
            part: 0,
            covers: Vec::new(),
            residual_branch: false,
        };
        builder.network.sites.push(site);
        builder
    }

    /// Changes the last site.
    pub(crate) fn edit_site(mut self, edit: impl FnOnce(&mut Site)) -> Self {
        edit(self.network.sites.last_mut().expect("a site"));
        self
    }

    /// The network, its current value being the output that enters the loss.
    pub(crate) fn build(mut self) -> Network {
        let value = self.current;
        self.network.outputs.push(Port {
            name: "y".to_owned(),
            shape: vec![None],
            dtype: "float32".to_owned(),
            value,
        });
        self.network
    }
}

/// A site function by name.
pub(crate) fn element(function: &str) -> SiteFunction {
    SiteFunction::Element(Function::parse(function).expect("a function"))
}

/// A dense layer.
pub(crate) fn dense(units: u64, fan_in: u64, weight: Vec<f32>, bias: Option<Vec<f32>>) -> Linear {
    assert_eq!(weight.len() as u64, units * fan_in);
    Linear {
        form: Form::Dense,
        units,
        fan_in,
        weight: Arc::from(weight),
        bias: bias.map(Arc::from),
        tied: false,
        trainable: true,
    }
}

/// A network of one hidden site between two dense layers.
pub(crate) fn one_site(function: &str, units: u64) -> Network {
    Builder::new()
        .dense(units, 8, 1.0)
        .hidden(function, units)
        .dense(2, units, 1.0)
        .build()
}

/// Evidence of one site, its pre-activations made up by input and unit.
pub(crate) fn seen_at(
    network: &Network,
    site: usize,
    inputs: usize,
    units: usize,
    z: impl FnMut(usize, usize) -> f32,
) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    record_at(&mut recorder, network, site, (inputs, units), z);
    recorder.finish_chunk(inputs);
    recorder.into_evidence()
}

/// Records one site of a chunk, its pre-activations made up by input and unit.
pub(crate) fn record_at(
    recorder: &mut Recorder,
    network: &Network,
    site: usize,
    (inputs, units): (usize, usize),
    mut z: impl FnMut(usize, usize) -> f32,
) {
    let z: Vec<f32> = (0..inputs * units)
        .map(|k| z(k / units, k % units))
        .collect();
    let a = apply(network, site, &z, units);
    recorder.site(
        site,
        Values::F32(&z),
        Values::F32(&a),
        Layout::dense(inputs, units),
    );
}

/// The outputs of an element-wise site.
pub(crate) fn apply(network: &Network, site: usize, z: &[f32], units: usize) -> Vec<f32> {
    let function = |unit| {
        network.sites[site]
            .function
            .of_unit(unit)
            .expect("element-wise")
    };
    z.iter()
        .enumerate()
        .map(|(k, &z)| function(k % units).value(z))
        .collect()
}

/// Evidence of gradients alone: the same gradient norm on every one of `inputs` inputs, by site.
pub(crate) fn gradients(network: &Network, inputs: usize, norms: &[f64]) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    record_gradients(&mut recorder, network, inputs, norms);
    recorder.finish_chunk(inputs);
    recorder.into_evidence()
}

/// Records normal pre-activations and the given gradient norm at every site.
pub(crate) fn record_gradients(
    recorder: &mut Recorder,
    network: &Network,
    inputs: usize,
    norms: &[f64],
) {
    let mut random = Random::new(3);
    for (site, &norm) in norms.iter().enumerate() {
        record_at(recorder, network, site, (inputs, 1), |_, _| {
            random.normal() as f32
        });
        let da = vec![norm; inputs];
        recorder.site_gradient(site, Values::F64(&da), Layout::dense(inputs, 1));
    }
}

/// A network of hidden sites one after another, each of one unit.
pub(crate) fn chain(function: &str, sites: usize) -> Network {
    let mut builder = Builder::new();
    for _ in 0..sites {
        builder = builder.dense(1, 1, 1.0).hidden(function, 1);
    }
    builder.dense(1, 1, 1.0).build()
}

/// What one rule says.
pub(crate) fn ask(
    slug: &str,
    network: &Network,
    evidence: Option<&Evidence>,
    options: Options,
) -> Diagnosis {
    let selection = Selection::new(&[slug], &[]).expect("a rule");
    diagnose(
        network,
        evidence,
        &Options {
            selection,
            ..options
        },
        None,
    )
}

/// The findings of one rule, which must have been checked.
pub(crate) fn findings(slug: &str, network: &Network, evidence: Option<&Evidence>) -> Vec<Finding> {
    checked(ask(slug, network, evidence, Options::default()))
}

/// The findings of a diagnosis whose one rule must have been checked.
pub(crate) fn checked(diagnosis: Diagnosis) -> Vec<Finding> {
    assert_eq!(diagnosis.not_checked, [], "not checked");
    diagnosis.findings
}

/// Why a rule was not checked.
pub(crate) fn needs(
    slug: &str,
    network: &Network,
    evidence: Option<&Evidence>,
    options: Options,
) -> String {
    let diagnosis = ask(slug, network, evidence, options);
    assert_eq!(diagnosis.findings, [], "found though not checked");
    diagnosis
        .not_checked
        .into_iter()
        .next()
        .expect("not checked")
        .needs
}
