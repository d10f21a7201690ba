//! The network that the rules see, made from the graph. Node i here is node i there, and values
//! keep their numbers.

mod kind;
mod linear;
mod norm;
mod roles;
mod sites;

use std::collections::HashSet;

use knee_doctor::network::Node;
use knee_doctor::network::{Network, Port, Precision};

use crate::axes::Axes;
use crate::graph::{Graph, Op, ValueId};
use crate::tensor::DType;

/// Describes the graph for the rules. `loss_output` is the index of the output that enters the
/// loss.
pub(crate) fn network(graph: &Graph, path: Option<String>, loss_output: usize) -> Network {
    let axes = Axes::of(graph);
    let producers = graph.producers();
    let norms = norm::written_out(graph, &producers);
    let linear = linear::Layers::of(graph, &producers);
    let mut network = Network {
        path,
        name: graph.name.clone(),
        inputs: graph
            .inputs
            .iter()
            .map(|value| port(graph, *value))
            .collect(),
        outputs: graph
            .outputs
            .iter()
            .map(|value| port(graph, *value))
            .collect(),
        loss_output,
        parameters: graph.parameters,
        opset: u64::try_from(graph.opset()).ok(),
        precision: precision(graph),
        ..Network::default()
    };
    for (index, node) in graph.nodes.iter().enumerate() {
        let kind = kind::kind(graph, index, &linear, &norms, &producers);
        // A norm that is written out reads what its first node reads.
        let inputs = match norms.get(&index) {
            Some(norm) => vec![norm.input],
            None => data_inputs(graph, index),
        };
        network.nodes.push(Node {
            name: node.name.clone(),
            op: node.op_name().to_string(),
            layer: node.layer.clone(),
            kind,
            inputs,
            outputs: node.outputs.iter().flatten().copied().collect(),
        });
        sites::add(&mut network, graph, &axes, &producers, index);
    }
    roles::assign(&mut network);
    network
}

fn port(graph: &Graph, id: ValueId) -> Port {
    let value = graph.value(id);
    Port {
        name: value.name.clone(),
        shape: value
            .shape
            .iter()
            .flatten()
            .map(crate::graph::Dim::known)
            .collect(),
        dtype: value
            .dtype
            .map_or_else(|| "unknown".into(), |dtype| dtype.name().into()),
        value: id,
    }
}

/// The type of the weights, by the number of their elements.
fn precision(graph: &Graph) -> Precision {
    let count = |wanted: &[DType]| -> usize {
        let tensors = graph.initializers.values();
        tensors
            .filter(|t| wanted.contains(&t.dtype))
            .map(crate::tensor::Tensor::len)
            .sum()
    };
    let half = count(&[DType::F16, DType::Bf16]);
    let single = count(&[DType::F32]);
    let double = count(&[DType::F64]);
    if half > single && half >= double {
        Precision::F16
    } else if double > single {
        Precision::F64
    } else {
        Precision::F32
    }
}

/// The computed values that carry data: neither constants nor the shapes, sizes and axes that
/// some operators take as inputs.
fn data_inputs(graph: &Graph, index: usize) -> Vec<ValueId> {
    let node = &graph.nodes[index];
    let shape_inputs = matches!(
        &node.op,
        Op::File(proto) if node.domain().is_empty() && matches!(
            proto.op_type.as_str(),
            "Reshape" | "Expand" | "Slice" | "Resize" | "Upsample" | "Tile" | "Pad" | "Squeeze"
                | "Unsqueeze" | "Split" | "TopK" | "Clip" | "Dropout" | "CenterCropPad" | "CumSum"
        )
    ) || node.op_name().starts_with("Reduce");
    let take = if shape_inputs { 1 } else { usize::MAX };
    let mut seen = HashSet::new();
    let computed = node.inputs.iter().take(take).flatten().copied();
    let captured = node
        .bodies()
        .into_iter()
        .flat_map(|body| &body.captures)
        .map(|c| c.outer);
    computed
        .chain(captured)
        .filter(|value| graph.constant(*value).is_none() && seen.insert(*value))
        .collect()
}
