//! Shapes that the file does not state.
//!
//! Older exporters declare only the shapes of inputs and outputs. What follows from them through
//! the common operators is filled in, so that constants can be told from vectors, axes counted
//! from the end, and positions counted. A shape that does not follow stays unknown.

use crate::attributes::Attributes;
use crate::graph::{Dim, Graph, Node, Op, ValueId};

/// Fills in the shapes of values that have none.
pub(crate) fn infer(graph: &mut Graph) {
    for index in 0..graph.nodes.len() {
        let node = &graph.nodes[index];
        let Some(output) = node.output(0) else {
            continue;
        };
        if graph.value(output).shape.is_some() {
            continue;
        }
        let shape = Walk { graph, node }.shape();
        graph.values[output.0].shape = shape;
    }
}

struct Walk<'a> {
    graph: &'a Graph,
    node: &'a Node,
}

impl Walk<'_> {
    fn of(&self, value: ValueId) -> Option<&[Dim]> {
        self.graph.value(value).shape.as_deref()
    }

    fn input(&self, at: usize) -> Option<&[Dim]> {
        self.of(self.node.input(at)?)
    }

    fn ints(&self, at: usize) -> Option<&[i64]> {
        self.graph.constant(self.node.input(at)?)?.integers()
    }

    fn shape(&self) -> Option<Vec<Dim>> {
        let Op::File(proto) = &self.node.op else {
            return None;
        };
        if !self.node.domain().is_empty() {
            return None;
        }
        let attributes = Attributes::of(proto);
        match proto.op_type.as_str() {
            "Relu"
            | "LeakyRelu"
            | "PRelu"
            | "Elu"
            | "Selu"
            | "Celu"
            | "Sigmoid"
            | "HardSigmoid"
            | "Tanh"
            | "Clip"
            | "Softplus"
            | "HardSwish"
            | "Gelu"
            | "Mish"
            | "Sin"
            | "Exp"
            | "Log"
            | "Sqrt"
            | "Erf"
            | "Neg"
            | "Abs"
            | "Reciprocal"
            | "Softmax"
            | "LogSoftmax"
            | "Identity"
            | "Dropout"
            | "Cast"
            | "BatchNormalization"
            | "LayerNormalization"
            | "InstanceNormalization"
            | "GroupNormalization"
            | "LRN"
            | "Not" => self.input(0).map(<[Dim]>::to_vec),
            "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Max" | "Min" | "Sum" | "Where" | "Greater"
            | "GreaterOrEqual" | "Less" | "LessOrEqual" | "Equal" | "And" | "Or" => {
                let mut inputs = self.node.inputs.iter().flatten();
                let first = self.of(*inputs.next()?)?.to_vec();
                inputs.try_fold(first, |shape, other| broadcast(&shape, self.of(*other)?))
            }
            op => self
                .layer(op, attributes)
                .or_else(|| self.rearranged(op, attributes)),
        }
    }

    /// Layers, and windows that slide over their input.
    fn layer(&self, op: &str, attributes: Attributes<'_>) -> Option<Vec<Dim>> {
        match op {
            "Gemm" => {
                let side = |at: usize, flag: &str, axis: usize| {
                    let axis = if attributes.flag(flag) {
                        1 - axis
                    } else {
                        axis
                    };
                    self.input(at)?.get(axis).cloned()
                };
                Some(vec![side(0, "transA", 0)?, side(1, "transB", 1)?])
            }
            "MatMul" => {
                let (a, b) = (self.input(0)?, self.input(1)?);
                if a.len() < 2 || b.len() < 2 {
                    return None;
                }
                let (a_outer, a_matrix) = a.split_at(a.len() - 2);
                let (b_outer, b_matrix) = b.split_at(b.len() - 2);
                let mut shape = broadcast(a_outer, b_outer)?;
                shape.extend([a_matrix[0].clone(), b_matrix[1].clone()]);
                Some(shape)
            }
            "Conv" => self.window(attributes, Some(self.input(1)?.first()?.clone())),
            "MaxPool" | "AveragePool" => self.window(attributes, None),
            "GlobalAveragePool" | "GlobalMaxPool" => {
                let input = self.input(0)?;
                let keep = |(axis, dim): (usize, &Dim)| {
                    if axis < 2 { dim.clone() } else { Dim::Known(1) }
                };
                Some(input.iter().enumerate().map(keep).collect())
            }
            _ => None,
        }
    }

    /// The same values along other axes, and sums of them.
    fn rearranged(&self, op: &str, attributes: Attributes<'_>) -> Option<Vec<Dim>> {
        match op {
            "Transpose" => {
                let input = self.input(0)?;
                match attributes.ints("perm") {
                    None => Some(input.iter().rev().cloned().collect()),
                    Some(perm) => perm
                        .iter()
                        .map(|axis| input.get(usize::try_from(*axis).ok()?).cloned())
                        .collect(),
                }
            }
            "Flatten" => {
                let input = self.input(0)?;
                // The axis may be the one behind the last.
                let axis = position(attributes.int("axis").unwrap_or(1), input.len());
                let (outer, inner) = input.split_at(axis.unwrap_or(input.len()));
                Some(vec![product(outer), product(inner)])
            }
            "Squeeze" | "Unsqueeze" => self.resize_axes(op == "Unsqueeze", attributes),
            "Gather" => {
                let (data, indices) = (self.input(0)?, self.input(1)?);
                let axis = position(attributes.int("axis").unwrap_or(0), data.len())?;
                let (outer, inner) = data.split_at_checked(axis)?;
                Some([outer, indices, inner.get(1..)?].concat())
            }
            op if op.starts_with("Reduce") => self.reduce(attributes),
            "Reshape" => self.reshape(attributes.flag("allowzero")),
            "Concat" => self.concat(attributes.int("axis")?),
            _ => None,
        }
    }

    /// The lengths behind a sliding window with explicit padding.
    fn window(&self, attributes: Attributes<'_>, channels: Option<Dim>) -> Option<Vec<Dim>> {
        let input = self.input(0)?;
        let (batch, rest) = input.split_first()?;
        let (own, lengths) = rest.split_first()?;
        if attributes
            .text("auto_pad")
            .is_some_and(|pad| pad != "NOTSET")
            || attributes.flag("ceil_mode")
        {
            return None;
        }
        let kernel: Vec<u64> = match attributes.ints("kernel_shape") {
            Some(kernel) => kernel
                .iter()
                .map(|k| u64::try_from(*k).ok())
                .collect::<Option<_>>()?,
            None => self
                .input(1)?
                .get(2..)?
                .iter()
                .map(Dim::known)
                .collect::<Option<_>>()?,
        };
        let list = |name: &str, axis: usize, default: u64| match attributes.ints(name) {
            Some(values) => values.get(axis).and_then(|v| u64::try_from(*v).ok()),
            None => Some(default),
        };
        let mut shape = vec![batch.clone(), channels.unwrap_or_else(|| own.clone())];
        for (axis, length) in lengths.iter().enumerate() {
            let span = list("dilations", axis, 1)?
                .checked_mul(kernel.get(axis)?.checked_sub(1)?)?
                .checked_add(1)?;
            let pads =
                list("pads", axis, 0)?.checked_add(list("pads", axis + lengths.len(), 0)?)?;
            let stride = list("strides", axis, 1)?;
            shape.push(match length.known() {
                Some(length) => {
                    let free = length.checked_add(pads)?.checked_sub(span)?;
                    Dim::Known(free.checked_div(stride)? + 1)
                }
                None => Dim::Unknown,
            });
        }
        Some(shape)
    }

    /// The axes of a squeeze, an unsqueeze or a reduction: an attribute, later an input.
    fn axes(&self, attributes: Attributes<'_>, rank: usize) -> Option<Vec<usize>> {
        let given = match self.node.input(1) {
            Some(_) => self.ints(1)?,
            None => attributes.ints("axes")?,
        };
        given.iter().map(|axis| position(*axis, rank)).collect()
    }

    fn resize_axes(&self, adds: bool, attributes: Attributes<'_>) -> Option<Vec<Dim>> {
        let input = self.input(0)?;
        if adds {
            let count = self.ints(1).or_else(|| attributes.ints("axes"))?.len();
            let mut axes = self.axes(attributes, input.len() + count)?;
            axes.sort_unstable();
            let mut shape = input.to_vec();
            for axis in axes {
                shape.insert(axis.min(shape.len()), Dim::Known(1));
            }
            return Some(shape);
        }
        let gone = self.axes(attributes, input.len())?;
        let kept = input
            .iter()
            .enumerate()
            .filter(|(axis, _)| !gone.contains(axis));
        Some(kept.map(|(_, dim)| dim.clone()).collect())
    }

    fn reduce(&self, attributes: Attributes<'_>) -> Option<Vec<Dim>> {
        let input = self.input(0)?;
        let gone = self.axes(attributes, input.len())?;
        let keeps = attributes.int("keepdims").unwrap_or(1) == 1;
        let mut shape = Vec::with_capacity(input.len());
        for (axis, dim) in input.iter().enumerate() {
            match gone.contains(&axis) {
                true if keeps => shape.push(Dim::Known(1)),
                true => {}
                false => shape.push(dim.clone()),
            }
        }
        Some(shape)
    }

    fn reshape(&self, allow_zero: bool) -> Option<Vec<Dim>> {
        let target = self.ints(1)?;
        let input = self.input(0);
        let mut shape = Vec::with_capacity(target.len());
        for (axis, length) in target.iter().enumerate() {
            shape.push(match u64::try_from(*length) {
                Ok(0) if !allow_zero => input?.get(axis)?.clone(),
                Ok(length) => Dim::Known(length),
                Err(_) => Dim::Unknown,
            });
        }
        // One length may be left open; it follows where all others are known.
        let open = target.iter().position(|length| *length < 0);
        if let (Some(open), Some(total)) = (open, input.and_then(known_product)) {
            let others = shape.iter().enumerate().filter(|(axis, _)| *axis != open);
            let others = others
                .map(|(_, dim)| dim.known())
                .try_fold(1u64, |n, d| n.checked_mul(d?));
            if let Some(length) = others.and_then(|others| total.checked_div(others)) {
                shape[open] = Dim::Known(length);
            }
        }
        Some(shape)
    }

    fn concat(&self, axis: i64) -> Option<Vec<Dim>> {
        let mut parts = self.node.inputs.iter().flatten();
        let mut shape = self.of(*parts.next()?)?.to_vec();
        let axis = position(axis, shape.len())?;
        for part in parts {
            let length = self.of(*part)?.get(axis)?;
            let both = shape.get(axis)?.known().zip(length.known());
            shape[axis] = match both.and_then(|(a, b)| a.checked_add(b)) {
                Some(sum) => Dim::Known(sum),
                None => Dim::Unknown,
            };
        }
        Some(shape)
    }
}

/// The place of an axis that may count from the last; `None` where there is no such axis.
pub(crate) fn position(axis: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if axis < 0 { axis + rank } else { axis };
    if (0..rank).contains(&axis) {
        usize::try_from(axis).ok()
    } else {
        None
    }
}

fn known_product(dims: &[Dim]) -> Option<u64> {
    dims.iter()
        .try_fold(1u64, |n, dim| n.checked_mul(dim.known()?))
}

fn product(dims: &[Dim]) -> Dim {
    match dims {
        [one] => one.clone(),
        _ => known_product(dims).map_or(Dim::Unknown, Dim::Known),
    }
}

/// The shape that two shapes broadcast to.
fn broadcast(a: &[Dim], b: &[Dim]) -> Option<Vec<Dim>> {
    let rank = a.len().max(b.len());
    let at = |dims: &[Dim], axis: usize| match (axis + dims.len()).checked_sub(rank) {
        Some(at) => dims[at].clone(),
        None => Dim::Known(1),
    };
    (0..rank)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (x, y) if x == y => Some(x),
            (Dim::Known(1), y) => Some(y),
            (x, Dim::Known(1)) => Some(x),
            (Dim::Known(_), Dim::Known(_)) => None,
            // A length above 1 is what an open one must be, or become.
            (Dim::Known(x), _) => Some(Dim::Known(x)),
            (_, Dim::Known(y)) => Some(Dim::Known(y)),
            _ => Some(Dim::Unknown),
        })
        .collect()
}
