//! Activations that the file has as one node.

use knee::{Framework, Function};

use super::Found;
use super::expression::Context;
use crate::attributes::Attributes;
use crate::graph::{Graph, Node, Op, ValueId};

/// The activation that the node is by itself.
pub(super) fn ending_in(context: &Context<'_>, root: usize) -> Option<Found> {
    let graph = context.graph;
    let node = &graph.nodes[root];
    let Op::File(proto) = &node.op else {
        return None;
    };
    let x = node.input(0)?;
    if node.output(0).is_none() {
        return None;
    }
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
                trailing: trailing(graph, slope)?,
            },
            vec![x, slope],
        );
    }
    let function = function(graph, node)?;
    let suits = match function.name() {
        // Left to the search over expressions, which knows what stands before it.
        "sine" => false,
        "exp" | "erf" => follows_layer(context, x),
        "hard_tanh" => symmetric(&function),
        "identity" => false,
        _ => true,
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
        graph.constant(value).map_or(Some(f64::NAN), |t| t.scalar())
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
fn trailing(graph: &Graph, slope: ValueId) -> Option<usize> {
    let slope = graph.constant(slope)?;
    if slope.len() == 1 {
        return Some(0);
    }
    let axis = slope.shape.iter().position(|length| *length > 1)?;
    let one_axis = slope.shape[axis] == slope.len();
    one_axis.then(|| slope.rank() - axis - 1)
}

/// A clip is a hard tanh when its bounds are of the same small size; other bounds guard a range.
fn symmetric(function: &Function) -> bool {
    let bounds: Vec<f64> = function.parameters().iter().map(|p| p.value).collect();
    matches!(bounds.as_slice(), [low, high] if *low == -high && *high <= 10.0)
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
