//! A neuron with one input.

use std::fmt::Write as _;

use knee::Function;
use knee::random::Seed;
use knee_figure::short;

use crate::Stop;
use crate::engine::{Answers, Builder, Init, Loss, Net, Rule};

/// A neuron with its one input and its target.
pub(super) struct Neuron {
    /// Its weight and its bias.
    pub(super) net: Net,
    function: Function,
    loss: Loss,
    x: f32,
    target: f64,
}

impl Neuron {
    /// A neuron with this input and weight, and the bias that makes its pre-activation `z`.
    pub(super) fn new(
        function: Function,
        loss: Loss,
        [x, w]: [f64; 2],
        z: f64,
        target: f64,
    ) -> Self {
        let builder = Builder::new(1, Seed::new(0));
        let mut net = builder
            .dense(1, Init::new(Rule::LeCun))
            .activation(function)
            .build();
        let (x, w) = (x as f32, w as f32);
        net.weights[0].values[0] = w;
        net.weights[1].values[0] = z as f32 - w * x;
        Self {
            net,
            function,
            loss,
            x,
            target,
        }
    }

    fn parts(&self) -> [f64; 3] {
        let of = |index: usize| f64::from(self.net.weights[index].values[0]);
        [of(0), of(1), f64::from(self.x)]
    }

    /// The pre-activation, rounded to f32 as the engine rounds it: at a kink the last bit decides.
    pub(super) fn z(&self) -> f64 {
        let [w, b] = [0, 1].map(|index: usize| self.net.weights[index].values[0]);
        f64::from(w * self.x + b)
    }

    fn loss_at(&self, z: f64) -> f64 {
        let (a, t) = (self.function.value(z), self.target);
        match self.loss {
            Loss::Mse => (a - t).powi(2),
            // `-ln(a)` and `-ln(1 - a)`, of which one has a factor of 0.
            _ => Function::from(knee::Softplus::default()).value(if t > 0.5 { -z } else { z }),
        }
    }

    /// `dL/dz` as the formula has it.
    pub(super) fn closed(&self) -> f64 {
        let (z, t) = (self.z(), self.target);
        let a = self.function.value(z);
        match self.loss {
            Loss::Mse => 2.0 * (a - t) * self.function.derivative(z),
            // The slope `a (1 - a)` of sigmoid cancels.
            _ => a - t,
        }
    }

    /// `dL/dz` as a central difference.
    pub(super) fn difference(&self) -> f64 {
        /// About the cube root of the rounding of a double: where the errors of rounding and of cutting off are alike.
        const H: f64 = 1e-5;
        let z = self.z();
        (self.loss_at(z + H) - self.loss_at(z - H)) / (2.0 * H)
    }

    /// The output, and the gradients of weight and bias, by automatic differentiation; `dL/db` is `dL/dz`.
    pub(super) fn automatic(&mut self) -> Result<(f64, Vec<Vec<f32>>), Stop> {
        let answers = Answers::Values(vec![self.target as f32]);
        let made = self.net.gradients(&[self.x], &answers, self.loss, None)?;
        Ok((f64::from(made.outputs[0]), made.of))
    }
}

/// The computation as one would write it on a board.
pub(super) fn steps(neuron: &Neuron, gradients: &[Vec<f32>]) -> String {
    let [w, b, x] = neuron.parts();
    let (z, t) = (neuron.z(), neuron.target);
    let (a, slope) = (neuron.function.value(z), neuron.function.derivative(z));
    let name = neuron.function.name();
    let (loss, upstream) = match neuron.loss {
        Loss::Mse => ("(a - t)^2", ("2 (a - t)", 2.0 * (a - t))),
        _ => (
            "-t ln(a) - (1 - t) ln(1 - a)",
            ("(a - t) / (a (1 - a))", (a - t) / (a * (1.0 - a))),
        ),
    };
    let closed = neuron.closed();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "x = {}, w = {}, b = {}, t = {}",
        short(x),
        short(w),
        short(b),
        short(t)
    );
    let _ = writeln!(out, "z = w x + b = {}", short(z));
    let _ = writeln!(out, "a = {name}(z) = {}", short(a));
    let _ = writeln!(out, "L = {loss} = {}", short(neuron.loss_at(z)));
    let _ = writeln!(out, "dL/da = {} = {}", upstream.0, short(upstream.1));
    let _ = writeln!(out, "da/dz = {name}'(z) = {}", short(slope));
    let _ = writeln!(
        out,
        "dL/dz = dL/da da/dz = {} (autodiff {}, central difference {})",
        short(closed),
        short(f64::from(gradients[1][0])),
        short(neuron.difference()),
    );
    let _ = write!(
        out,
        "dL/dw = dL/dz x = {} (autodiff {})",
        short(closed * x),
        short(f64::from(gradients[0][0])),
    );
    out
}
