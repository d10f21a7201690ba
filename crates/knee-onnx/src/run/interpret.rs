//! Runs the nodes of a graph, one after another.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use knee_burn::KneeKernels;
use knee_doctor::evidence::{Cause, Layout};

use super::activation;
use super::budget::Budget;
use super::call::Call;
use super::compute::{Compute, Float};
use super::control;
use super::gates::Gates;
use super::nonfinite::{self, State};
use super::operators;
use super::report::{Event, Payload, Reporter};
use super::value::{self, Value, dims};
use crate::attributes::Attributes;
use crate::axes::Axes;
use crate::boundary::guard;
use crate::error::{Error, Result};
use crate::graph::{Graph, Node, Op, ValueId};
use crate::tensor::Tensor;

/// A value with what is known of it.
#[derive(Clone)]
pub(super) struct Slot<C: Compute> {
    pub(super) value: Value<C>,
    pub(super) state: State,
    /// Given from outside (data or a weight), not computed.
    origin: Option<Cause>,
}

impl<C: Compute> Slot<C> {
    pub(super) fn computed(value: Value<C>, state: State) -> Self {
        Self {
            value,
            state,
            origin: None,
        }
    }

    /// A constant, or a part of the batch.
    pub(super) fn given(value: Value<C>, cause: Cause) -> Self {
        let state = match &value {
            Value::Float(x) => nonfinite::of_constant(&C::raw(x)),
            Value::Int(_) | Value::Bool(_) => State::Finite,
        };
        Self {
            value,
            state,
            origin: Some(cause),
        }
    }

    fn raw(&self) -> Option<FlexTensor> {
        match &self.value {
            Value::Float(x) => Some(C::raw(x)),
            Value::Int(_) | Value::Bool(_) => None,
        }
    }
}

/// A run in progress.
pub(super) struct Interpreter<'r, C: Compute> {
    pub(super) weights: &'r BTreeMap<ValueId, FlexTensor>,
    pub(super) budget: &'r Budget,
    pub(super) reporter: Option<&'r Reporter>,
    pub(super) axes: &'r Axes,
    pub(super) watched: &'r BTreeSet<ValueId>,
    /// Independent inputs in this run.
    pub(super) inputs: usize,
    pub(super) max_steps: u64,
    pub(super) steps: Cell<u64>,
    /// Whether the gradients of weights are wanted.
    pub(super) train: bool,
    pub(super) parameters: RefCell<Vec<(ValueId, Float<C>)>>,
}

/// The values of a graph while it runs.
pub(super) type Environment<C> = Vec<Option<Slot<C>>>;

impl<C: Compute> Interpreter<'_, C> {
    /// Runs a graph whose inputs stand in `env` and returns its outputs. `top` is the model's own
    /// graph, whose sites and values are reported.
    pub(super) fn graph(
        &self,
        graph: &Graph,
        mut env: Environment<C>,
        top: bool,
    ) -> Result<Vec<Slot<C>>> {
        let mut uses: Vec<usize> = graph.consumers().iter().map(Vec::len).collect();
        for output in &graph.outputs {
            uses[output.0] += 1;
        }
        // Bodies report nothing, and need not know.
        let varies = if top { graph.varying() } else { Vec::new() };
        if top {
            for &id in graph.inputs.iter().filter(|id| self.watched.contains(id)) {
                if let Some(slot) = &env[id.0] {
                    self.report_value(id, slot);
                }
            }
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let read = |id: ValueId, env: &mut Environment<C>, uses: &mut Vec<usize>| {
                self.read(graph, id, env, uses, top)
            };
            let mut inputs = Vec::with_capacity(node.inputs.len());
            for input in &node.inputs {
                inputs.push(match input {
                    Some(id) => Some(read(*id, &mut env, &mut uses)?),
                    None => None,
                });
            }
            let mut captured = Vec::new();
            for body in node.bodies() {
                let mut values = Vec::new();
                for capture in &body.captures {
                    values.push((capture.inner, read(capture.outer, &mut env, &mut uses)?));
                }
                captured.push(values);
            }
            self.tick(&node.name)?;
            let place = || format!("node \"{}\" ({})", node.name, node.op_name());
            let told = top && node.outputs.iter().flatten().any(|id| varies[id.0]);
            let outputs = guard(place, || self.node(graph, index, inputs, captured, told))?;
            for (id, slot) in node.outputs.iter().zip(outputs) {
                let Some(id) = *id else { continue };
                // What does not depend on the data is as good as stored: it is reported where it
                // breaks something that does.
                let stored = top && !told && slot.origin.is_none();
                let slot = if stored {
                    Slot::given(slot.value, Cause::Constant)
                } else {
                    slot
                };
                if top && self.watched.contains(&id) {
                    self.report_value(id, &slot);
                }
                if uses[id.0] > 0 {
                    if let Some(raw) = slot.raw() {
                        let (address, bytes) = nonfinite::buffer(&raw);
                        self.budget.hold(address, bytes);
                    }
                    env[id.0] = Some(slot);
                }
            }
        }
        graph
            .outputs
            .iter()
            .map(|&id| self.read(graph, id, &mut env, &mut uses, top))
            .collect()
    }

    pub(super) fn tick(&self, node: &str) -> Result<()> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > self.max_steps {
            return Err(Error::limit(
                format!("node \"{node}\""),
                format!("the run has taken {} steps", self.max_steps),
                "expected a network that ends; a Loop in it may not",
            ));
        }
        Ok(())
    }

    /// Takes a value at its last use, so that its buffer can be reused; clones it before.
    fn read(
        &self,
        graph: &Graph,
        id: ValueId,
        env: &mut Environment<C>,
        uses: &mut [usize],
        top: bool,
    ) -> Result<Slot<C>> {
        if env[id.0].is_none() {
            let Some(tensor) = graph.initializers.get(&id) else {
                return Err(Error::graph(
                    format!("value \"{}\"", graph.value(id).name),
                    "nothing has computed it",
                    "expected an input, a constant or a node's result",
                ));
            };
            env[id.0] = Some(self.constant(id, tensor, top));
        }
        uses[id.0] = uses[id.0].saturating_sub(1);
        if uses[id.0] > 0 {
            return Ok(env[id.0].clone().expect("filled above"));
        }
        let slot = env[id.0].take().expect("filled above");
        if let Some(raw) = slot.raw() {
            self.budget.release(nonfinite::buffer(&raw).0);
        }
        Ok(slot)
    }

    fn constant(&self, id: ValueId, tensor: &Tensor, top: bool) -> Slot<C> {
        let stored = if top { self.weights.get(&id) } else { None };
        let value = match stored {
            Some(weight) if self.train => {
                let parameter = C::parameter(weight.clone());
                self.parameters.borrow_mut().push((id, parameter.clone()));
                Value::Float(parameter)
            }
            Some(weight) => Value::Float(C::constant(weight.clone())),
            None => Value::constant(tensor),
        };
        Slot::given(value, Cause::Weight)
    }

    fn report_value(&self, id: ValueId, slot: &Slot<C>) {
        let (Some(reporter), Some(raw)) = (self.reporter, slot.raw()) else {
            return;
        };
        let x = Flex::host_values(raw);
        let layout = self.axes.layout(id, x.shape(), self.inputs);
        reporter.send(Event::Value {
            value: id,
            x: Payload::Shared(x),
            layout,
        });
    }

    fn node(
        &self,
        graph: &Graph,
        index: usize,
        inputs: Vec<Option<Slot<C>>>,
        captured: Vec<Vec<(ValueId, Slot<C>)>>,
        top: bool,
    ) -> Result<Vec<Slot<C>>> {
        let node = &graph.nodes[index];
        let read = inputs
            .iter()
            .flatten()
            .map(|slot| slot.state)
            .max()
            .unwrap_or(State::Finite);
        let given = inputs
            .iter()
            .flatten()
            .find(|slot| slot.state == State::Broken && slot.origin.is_some())
            .and_then(|slot| slot.origin);
        let moves = nonfinite::only_moves(node.op_name());
        // The operands are kept for the cause only while they are needed for it.
        let operands: Vec<Option<FlexTensor>> = if top && !moves && self.reporter.is_some() {
            inputs
                .iter()
                .map(|slot| slot.as_ref().and_then(Slot::raw))
                .collect()
        } else {
            Vec::new()
        };
        let site = self.reporter.filter(|reporter| top && reporter.sites);
        let outputs = match &node.op {
            Op::If {
                then_body,
                else_body,
            } => {
                return control::branch(self, node, &inputs, [then_body, else_body], captured);
            }
            Op::Loop(body) => return control::repeat(self, node, inputs, body, captured),
            Op::Scan { node: proto, body } => {
                return control::scan(self, node, proto, inputs, body, captured);
            }
            Op::File(proto) => {
                let mut call = self.call(graph, node, Attributes::of(proto), inputs);
                if let Some(reporter) = site {
                    call.gates = Some(Gates::new(reporter, index, self.inputs));
                }
                operators::run(&mut call)?
            }
            Op::Activation(_) | Op::Prelu { .. } | Op::Rows { .. } => {
                let call = self.call(graph, node, Attributes(&[]), inputs);
                vec![self.activation(index, node, call, site)?]
            }
        };
        let mut slots = Vec::with_capacity(outputs.len());
        for (position, value) in outputs.into_iter().enumerate() {
            let state = match &value {
                Value::Int(_) | Value::Bool(_) => State::Finite,
                Value::Float(_) if moves => read,
                Value::Float(x) => {
                    let id = node.outputs.get(position).copied().flatten();
                    self.judge(node, index, id, &C::raw(x), (read, given), &operands, top)
                }
            };
            let mut slot = Slot::computed(value, state);
            if moves && state == State::Broken {
                slot.origin = given;
            }
            slots.push(slot);
        }
        Ok(slots)
    }

    /// The state of a result; the first node that breaks it is reported with the cause.
    #[expect(
        clippy::too_many_arguments,
        reason = "what is known of one result, used here only"
    )]
    fn judge(
        &self,
        node: &Node,
        index: usize,
        id: Option<ValueId>,
        x: &FlexTensor,
        (read, given): (State, Option<Cause>),
        operands: &[Option<FlexTensor>],
        top: bool,
    ) -> State {
        let Some((host, counts)) = nonfinite::scan(x) else {
            return State::Finite;
        };
        let state = counts.state(read);
        let first = state == State::Broken && (read != State::Broken || given.is_some());
        if let (Some(reporter), true, true) = (self.reporter, top, first) {
            let layout = id.map_or_else(
                || Layout::dense(1, host.shape().iter().product()),
                |id| self.axes.layout(id, host.shape(), self.inputs),
            );
            let cause = given.unwrap_or_else(|| counts.cause(node.op_name(), operands));
            let seen = counts.report(&host, layout, cause);
            reporter.send(Event::NonFinite { node: index, seen });
        }
        state
    }

    fn call<'a>(
        &'a self,
        graph: &Graph,
        node: &'a Node,
        attributes: Attributes<'a>,
        inputs: Vec<Option<Slot<C>>>,
    ) -> Call<'a, C> {
        let domain = node.domain();
        Call {
            name: &node.name,
            op: node.op_name(),
            domain,
            opset: graph
                .opsets
                .get(domain)
                .copied()
                .unwrap_or_else(|| graph.opset()),
            attributes,
            inputs: inputs
                .into_iter()
                .map(|slot| slot.map(|slot| slot.value))
                .collect(),
            wanted: node.outputs.iter().map(Option::is_some).collect(),
            budget: self.budget,
            gates: None,
        }
    }

    /// Runs an activation and reports it.
    fn activation(
        &self,
        index: usize,
        node: &Node,
        mut call: Call<'_, C>,
        site: Option<&Reporter>,
    ) -> Result<Value<C>> {
        let x = match (call.input(0)?, &node.op) {
            (Value::Float(x), _) => x.clone(),
            // Clip and Relu of lengths and indices.
            (Value::Int(x), Op::Activation(function)) => {
                return Ok(Value::Int(x.map(|i| function.value(i as f64) as i64)));
            }
            _ => return Err(call.wrong("an operand that is not floating-point", "floats")),
        };
        let shape = dims::<C>(&x);
        call.reserve(&shape)?;
        let id = node
            .output(0)
            .ok_or_else(|| call.wrong("no output", "one output"))?;
        let watched = site.map(|reporter| (reporter, C::raw(&x)));
        let (a, layout) = match &node.op {
            Op::Prelu { trailing } => {
                drop(x);
                (activation::prelu(&mut call, *trailing)?, None)
            }
            Op::Rows {
                function,
                axis,
                flatten,
            } => {
                let axis = call.axis(*axis, shape.len())?;
                let layout = (!flatten).then(|| self.axes.rows(id, axis, &shape, self.inputs));
                drop(call);
                (activation::rows::<C>(x, *function, axis, *flatten), layout)
            }
            Op::Activation(function) => {
                drop(call);
                (C::knee_activation(x, function.kernel()), None)
            }
            _ => return Err(call.unsupported("it is not an activation")),
        };
        // Unobserved, the backward pass runs all the same, so that observing is what differs.
        let Some((reporter, z)) = watched else {
            return Ok(Value::Float(C::tracked(a)));
        };
        let layout = layout.unwrap_or_else(|| self.axes.layout(id, &shape, self.inputs));
        reporter.send(Event::Site {
            node: index,
            part: 0,
            z: Payload::Shared(Flex::host_values(z)),
            a: Payload::Shared(value::on_host::<C>(&a)),
            layout,
        });
        Ok(Value::Float(C::watched(a, reporter.sink(index, 0, layout))))
    }
}
