//! The networks, each with the one batch that it is trained on.

use knee::Function;
use knee::random::Seed;
use knee_lab::data::Targets;
use knee_lab::engine::{Answers, Init, Loss, Net, Optimizer, Rule, State};
use knee_lab::networks::{Transformer, cnn, mlp, transformer};

/// A network on its way.
pub struct Training {
    net: Net,
    state: State,
    optimizer: Optimizer,
    inputs: Vec<f32>,
    answers: Answers,
}

/// Steps are small, so that none of many on one batch leads astray.
const RATE: f64 = 1e-5;

impl Training {
    /// Classes for `rows` rows, and Adam.
    fn new(net: Net, inputs: Vec<f32>, rows: usize) -> Self {
        let classes = net.outputs();
        let of = (0..rows).map(|row| row * row * 31 % 8191 % classes).collect();
        Self {
            net,
            state: State::default(),
            optimizer: Optimizer::Adam { rate: RATE },
            inputs,
            answers: Answers::of(&Targets::classes(classes, of), &(0..rows).collect::<Vec<_>>()),
        }
    }

    /// Forward, mean cross-entropy, backward, and a step of the optimizer; the loss before it.
    ///
    /// # Panics
    ///
    /// When the loss cannot be computed, which the tests would show.
    pub fn step(&mut self) -> f32 {
        let made = self.net.gradients(&self.inputs, &self.answers, Loss::CrossEntropy, None);
        let made = made.expect("classes are within the outputs");
        self.state.step(self.optimizer, &mut self.net.weights, &made.of);
        made.loss
    }
}

fn noise(count: usize) -> Vec<f32> {
    (0..count).map(|index| Seed::new(3).normal(index as u64) as f32).collect()
}

/// The network of this name; `None` if there is none.
///
/// # Panics
///
/// Never: the functions are on knee's list.
pub fn training(name: &str) -> Option<Training> {
    const BATCH: usize = 32;
    let seed = Seed::new(1);
    let function = |name| Function::parse(name).expect("it is on the list");
    let init = Init::new(Rule::He);
    Some(match name {
        "mlp of 2 inputs" => {
            let net = mlp(2, &[32; 3], 2, function("relu"), init, seed);
            Training::new(net, noise(2 * BATCH), BATCH)
        }
        "mlp of digits" => {
            let net = mlp(64, &[64; 3], 10, function("gelu"), init, seed);
            Training::new(net, noise(64 * BATCH), BATCH)
        }
        "mlp of 20 layers" => {
            let net = mlp(64, &[64; 20], 2, function("sigmoid"), init, seed);
            Training::new(net, noise(64 * BATCH), BATCH)
        }
        "cnn" => {
            let net = cnn(16, 8, 10, function("relu"), init, seed);
            Training::new(net, noise(16 * 16 * BATCH), BATCH)
        }
        "transformer" => {
            let shape = Transformer { symbols: 28, length: 32, width: 32, blocks: 2, heads: 4 };
            let net = transformer(shape, function("gelu"), seed);
            let tokens = (0..32 * BATCH).map(|at| (at * at * 31 % 8191 % 28) as f32).collect();
            Training::new(net, tokens, 32 * BATCH)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::training;

    #[test]
    fn steps_lower_the_loss() {
        for name in ["mlp of 2 inputs", "mlp of digits", "mlp of 20 layers", "cnn", "transformer"] {
            let mut training = training(name).expect("it is on the list");
            let first = training.step();
            let last = (0..50).map(|_| training.step()).last().expect("50 steps");
            assert!(last < first, "{name}: {first} {last}");
        }
    }
}
