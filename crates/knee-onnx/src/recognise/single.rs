//! Activations that the file has as one node.

use knee::{Framework, Function};

use super::Found;
use super::expression::Context;
use super::identify::is_plausible;
use crate::attributes::Attributes;
use crate::graph::{Graph, Node, Op, ValueId};
use crate::tensor::Tensor;

/// The activation that the node is by itself.
pub(super) fn ending_in(context: &Context<'_>, root: usize) -> Option<Found> {
    let graph = context.graph;
    let node = &graph.nodes[root];
    let Op::File(proto) = &node.op else {
        return None;
    };
    let x = node.input(0)?;
    node.output(0)?;
    let found = |op, inputs| {
        Some(Found {
            nodes: vec![root],
            op,
            inputs,
        })
    };
    if node.domain().is_empty() && proto.op_type == "PRelu" {
        let slope = node.input(1)?;
        return found(
            Op::Prelu {
                trailing: trailing(context, slope)?,
            },
            vec![x, slope],
        );
    }
    let function = function(graph, node)?;
    let suits = match function.name() {
        // Left to the search over expressions, which knows what stands before it.
        "sine" | "cosine" | "identity" => false,
        // The ReLU before the bound is part of it.
        "relu6"
            if context
                .producer(x)
                .is_some_and(|(_, n)| n.op_name() == "Relu") =>
        {
            false
        }
        "exp" | "erf" | "sign" | "arctan" => follows_layer(context, x),
        _ => is_plausible(&function),
    };
    if suits {
        found(Op::Activation(function), vec![x])
    } else {
        None
    }
}

/// The function of the catalogue that the operator is with its attributes.
fn function(graph: &Graph, node: &Node) -> Option<Function> {
    let Op::File(proto) = &node.op else {
        return None;
    };
    let name = match node.domain() {
        "" => proto.op_type.clone(),
        "com.microsoft" => format!("com.microsoft.{}", proto.op_type),
        _ => return None,
    };
    // A bias is a second input; the sum stays inside the operator.
    if node.domain() == "com.microsoft" && node.inputs.iter().flatten().count() != 1 {
        return None;
    }
    let attributes = Attributes::of(proto);
    let bound = |at| {
        let value = node.input(at)?;
        graph.constant(value).map_or(Some(f64::NAN), Tensor::scalar)
    };
    let opset = graph.opset();
    Function::from_foreign(
        Framework::Onnx,
        &name,
        &|attribute| match (attribute, name.as_str()) {
            ("opset", _) => Some(opset as f64),
            ("min", "Clip") => bound(1).or_else(|| attributes.number("min")),
            ("max", "Clip") => bound(2).or_else(|| attributes.number("max")),
            _ => attributes.number(attribute),
        },
    )
}

/// How many axes follow the channel's, for a slope that has one value or one per channel.
fn trailing(context: &Context<'_>, slope: ValueId) -> Option<usize> {
    let shape = slope_shape(context, slope)?;
    let count = shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d))?;
    if count == 1 {
        return Some(0);
    }
    let axis = shape.iter().position(|length| *length > 1)?;
    (shape[axis] == count).then(|| shape.len() - axis - 1)
}

/// The shape of a stored slope. An exporter that does not fold constants reshapes it first.
fn slope_shape(context: &Context<'_>, slope: ValueId) -> Option<Vec<usize>> {
    let graph = context.graph;
    if let Some(stored) = graph.constant(slope) {
        return Some(stored.shape.clone());
    }
    let node = &graph.nodes[context.producers[slope.0]?];
    graph.constant(node.input(0)?)?;
    let shape = graph.value(slope).shape.as_ref()?;
    let known = shape.iter().map(|dim| usize::try_from(dim.known()?).ok());
    if node.op_name() == "Reshape" {
        known.collect()
    } else {
        None
    }
}

/// Whether the value comes from a layer with weights, with nothing but sums, scales, norms and
/// changes of shape between. An exponential elsewhere belongs to arithmetic (positions, scales,
/// masks), not to a layer.
pub(super) fn follows_layer(context: &Context<'_>, mut value: ValueId) -> bool {
    for _ in 0..12 {
        let Some(index) = context.producers[value.0] else {
            return false;
        };
        let node = &context.graph.nodes[index];
        let constant = |at: usize| {
            node.input(at)
                .is_some_and(|v| context.graph.constant(v).is_some())
        };
        value = match (node.op_name(), node.input(0), node.input(1)) {
            ("Conv" | "ConvTranspose" | "Gemm" | "MatMul", Some(data), _) => {
                return constant(1) && !from_integers(context, data);
            }
            ("Add" | "Mul", Some(_), Some(b)) if constant(0) => b,
            ("Add" | "Sub" | "Mul" | "Div", Some(a), _) if constant(1) => a,
            (
                "BatchNormalization" | "LayerNormalization" | "Reshape" | "Transpose" | "Squeeze"
                | "Unsqueeze" | "Flatten" | "Identity" | "Slice" | "Split" | "Neg",
                Some(a),
                _,
            ) => a,
            _ => return false,
        };
    }
    false
}

/// Whether the value is a cast integer, such as a position.
fn from_integers(context: &Context<'_>, value: ValueId) -> bool {
    let producer = context.producers[value.0].map(|index| &context.graph.nodes[index]);
    producer.is_some_and(|node| node.op_name() == "Cast")
}
