//! Plain networks: dense layers with one function between them.

use knee::Function;
use knee::random::Seed;

use crate::engine::{Builder, Init, Net};

/// What a plain network is made of.
#[derive(Clone, Copy, Debug)]
pub(in crate::experiments) struct Plain {
    /// Hidden layers.
    pub(in crate::experiments) depth: usize,
    /// Units of each.
    pub(in crate::experiments) width: usize,
    /// What follows each hidden layer.
    pub(in crate::experiments) function: Function,
    /// How all layers begin.
    pub(in crate::experiments) init: Init,
}

impl Plain {
    /// The network up to its last dense layer, to which more can be added.
    pub(in crate::experiments) fn builder(
        &self,
        inputs: usize,
        outputs: usize,
        seed: Seed,
    ) -> Builder {
        let mut builder = Builder::new(inputs, seed);
        for _ in 0..self.depth {
            builder = builder
                .dense(self.width, self.init)
                .activation(self.function);
        }
        builder.dense(outputs, self.init)
    }

    /// The network.
    pub(in crate::experiments) fn build(&self, inputs: usize, outputs: usize, seed: Seed) -> Net {
        self.builder(inputs, outputs, seed).build()
    }
}

/// A hidden layer on some samples, one row for each.
#[derive(Clone, Debug)]
pub(in crate::experiments) struct Layer {
    /// Units.
    pub(in crate::experiments) units: usize,
    /// Outputs of the function.
    pub(in crate::experiments) a: Vec<f32>,
}

impl Layer {
    /// For each unit the share of samples that meet a condition on its output.
    pub(in crate::experiments) fn shares(&self, meets: impl Fn(f32) -> bool) -> Vec<f64> {
        shares(&self.a, self.units, meets)
    }

    /// The mean square of the outputs.
    pub(in crate::experiments) fn second_moment(&self) -> f64 {
        let squares = self.a.iter().map(|a| f64::from(*a).powi(2));
        squares.sum::<f64>() / self.a.len().max(1) as f64
    }

    /// The variance of the outputs over samples, averaged over units: what is left of the differences between samples.
    pub(in crate::experiments) fn spread(&self) -> f64 {
        let rows = (self.a.len() / self.units).max(1) as f64;
        let of = |unit: usize| {
            let values = || {
                let column = self.a.iter().skip(unit).step_by(self.units);
                column.map(|a| f64::from(*a))
            };
            let mean = values().sum::<f64>() / rows;
            values().map(|a| (a - mean).powi(2)).sum::<f64>() / rows
        };
        (0..self.units).map(of).sum::<f64>() / self.units as f64
    }
}

/// For each column of a matrix the share of rows that meet a condition.
pub(in crate::experiments) fn shares(
    values: &[f32],
    columns: usize,
    meets: impl Fn(f32) -> bool,
) -> Vec<f64> {
    let rows = (values.len() / columns).max(1) as f64;
    let mut shares = vec![0.0; columns];
    for row in values.chunks_exact(columns) {
        for (share, value) in shares.iter_mut().zip(row) {
            *share += f64::from(u8::from(meets(*value))) / rows;
        }
    }
    shares
}

/// The hidden layers of a plain network on some samples.
pub(in crate::experiments) fn hidden(net: &Net, function: Function, inputs: &[f32]) -> Vec<Layer> {
    let mut x = inputs.to_vec();
    let mut layers = Vec::new();
    let pairs = net.weights.chunks_exact(2).count().saturating_sub(1);
    for pair in net.weights.chunks_exact(2).take(pairs) {
        let [width, units] = pair[0].shape;
        let mut z = Vec::with_capacity(x.len() / width * units);
        for row in x.chunks_exact(width) {
            let mut sums = pair[1].values.clone();
            for (x, weights) in row.iter().zip(pair[0].values.chunks_exact(units)) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += x * weight;
                }
            }
            z.append(&mut sums);
        }
        function.forward_in_place(&mut z);
        x.clone_from(&z);
        layers.push(Layer { units, a: z });
    }
    layers
}
