//! RNN, GRU and LSTM over sequences, in one or two directions.

use knee::Function;

use super::call::{Answer, Call};
use super::cells::{self, Cell, Direction, Memory, Peepholes};
use super::compute::{Compute, Float};
use super::gates::{self, Gates};
use super::host::Host;
use super::logic;
use super::steps::Moment;
use super::value::{self, Value, dims};
use crate::error::Result;

pub(super) fn rnn<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 1, cells::rnn_cell)
}

pub(super) fn gru<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 3, cells::gru_cell)
}

pub(super) fn lstm<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    run(call, 4, cells::lstm_cell)
}

/// Rows `[T * N]` in the order in which a direction reads them: backwards within each sequence.
fn order(steps: usize, rows: usize, lengths: &[usize], reverse: bool) -> Option<Vec<usize>> {
    reverse.then(|| {
        (0..steps)
            .flat_map(|step| {
                (0..rows).map(move |row| {
                    let length = lengths[row];
                    let at = if step < length {
                        length - 1 - step
                    } else {
                        step
                    };
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

impl<C: Compute> Given<C> {
    /// Reads and checks the inputs of an operator with so many gates. Steps come first from here
    /// on, whatever the layout.
    fn read(
        call: &mut Call<C>,
        gates: usize,
        directions: usize,
        batch_first: bool,
    ) -> Result<Self> {
        let (x, w, r) = (call.float(0)?, call.float(1)?, call.float(2)?);
        let x = if batch_first {
            C::float_swap_dims(x, 0, 1)
        } else {
            x
        };
        let (dx, dw, dr) = (dims::<C>(&x), dims::<C>(&w), dims::<C>(&r));
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
        let b = call.optional_float(3)?;
        let lengths: Vec<usize> = match call.optional_ints(4)? {
            Some(stated) => stated
                .iter()
                .map(|&l| usize::try_from(l).unwrap_or(0).min(steps))
                .collect(),
            None => vec![steps; rows],
        };
        if lengths.len() != rows {
            return Err(call.wrong(
                format!("{} sequence lengths", lengths.len()),
                format!("{rows}"),
            ));
        }
        let initial = |x: Option<Float<C>>| match x {
            Some(x) if batch_first => Some(C::float_swap_dims(x, 0, 1)),
            other => other,
        };
        let h = initial(call.optional_float(5)?);
        let memory = call.op == "LSTM";
        let c = if memory {
            initial(call.optional_float(6)?)
        } else {
            None
        };
        let p = if memory {
            call.optional_float(7)?
        } else {
            None
        };
        Ok(Self {
            x,
            w,
            r,
            b,
            h,
            c,
            p,
            lengths,
        })
    }
}

fn run<C: Compute>(call: &mut Call<C>, count: usize, cell: Cell<C>) -> Answer<C> {
    let batch_first = call.attributes.int("layout") == Some(1);
    let direction = call
        .attributes
        .text("direction")
        .unwrap_or("forward")
        .to_owned();
    let directions = if direction == "bidirectional" { 2 } else { 1 };
    let list = |name: &str| call.attributes.floats(name).unwrap_or_default();
    let names = call.attributes.texts("activations");
    let (alpha, beta) = (list("activation_alpha"), list("activation_beta"));
    let functions = gates::functions(call.op, &names, alpha, beta, directions)
        .map_err(|cause| call.unsupported(cause))?;
    let given = Given::read(call, count, directions, batch_first)?;
    let (steps, rows) = (dims::<C>(&given.x)[0], given.lengths.len());
    let hidden = dims::<C>(&given.r)[2];
    let mut watch = call.gates.take();
    let (mut all, mut last_h, mut last_c) = (Vec::new(), Vec::new(), Vec::new());
    for d in 0..directions {
        let reverse = d == 1 || direction == "reverse";
        let (y, (h, c)) = one_direction(
            call,
            &given,
            &mut watch,
            (d, reverse),
            (count, &functions),
            cell,
        );
        all.push(value::reshape::<C>(y, &[steps, 1, rows, hidden]));
        last_h.push(value::reshape::<C>(h, &[1, rows, hidden]));
        last_c.extend(c.map(|c| value::reshape::<C>(c, &[1, rows, hidden])));
    }
    if let Some(watch) = watch {
        watch.finish();
    }
    let y = C::float_cat(all, 1);
    let y = if batch_first {
        C::float_permute(y, &[2, 0, 1, 3])
    } else {
        y
    };
    let mut answer = vec![Value::Float(y)];
    for state in [last_h, last_c]
        .into_iter()
        .filter(|state| !state.is_empty())
    {
        let state = C::float_cat(state, 0);
        answer.push(Value::Float(if batch_first {
            C::float_swap_dims(state, 0, 1)
        } else {
            state
        }));
    }
    Ok(answer)
}

/// Runs one direction over all steps: every hidden state in the order of time, and the last.
fn one_direction<'a, C: Compute>(
    call: &Call<'a, C>,
    given: &Given<C>,
    watch: &mut Option<Gates<'a, C>>,
    (d, reverse): (usize, bool),
    (count, functions): (usize, &[Function]),
    cell: Cell<C>,
) -> (Float<C>, Memory<C>) {
    let shape = dims::<C>(&given.x);
    let (steps, rows, features) = (shape[0], shape[1], shape[2]);
    let hidden = dims::<C>(&given.r)[2];
    let slice = |x: &Float<C>, to: &[usize]| {
        value::reshape::<C>(value::narrow::<C>(x.clone(), 0, d, 1), to)
    };
    let width = count * hidden;
    let w = C::float_swap_dims(slice(&given.w, &[width, features]), 0, 1);
    let r = C::float_swap_dims(slice(&given.r, &[width, hidden]), 0, 1);
    let bias = given.b.as_ref().map(|b| slice(b, &[1, 2 * width]));
    let half = |k: usize| {
        bias.as_ref()
            .map(|b| value::narrow::<C>(b.clone(), 1, k * width, width))
    };
    let order = order(steps, rows, &given.lengths, reverse);
    let mut x = value::reshape::<C>(given.x.clone(), &[steps * rows, features]);
    if let Some(order) = &order {
        x = value::select::<C>(x, 0, order);
    }
    // The input's part of all pre-activations of all steps is one product.
    let mut z = C::float_matmul(x, w);
    // Every step keeps its pre-activations, its gates and their products.
    call.keeps(&z, 4);
    if let Some(bias) = half(0) {
        z = C::float_add(z, bias);
    }
    let zeros =
        || value::constant_like::<C>(&given.x, vec![rows, hidden], &vec![0.0; rows * hidden]);
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
        functions: &functions[d * gates::parts(call.op).len()..],
        at: Moment {
            direction: d,
            directions: dims::<C>(&given.r)[0],
            step: 0,
            steps,
        },
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
        let running: Vec<bool> = given
            .lengths
            .iter()
            .flat_map(|&l| std::iter::repeat_n(step < l, hidden))
            .collect();
        let running = Host::new(vec![rows, hidden], running);
        outputs.push(logic::choose::<C>(&running, next.0.clone(), zeros()));
        let c = match (next.1, state.1) {
            (Some(new), Some(old)) => Some(logic::choose::<C>(&running, new, old)),
            (new, _) => new,
        };
        state = (logic::choose::<C>(&running, next.0, state.0), c);
    }
    let mut y = if outputs.is_empty() {
        z
    } else {
        C::float_cat(outputs, 0)
    };
    if let Some(order) = &order {
        // Reversal within each sequence is its own inverse.
        y = value::select::<C>(y, 0, order);
    }
    (y, state)
}
