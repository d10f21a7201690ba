//! Training steps of small networks in Burn: forward, loss, backward, and a step of stochastic gradient descent.
//!
//! `bench/python/networks.py` has the same networks.

mod networks;
mod side;

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor};
use serde_json::Value;
use session::{Cell, Plan, Turns};

use networks::{Cnn, Mlp, Transformer};
pub use side::{SIDES, Side};

/// The step is small, so that none of many steps on one batch leads astray.
const RATE: f64 = 0.01;

/// A network with the shape of its input.
trait Network: Module + 'static {
    /// Samples.
    type Batch: Clone + 'static;
    fn new(device: &Device) -> Self;
    /// Samples, and the class of each row of logits.
    fn batch(device: &Device) -> (Self::Batch, Tensor<1, Int>);
    /// One row for each sample, or for each token of each sample.
    fn logits(&self, batch: Self::Batch, side: Side) -> Tensor<2>;
}

/// A network on its way.
pub trait Training {
    /// A step on the one batch there is; the loss before it.
    fn step(&mut self) -> Tensor<1>;
}

struct Trained<N: Network> {
    network: Option<N>,
    optimizer: ModuleOptimizer,
    batch: N::Batch,
    targets: Tensor<1, Int>,
    side: Side,
}

impl<N: Network> Trained<N> {
    fn new(network: N, side: Side) -> Self {
        let (batch, targets) = N::batch(&device());
        Self {
            network: Some(network),
            optimizer: SgdConfig::new().init(),
            batch,
            targets,
            side,
        }
    }
}

impl<N: Network> Training for Trained<N> {
    fn step(&mut self) -> Tensor<1> {
        let network = self.network.take().expect("each step puts it back");
        let logits = network.logits(self.batch.clone(), self.side);
        let loss = self.side.loss(logits, self.targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.network = Some(self.optimizer.step(RATE, network, gradients));
        loss
    }
}

fn device() -> Device {
    Device::flex().autodiff()
}

/// A network by its name, with the activations of a side; `None` if there is no such network.
pub fn training(network: &str, side: Side) -> Option<Box<dyn Training>> {
    Some(match network {
        "mlp" => Box::new(Trained::new(Mlp::new(&device()), side)),
        "cnn" => Box::new(Trained::new(Cnn::new(&device()), side)),
        "transformer" => Box::new(Trained::new(Transformer::new(&device()), side)),
        _ => return None,
    })
}

/// The cell with the times of a step of each side, or of knee's alone.
///
/// # Errors
///
/// When there is no such network.
pub fn time(cell: &Cell, plan: &Plan) -> Result<Value, String> {
    let mut turns = Turns::default();
    for (name, side) in SIDES {
        if plan.peers || matches!(side, Side::Knee(_)) {
            let mut training = training(&cell.function, side)
                .ok_or(format!("there is no network `{}`", cell.function))?;
            let run = Box::new(move |calls| {
                for _ in 0..calls {
                    std::hint::black_box(training.step());
                }
            });
            turns.add(name, run, None);
        }
    }
    Ok(turns.time(cell, plan.turns(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The losses of a few steps from the same weights.
    fn losses<N: Network>(network: &N, side: Side) -> Vec<f32> {
        let mut training = Trained::new(network.clone(), side);
        let losses = (0..4).map(|_| training.step().into_scalar::<f32>());
        losses.collect()
    }

    fn check<N: Network>() {
        let network = N::new(&device());
        let theirs = losses(&network, Side::Burn);
        assert!(theirs[3] < theirs[0], "{theirs:?}");
        for (name, side) in SIDES {
            let losses = losses(&network, side);
            assert!(losses[3] < losses[0], "{name}: {losses:?}");
            if matches!(side, Side::Knee(_)) {
                let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4 * a.abs();
                assert!(
                    theirs.iter().zip(&losses).all(near),
                    "{name}: {losses:?} {theirs:?}"
                );
            }
        }
    }

    #[test]
    fn a_step_of_the_mlp_lowers_the_loss_by_the_same_on_both_sides() {
        check::<Mlp>();
    }

    #[test]
    fn a_step_of_the_cnn_lowers_the_loss_by_the_same_on_both_sides() {
        check::<Cnn>();
    }

    #[test]
    fn a_step_of_the_transformer_lowers_the_loss_by_the_same_on_both_sides() {
        check::<Transformer>();
    }
}
