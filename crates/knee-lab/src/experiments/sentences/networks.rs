//! The small networks that the sentences are measured on.

use knee::Function;
use knee::random::Seed;

use crate::data::{self, Dataset, Split, batches};
use crate::engine::{Answers, Builder, Init, Loss, Net, Optimizer, State, Watch, wrong};
use crate::{Run, Stop};

/// Samples of a step.
pub(super) const BATCH: usize = 32;

/// A function of knee.
pub(super) fn function(name: &str) -> Result<Function, Stop> {
    Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()))
}

/// Handwritten digits, of which a quarter is for testing; inputs of mean 0 and standard deviation 1.
pub(super) fn digits(run: &Run<'_>) -> Split {
    let digits = data::digits();
    let samples = run.settings.count("samples").min(digits.samples());
    let mut order = data::permutation(digits.samples(), run.data_seed().stream(8));
    order.truncate(samples);
    let split = digits.select(&order).split(0.25, run.data_seed().stream(9));
    split.standardised()
}

/// Hidden layers of the same width, a function after each, and a layer of outputs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stack {
    /// Numbers of a sample.
    pub(super) inputs: usize,
    /// Hidden layers.
    pub(super) depth: usize,
    /// Units of each.
    pub(super) width: usize,
    /// The function after each.
    pub(super) function: Function,
    /// How weights begin.
    pub(super) init: Init,
    /// Outputs.
    pub(super) outputs: usize,
}

impl Stack {
    /// A network for handwritten digits.
    pub(super) fn digits(depth: usize, width: usize, function: Function, init: Init) -> Self {
        Self {
            inputs: 64,
            depth,
            width,
            function,
            init,
            outputs: 10,
        }
    }

    /// The network up to its outputs, to which more can be added.
    pub(super) fn open(&self, seed: Seed) -> Builder {
        let mut builder = Builder::new(self.inputs, seed);
        for _ in 0..self.depth {
            builder = builder
                .dense(self.width, self.init)
                .activation(self.function);
        }
        builder.dense(self.outputs, self.init)
    }

    /// The network.
    pub(super) fn build(&self, seed: Seed) -> Net {
        self.open(seed).build()
    }
}

/// What is seen of a network on all samples of a set, forward and backward.
pub(super) fn look(net: &Net, data: &Dataset, loss: Loss) -> Result<Watch, Stop> {
    let mut watch = Watch::new(net, Some(loss));
    let all: Vec<usize> = (0..data.samples()).collect();
    let answers = Answers::of(&data.targets, &all);
    net.clone()
        .gradients(&data.inputs, &answers, loss, Some(&mut watch))?;
    Ok(watch)
}

/// Training towards a training error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Race {
    /// The share of wrong answers among the last [`RECENT`] batches that ends it.
    pub(super) error: f64,
    /// Steps after which it is given up.
    pub(super) limit: usize,
}

/// Batches that the error of a race is taken over.
const RECENT: usize = 8;

impl Race {
    /// Steps that a network takes; infinite where it gives up. Gradient descent with momentum 0.9.
    pub(super) fn steps(
        &self,
        mut net: Net,
        data: &Dataset,
        rate: f64,
        run: &Run<'_>,
    ) -> Result<f64, Stop> {
        let optimizer = Optimizer::Sgd {
            rate,
            momentum: 0.9,
        };
        let mut state = State::default();
        let mut recent = Vec::new();
        for epoch in 0.. {
            for batch in batches(data.samples(), BATCH, run.order_seed(), epoch) {
                if recent.len() >= self.limit {
                    return Ok(f64::INFINITY);
                }
                let part = data.select(&batch);
                let all: Vec<usize> = (0..batch.len()).collect();
                let answers = Answers::of(&part.targets, &all);
                let made = net.gradients(&part.inputs, &answers, Loss::CrossEntropy, None)?;
                if !made.loss.is_finite() {
                    return Ok(f64::INFINITY);
                }
                state.step(optimizer, &mut net.weights, &made.of);
                let errors = wrong(&made.outputs, net.outputs(), &answers, 0.5).unwrap_or(0);
                recent.push((errors, batch.len()));
                if recent.len() >= RECENT {
                    let last = &recent[recent.len() - RECENT..];
                    let (errors, seen) = last.iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
                    if (errors as f64) < self.error * seen as f64 {
                        return Ok(recent.len() as f64);
                    }
                }
            }
            let share = recent.len() as f64 / self.limit as f64;
            run.at(share.min(1.0), None, "")?;
        }
        Ok(f64::INFINITY)
    }

    /// The fewest steps over some rates, each tried as long as it can still win.
    pub(super) fn fastest(
        &self,
        stack: &Stack,
        data: &Dataset,
        rates: &[f64],
        run: &Run<'_>,
    ) -> Result<f64, Stop> {
        let mut best = f64::INFINITY;
        for rate in rates {
            let race = Self {
                limit: if best.is_finite() {
                    best as usize
                } else {
                    self.limit
                },
                ..*self
            };
            let net = stack.build(run.init_seed());
            best = best.min(race.steps(net, data, *rate, run)?);
        }
        Ok(best)
    }
}
