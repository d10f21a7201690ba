//! Softmax and log-softmax: as one node, as a logarithm of the other, or written out.

use knee::RowFunction;

use super::Found;
use super::expression::Context;
use crate::attributes::Attributes;
use crate::graph::{Graph, Node, Op, ValueId};
use crate::shapes::position;

/// A softmax whose last node is known: its input, what it runs over, and its nodes.
struct Softmax {
    x: ValueId,
    axis: i64,
    flatten: bool,
    nodes: Vec<usize>,
}

/// The function of rows whose last node is `root`.
pub(super) fn ending_in(context: &Context<'_>, root: usize) -> Option<Found> {
    let node = &context.graph.nodes[root];
    let (function, rows) = match node.op_name() {
        "LogSoftmax" => (
            RowFunction::LogSoftmax,
            operator(context, root, "LogSoftmax")?,
        ),
        "Log" => {
            let (inner, _) = context.producer(node.input(0)?)?;
            let mut rows = softmax(context, inner)?;
            let private = context.private(node.input(0)?, &[root]);
            rows.nodes.push(root);
            (RowFunction::LogSoftmax, private.then_some(rows)?)
        }
        "Sub" => (RowFunction::LogSoftmax, shifted_by_log_sum(context, root)?),
        _ => (RowFunction::Softmax, softmax(context, root)?),
    };
    let op = Op::Rows {
        function,
        axis: rows.axis,
        flatten: rows.flatten,
    };
    let mut nodes = rows.nodes;
    nodes.sort_unstable();
    nodes.dedup();
    Some(Found {
        nodes,
        op,
        inputs: vec![rows.x],
    })
}

fn softmax(context: &Context<'_>, root: usize) -> Option<Softmax> {
    operator(context, root, "Softmax").or_else(|| written_out(context, root))
}

/// The operator of the file. Below operator set 13 it runs over all axes from `axis` on.
fn operator(context: &Context<'_>, root: usize, op: &str) -> Option<Softmax> {
    let graph = context.graph;
    let node = &graph.nodes[root];
    let Op::File(proto) = &node.op else {
        return None;
    };
    if proto.op_type != op || !node.domain().is_empty() {
        return None;
    }
    let x = node.input(0)?;
    let old = graph.opset() < 13;
    let axis = Attributes::of(proto)
        .int("axis")
        .unwrap_or(if old { 1 } else { -1 });
    let rank = [Some(x), node.output(0)]
        .into_iter()
        .flatten()
        .find_map(|v| rank(graph, v));
    let last = axis == -1 || rank.is_some_and(|rank| position(axis, rank) == rank.checked_sub(1));
    Some(Softmax {
        x,
        axis: if last { -1 } else { axis },
        flatten: old && !last,
        nodes: vec![root],
    })
}

fn rank(graph: &Graph, value: ValueId) -> Option<usize> {
    graph.value(value).shape.as_ref().map(Vec::len)
}

/// `exp(x - max(x)) / sum(exp(x - max(x)))`, also without the maximum, and as a product with the
/// reciprocal of the sum.
fn written_out(context: &Context<'_>, root: usize) -> Option<Softmax> {
    let node = &context.graph.nodes[root];
    let (exp, sum, mut nodes) = match node.op_name() {
        "Div" => (node.input(0)?, node.input(1)?, vec![root]),
        "Mul" => {
            let reciprocal = |at: usize| {
                let (index, n) = context.producer(node.input(at)?)?;
                (n.op_name() == "Reciprocal").then_some((index, n.input(0)?))
            };
            let (exp, (index, sum)) = match (reciprocal(0), reciprocal(1)) {
                (_, Some(found)) => (node.input(0)?, found),
                (Some(found), None) => (node.input(1)?, found),
                (None, None) => return None,
            };
            (exp, sum, vec![index, root])
        }
        _ => return None,
    };
    let (exp_index, exp_node) = context.producer(exp)?;
    let (sum_index, axis) = reduction(context, sum, "ReduceSum", exp)?;
    if exp_node.op_name() != "Exp" {
        return None;
    }
    nodes.extend([exp_index, sum_index]);
    let (x, shift) = unshifted(context, exp_node.input(0)?, axis, &[exp_index]);
    nodes.extend(shift);
    inside_is_private(context, &nodes, root).then_some(Softmax {
        x,
        axis,
        flatten: false,
        nodes,
    })
}

/// `x - logsumexp(x)`, or `(x - max(x)) - log(sum(exp(x - max(x))))`.
fn shifted_by_log_sum(context: &Context<'_>, root: usize) -> Option<Softmax> {
    let node = &context.graph.nodes[root];
    let (y, log_sum) = (node.input(0)?, node.input(1)?);
    if let Some((index, axis)) = reduction(context, log_sum, "ReduceLogSumExp", y) {
        let nodes = vec![index, root];
        let rows = Softmax {
            x: y,
            axis,
            flatten: false,
            nodes: nodes.clone(),
        };
        return inside_is_private(context, &nodes, root).then_some(rows);
    }
    let (log_index, log) = context.producer(log_sum)?;
    let (_, sum) = context.producer(log.input(0)?)?;
    let exp = sum.input(0)?;
    let (sum_index, axis) = reduction(context, log.input(0)?, "ReduceSum", exp)?;
    let (exp_index, exp_node) = context.producer(exp)?;
    if log.op_name() != "Log" || exp_node.op_name() != "Exp" || exp_node.input(0)? != y {
        return None;
    }
    let mut nodes = vec![root, log_index, sum_index, exp_index];
    let (x, shift) = unshifted(context, y, axis, &[exp_index, root]);
    nodes.extend(shift);
    inside_is_private(context, &nodes, root).then_some(Softmax {
        x,
        axis,
        flatten: false,
        nodes,
    })
}

/// For `x - max(x)` that only `readers` read: x and the two nodes. Else the value itself.
fn unshifted(
    context: &Context<'_>,
    value: ValueId,
    axis: i64,
    readers: &[usize],
) -> (ValueId, Vec<usize>) {
    let shift = || {
        let (sub_index, sub) = context.producer(value)?;
        let (x, max) = (sub.input(0)?, sub.input(1)?);
        let (max_index, max_axis) = reduction(context, max, "ReduceMax", x)?;
        let fits = sub.op_name() == "Sub"
            && max_axis == axis
            && context.private(value, readers)
            && context.private(max, &[sub_index]);
        fits.then(|| (x, vec![max_index, sub_index]))
    };
    shift().unwrap_or((value, Vec::new()))
}

/// The node and axis of a reduction of `of` over one axis that keeps the axis.
fn reduction(context: &Context<'_>, value: ValueId, op: &str, of: ValueId) -> Option<(usize, i64)> {
    let (index, node) = context.producer(value)?;
    let Op::File(proto) = &node.op else {
        return None;
    };
    if proto.op_type != op || node.input(0)? != of {
        return None;
    }
    let attributes = Attributes::of(proto);
    let given = match node.input(1) {
        Some(axes) => context.graph.constant(axes)?.integers()?,
        None => attributes.ints("axes")?,
    };
    let keeps = attributes.int("keepdims").unwrap_or(1) == 1;
    match given {
        [axis] if keeps => Some((index, last_as_negative(context.graph, of, *axis))),
        _ => None,
    }
}

/// Reductions of the same axis may count it from either end.
fn last_as_negative(graph: &Graph, value: ValueId, axis: i64) -> i64 {
    let rank = rank(graph, value).and_then(|rank| i64::try_from(rank).ok());
    rank.filter(|_| axis >= 0).map_or(axis, |rank| axis - rank)
}

/// Whether only the nodes themselves read what they compute, but for the last.
fn inside_is_private(context: &Context<'_>, nodes: &[usize], root: usize) -> bool {
    let inside = |node: &Node| {
        node.outputs
            .iter()
            .flatten()
            .all(|v| context.private(*v, nodes))
    };
    nodes
        .iter()
        .filter(|n| **n != root)
        .all(|n| inside(&context.graph.nodes[*n]))
}
