//! What a node does, as far as the rules care.

use std::collections::HashMap;

use knee_doctor::network::{Kind, Norm};

use super::linear::Layers;
use super::norm::{self, WrittenOut};
use crate::attributes::Attributes;
use crate::graph::{Graph, Node, Op};
use crate::tensor::DType;

/// The kind of a node. The index of a site is set when the site is made.
pub(super) fn kind(
    graph: &Graph,
    index: usize,
    layers: &Layers<'_>,
    norms: &HashMap<usize, WrittenOut>,
    producers: &[Option<usize>],
) -> Kind {
    let node = &graph.nodes[index];
    match &node.op {
        Op::Activation(_) | Op::Prelu { .. } | Op::Rows { .. } => return Kind::Activation(0),
        Op::If { .. } | Op::Loop(_) | Op::Scan { .. } => return Kind::Other,
        Op::File(_) => {}
    }
    if let Some(found) = norms.get(&index) {
        let norm = Norm {
            form: found.form,
            gamma: Vec::new(),
            beta: Vec::new(),
        };
        return Kind::Norm(norm);
    }
    if let Some(layer) = layers.layer(index) {
        return Kind::Linear(layer);
    }
    if let Some(norm) = norm::operator(graph, producers, index) {
        return Kind::Norm(norm);
    }
    if computed(graph, node) == 0 {
        return Kind::Constant;
    }
    if node.domain().is_empty() {
        operator(graph, node)
    } else {
        Kind::Other
    }
}

fn computed(graph: &Graph, node: &Node) -> usize {
    node.reads()
        .filter(|value| graph.constant(*value).is_none())
        .count()
}

fn operator(graph: &Graph, node: &Node) -> Kind {
    let Op::File(proto) = &node.op else {
        return Kind::Other;
    };
    let attributes = Attributes::of(proto);
    let constant = |at: usize| node.input(at).is_some_and(|v| graph.constant(v).is_some());
    let one = computed(graph, node) == 1;
    match node.op_name() {
        "Add" | "Sub" | "Sum" => {
            if one {
                Kind::Affine
            } else {
                Kind::Add
            }
        }
        "Mul" if one => Kind::Affine,
        // A square is no gate.
        "Mul" if node.input(0) == node.input(1) => Kind::Other,
        "Mul" => Kind::Multiply,
        "Div" if constant(1) => Kind::Affine,
        "Neg" | "Dropout" | "AveragePool" | "GlobalAveragePool" | "ReduceMean" | "ReduceSum"
        | "Resize" | "Upsample" | "Mean" => Kind::Affine,
        "Pad" => {
            let mode = attributes.text("mode").unwrap_or("constant");
            if mode == "constant" {
                Kind::Affine
            } else {
                Kind::Other
            }
        }
        // To an integer and back loses values.
        "Cast" => {
            let to = attributes.int("to").and_then(|to| i32::try_from(to).ok());
            let float = to.and_then(DType::from_onnx).is_some_and(DType::is_float);
            if float { Kind::View } else { Kind::Other }
        }
        "Reshape" | "Transpose" | "CastLike" | "Squeeze" | "Unsqueeze" | "Identity" | "Flatten"
        | "Expand" | "Tile" | "DepthToSpace" | "SpaceToDepth" => Kind::View,
        "MatMul" | "Gemm" | "Einsum" if !one => Kind::MatMul,
        "Concat" => Kind::Concat,
        "Gather" if constant(0) => Kind::Embedding,
        "Slice" | "Split" | "Gather" | "GatherElements" | "GatherND" => Kind::Select,
        "MaxPool" | "GlobalMaxPool" | "ReduceMax" => Kind::MaxPool,
        "LSTM" | "GRU" | "RNN" => {
            let hidden = attributes
                .int("hidden_size")
                .and_then(|h| u64::try_from(h).ok());
            Kind::Recurrent {
                hidden: hidden.unwrap_or(0),
            }
        }
        _ => Kind::Other,
    }
}
