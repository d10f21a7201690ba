//! What is timed: operations in Burn and candle, training steps in Burn.

use serde_json::{Value, json};

use crate::bench::plan::{CORE, L2, MIDDLE, Pace, cell, is_row};

/// Elements of the arrays of an operation.
pub(super) const SIZES: [u64; 2] = [L2, MIDDLE];
/// The length of a row.
const ROW: u64 = 1000;
/// The networks, with the samples of a batch.
pub(super) const NETWORKS: [(&str, u64); 3] = [("mlp", 128), ("cnn", 32), ("transformer", 8)];

/// Whose training steps they are, as `bench/frameworks` knows them.
const SIDES: [&str; 4] = ["burn", "knee exact", "knee fast", "without"];

/// The plan of the session that times operations, on one thread.
pub(super) fn operations(pace: Pace, peers: bool) -> Value {
    let mut cells = Vec::new();
    for elements in SIZES {
        for function in CORE {
            let row = is_row(function).then_some(ROW);
            for (direction, form) in [("forward", "out"), ("both", "out"), ("forward", "in_place")]
            {
                cells.push(cell(function, direction, "f32", elements, row, form));
            }
        }
    }
    plan("operations", 1, pace, peers, 2_000_000, &cells)
}

/// The plan of a session that times training steps.
pub(super) fn training(threads: u64, pace: Pace, peers: bool) -> Value {
    let cells = NETWORKS.map(|(network, batch)| cell(network, "step", "f32", batch, None, "step"));
    plan("training", threads, pace, peers, 100_000_000, &cells)
}

/// As the programs read it: `bench/session/src/plan.rs` and `bench/python/training.py`.
fn plan(
    kind: &str,
    threads: u64,
    pace: Pace,
    peers: bool,
    shortest_ns: u64,
    cells: &[Value],
) -> Value {
    let quick = pace == Pace::Quick;
    let word = if threads == 1 { "thread" } else { "threads" };
    json!({
        "name": format!("{kind}, {threads} {word}"),
        "networks": "networks",
        "sides": SIDES,
        "peers": peers,
        "threads": threads,
        "rounds": if quick { 3 } else { 11 },
        "rounds_large": if quick { 3 } else { 11 },
        "shortest_ns": if quick { shortest_ns / 4 } else { shortest_ns },
        "slow_ns": 2_000_000_000_u64,
        "sample": 0,
        "reach": 0.0,
        "cells": cells,
        "errors": [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_core_function_is_timed_forward_with_backward_and_in_place_at_both_sizes() {
        let plan = operations(Pace::Full, true);
        let cells = plan["cells"].as_array().expect("a list");
        for function in CORE {
            for elements in SIZES {
                for (direction, form) in
                    [("forward", "out"), ("both", "out"), ("forward", "in_place")]
                {
                    let there = cells.iter().any(|cell| {
                        let size = cell["elements"].as_u64().unwrap_or(0);
                        cell["function"] == function
                            && cell["direction"] == direction
                            && cell["form"] == form
                            && (elements / 2..=elements).contains(&size)
                    });
                    assert!(there, "{function} {direction} {form} {elements}");
                }
            }
        }
    }

    #[test]
    fn every_network_is_trained_on_one_thread_and_on_two() {
        for threads in [1, 2] {
            let plan = training(threads, Pace::Quick, true);
            assert_eq!(plan["threads"].as_u64(), Some(threads));
            let cells = plan["cells"].as_array().expect("a list");
            let networks: Vec<_> = cells.iter().map(|cell| &cell["function"]).collect();
            assert_eq!(networks, NETWORKS.map(|(network, _)| network));
        }
    }
}
