//! The gates of recurrent operators: their functions, and how they are reported.

use std::collections::BTreeMap;

use burn::backend::Flex;
use knee::{Framework, Function};
use knee_burn::KneeKernels;

use super::compute::{Compute, Float};
use super::report::{Event, Reporter};
use super::steps::{Moment, Steps};
use super::value;

/// The gates of a recurrent operator, in the order of [`Observer`](super::Observer)'s parts.
pub fn parts(op: &str) -> &'static [&'static str] {
    match op {
        "LSTM" => &["input", "output", "forget", "cell", "hidden"],
        "GRU" => &["update", "reset", "hidden"],
        "RNN" => &["hidden"],
        _ => &[],
    }
}

/// Which of an operator's listed activations each part uses.
fn kind(op: &str, part: usize) -> usize {
    match (op, part) {
        ("LSTM", 0..=2) | ("GRU", 0 | 1) | ("RNN", _) => 0,
        ("LSTM", 4) => 2,
        _ => 1,
    }
}

/// The activation of each part of each direction, as the attributes state or by default.
pub(super) fn functions(
    op: &str,
    names: &[String],
    alpha: &[f32],
    beta: &[f32],
    directions: usize,
) -> Result<Vec<Function>, String> {
    let default: &[&str] = match op {
        "LSTM" => &["Sigmoid", "Tanh", "Tanh"],
        "GRU" => &["Sigmoid", "Tanh"],
        _ => &["Tanh"],
    };
    let listed: Vec<&str> = if names.is_empty() {
        default
            .iter()
            .copied()
            .cycle()
            .take(default.len() * directions)
            .collect()
    } else {
        names.iter().map(String::as_str).collect()
    };
    if listed.len() != default.len() * directions {
        return Err(format!(
            "{} activations for {directions} directions",
            listed.len()
        ));
    }
    let (mut alphas, mut betas) = (alpha.iter(), beta.iter());
    let mut known = Vec::new();
    for name in listed {
        let takes_alpha = matches!(
            name,
            "LeakyRelu" | "HardSigmoid" | "Elu" | "ThresholdedRelu" | "ScaledTanh" | "Affine"
        );
        let takes_beta = matches!(name, "HardSigmoid" | "ScaledTanh" | "Affine");
        let alpha = if takes_alpha { alphas.next() } else { None };
        let beta = if takes_beta { betas.next() } else { None };
        let attribute = |attribute: &str| match attribute {
            "alpha" => alpha.map(|&a| f64::from(a)),
            "beta" => beta.map(|&b| f64::from(b)),
            _ => None,
        };
        let function = Function::from_foreign(Framework::Onnx, name, &attribute);
        known.push(function.ok_or_else(|| format!("the activation {name}"))?);
    }
    let count = parts(op).len();
    Ok((0..directions * count)
        .map(|at| known[at / count * default.len() + kind(op, at % count)])
        .collect())
}

/// Where gates are reported. The units of a part are those of all directions, one after another.
pub(super) struct Gates<'a, C: Compute> {
    reporter: &'a Reporter,
    node: usize,
    inputs: usize,
    /// Pre-activations and outputs, by part and then by direction and step.
    seen: BTreeMap<usize, (Steps, Steps)>,
    backend: std::marker::PhantomData<C>,
}

impl<'a, C: Compute> Gates<'a, C> {
    pub(super) fn new(reporter: &'a Reporter, node: usize, inputs: usize) -> Self {
        Self {
            reporter,
            node,
            inputs,
            seen: BTreeMap::new(),
            backend: std::marker::PhantomData,
        }
    }

    pub(super) fn see(&mut self, part: usize, at: Moment, z: &Float<C>, a: Float<C>) -> Float<C> {
        let steps = || Steps::new(at.directions, at.steps);
        let (zs, outs) = self.seen.entry(part).or_insert_with(|| (steps(), steps()));
        zs.put(at.direction, at.step, value::on_host::<C>(z));
        outs.put(at.direction, at.step, Flex::host_values(C::raw(&a)));
        let sink = self.reporter.step_sink((self.node, part), at, self.inputs);
        C::watched(a, sink)
    }

    pub(super) fn finish(self) {
        for (part, (z, a)) in &self.seen {
            if let (Some((z, layout)), Some((a, _))) =
                (z.stacked(self.inputs), a.stacked(self.inputs))
            {
                self.reporter.send(Event::Site {
                    node: self.node,
                    part: *part,
                    z,
                    a,
                    layout,
                });
            }
        }
    }
}
