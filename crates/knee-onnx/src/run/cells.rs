//! One step of an RNN, a GRU or an LSTM.

use knee::Function;

use super::call::Call;
use super::compute::{Compute, Float};
use super::gates::Gates;
use super::steps::Moment;
use super::value;

/// One direction of a recurrent operator.
pub(super) struct Direction<'c, 'a, C: Compute> {
    pub(super) call: &'c Call<'a, C>,
    pub(super) gates: &'c mut Option<Gates<'a, C>>,
    /// The function of each part.
    pub(super) functions: &'c [Function],
    pub(super) at: Moment,
    pub(super) clip: Option<f64>,
    /// Recurrent weights `[H, gates * H]` and their bias `[1, gates * H]`.
    pub(super) recurrent: Float<C>,
    pub(super) bias: Option<Float<C>>,
    pub(super) hidden: usize,
}

impl<C: Compute> Direction<'_, '_, C> {
    /// A gate: its function of the clipped pre-activation, reported.
    fn gate(&mut self, part: usize, step: usize, z: Float<C>) -> Float<C> {
        let z = match self.clip {
            Some(clip) => C::float_clamp(z, (-clip).into(), clip.into()),
            None => z,
        };
        let a = C::knee_activation(z.clone(), self.functions[part].into());
        let at = Moment { step, ..self.at };
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
pub(super) type Memory<C> = (Float<C>, Option<Float<C>>);

/// One step of a cell from its input part `x` of the pre-activations.
pub(super) type Cell<C> =
    fn(&mut Direction<'_, '_, C>, usize, Float<C>, Memory<C>, Option<&Peepholes<C>>) -> Memory<C>;

/// Weights from the memory to the gates i, o, f.
pub(super) struct Peepholes<C: Compute>(pub(super) [Float<C>; 3]);

pub(super) fn rnn_cell<C: Compute>(
    d: &mut Direction<'_, '_, C>,
    step: usize,
    x: Float<C>,
    (h, _): Memory<C>,
    _: Option<&Peepholes<C>>,
) -> Memory<C> {
    let z = C::float_add(x, d.recur(&h));
    (d.gate(0, step, z), None)
}

pub(super) fn lstm_cell<C: Compute>(
    d: &mut Direction<'_, '_, C>,
    step: usize,
    x: Float<C>,
    (h, c): Memory<C>,
    peepholes: Option<&Peepholes<C>>,
) -> Memory<C> {
    let c = c.unwrap_or_else(|| h.clone());
    let z = C::float_add(x, d.recur(&h));
    let peep = |z: Float<C>, which: usize, c: &Float<C>| match peepholes {
        Some(Peepholes(weights)) => {
            C::float_add(z, C::float_mul(weights[which].clone(), c.clone()))
        }
        None => z,
    };
    let (zi, zo, zf, zc) = (
        d.columns(&z, 0),
        d.columns(&z, 1),
        d.columns(&z, 2),
        d.columns(&z, 3),
    );
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

#[expect(clippy::needless_pass_by_value, reason = "the signature of a cell")]
pub(super) fn gru_cell<C: Compute>(
    d: &mut Direction<'_, '_, C>,
    step: usize,
    x: Float<C>,
    (h, _): Memory<C>,
    _: Option<&Peepholes<C>>,
) -> Memory<C> {
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
