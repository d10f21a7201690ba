//! The scalar function that a group of element-wise nodes computes.
//!
//! Exporters write one activation in many ways: operands in either order, a constant folded in
//! here or there, a division or a multiplication by the reciprocal. What they all share is the
//! function. So the nodes between a result and a single value it comes from are read as one
//! function of one number, which can be evaluated and compared.

use knee::{Framework, Function};

use crate::attributes::Attributes;
use crate::graph::{Dim, Graph, Node, Op, ValueId};
use crate::read::inline_tensor;
use crate::tensor::{DType, Tensor};

/// The nodes between a value `x` and the result of the last of them.
pub(super) struct Expression<'a> {
    graph: &'a Graph,
    /// The value that everything is computed from.
    pub(super) x: ValueId,
    /// The nodes, in the order they run.
    pub(super) nodes: Vec<usize>,
    /// The values that stand for one number.
    constants: Vec<(ValueId, f64)>,
    /// Whether a constant was stored with 16 bits.
    pub(super) coarse: bool,
}

/// Recognised activations have at most this many nodes; the longest known form, a softplus that
/// switches to the identity, has nine.
const MAX_NODES: usize = 16;

/// What is known about the whole graph while patterns are looked for.
pub(super) struct Context<'a> {
    pub(super) graph: &'a Graph,
    pub(super) producers: &'a [Option<usize>],
    pub(super) consumers: &'a [Vec<usize>],
    /// Whether the graph returns the value.
    pub(super) returned: &'a [bool],
    /// Nodes that belong to a pattern already.
    pub(super) claimed: &'a [bool],
}

impl<'a> Context<'a> {
    /// Whether only the given nodes read the value.
    pub(super) fn private(&self, value: ValueId, readers: &[usize]) -> bool {
        !self.returned[value.0]
            && self.consumers[value.0]
                .iter()
                .all(|node| readers.contains(node))
    }

    /// The node that writes a value, unless it belongs to a pattern already.
    pub(super) fn producer(&self, value: ValueId) -> Option<(usize, &'a Node)> {
        let index = self.producers[value.0].filter(|index| !self.claimed[*index])?;
        Some((index, &self.graph.nodes[index]))
    }

    /// The single number that a value holds, whatever it is broadcast to.
    fn number(&self, mut value: ValueId) -> Option<Number> {
        // A constant may be brought to the type and the shape of x first.
        for _ in 0..4 {
            if let Some(tensor) = self.graph.constant(value) {
                return Number::of(tensor);
            }
            let (_, node) = self.producer(value)?;
            let Op::File(proto) = &node.op else {
                return None;
            };
            match proto.op_type.as_str() {
                "Cast" | "CastLike" | "Identity" => {}
                "Expand" => drop(self.shape_of(node.input(1)?)?),
                "ConstantOfShape" => {
                    self.shape_of(node.input(0)?)?;
                    let fill = Attributes::of(proto).get("value");
                    return match fill.and_then(|a| a.t.as_ref()) {
                        Some(fill) => Number::of(&inline_tensor(fill).ok()?),
                        None => Some(Number {
                            value: 0.0,
                            shape: Vec::new(),
                            coarse: false,
                        }),
                    };
                }
                _ => return None,
            }
            value = node.input(0)?;
        }
        None
    }

    /// The value whose shape a value holds.
    fn shape_of(&self, value: ValueId) -> Option<ValueId> {
        let (_, node) = self.producer(value)?;
        (node.op_name() == "Shape").then(|| node.input(0))?
    }
}

/// A constant whose elements are all the same number.
struct Number {
    value: f64,
    shape: Vec<usize>,
    /// Whether it is stored with 16 bits.
    coarse: bool,
}

impl Number {
    fn of(tensor: &Tensor) -> Option<Number> {
        let coarse = matches!(tensor.dtype, DType::F16 | DType::Bf16);
        tensor.uniform().map(|value| Number {
            value,
            shape: tensor.shape.clone(),
            coarse,
        })
    }

    /// Whether an operation with it leaves a tensor of this shape as it is. Nothing is known of
    /// the shape: then a single element does.
    fn fits(shape: &[usize], x: Option<&Vec<Dim>>) -> bool {
        let Some(x) = x else {
            return shape.iter().all(|length| *length == 1);
        };
        let pairs = shape.iter().rev().zip(x.iter().rev());
        shape.len() <= x.len()
            && pairs
                .into_iter()
                .all(|(length, dim)| *length == 1 || dim.known() == Some(*length as u64))
    }
}

/// All the expressions that end in the node `root`, the shortest first.
pub(super) fn ending_in<'a>(context: &Context<'a>, root: usize) -> Vec<Expression<'a>> {
    let mut found = Vec::new();
    let mut nodes: Vec<usize> = Vec::new();
    let mut constants: Vec<(ValueId, f64)> = Vec::new();
    let mut coarse = false;
    let mut shapes: Vec<Vec<usize>> = Vec::new();
    // The values still to be explained, and the node to be looked into next.
    let mut frontier: Vec<ValueId> = Vec::new();
    let mut next = Some(root);
    while let Some(index) = next {
        let node = &context.graph.nodes[index];
        if nodes.len() == MAX_NODES || !is_elementwise(node) || context.claimed[index] {
            break;
        }
        if index != root && !context.private(node.outputs[0].unwrap_or(ValueId(0)), &nodes) {
            break;
        }
        nodes.push(index);
        frontier.retain(|value| node.output(0) != Some(*value));
        for input in node.inputs.iter().flatten() {
            if frontier.contains(input) || constants.iter().any(|c| c.0 == *input) {
                continue;
            }
            match context.number(*input) {
                Some(number) => {
                    constants.push((*input, number.value));
                    shapes.push(number.shape);
                    coarse |= number.coarse;
                }
                None => frontier.push(*input),
            }
        }
        if let [x] = frontier.as_slice() {
            let shape = context.graph.value(*x).shape.as_ref();
            if shapes.iter().all(|constant| Number::fits(constant, shape)) {
                let mut nodes = nodes.clone();
                nodes.sort_unstable();
                let constants = constants.clone();
                found.push(Expression {
                    graph: context.graph,
                    x: *x,
                    nodes,
                    constants,
                    coarse,
                });
            }
        }
        // The latest node first: then a single value is left exactly when every path leads
        // through it.
        next = frontier
            .iter()
            .map(|value| context.producers[value.0])
            .max()
            .flatten();
    }
    found
}

impl Expression<'_> {
    /// The numbers that stand in the expression.
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        self.constants.iter().map(|(_, value)| *value)
    }

    /// Whether one of its nodes is this operator.
    pub(super) fn has(&self, op: &str) -> bool {
        self.nodes
            .iter()
            .any(|index| self.graph.nodes[*index].op_name() == op)
    }

    /// Whether any of its nodes bends: sums and products of constants alone make no activation.
    pub(super) fn bends(&self) -> bool {
        self.nodes.iter().any(|index| {
            let node = &self.graph.nodes[*index];
            let computed = |at| node.input(at).is_some_and(|v| !self.is_constant(v));
            match node.op_name() {
                "Add" | "Sub" | "Neg" | "Identity" | "Cast" | "Sum" => false,
                "Mul" => computed(0) && computed(1),
                "Div" => computed(1),
                _ => true,
            }
        })
    }

    fn is_constant(&self, value: ValueId) -> bool {
        self.constants.iter().any(|c| c.0 == value)
    }

    /// The result for one number; `None` when a node cannot be evaluated.
    pub(super) fn evaluate(&self, x: f64) -> Option<f64> {
        let mut known = self.constants.clone();
        known.push((self.x, x));
        let mut result = x;
        for index in &self.nodes {
            let node = &self.graph.nodes[*index];
            let value = |v: ValueId| known.iter().find(|k| k.0 == v).map(|k| k.1);
            let mut inputs = Vec::with_capacity(node.inputs.len());
            for input in &node.inputs {
                inputs.push(match input {
                    Some(id) => Some(value(*id)?),
                    None => None,
                });
            }
            result = apply(node, &inputs)?;
            known.push((node.output(0)?, result));
        }
        Some(result)
    }
}

/// The operators that [`apply`] knows.
const OPS: [&str; 40] = [
    "Abs",
    "Add",
    "And",
    "Cast",
    "Celu",
    "Clip",
    "Div",
    "Elu",
    "Equal",
    "Erf",
    "Exp",
    "Gelu",
    "Greater",
    "GreaterOrEqual",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "Less",
    "LessOrEqual",
    "Log",
    "Max",
    "Min",
    "Mish",
    "Mul",
    "Neg",
    "Not",
    "Or",
    "Pow",
    "Reciprocal",
    "Relu",
    "Selu",
    "Sigmoid",
    "Sin",
    "Softplus",
    "Sqrt",
    "Sub",
    "Sum",
    "Tanh",
    "Where",
];

/// Whether the node works on each element by itself and [`apply`] knows it.
fn is_elementwise(node: &Node) -> bool {
    let Op::File(proto) = &node.op else {
        return false;
    };
    if !node.domain().is_empty() || node.outputs.len() != 1 || node.output(0).is_none() {
        return false;
    }
    OPS.contains(&proto.op_type.as_str())
}

/// What a node computes from numbers; truth is 1 and falsehood 0.
fn apply(node: &Node, inputs: &[Option<f64>]) -> Option<f64> {
    let Op::File(proto) = &node.op else {
        return None;
    };
    let op = proto.op_type.as_str();
    let at = |index: usize| inputs.get(index).copied().flatten();
    let truth = |b: bool| Some(f64::from(u8::from(b)));
    let all = || inputs.iter().copied().collect::<Option<Vec<f64>>>();
    let x = at(0)?;
    let two = |f: fn(f64, f64) -> f64| at(1).map(|y| f(x, y));
    match op {
        "Identity" | "Cast" => Some(x),
        "Add" => two(|a, b| a + b),
        "Sub" => two(|a, b| a - b),
        "Mul" => two(|a, b| a * b),
        "Div" => two(|a, b| a / b),
        "Pow" => two(f64::powf),
        "Sum" => all().map(|v| v.iter().sum()),
        "Max" => all().and_then(|v| v.into_iter().reduce(f64::max)),
        "Min" => all().and_then(|v| v.into_iter().reduce(f64::min)),
        "Abs" => Some(x.abs()),
        "Neg" => Some(-x),
        "Reciprocal" => Some(x.recip()),
        "Sqrt" => Some(x.sqrt()),
        "Exp" => Some(x.exp()),
        "Log" => Some(x.ln()),
        "Clip" => {
            let attributes = Attributes::of(proto);
            let low = at(1)
                .or_else(|| attributes.float("min"))
                .unwrap_or(f64::NEG_INFINITY);
            let high = at(2)
                .or_else(|| attributes.float("max"))
                .unwrap_or(f64::INFINITY);
            Some(x.max(low).min(high))
        }
        "Where" => {
            if x == 0.0 {
                at(2)
            } else {
                at(1)
            }
        }
        "Greater" => at(1).and_then(|y| truth(x > y)),
        "GreaterOrEqual" => at(1).and_then(|y| truth(x >= y)),
        "Less" => at(1).and_then(|y| truth(x < y)),
        "LessOrEqual" => at(1).and_then(|y| truth(x <= y)),
        "Equal" => at(1).and_then(|y| truth(x == y)),
        "And" => at(1).and_then(|y| truth(x != 0.0 && y != 0.0)),
        "Or" => at(1).and_then(|y| truth(x != 0.0 || y != 0.0)),
        "Not" => truth(x == 0.0),
        _ => {
            let attributes = Attributes::of(proto);
            let function =
                Function::from_foreign(Framework::Onnx, op, &|name| attributes.number(name))?;
            Some(function.value(x))
        }
    }
}
