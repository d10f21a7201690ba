//! Outputs of ReLU that are 0, and units that are dead.

use super::networks::{BATCH, Stack, digits, function, look};
use super::sentence::{EFFECT, sentence};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, Watching, fit};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of monitoring: if more than 30 % of a layer's outputs are zero, units are dying.
    ///
    /// Three hidden layers of 64 units with ReLU are trained on handwritten digits by Adam with the rates 0.001, 0.003 and 0.01. Of the hidden
    /// layers in which more than 30 % of the outputs are zero, the share is taken in which a tenth or more of the units is dead: zero
    /// on every training digit. The sentence holds if that is most of them.
    ///
    /// Source: rules of thumb in lecture notes and on the web.
    pub(super) static ZEROS_ARE_DEAD {
        name: "zeros are dead units",
        said: "Over 30 % zeros is a dead-unit problem.",
        effect: "share of the layers with over 30 % zeros in which 10 % of the units are dead",
        criterion: Criterion::Above(0.5),
        measure: zeros_are_dead,
    }
}

sentence! {
    /// Said of the sparsity of ReLU: with pre-activations about 0, half of the units are off.
    ///
    /// Three hidden layers of 64 units with ReLU with He's initialisation, trained on handwritten digits by Adam with the rate 0.003. About half is 40 % to
    /// 60 % of the hidden outputs, after training; the share before training stands beside it.
    ///
    /// Source: Glorot, Bordes and Bengio, *Deep sparse rectifier neural networks*, 2011: "after uniform initialization of the weights, around 50 %
    /// of hidden units continuous output values are real zeros".
    pub(super) static HALF_OFF {
        name: "half are off",
        said: "About half of ReLU units are off.",
        effect: "share of zeros among the hidden outputs after training",
        criterion: Criterion::Between(0.4, 0.6),
        measure: half_off,
    }
}

const LAYERS: usize = 3;

/// What is seen at a hidden layer.
struct Layer {
    zeros_before: f64,
    zeros: f64,
    dead: f64,
}

fn trained(run: &Run<'_>, rate: f64) -> Result<Vec<Layer>, Stop> {
    let split = digits(run);
    let stack = Stack::digits(LAYERS, 64, function("relu")?, Init::new(Rule::He));
    let mut net = stack.build(run.init_seed());
    let before = look(&net, &split.train, Loss::CrossEntropy)?;
    let epochs = run.settings.count("epochs");
    let training = Training {
        watching: Watching::Never,
        ..Training::new(Loss::CrossEntropy, Optimizer::Adam { rate }, epochs, BATCH)
    };
    fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let after = look(&net, &split.train, Loss::CrossEntropy)?;
    let layer = |index: usize| {
        let zeros = |watch: &crate::engine::Watch| watch.evidence().site(index)?.zeros();
        let units = after
            .evidence()
            .site(index)
            .map_or(&[][..], |seen| seen.units());
        let dead = units.iter().filter(|unit| unit.alive == Some(0)).count();
        Layer {
            zeros_before: zeros(&before).unwrap_or(f64::NAN),
            zeros: zeros(&after).unwrap_or(f64::NAN),
            dead: dead as f64 / units.len() as f64,
        }
    };
    Ok((0..LAYERS).map(layer).collect())
}

fn zeros_are_dead(run: &Run<'_>) -> Result<Measured, Stop> {
    let mut layers = Vec::new();
    for rate in [0.001, 0.003, 0.01] {
        layers.extend(trained(run, rate)?);
    }
    let over: Vec<&Layer> = layers.iter().filter(|layer| layer.zeros > 0.3).collect();
    let sick = over.iter().filter(|layer| layer.dead >= 0.1).count();
    let mut measured = Measured::default();
    measured.set(EFFECT, sick as f64 / over.len() as f64);
    measured.set("layers with over 30 % zeros", over.len() as f64);
    measured.set("layers", layers.len() as f64);
    measured.set(
        "dead share of the worst layer",
        layers.iter().map(|layer| layer.dead).fold(0.0, f64::max),
    );
    Ok(measured)
}

fn half_off(run: &Run<'_>) -> Result<Measured, Stop> {
    let layers = trained(run, 0.003)?;
    let mean = |of: fn(&Layer) -> f64| layers.iter().map(of).sum::<f64>() / layers.len() as f64;
    let curve = |of: fn(&Layer) -> f64| {
        (1..)
            .map(f64::from)
            .zip(layers.iter().map(of))
            .collect::<Vec<_>>()
    };
    let mut measured = Measured::default();
    measured.set(EFFECT, mean(|layer| layer.zeros));
    measured.set(
        "share of zeros before training",
        mean(|layer| layer.zeros_before),
    );
    measured.set("share of dead units", mean(|layer| layer.dead));
    measured.curve("zeros before training", curve(|layer| layer.zeros_before));
    measured.curve("zeros after training", curve(|layer| layer.zeros));
    measured.curve("dead units after training", curve(|layer| layer.dead));
    Ok(measured)
}
