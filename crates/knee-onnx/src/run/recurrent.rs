//! RNN, GRU and LSTM, step by step, each gate an activation site.

use std::collections::BTreeMap;

use burn::backend::Flex;
use knee::{Framework, Function};
use knee_burn::KneeKernels;

use super::call::{Answer, Call};
use super::compute::{Compute, Float};
use super::host::Host;
use super::logic;
use super::report::{Event, Reporter};
use super::steps::{Moment, Steps};
use super::value::{self, Value, dims};

/// The gates of a recurrent operator, in the order of [`Observer`](super::Observer)'s parts.
pub fn parts(op: &str) -> &'static [&'static str] {
    match op {
        "LSTM" => &["input", "output", "forget", "cell", "hidden"],
        "GRU" => &["update", "reset", "hidden"],
        "RNN" => &["hidden"],
        _ => &[],
    }
}

/// Which of an operator's listed activations each part uses.
fn kind(op: &str, part: usize) -> usize {
    match (op, part) {
        ("LSTM", 0..=2) | ("GRU", 0 | 1) | ("RNN", _) => 0,
        ("LSTM", 4) => 2,
        _ => 1,
    }
}

/// The activation of each part of each direction, as the attributes state or by default.
pub(crate) fn functions(
    op: &str,
    names: &[String],
    alpha: &[f32],
    beta: &[f32],
    directions: usize,
) -> Result<Vec<Function>, String> {
    let default: &[&str] = match op {
        "LSTM" => &["Sigmoid", "Tanh", "Tanh"],
        "GRU" => &["Sigmoid", "Tanh"],
        _ => &["Tanh"],
    };
    let listed: Vec<&str> = if names.is_empty() {
        default.iter().copied().cycle().take(default.len() * directions).collect()
    } else {
        names.iter().map(String::as_str).collect()
    };
    if listed.len() != default.len() * directions {
        return Err(format!("{} activations for {directions} directions", listed.len()));
    }
    let (mut alphas, mut betas) = (alpha.iter(), beta.iter());
    let mut known = Vec::new();
    for name in listed {
        let takes_alpha = matches!(name, "LeakyRelu" | "HardSigmoid" | "Elu" | "ThresholdedRelu" | "ScaledTanh" | "Affine");
        let takes_beta = matches!(name, "HardSigmoid" | "ScaledTanh" | "Affine");
        let alpha = if takes_alpha { alphas.next() } else { None };
        let beta = if takes_beta { betas.next() } else { None };
        let attribute = |attribute: &str| match attribute {
            "alpha" => alpha.map(|&a| f64::from(a)),
            "beta" => beta.map(|&b| f64::from(b)),
            _ => None,
        };
        let function = Function::from_foreign(Framework::Onnx, name, &attribute);
        known.push(function.ok_or_else(|| format!("the activation {name}"))?);
    }
    let count = parts(op).len();
    Ok((0..directions * count)
        .map(|at| known[at / count * default.len() + kind(op, at % count)])
        .collect())
}

/// Where gates are reported. The units of a part are those of all directions, one after another.
pub(super) struct Gates<'a, C: Compute> {
    reporter: &'a Reporter,
    node: usize,
    inputs: usize,
    /// Pre-activations and outputs, by part and then by direction and step.
    seen: BTreeMap<usize, (Steps, Steps)>,
    backend: std::marker::PhantomData<C>,
}

impl<'a, C: Compute> Gates<'a, C> {
    pub(super) fn new(reporter: &'a Reporter, node: usize, inputs: usize) -> Self {
        Self { reporter, node, inputs, seen: BTreeMap::new(), backend: std::marker::PhantomData }
    }

    fn see(&mut self, part: usize, at: Moment, z: &Float<C>, a: Float<C>) -> Float<C> {
        let steps = || Steps::new(at.directions, at.steps);
        let (zs, outs) = self.seen.entry(part).or_insert_with(|| (steps(), steps()));
        zs.put(at.direction, at.step, value::on_host::<C>(z));
        outs.put(at.direction, at.step, Flex::host_values(C::raw(&a)));
        if C::TAPED {
            let sink = self.reporter.step_sink((self.node, part), at, self.inputs);
            C::watched(a, sink)
        } else {
            a
        }
    }

    fn finish(self) {
        for (part, (z, a)) in &self.seen {
            if let (Some((z, layout)), Some((a, _))) = (z.stacked(self.inputs), a.stacked(self.inputs)) {
                self.reporter.send(Event::Site { node: self.node, part: *part, z, a, layout });
            }
        }
    }
}

/// One direction of a recurrent operator.
struct Direction<'c, 'a, C: Compute> {
    call: &'c Call<'a, C>,
    gates: &'c mut Option<Gates<'a, C>>,
    /// The function of each part.
    functions: &'c [Function],
    direction: usize,
    directions: usize,
    steps: usize,
    clip: Option<f64>,
    /// Recurrent weights `[H, gates * H]` and their bias `[1, gates * H]`.
    recurrent: Float<C>,
    bias: Option<Float<C>>,
    hidden: usize,
}

impl<C: Compute> Direction<'_, '_, C> {
    /// A gate: its function of the clipped pre-activation, reported.
    fn gate(&mut self, part: usize, step: usize, z: Float<C>) -> Float<C> {
        let z = match self.clip {
            Some(clip) => C::float_clamp(z, (-clip).into(), clip.into()),
            None => z,
        };
        let a = C::knee_activation(z.clone(), self.functions[part]);
        let at = Moment {
            direction: self.direction,
            directions: self.directions,
            step,
            steps: self.steps,
        };
        match self.gates {
            Some(gates) => gates.see(part, at, &z, a),
            None => a,
        }
    }

    /// The columns of one gate.
    fn columns(&self, x: &Float<C>, gate: usize) -> Float<C> {
        value::narrow::<C>(x.clone(), 1, gate * self.hidden, self.hidden)
    }

    fn recur(&self, h: &Float<C>) -> Float<C> {
        let z = C::float_matmul(h.clone(), self.recurrent.clone());
        match &self.bias {
            Some(bias) => C::float_add(z, bias.clone()),
            None => z,
        }
    }
}

/// The state of a cell: hidden, and for an LSTM the cell's memory.
type Memory<C> = (Float<C>, Option<Float<C>>);

/// One step of a cell from its input part `x` of the pre-activations.
type Cell<C> = fn(&mut Direction<'_, '_, C>, usize, Float<C>, Memory<C>, Option<&Peepholes<C>>) -> Memory<C>;

/// Weights from the memory to the gates i, o, f.
struct Peepholes<C: Compute>([Float<C>; 3]);

fn rnn_cell<C: Compute>(d: &mut Direction<'_, '_, C>, step: usize, x: Float<C>, (h, _): Memory<C>, _: Option<&Peepholes<C>>) -> Memory<C> {
    let z = C::float_add(x, d.recur(&h));
    (d.gate(0, step, z), None)
}

fn lstm_cell<C: Compute>(
    d: &mut Direction<'_, '_, C>,
    step: usize,
    x: Float<C>,
    (h, c): Memory<C>,
    peepholes: Option<&Peepholes<C>>,
) -> Memory<C> {
    let c = c.unwrap_or_else(|| h.clone());
    let z = C::float_add(x, d.recur(&h));
    let peep = |z: Float<C>, which: usize, c: &Float<C>| match peepholes {
        Some(Peepholes(weights)) => C::float_add(z, C::float_mul(weights[which].clone(), c.clone())),
        None => z,
    };
    let (zi, zo, zf, zc) = (d.columns(&z, 0), d.columns(&z, 1), d.columns(&z, 2), d.columns(&z, 3));
    let i = d.gate(0, step, peep(zi, 0, &c));
    let f = if d.call.attributes.flag("input_forget") {
        C::float_add_scalar(C::float_neg(i.clone()), 1.0.into())
    } else {
        d.gate(2, step, peep(zf, 2, &c))
    };
    let candidate = d.gate(3, step, zc);
    let c = C::float_add(C::float_mul(f, c), C::float_mul(i, candidate));
    let o = d.gate(1, step, peep(zo, 1, &c));
    let squashed = d.gate_unclipped(4, step, c.clone());
    (C::float_mul(o, squashed), Some(c))
}

impl<C: Compute> Direction<'_, '_, C> {
    /// The function of the LSTM's memory, which the clip does not touch.
    fn gate_unclipped(&mut self, part: usize, step: usize, z: Float<C>) -> Float<C> {
        let clip = self.clip.take();
        let a = self.gate(part, step, z);
        self.clip = clip;
        a
    }
}

fn gru_cell<C: Compute>(d: &mut Direction<'_, '_, C>, step: usize, x: Float<C>, (h, _): Memory<C>, _: Option<&Peepholes<C>>) -> Memory<C> {
    let before_reset = d.call.attributes.flag("linear_before_reset");
    let rec = d.recur(&h);
    let update = C::float_add(d.columns(&x, 0), d.columns(&rec, 0));
    let reset = C::float_add(d.columns(&x, 1), d.columns(&rec, 1));
    let update = d.gate(0, step, update);
    let reset = d.gate(1, step, reset);
    let inner = if before_reset {
        C::float_mul(reset, d.columns(&rec, 2))
    } else {
        let weights = d.columns(&d.recurrent, 2);
        let z = C::float_matmul(C::float_mul(reset, h.clone()), weights);
        match &d.bias {
            Some(bias) => C::float_add(z, d.columns(bias, 2)),
            None => z,
        }
    };
    let z = C::float_add(d.columns(&x, 2), inner);
    let candidate = d.gate(2, step, z);
    let kept = C::float_mul(update.clone(), h);
    let share = C::float_add_scalar(C::float_neg(update), 1.0.into());
    (C::float_add(C::float_mul(share, candidate), kept), None)
}

pub(super) fn rnn<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 1, rnn_cell)
}

pub(super) fn gru<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 3, gru_cell)
}

pub(super) fn lstm<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 4, lstm_cell)
}

/// Rows `[T * N]` in the order in which a direction reads them: backwards within each sequence.
fn order(steps: usize, rows: usize, lengths: &[usize], reverse: bool) -> Option<Vec<usize>> {
    reverse.then(|| {
        (0..steps)
            .flat_map(|step| {
                (0..rows).map(move |row| {
                    let length = lengths[row];
                    let at = if step < length { length - 1 - step } else { step };
                    at * rows + row
                })
            })
            .collect()
    })
}

/// What one direction is given: the parameters of the operator along their first axis.
struct Given<C: Compute> {
    x: Float<C>,
    w: Float<C>,
    r: Float<C>,
    b: Option<Float<C>>,
    h: Option<Float<C>>,
    c: Option<Float<C>>,
    p: Option<Float<C>>,
    lengths: Vec<usize>,
}

fn run<C: Compute>(call: &mut Call<C>, gates: usize, cell: Cell<C>) -> Answer<C> {
    let batch_first = call.attributes.int("layout") == Some(1);
    let memory = call.op == "LSTM";
    let (x, w, r) = (call.float(0)?, call.float(1)?, call.float(2)?);
    let x = if batch_first { C::float_swap_dims(x, 0, 1) } else { x };
    let (dx, dw, dr) = (dims::<C>(&x), dims::<C>(&w), dims::<C>(&r));
    let direction = call.attributes.text("direction").unwrap_or("forward").to_owned();
    let directions = if direction == "bidirectional" { 2 } else { 1 };
    let fits = dx.len() == 3
        && dw.len() == 3
        && dr.len() == 3
        && dw == [directions, gates * dr[2], dx[2]]
        && dr == [directions, gates * dr[2], dr[2]];
    if !fits {
        return Err(call.wrong(
            format!("an input of shape {dx:?} with weights of shapes {dw:?} and {dr:?}"),
            "[steps, N, features], [directions, gates * hidden, features] and [.., hidden]",
        ));
    }
    let (steps, rows, hidden) = (dx[0], dx[1], dr[2]);
    call.reserve(&[steps, rows, directions * hidden * (gates + 2)])?;
    let functions = functions(
        call.op,
        &call.attributes.texts("activations"),
        call.attributes.floats("activation_alpha").unwrap_or_default(),
        call.attributes.floats("activation_beta").unwrap_or_default(),
        directions,
    )
    .map_err(|cause| call.unsupported(cause))?;
    let b = call.optional_float(3)?;
    let lengths: Vec<usize> = match call.optional_ints(4)? {
        Some(lengths) => lengths.iter().map(|&l| usize::try_from(l).unwrap_or(0).min(steps)).collect(),
        None => vec![steps; rows],
    };
    if lengths.len() != rows {
        return Err(call.wrong(format!("{} sequence lengths", lengths.len()), format!("{rows}")));
    }
    let initial = |x: Option<Float<C>>| match x {
        Some(x) if batch_first => Some(C::float_swap_dims(x, 0, 1)),
        other => other,
    };
    let h = initial(call.optional_float(5)?);
    let c = if memory { initial(call.optional_float(6)?) } else { None };
    let p = if memory { call.optional_float(7)? } else { None };
    let given = Given { x, w, r, b, h, c, p, lengths };
    let mut watch = call.gates.take();
    let (mut all, mut last_h, mut last_c) = (Vec::new(), Vec::new(), Vec::new());
    for d in 0..directions {
        let reverse = d == 1 || direction == "reverse";
        let (y, (h, c)) = one_direction(call, &given, &mut watch, (d, reverse), (gates, &functions), cell);
        all.push(value::reshape::<C>(y, &[steps, 1, rows, hidden]));
        last_h.push(value::reshape::<C>(h, &[1, rows, hidden]));
        last_c.extend(c.map(|c| value::reshape::<C>(c, &[1, rows, hidden])));
    }
    if let Some(watch) = watch {
        watch.finish();
    }
    let join = |parts: Vec<Float<C>>, axis: usize| {
        if parts.len() == 1 { parts.into_iter().next() } else { Some(C::float_cat(parts, axis)) }
    };
    let mut y = join(all, 1).ok_or_else(|| call.wrong("no direction", "one at least"))?;
    let mut answer = Vec::new();
    if batch_first {
        y = C::float_permute(y, &[2, 0, 1, 3]);
    }
    answer.push(Value::Float(y));
    for state in [last_h, last_c] {
        if state.is_empty() {
            continue;
        }
        if let Some(state) = join(state, 0) {
            answer.push(Value::Float(if batch_first { C::float_swap_dims(state, 0, 1) } else { state }));
        }
    }
    Ok(answer)
}

/// Runs one direction over all steps: every hidden state in the order of time, and the last.
fn one_direction<'a, C: Compute>(
    call: &Call<'a, C>,
    given: &Given<C>,
    watch: &mut Option<Gates<'a, C>>,
    (d, reverse): (usize, bool),
    (gates, functions): (usize, &[Function]),
    cell: Cell<C>,
) -> (Float<C>, Memory<C>) {
    let shape = dims::<C>(&given.x);
    let (steps, rows, features) = (shape[0], shape[1], shape[2]);
    let hidden = dims::<C>(&given.r)[2];
    let slice = |x: &Float<C>, to: &[usize]| value::reshape::<C>(value::narrow::<C>(x.clone(), 0, d, 1), to);
    let width = gates * hidden;
    let w = C::float_swap_dims(slice(&given.w, &[width, features]), 0, 1);
    let r = C::float_swap_dims(slice(&given.r, &[width, hidden]), 0, 1);
    let bias = given.b.as_ref().map(|b| slice(b, &[1, 2 * width]));
    let half = |k: usize| bias.as_ref().map(|b| value::narrow::<C>(b.clone(), 1, k * width, width));
    let order = order(steps, rows, &given.lengths, reverse);
    let mut x = value::reshape::<C>(given.x.clone(), &[steps * rows, features]);
    if let Some(order) = &order {
        x = value::select::<C>(x, 0, order);
    }
    // The input's part of all pre-activations of all steps is one product.
    let mut z = C::float_matmul(x, w);
    if let Some(bias) = half(0) {
        z = C::float_add(z, bias);
    }
    let zeros = || value::constant_like::<C>(&given.x, vec![rows, hidden], &vec![0.0; rows * hidden]);
    let start = |x: &Option<Float<C>>| x.as_ref().map_or_else(zeros, |x| slice(x, &[rows, hidden]));
    let peepholes = given.p.as_ref().map(|p| {
        let p = slice(p, &[1, 3 * hidden]);
        Peepholes([0, 1, 2].map(|k| value::narrow::<C>(p.clone(), 1, k * hidden, hidden)))
    });
    let memory = call.op == "LSTM";
    let mut state: Memory<C> = (start(&given.h), memory.then(|| start(&given.c)));
    let mut direction = Direction {
        call,
        gates: watch,
        functions: &functions[d * parts(call.op).len()..],
        direction: d,
        directions: dims::<C>(&given.r)[0],
        steps,
        clip: call.attributes.float("clip").filter(|&c| c > 0.0),
        recurrent: r,
        bias: half(1),
        hidden,
    };
    let mut outputs = Vec::with_capacity(steps);
    for step in 0..steps {
        let row = value::narrow::<C>(z.clone(), 0, step * rows, rows);
        let next = cell(&mut direction, step, row, state.clone(), peepholes.as_ref());
        if given.lengths.iter().all(|&l| step < l) {
            outputs.push(next.0.clone());
            state = next;
            continue;
        }
        // Beyond its length a sequence keeps its state and puts out zeros.
        let running: Vec<bool> =
            given.lengths.iter().flat_map(|&l| std::iter::repeat_n(step < l, hidden)).collect();
        let running = Host::new(vec![rows, hidden], running);
        outputs.push(logic::choose::<C>(&running, next.0.clone(), zeros()));
        let c = match (next.1, state.1) {
            (Some(new), Some(old)) => Some(logic::choose::<C>(&running, new, old)),
            (new, _) => new,
        };
        state = (logic::choose::<C>(&running, next.0, state.0), c);
    }
    let mut y = if outputs.is_empty() { z } else { C::float_cat(outputs, 0) };
    if let Some(order) = &order {
        // Reversal within each sequence is its own inverse.
        y = value::select::<C>(y, 0, order);
    }
    (y, state)
}
