//! A graph made ready to run, and its runs.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::sync_channel;
use std::thread;

use burn::backend::flex::FlexTensor;
use burn::backend::{AutodiffBackend, Flex, TensorMetadata};
use knee_burn::KneeKernels;
use knee_doctor::LossKind;
use knee_doctor::evidence::Cause;
use knee_doctor::network::ValueId;

use super::budget::Budget;
use super::compute::{Compute, Float, Taped};
use super::interpret::{Environment, Interpreter, Slot};
use super::loss::{self, Loss};
use super::nonfinite;
use super::report::{Event, Observer, Payload, Reporter};
use super::value::{self, Value};
use crate::axes::Axes;
use crate::boundary::guard;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::input::Batch;
use crate::tensor::Tensor;

/// Messages that may wait for the observer. Each holds on to an activation, so there are few.
const QUEUE: usize = 4;

/// The loss and the output that enters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objective {
    /// The loss.
    pub loss: LossKind,
    /// Which of the graph's outputs enters it.
    pub output: usize,
}

/// What a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of tensors; `None` is no limit.
    pub max_memory: Option<u64>,
    /// Nodes that may run, counting each turn of a loop.
    pub max_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_memory: None,
            max_steps: 1_000_000,
        }
    }
}

/// What a run produced.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The graph's outputs, in its order.
    pub outputs: Vec<Tensor>,
    /// The loss, summed over inputs and positions.
    pub loss: Option<f64>,
    /// Gradients of that sum for initializers and float inputs, where they were asked for.
    pub gradients: BTreeMap<ValueId, Tensor>,
    /// The most bytes of tensors that were held at one time, as counted against the limit.
    pub peak_memory: u64,
}

/// A graph with its weights on Burn, ready for any number of runs.
pub struct Session<'g> {
    graph: &'g Graph,
    weights: BTreeMap<ValueId, FlexTensor>,
    axes: Axes,
    gradients: bool,
    output: usize,
}

impl<'g> Session<'g> {
    /// Prepares the weights of a graph.
    pub fn new(graph: &'g Graph) -> Result<Self> {
        let weights = guard(
            || "weights".to_owned(),
            || {
                let floats = graph
                    .initializers
                    .iter()
                    .filter(|(_, t)| t.dtype.is_float());
                Ok(floats
                    .map(|(&id, tensor)| (id, value::flex(tensor)))
                    .collect())
            },
        )?;
        Ok(Self {
            graph,
            weights,
            axes: Axes::of(graph),
            gradients: false,
            output: 0,
        })
    }

    /// Makes every run with an objective return the gradients of initializers and float inputs.
    #[must_use]
    pub fn with_gradients(mut self) -> Self {
        self.gradients = true;
        self
    }

    /// Makes runs without an objective report this output, which would enter the loss.
    #[must_use]
    pub fn with_output(mut self, output: usize) -> Self {
        self.output = output;
        self
    }

    /// The graph.
    pub fn graph(&self) -> &'g Graph {
        self.graph
    }

    /// Runs the graph on a batch: forward, and backward when there is an objective (then the
    /// batch needs labels).
    pub fn run(
        &self,
        batch: &Batch,
        objective: Option<Objective>,
        observer: &mut dyn Observer,
        limits: &Limits,
    ) -> Result<Outcome> {
        if objective.is_some() {
            self.start::<Taped>(batch, objective, observer, limits, Self::backward)
        } else {
            self.start::<Flex>(batch, None, observer, limits, Self::forward_only)
        }
    }

    /// Runs on a thread of its own, telling the observer on this one.
    fn start<C: Compute>(
        &self,
        batch: &Batch,
        objective: Option<Objective>,
        observer: &mut dyn Observer,
        limits: &Limits,
        finish: Finish<'g, C>,
    ) -> Result<Outcome> {
        let watched: BTreeSet<ValueId> = observer.watched().into_iter().collect();
        let (sender, receiver) = sync_channel::<Event>(QUEUE);
        let reporter = Reporter::new(sender, observer.watches_sites());
        thread::scope(|scope| {
            let watched = &watched;
            let worker = scope.spawn(move || {
                let end = reporter.end();
                let outcome = self.work(batch, objective, limits, watched, &reporter, finish);
                drop(end);
                outcome
            });
            // A run that failed may leave its tape behind, and with it senders of this queue, so the
            // queue does not close by itself.
            let told = receiver.into_iter().map_while(|event| event.tell(observer));
            told.for_each(drop);
            worker.join().unwrap_or_else(|_| {
                Err(Error::Dependency {
                    place: "run".into(),
                    message: "it gave up".into(),
                })
            })
        })
    }

    fn work<C: Compute>(
        &self,
        batch: &Batch,
        objective: Option<Objective>,
        limits: &Limits,
        watched: &BTreeSet<ValueId>,
        reporter: &Reporter,
        finish: Finish<'g, C>,
    ) -> Result<Outcome> {
        let budget = Budget::new(limits.max_memory, C::TAPED);
        let interpreter = Interpreter::<C> {
            weights: &self.weights,
            budget: &budget,
            reporter: Some(reporter),
            axes: &self.axes,
            watched,
            inputs: batch.samples,
            max_steps: limits.max_steps,
            steps: Cell::new(0),
            train: self.gradients && C::TAPED,
            parameters: RefCell::default(),
        };
        for weight in self.weights.values() {
            let (address, bytes) = nonfinite::buffer(weight);
            budget.hold(address, bytes);
        }
        let env = self.environment(batch, &interpreter)?;
        let slots = interpreter.graph(self.graph, env, true)?;
        let outputs: Vec<Value<C>> = slots.into_iter().map(|slot| slot.value).collect();
        let mut outcome = Outcome {
            outputs: outputs.iter().map(Value::to_tensor).collect(),
            ..Outcome::default()
        };
        let run = Finished {
            batch,
            objective,
            outputs,
            interpreter: &interpreter,
            reporter,
        };
        guard(
            || "backward pass".to_owned(),
            || finish(self, run, &mut outcome),
        )?;
        outcome.peak_memory = budget.peak();
        Ok(outcome)
    }

    fn environment<C: Compute>(
        &self,
        batch: &Batch,
        interpreter: &Interpreter<'_, C>,
    ) -> Result<Environment<C>> {
        let mut env: Environment<C> = vec![None; self.graph.values.len()];
        for &id in &self.graph.inputs {
            let name = &self.graph.value(id).name;
            let Some((_, tensor)) = batch.inputs.iter().find(|(n, _)| n == name) else {
                return Err(Error::batch(
                    "batch",
                    format!("no array \"{name}\""),
                    "one array per input",
                ));
            };
            interpreter
                .budget
                .announce(name, &tensor.shape, tensor.dtype.size().max(4))?;
            let value = match Value::<C>::constant(tensor) {
                Value::Float(x) if interpreter.train => {
                    let leaf = C::parameter(C::raw(&x));
                    interpreter.parameters.borrow_mut().push((id, leaf.clone()));
                    Value::Float(leaf)
                }
                other => other,
            };
            env[id.0] = Some(Slot::given(value, Cause::Input));
        }
        Ok(env)
    }

    #[expect(
        clippy::needless_pass_by_value,
        clippy::unnecessary_wraps,
        reason = "the same signature as the backward pass"
    )]
    fn forward_only(&self, run: Finished<'_, Flex>, _: &mut Outcome) -> Result<()> {
        let outputs = self.graph.outputs.iter().zip(&run.outputs);
        for (id, output) in outputs.skip(self.output).take(1) {
            if let Value::Float(x) = output {
                let host = Flex::host_values(x.clone());
                let layout = self.axes.layout(*id, host.shape(), run.batch.samples);
                run.reporter.send(Event::Output {
                    logits: Payload::Shared(host),
                    layout,
                });
            }
        }
        Ok(())
    }

    fn backward(&self, run: Finished<'_, Taped>, outcome: &mut Outcome) -> Result<()> {
        let Some(objective) = run.objective else {
            return Ok(());
        };
        let labels = run.batch.labels.as_ref().ok_or_else(|| {
            Error::batch(
                "batch",
                "it has no labels",
                format!("labels for the loss {}", objective.loss),
            )
        })?;
        let logits = self.logits(&run.outputs, objective)?;
        let loss = Loss {
            kind: objective.loss,
            labels,
            inputs: run.batch.samples,
        };
        let shape = value::dims::<Taped>(&logits);
        let layout = loss::layout(&shape, loss.axis(&shape)?, run.batch.samples);
        let host = value::on_host::<Taped>(&logits);
        run.reporter.send(Event::Output {
            logits: Payload::Shared(host),
            layout,
        });
        let total = loss.compute::<Taped>(logits)?;
        outcome.loss = value::as_f64(&value::on_host::<Taped>(&total))
            .first()
            .copied();
        if !total.is_tracked() {
            return Ok(());
        }
        drop(run.outputs);
        let gradients = Taped::backward(total);
        run.reporter.flush();
        for (id, leaf) in run.interpreter.parameters.borrow().iter() {
            if let Some(gradient) = Taped::grad(leaf, &gradients) {
                debug_assert_eq!(gradient.shape(), leaf.shape());
                let tensor = Value::<Flex>::Float(gradient).to_tensor();
                outcome.gradients.insert(*id, tensor);
            }
        }
        Ok(())
    }

    fn logits(&self, outputs: &[Value<Taped>], objective: Objective) -> Result<Float<Taped>> {
        match outputs.get(objective.output) {
            Some(Value::Float(x)) => Ok(x.clone()),
            Some(_) => Err(Error::batch(
                format!(
                    "output \"{}\"",
                    self.graph.value(self.graph.outputs[objective.output]).name
                ),
                "it holds integers",
                format!("a floating-point output for the loss {}", objective.loss),
            )),
            None => Err(Error::batch(
                "model",
                format!("it has {} outputs", outputs.len()),
                format!("an output number {}", objective.output),
            )),
        }
    }
}

/// A forward pass that has ended.
struct Finished<'a, C: Compute> {
    batch: &'a Batch,
    objective: Option<Objective>,
    outputs: Vec<Value<C>>,
    interpreter: &'a Interpreter<'a, C>,
    reporter: &'a Reporter,
}

/// What follows the forward pass.
type Finish<'s, C> = fn(&Session<'s>, Finished<'_, C>, &mut Outcome) -> Result<()>;
