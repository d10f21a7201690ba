//! Finds the activation functions of a graph, also those written as several nodes.
//!
//! A pattern becomes one node. It is rewritten only when nothing else reads what lies inside it,
//! so that no value that the file computes elsewhere is lost.

mod expression;
mod identify;
mod rows;
mod single;

use crate::graph::{Graph, Node, Op, ValueId};
use expression::Context;

/// How many expressions are compared with the catalogue in one graph, which bounds the time for
/// graphs that are nothing but arithmetic. The largest networks have some ten thousand.
const MAX_EXPRESSIONS: usize = 100_000;

/// A group of nodes that is one function.
struct Found {
    /// The nodes, in the order they run; the last writes the result.
    nodes: Vec<usize>,
    op: Op,
    inputs: Vec<ValueId>,
}

/// Rewrites every activation of the graph, and of the bodies in it, to a node of its own.
pub(crate) fn recognise(graph: &mut Graph) {
    for node in &mut graph.nodes {
        match &mut node.op {
            Op::If {
                then_body,
                else_body,
            } => {
                recognise(&mut then_body.graph);
                recognise(&mut else_body.graph);
            }
            Op::Loop(body) | Op::Scan { body, .. } => recognise(&mut body.graph),
            _ => {}
        }
    }
    let found = search(graph);
    rewrite(graph, found);
}

/// Looks from the last node to the first: the outermost pattern is the function that was meant,
/// and the sigmoid inside a SiLU is no activation of its own.
fn search(graph: &Graph) -> Vec<Found> {
    let producers = graph.producers();
    let consumers = graph.consumers();
    let mut returned = vec![false; graph.values.len()];
    for output in &graph.outputs {
        returned[output.0] = true;
    }
    let varies = graph.varying();
    let mut claimed = vec![false; graph.nodes.len()];
    let mut left = MAX_EXPRESSIONS;
    let mut all = Vec::new();
    for root in (0..graph.nodes.len()).rev() {
        if claimed[root] {
            continue;
        }
        let context = Context {
            graph,
            producers: &producers,
            consumers: &consumers,
            returned: &returned,
            claimed: &claimed,
        };
        let found = rows::ending_in(&context, root)
            .or_else(|| single::ending_in(&context, root))
            .or_else(|| composite(&context, root, &mut left));
        // A function of the weights alone (a decay rate), or of positions, is no activation.
        let found = found.filter(|found| found.inputs.first().is_some_and(|x| varies[x.0]));
        if let Some(found) = found {
            for node in &found.nodes {
                claimed[*node] = true;
            }
            all.push(found);
        }
    }
    all
}

/// The shortest expression that ends in the node and is a function of the catalogue.
fn composite(context: &Context<'_>, root: usize, left: &mut usize) -> Option<Found> {
    let op = context.graph.nodes[root].op_name();
    if matches!(op, "Cast" | "Identity") || *left == 0 {
        return None;
    }
    let expressions = expression::ending_in(context, root);
    *left = left.saturating_sub(expressions.len());
    let (at, function) = expressions
        .iter()
        .enumerate()
        .find_map(|(at, expression)| Some((at, identify::identify(expression)?)))?;
    // Elsewhere a wave encodes positions or times.
    let waves = matches!(function.name(), "sine" | "cosine");
    if waves && !single::follows_layer(context, expressions[at].x) {
        return None;
    }
    let mut best = (&expressions[at], function);
    // A scale before a sine is its frequency, and a ReLU6 may be written as a ReLU with a bound.
    for longer in &expressions[at + 1..] {
        let added = longer
            .nodes
            .iter()
            .filter(|node| !best.0.nodes.contains(node));
        let mut added = added.map(|node| context.graph.nodes[*node].op_name());
        let belongs = match function.name() {
            "sine" => added.all(|op| matches!(op, "Mul" | "Div")),
            "relu6" => added.all(|op| op == "Relu") && matches!(op, "Clip" | "Min"),
            _ => false,
        };
        match identify::identify(longer) {
            Some(other) if belongs && other.name() == function.name() => best = (longer, other),
            _ => break,
        }
    }
    let (expression, function) = best;
    Some(Found {
        nodes: expression.nodes.clone(),
        op: Op::Activation(function),
        inputs: vec![expression.x],
    })
}

/// Puts the new nodes in the places of the last nodes they stand for, and drops the others.
fn rewrite(graph: &mut Graph, found: Vec<Found>) {
    let mut replaced: Vec<Option<Found>> = Vec::new();
    replaced.resize_with(graph.nodes.len(), || None);
    let mut dropped = vec![false; graph.nodes.len()];
    for pattern in found {
        for node in &pattern.nodes {
            dropped[*node] = true;
        }
        if let Some(last) = pattern.nodes.last().copied() {
            dropped[last] = false;
            replaced[last] = Some(pattern);
        }
    }
    let covered: Vec<Vec<String>> = graph.nodes.iter().map(|node| node.covers.clone()).collect();
    let before = readers(graph);
    let nodes = std::mem::take(&mut graph.nodes);
    for (index, mut node) in nodes.into_iter().enumerate() {
        if dropped[index] {
            continue;
        }
        if let Some(pattern) = replaced[index].take() {
            node.covers = pattern
                .nodes
                .iter()
                .flat_map(|at| covered[*at].clone())
                .collect();
            node.op = pattern.op;
            node.inputs = pattern.inputs.into_iter().map(Some).collect();
        }
        graph.nodes.push(node);
    }
    drop_unread(graph, &before);
}

/// How many times each value is read; a result of the graph counts as read.
fn readers(graph: &Graph) -> Vec<usize> {
    let mut readers = vec![0; graph.values.len()];
    let reads = graph.nodes.iter().flat_map(Node::reads);
    for value in reads.chain(graph.outputs.iter().copied()) {
        readers[value.0] += 1;
    }
    readers
}

/// Drops the nodes that only fed what was rewritten, such as the shape of a constant.
fn drop_unread(graph: &mut Graph, before: &[usize]) {
    let mut readers = readers(graph);
    let mut keep = vec![true; graph.nodes.len()];
    for (index, node) in graph.nodes.iter().enumerate().rev() {
        let mut outputs = node.outputs.iter().flatten();
        let read = outputs.clone().any(|value| readers[value.0] > 0);
        let was_read = outputs.any(|value| before[value.0] > 0);
        if !read && was_read {
            keep[index] = false;
            for value in node.reads() {
                readers[value.0] -= 1;
            }
        }
    }
    let mut keep = keep.into_iter();
    graph.nodes.retain(|_| keep.next().unwrap_or(true));
}
