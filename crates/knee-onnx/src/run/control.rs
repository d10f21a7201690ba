//! Control flow: bodies that run once, many times, or not at all.

use super::compute::Compute;
use super::host::Host;
use super::interpret::{Environment, Interpreter, Slot};
use super::nonfinite::State;
use super::shape;
use super::value::{self, Value};
use crate::attributes::Attributes;
use crate::error::{Error, Result};
use crate::graph::{Body, Node, ValueId};
use crate::tensor::DType;

type Captured<C> = Vec<Vec<(ValueId, Slot<C>)>>;

fn wrong(node: &Node, found: impl Into<String>, expected: impl Into<String>) -> Error {
    Error::graph(
        format!("node \"{}\" ({})", node.name, node.op_name()),
        found,
        format!("expected {}", expected.into()),
    )
}

/// Runs a body with these inputs and captured values.
fn run<C: Compute>(
    interpreter: &Interpreter<'_, C>,
    node: &Node,
    body: &Body,
    captured: &[(ValueId, Slot<C>)],
    inputs: Vec<Slot<C>>,
) -> Result<Vec<Slot<C>>> {
    let mut env: Environment<C> = vec![None; body.graph.values.len()];
    if inputs.len() != body.graph.inputs.len() {
        return Err(wrong(
            node,
            format!("a body with {} inputs", body.graph.inputs.len()),
            format!("{}", inputs.len()),
        ));
    }
    for (id, slot) in body.graph.inputs.iter().zip(inputs) {
        env[id.0] = Some(slot);
    }
    for (id, slot) in captured {
        env[id.0] = Some(slot.clone());
    }
    interpreter.graph(&body.graph, env, false)
}

fn truth<C: Compute>(slot: Option<&Slot<C>>) -> Option<bool> {
    match &slot?.value {
        Value::Bool(x) => x.data.first().copied(),
        Value::Int(x) => x.data.first().map(|&i| i != 0),
        Value::Float(_) => None,
    }
}

pub(super) fn branch<C: Compute>(
    interpreter: &Interpreter<'_, C>,
    node: &Node,
    inputs: &[Option<Slot<C>>],
    bodies: [&Body; 2],
    captured: Captured<C>,
) -> Result<Vec<Slot<C>>> {
    let condition = truth(inputs.first().and_then(Option::as_ref))
        .ok_or_else(|| wrong(node, "no boolean condition", "one"))?;
    let chosen = usize::from(!condition);
    let captured = captured.into_iter().nth(chosen).unwrap_or_default();
    run(interpreter, node, bodies[chosen], &captured, Vec::new())
}

pub(super) fn repeat<C: Compute>(
    interpreter: &Interpreter<'_, C>,
    node: &Node,
    inputs: Vec<Option<Slot<C>>>,
    body: &Body,
    captured: Captured<C>,
) -> Result<Vec<Slot<C>>> {
    let captured = captured.into_iter().next().unwrap_or_default();
    let mut inputs = inputs.into_iter();
    let trips = match inputs.next().flatten().map(|slot| slot.value) {
        Some(Value::Int(x)) => x.data.first().copied().unwrap_or(i64::MAX),
        _ => i64::MAX,
    };
    let mut condition = truth(inputs.next().flatten().as_ref()).unwrap_or(true);
    let mut carried: Vec<Slot<C>> = inputs.flatten().collect();
    let scanned = body
        .graph
        .outputs
        .len()
        .checked_sub(carried.len() + 1)
        .ok_or_else(|| {
            wrong(
                node,
                "a body with too few outputs",
                "a condition and each carried value",
            )
        })?;
    let mut rows: Vec<Vec<Slot<C>>> = vec![Vec::new(); scanned];
    let mut results = Vec::new();
    let mut trip = 0;
    while condition && trip < trips {
        let counter = Slot::computed(Value::Int(Host::scalar(trip)), State::Finite);
        let go = Slot::computed(Value::Bool(Host::scalar(true)), State::Finite);
        let arguments = [counter, go]
            .into_iter()
            .chain(carried.iter().cloned())
            .collect();
        interpreter.tick(&node.name)?;
        let mut outputs = run(interpreter, node, body, &captured, arguments)?.into_iter();
        condition = truth(outputs.next().as_ref()).unwrap_or(true);
        for slot in &mut carried {
            *slot = outputs
                .next()
                .ok_or_else(|| wrong(node, "a missing output", "each carried value"))?;
        }
        for (row, slot) in rows.iter_mut().zip(outputs) {
            interpreter
                .budget
                .keep(&node.name, 8 * slot.value.elements() as u64)?;
            row.push(slot);
        }
        trip += 1;
    }
    for (row, &id) in rows
        .into_iter()
        .zip(&body.graph.outputs[carried.len() + 1..])
    {
        let slot = if row.is_empty() {
            nothing(body, id)
        } else {
            None
        };
        results.push(match slot {
            Some(slot) => slot,
            None => stacked(node, row, 0, false)?,
        });
    }
    carried.extend(results);
    Ok(carried)
}

/// The result of no step at all, where the body states its shape.
fn nothing<C: Compute>(body: &Body, id: ValueId) -> Option<Slot<C>> {
    let value = body.graph.value(id);
    let mut shape = vec![0];
    for dim in value.shape.as_ref()? {
        shape.push(dim.known().and_then(|n| usize::try_from(n).ok())?);
    }
    let value = match value.dtype? {
        DType::Bool => Value::Bool(Host::new(shape, Vec::new())),
        dtype if dtype.is_float() => Value::Float(C::constant(value::flex_floats(
            dtype == DType::F64,
            shape,
            &[],
        ))),
        _ => Value::Int(Host::new(shape, Vec::new())),
    };
    Some(Slot::computed(value, State::Finite))
}

/// The results of the steps along a new axis.
fn stacked<C: Compute>(
    node: &Node,
    mut steps: Vec<Slot<C>>,
    axis: i64,
    reverse: bool,
) -> Result<Slot<C>> {
    if reverse {
        steps.reverse();
    }
    let state = steps.iter().map(|s| s.state).max().unwrap_or(State::Finite);
    let Some(first) = steps.first() else {
        return Err(wrong(
            node,
            "no step ran, so the shape of its results is unknown",
            "one step at least",
        ));
    };
    let mut to = first.value.shape();
    let axis = shape::axis(axis, to.len() + 1)
        .ok_or_else(|| wrong(node, format!("axis {axis}"), "an axis of the result"))?;
    to.insert(axis, 1);
    let parts = steps
        .into_iter()
        .map(|s| s.value.reshape(to.clone()))
        .collect();
    let value = Value::concat(parts, axis)
        .ok_or_else(|| wrong(node, "results of different types", "one type"))?;
    Ok(Slot::computed(value, state))
}

pub(super) fn scan<C: Compute>(
    interpreter: &Interpreter<'_, C>,
    node: &Node,
    proto: &onnx_ir::NodeProto,
    inputs: Vec<Option<Slot<C>>>,
    body: &Body,
    captured: Captured<C>,
) -> Result<Vec<Slot<C>>> {
    let attributes = Attributes::of(proto);
    let captured = captured.into_iter().next().unwrap_or_default();
    let scanned = usize::try_from(attributes.int("num_scan_inputs").unwrap_or(1)).unwrap_or(0);
    let mut inputs: Vec<Slot<C>> = inputs.into_iter().flatten().collect();
    let states = inputs.len().checked_sub(scanned).ok_or_else(|| {
        wrong(
            node,
            format!("{} inputs", inputs.len()),
            format!("{scanned} to scan"),
        )
    })?;
    let sequences = inputs.split_off(states);
    let number = |name: &str, k: usize| {
        attributes
            .ints(name)
            .and_then(|v| v.get(k))
            .copied()
            .unwrap_or(0)
    };
    let mut axes = Vec::new();
    let mut length = None;
    for (k, sequence) in sequences.iter().enumerate() {
        let shape = sequence.value.shape();
        let axis = shape::axis(number("scan_input_axes", k), shape.len()).ok_or_else(|| {
            wrong(
                node,
                "an axis to scan that is not there",
                "an axis of the input",
            )
        })?;
        if length.is_some_and(|l| l != shape[axis]) {
            return Err(wrong(
                node,
                "inputs of different lengths",
                "the same length for all",
            ));
        }
        length = Some(shape[axis]);
        axes.push(axis);
    }
    let length = length.unwrap_or(0);
    let mut state = inputs;
    let results = body.graph.outputs.len().saturating_sub(states);
    let mut rows: Vec<Vec<Slot<C>>> = vec![Vec::new(); results];
    for step in 0..length {
        let mut arguments = state.clone();
        for (k, sequence) in sequences.iter().enumerate() {
            let backwards = number("scan_input_directions", k) == 1;
            let at = if backwards { length - 1 - step } else { step };
            let mut shape = sequence.value.shape();
            shape.remove(axes[k]);
            let row = sequence.value.clone().narrow(axes[k], at, 1).reshape(shape);
            arguments.push(Slot::computed(row, sequence.state));
        }
        interpreter.tick(&node.name)?;
        let mut outputs = run(interpreter, node, body, &captured, arguments)?.into_iter();
        for slot in &mut state {
            *slot = outputs
                .next()
                .ok_or_else(|| wrong(node, "a missing output", "each state"))?;
        }
        for (row, slot) in rows.iter_mut().zip(outputs) {
            interpreter
                .budget
                .keep(&node.name, 8 * slot.value.elements() as u64)?;
            row.push(slot);
        }
    }
    for (k, row) in rows.into_iter().enumerate() {
        let reverse = number("scan_output_directions", k) == 1;
        state.push(stacked(node, row, number("scan_output_axes", k), reverse)?);
    }
    Ok(state)
}
