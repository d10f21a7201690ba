//! The worst errors, of knee and of everybody else, on the same arguments.

use serde_json::{Value, json};
use session::{Cell, Plan, digits};

use crate::boundary::Boundary;
use crate::cells::outputs;
use crate::peers::Peer;

/// What is counted, in the order of the fields of `Judgement`.
const MARKS: [&str; 7] = [
    "wrong sign",
    "NaN",
    "inf",
    "0",
    "number for NaN",
    "NaN at an infinity",
    "subnormals are 0",
];
/// Half of the rows hold logits of this spread, half of the other.
const SPREADS: [f64; 2] = [3.0, 30.0];

/// A list of `{function, direction, dtype, who, ulp, at, marks}`.
pub(crate) fn judge(
    boundary: &Boundary,
    plan: &Plan,
    peers: &[Box<dyn Peer>],
) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for case in plan.errors.iter().filter(|case| case.dtype == "f32") {
        let (a, b) = arguments(boundary, plan, case);
        let cell = Cell {
            elements: a.len(),
            ..case.clone()
        };
        let mut results = Vec::new();
        for (name, fast) in [("knee exact", false), ("knee fast", true)] {
            if let Some(kernel) = boundary.kernel(&case.function, 0, case.operation(), fast, false)
            {
                let mut out = vec![0.0_f32; a.len()];
                kernel(
                    bytes(&a),
                    bytes(&b),
                    bytes_mut(&mut out),
                    case.row.unwrap_or(0),
                    1,
                );
                results.push((name, out));
            }
        }
        for peer in peers {
            let mut out = vec![0.0_f32; a.len()];
            let room = out.as_mut_ptr();
            // SAFETY: the call ends before `out` does, and nobody else uses it.
            let room = move || unsafe { std::slice::from_raw_parts_mut(room, cell.elements) };
            let cell = &cell;
            if let Some(call) = peer.call(cell, [&a, &b], Box::new(room)) {
                results.push((peer.name(), (call.result)()));
            }
        }
        for (who, values) in results {
            let arrays = [bytes(&a), bytes(&b), bytes(&values)];
            let row = case.row.unwrap_or(0);
            let judgement = boundary
                .judge(&case.function, 0, case.operation(), arrays, a.len(), row)
                .ok_or(format!("{} cannot be judged", case.function))?;
            let marks: Vec<&str> = MARKS
                .iter()
                .zip(judgement.counts)
                .filter_map(|(mark, count)| (count > 0).then_some(*mark))
                .collect();
            found.push(json!({
                "function": case.function,
                "direction": case.direction,
                "dtype": case.dtype,
                "who": who,
                // JSON has no infinity.
                "ulp": judgement.worst.is_finite().then(|| digits(judgement.worst)),
                "at": digits(judgement.at),
                "marks": marks,
            }));
        }
    }
    Ok(found)
}

/// Inputs, or outputs where the derivative is taken from them, and the upstream gradient.
fn arguments(boundary: &Boundary, plan: &Plan, case: &Cell) -> (Vec<f32>, Vec<f32>) {
    let (mut a, mut b);
    if let Some(row) = case.row {
        let half = plan.sample / 2 / row * row;
        (a, b) = (vec![0.0_f32; 2 * half], vec![0.0_f32; 2 * half]);
        for (part, spread) in a.chunks_exact_mut(half).zip(SPREADS) {
            boundary.fill(0, 0, bytes_mut(part), half, spread, 3);
        }
        boundary.fill(0, 0, bytes_mut(&mut b), 2 * half, 1.0, 4);
    } else {
        (a, b) = (
            vec![0.0_f32; 2 * plan.sample],
            vec![1.0_f32; 2 * plan.sample],
        );
        let (patterns, grid) = a.split_at_mut(plan.sample);
        boundary.fill(1, 0, bytes_mut(patterns), plan.sample, 0.0, 0);
        boundary.fill(2, 0, bytes_mut(grid), plan.sample, plan.reach, 0);
        b.fill(1.0);
    }
    if case.operation() == 2 {
        outputs(boundary, case, bytes_mut(&mut a));
    }
    (a, b)
}

fn bytes(numbers: &[f32]) -> &[u8] {
    // SAFETY: a number is four bytes, whatever they are.
    unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast(), 4 * numbers.len()) }
}

fn bytes_mut(numbers: &mut [f32]) -> &mut [u8] {
    // SAFETY: as above, and any four bytes are a number.
    unsafe { std::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), 4 * numbers.len()) }
}
