//! An order in which the nodes can run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::error::{Error, Result};
use crate::graph::{Graph, Node};

/// Sorts the nodes so that each comes after those it reads from, keeping the file's order where
/// it is one. A cycle is an error that names a node on it.
pub(crate) fn sort(graph: &mut Graph) -> Result<()> {
    let producers = graph.producers();
    let before = |node: &Node| -> Vec<usize> {
        node.reads()
            .filter_map(|value| producers[value.0])
            .collect()
    };
    let count = graph.nodes.len();
    let mut waits = vec![0usize; count];
    let mut readers = vec![Vec::new(); count];
    for (index, node) in graph.nodes.iter().enumerate() {
        for producer in before(node) {
            waits[index] += 1;
            readers[producer].push(index);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..count).filter(|i| waits[*i] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for reader in &readers[index] {
            waits[*reader] -= 1;
            if waits[*reader] == 0 {
                ready.push(Reverse(*reader));
            }
        }
    }
    if order.len() < count {
        return Err(cycle(graph, &waits, &producers));
    }
    let mut nodes: Vec<Option<Node>> = graph.nodes.drain(..).map(Some).collect();
    graph.nodes = order
        .into_iter()
        .filter_map(|index| nodes[index].take())
        .collect();
    Ok(())
}

/// Walks back from a node that never became ready until a node comes twice.
fn cycle(graph: &Graph, waits: &[usize], producers: &[Option<usize>]) -> Error {
    let mut seen = Vec::new();
    let mut at = waits.iter().position(|w| *w > 0).unwrap_or_default();
    while !seen.contains(&at) {
        seen.push(at);
        let waiting = graph.nodes[at]
            .reads()
            .filter_map(|value| producers[value.0]);
        match waiting.into_iter().find(|producer| waits[*producer] > 0) {
            Some(producer) => at = producer,
            None => break,
        }
    }
    let start = seen
        .iter()
        .position(|index| *index == at)
        .unwrap_or_default();
    let mut names: Vec<&str> = seen[start..]
        .iter()
        .map(|index| graph.nodes[*index].name.as_str())
        .collect();
    names.reverse();
    names.truncate(8);
    Error::graph(
        format!("node \"{}\"", graph.nodes[at].name),
        format!("it needs its own result, through {}", names.join(" -> ")),
        "expected a graph without a cycle",
    )
}
