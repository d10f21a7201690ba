//! What is timed and judged: the cells of the tables.

use knee::{Function, RowFunction};
use serde_json::{Value, json};

/// The functions of the targets.
pub(super) const CORE: [&str; 14] = [
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "gelu_tanh",
    "sigmoid",
    "silu",
    "tanh",
    "softplus",
    "mish",
    "hard_swish",
    "softmax",
    "log_softmax",
];

/// Functions that PyTorch has as well, for the mean over everything that both have.
const FURTHER: [&str; 11] = [
    "relu6",
    "hard_sigmoid",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "log_sigmoid",
    "erf",
    "exp",
    "sine(w0=1)",
    "cosine",
    "arctan",
];

/// Whose gradient frameworks take from the saved output.
const FROM_OUTPUT: [&str; 4] = ["sigmoid", "tanh", "softmax", "log_softmax"];

/// Elements of an array in the cache of the first level, of the second, partly in a large third one, and in memory.
pub(super) const L1: u64 = 4 << 10;
pub(super) const L2: u64 = 64 << 10;
pub(super) const L3: u64 = 16 << 20;
pub(super) const MEMORY: u64 = 64 << 20;
/// Between the caches and memory, for threads.
pub(super) const MIDDLE: u64 = 1 << 20;
/// Elements of the arrays of a call whose cost is mostly that of calling.
pub(super) const FEW: u64 = 16;

/// Lengths of rows.
pub(super) const ROWS: [u64; 4] = [128, 1000, 4096, 32768];
/// Lengths of rows where not every one is timed.
const SOME_ROWS: [u64; 2] = [1000, 4096];

/// How long a measurement may take.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pace {
    Full,
    Quick,
}

/// What a session measures.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Share {
    /// Everything
    Whole,
    /// What the Rust crates have: the core functions in single precision; another session measures the rest.
    Crates,
}

/// The plan of a session, as the programs read it: `bench/rust/src/plan.rs` and `bench/python/session.py`.
pub(super) fn plan(name: Option<&str>, threads: u64, pace: Pace, share: Share) -> Value {
    let quick = pace == Pace::Quick;
    let cells = if threads == 1 {
        alone(name, pace, share)
    } else {
        shared(name, pace)
    };
    let errors = if threads == 1 {
        judged(name, pace, share)
    } else {
        Vec::new()
    };
    json!({
        "threads": threads,
        "rounds": if quick { 5 } else { 11 },
        "rounds_large": if quick { 3 } else { 5 },
        "shortest_ns": if quick { 1_000_000 } else { 2_000_000 },
        "slow_ns": 300_000_000,
        "sample": if quick { 1 << 17 } else { 1 << 19 },
        "reach": 20.0,
        "cells": cells,
        "errors": errors,
    })
}

/// Whether the name is a row function's.
pub(super) fn is_row(name: &str) -> bool {
    Function::parse(name).is_err() && RowFunction::parse(name).is_ok()
}

fn functions(name: Option<&str>) -> Vec<&str> {
    name.map_or_else(|| CORE.to_vec(), |name| vec![name])
}

fn dtypes(pace: Pace, share: Share) -> &'static [&'static str] {
    match (share, pace) {
        (Share::Crates, _) => &["f32"],
        (Share::Whole, Pace::Full) => &["f32", "f64", "f16", "bf16"],
        (Share::Whole, Pace::Quick) => &["f32", "bf16"],
    }
}

/// The functions beyond the core that are measured as well.
fn further(name: Option<&str>, share: Share) -> &'static [&'static str] {
    match (name, share) {
        (None, Share::Whole) => &FURTHER,
        _ => &[],
    }
}

/// Forward, backward from the input where that is what is done, and backward from the output.
fn directions(name: &str) -> Vec<&'static str> {
    let mut directions = vec!["forward"];
    if !is_row(name) {
        directions.push("backward");
    }
    if FROM_OUTPUT.contains(&name) {
        directions.push("from_output");
    }
    directions
}

pub(super) fn cell(
    function: &str,
    direction: &str,
    dtype: &str,
    elements: u64,
    row: Option<u64>,
    form: &str,
) -> Value {
    // Whole rows.
    let elements = row.map_or(elements, |row| (elements / row).max(1) * row);
    json!({
        "function": function,
        "direction": direction,
        "dtype": dtype,
        "elements": elements,
        "row": row,
        "form": form,
    })
}

/// The lengths of rows at a size; one `None` if the function knows no rows.
fn rows(function: &str, elements: u64) -> Vec<Option<u64>> {
    if !is_row(function) {
        return vec![None];
    }
    let rows: &[u64] = match elements {
        FEW => &[FEW],
        L1 => &ROWS[..2],
        L2 => &ROWS,
        _ => &SOME_ROWS,
    };
    rows.iter().map(|row| Some(*row)).collect()
}

/// One thread.
fn alone(name: Option<&str>, pace: Pace, share: Share) -> Vec<Value> {
    let mut cells = Vec::new();
    for dtype in dtypes(pace, share) {
        let single = *dtype == "f32";
        // In double precision every function but relu's relatives computes longer than it waits for memory.
        let sizes: &[u64] = match (pace, *dtype) {
            (Pace::Full, "f32") => &[FEW, L1, L2, L3, MEMORY],
            (Pace::Quick, "f32") => &[FEW, L1, L2, MEMORY],
            (Pace::Full, "f16" | "bf16") => &[L2, MEMORY],
            _ => &[L2],
        };
        for elements in sizes {
            for function in functions(name) {
                for direction in directions(function) {
                    for row in rows(function, *elements) {
                        let form = if *elements == FEW { "call" } else { "out" };
                        cells.push(cell(function, direction, dtype, *elements, row, form));
                    }
                }
            }
        }
        if single {
            for function in functions(name) {
                for row in rows(function, MEMORY) {
                    cells.push(cell(function, "forward", dtype, MEMORY, row, "in_place"));
                }
            }
        }
    }
    for elements in if pace == Pace::Quick {
        &[L2][..]
    } else {
        &[L2, MEMORY]
    } {
        for function in further(name, share) {
            cells.push(cell(function, "forward", "f32", *elements, None, "out"));
        }
    }
    cells
}

/// Several threads.
fn shared(name: Option<&str>, pace: Pace) -> Vec<Value> {
    let mut cells = Vec::new();
    let sizes: &[u64] = if pace == Pace::Quick {
        &[L2, MIDDLE]
    } else {
        &[L2, MIDDLE, MEMORY]
    };
    for elements in sizes {
        for function in functions(name) {
            let rows = rows(function, *elements);
            let row = rows[rows.len() / 2];
            for direction in directions(function) {
                cells.push(cell(function, direction, "f32", *elements, row, "out"));
            }
        }
    }
    cells
}

/// Whose errors are looked for.
fn judged(name: Option<&str>, pace: Pace, share: Share) -> Vec<Value> {
    let mut cases = Vec::new();
    let further = further(name, share);
    for dtype in dtypes(pace, share).iter().filter(|dtype| **dtype != "f64") {
        for function in functions(name).into_iter().chain(further.iter().copied()) {
            for direction in directions(function) {
                let row = is_row(function).then_some(ROWS[1]);
                if *dtype == "f32" || !further.contains(&function) {
                    cases.push(cell(function, direction, dtype, 0, row, "out"));
                }
            }
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_core_function_is_timed_forward_and_backward() {
        let cells = alone(None, Pace::Full, Share::Whole);
        for function in CORE {
            for dtype in ["f32", "f64", "f16", "bf16"] {
                let sizes: &[u64] = match dtype {
                    "f32" => &[L1, L2, L3, MEMORY],
                    "f64" => &[L2],
                    _ => &[L2, MEMORY],
                };
                for elements in sizes {
                    let there = |forward: bool| {
                        cells.iter().any(|cell| {
                            let size = cell["elements"].as_u64().unwrap_or(0);
                            cell["function"] == function
                                && cell["dtype"] == dtype
                                && (cell["direction"] == "forward") == forward
                                && (elements / 2..=*elements).contains(&size)
                        })
                    };
                    assert!(there(true) && there(false), "{function} {dtype} {elements}");
                }
            }
        }
    }

    #[test]
    fn a_cell_holds_whole_rows() {
        for cell in alone(None, Pace::Full, Share::Whole) {
            if let Some(row) = cell["row"].as_u64() {
                assert_eq!(
                    cell["elements"].as_u64().map(|elements| elements % row),
                    Some(0)
                );
            }
        }
    }

    #[test]
    fn sessions_that_share_the_work_measure_what_the_crates_have_only() {
        let whole = alone(None, Pace::Full, Share::Whole);
        let crates = alone(None, Pace::Full, Share::Crates);
        assert!(!crates.is_empty() && crates.len() < whole.len());
        assert!(
            crates
                .iter()
                .all(|cell| cell["dtype"] == "f32" && whole.contains(cell))
        );
    }

    #[test]
    fn one_name_makes_a_small_plan() {
        let cells = alone(Some("gelu"), Pace::Quick, Share::Whole);
        assert!(cells.iter().all(|cell| cell["function"] == "gelu"));
        assert!(!cells.is_empty());
    }
}
