//! Layers with stored weights, with the weights in one order: `[units, fan_in]`.

use std::collections::HashMap;
use std::sync::Arc;

use knee_doctor::network::{Form, Linear};

use crate::attributes::Attributes;
use crate::graph::{Graph, Node, Op, ValueId};
use crate::tensor::{Data, Tensor};

/// The layers of a graph.
pub(super) struct Layers<'a> {
    graph: &'a Graph,
    producers: &'a [Option<usize>],
    consumers: Vec<Vec<usize>>,
    /// How many layers use each stored weight.
    users: HashMap<ValueId, usize>,
}

impl<'a> Layers<'a> {
    pub(super) fn of(graph: &'a Graph, producers: &'a [Option<usize>]) -> Layers<'a> {
        let mut layers = Layers {
            graph,
            producers,
            consumers: graph.consumers(),
            users: HashMap::new(),
        };
        for node in &graph.nodes {
            // An embedding's table may serve as the weights of the last layer.
            let at = usize::from(node.op_name() != "Gather");
            let stored = node.input(at).and_then(|value| layers.stored(value));
            let counts = matches!(
                node.op_name(),
                "Conv" | "ConvTranspose" | "Gemm" | "MatMul" | "Gather"
            );
            if let Some((id, _)) = stored.filter(|_| counts) {
                *layers.users.entry(id).or_default() += 1;
            }
        }
        layers
    }

    /// The constant behind a value, seen through copies, casts and one transpose of a matrix;
    /// the second part says whether it is transposed.
    fn stored(&self, mut value: ValueId) -> Option<(ValueId, bool)> {
        let mut transposed = false;
        for _ in 0..4 {
            if self.graph.constant(value).is_some() {
                return Some((value, transposed));
            }
            let node = &self.graph.nodes[self.producers[value.0]?];
            match node.op_name() {
                "Identity" | "Cast" | "CastLike" | "DequantizeLinear" => {}
                "Transpose" => {
                    let Op::File(proto) = &node.op else {
                        return None;
                    };
                    let perm = Attributes::of(proto).ints("perm").unwrap_or(&[1, 0]);
                    if perm != [1, 0] {
                        return None;
                    }
                    transposed = !transposed;
                }
                _ => return None,
            }
            value = node.input(0)?;
        }
        None
    }

    /// The layer that a node is.
    pub(super) fn layer(&self, index: usize) -> Option<Linear> {
        let node = &self.graph.nodes[index];
        let Op::File(proto) = &node.op else {
            return None;
        };
        if !node.domain().is_empty() {
            return None;
        }
        let attributes = Attributes::of(proto);
        let (id, transposed) = self.stored(node.input(1)?)?;
        let weight = self.graph.constant(id)?;
        let data = node.input(0)?;
        if self.graph.constant(data).is_some() || matches!(weight.data, Data::I64(_)) {
            return None;
        }
        let mut layer = match proto.op_type.as_str() {
            "Conv" if !transposed => conv(weight, attributes)?,
            "ConvTranspose" if !transposed => conv_transpose(weight, attributes)?,
            "Gemm" if weight.rank() == 2 => {
                // A transposed input is a matrix product of another kind.
                if attributes.flag("transA") {
                    return None;
                }
                let alpha = attributes.float("alpha").unwrap_or(1.0) as f32;
                dense(weight, attributes.flag("transB") != transposed, alpha)?
            }
            "MatMul" if weight.rank() == 2 => dense(weight, transposed, 1.0)?,
            _ => return None,
        };
        layer.bias = match proto.op_type.as_str() {
            "MatMul" => self.added_bias(node, layer.units),
            "Gemm" => {
                let beta = attributes.float("beta").unwrap_or(1.0) as f32;
                self.bias(node.input(2), layer.units, beta)
            }
            _ => self.bias(node.input(2), layer.units, 1.0),
        };
        layer.tied = self.users.get(&id).is_some_and(|users| *users > 1);
        Some(layer)
    }

    /// The bias at an input, as one number per unit.
    fn bias(&self, input: Option<ValueId>, units: u64, factor: f32) -> Option<Arc<[f32]>> {
        let (id, _) = self.stored(input?)?;
        let stored = self.graph.constant(id)?.to_f32();
        let units = units as usize;
        match stored.len() {
            n if n == units && factor == 1.0 => Some(stored),
            n if n == units => Some(stored.iter().map(|b| b * factor).collect()),
            1 => Some(vec![stored[0] * factor; units].into()),
            _ => None,
        }
    }

    /// A dense layer on sequences is a product and then the sum with its bias.
    fn added_bias(&self, node: &Node, units: u64) -> Option<Arc<[f32]>> {
        let output = node.output(0)?;
        let [reader] = self.consumers[output.0].as_slice() else {
            return None;
        };
        let add = &self.graph.nodes[*reader];
        if add.op_name() != "Add" || self.graph.outputs.contains(&output) {
            return None;
        }
        let other = add
            .inputs
            .iter()
            .flatten()
            .find(|value| **value != output)?;
        let tensor = self.graph.constant(*other)?;
        let is_bias = tensor.len() as u64 == units && tensor.shape.last() == Some(&tensor.len());
        if is_bias {
            self.bias(Some(*other), units, 1.0)
        } else {
            None
        }
    }
}

/// A matrix of `[fan_in, units]`, or of `[units, fan_in]` when `transposed`.
fn dense(weight: &Tensor, transposed: bool, alpha: f32) -> Option<Linear> {
    let [rows, columns] = *weight.shape.as_slice() else {
        return None;
    };
    let (units, fan_in) = if transposed {
        (rows, columns)
    } else {
        (columns, rows)
    };
    let stored = weight.to_f32();
    let ordered: Arc<[f32]> = match (transposed, alpha == 1.0) {
        (true, true) => stored,
        (true, false) => stored.iter().map(|w| w * alpha).collect(),
        (false, _) => (0..units * fan_in)
            .map(|at| alpha * stored[(at % fan_in) * units + at / fan_in])
            .collect(),
    };
    Some(linear(Form::Dense, units, fan_in, ordered))
}

/// Stored as `[units, channels per group, kernel..]`, which is the order already.
fn conv(weight: &Tensor, attributes: Attributes<'_>) -> Option<Linear> {
    let (units, rest) = weight.shape.split_first()?;
    let kernel = rest.get(1..)?.iter().map(|k| *k as u64).collect();
    let form = Form::Conv {
        kernel,
        groups: groups(attributes),
    };
    Some(linear(form, *units, rest.iter().product(), weight.to_f32()))
}

/// Stored as `[channels, units per group, kernel..]`. One output of a stride of 1 is computed
/// from the channels of its group under every position of the kernel.
fn conv_transpose(weight: &Tensor, attributes: Attributes<'_>) -> Option<Linear> {
    let [channels, per_group, kernel @ ..] = weight.shape.as_slice() else {
        return None;
    };
    let groups = groups(attributes);
    let count = usize::try_from(groups)
        .ok()
        .filter(|g| *g > 0 && channels.is_multiple_of(*g))?;
    let in_group = channels / count;
    let area: usize = kernel.iter().product();
    let units = per_group.checked_mul(count)?;
    let stored = weight.to_f32();
    let mut ordered = Vec::with_capacity(stored.len());
    for unit in 0..units {
        let (group, within) = (unit / per_group, unit % per_group);
        for channel in group * in_group..(group + 1) * in_group {
            let start = (channel * per_group + within) * area;
            ordered.extend_from_slice(stored.get(start..start + area)?);
        }
    }
    let kernel = kernel.iter().map(|k| *k as u64).collect();
    let form = Form::ConvTranspose { kernel, groups };
    Some(linear(form, units, in_group * area, ordered.into()))
}

fn groups(attributes: Attributes<'_>) -> u64 {
    attributes
        .int("group")
        .and_then(|g| u64::try_from(g).ok())
        .unwrap_or(1)
}

fn linear(form: Form, units: usize, fan_in: usize, weight: Arc<[f32]>) -> Linear {
    Linear {
        form,
        units: units as u64,
        fan_in: fan_in as u64,
        weight,
        bias: None,
        tied: false,
        trainable: true,
    }
}
