//! Dead units that come back.

use super::networks::{BATCH, Stack, digits, function, look};
use super::sentence::{EFFECT, sentence};
use crate::data::Dataset;
use crate::engine::{Flow, Init, Loss, Net, Optimizer, Rule, Training, Watching, fit};
use crate::experiments::shared::scoring::test_accuracy;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of dead units: no gradient reaches them, so they stay dead for good.
    ///
    /// No gradient reaches the weights of a unit that is zero on every sample. But what it reads can change, as long as layers before it learn.
    /// Three hidden layers of 64 units with ReLU on handwritten digits; a quarter of the units of each is killed before training: its bias is lowered until its largest
    /// pre-activation on the training digits is a tenth of a standard deviation below 0. Then all is trained by Adam with the rate 0.003. Of the killed
    /// units the share is taken that is alive at the end on some training digit. Cannot means none: below 0.1 %. The first layer stands apart:
    /// what it reads does not change.
    ///
    /// Source: Karpathy, *cs231n*, 2015: "irreversibly die during training".
    pub(super) static RECOVERY {
        name: "dead stay dead",
        said: "ReLU networks cannot recover dead units.",
        effect: "share of the dead units that come back",
        criterion: Criterion::Below(0.001),
        measure: measure,
    }
}

const LAYERS: usize = 3;

/// Of so many units one is killed.
const ONE_OF: usize = 4;

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let split = digits(run);
    let stack = Stack::digits(LAYERS, 64, function("relu")?, Init::new(Rule::He));
    let mut net = stack.build(run.init_seed());
    for layer in 0..LAYERS {
        kill(&mut net, &split.train, layer)?;
    }
    let before = dead(&net, &split.train)?;
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            Loss::CrossEntropy,
            Optimizer::Adam { rate: 0.003 },
            run.settings.count("epochs"),
            BATCH,
        )
    };
    fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let after = dead(&net, &split.train)?;
    let killed = |layer: usize| before[layer].iter().filter(|unit| **unit % ONE_OF == 0);
    let back = |layer: usize| {
        let back = killed(layer).filter(|unit| !after[layer].contains(unit));
        back.count()
    };
    let mut measured = Measured::default();
    let all: usize = (0..LAYERS).map(|layer| killed(layer).count()).sum();
    let recovered: usize = (0..LAYERS).map(back).sum();
    measured.set(EFFECT, recovered as f64 / all as f64);
    measured.set("test accuracy", test_accuracy(&net, &split.test, 0.5));
    for layer in 0..LAYERS {
        let (number, count) = (layer + 1, killed(layer).count());
        measured.set(format!("killed units, layer {number}"), count as f64);
        measured.set(format!("come back, layer {number}"), back(layer) as f64);
    }
    Ok(measured)
}

/// Lowers the biases of some units of a layer until no sample reaches them.
fn kill(net: &mut Net, data: &Dataset, layer: usize) -> Result<(), Stop> {
    let watch = look(net, data, Loss::CrossEntropy)?;
    let units = watch
        .evidence()
        .site(layer)
        .map_or(&[][..], |seen| seen.units());
    let biases = net.weights[2 * layer + 1].values.iter_mut();
    for (bias, unit) in biases.zip(units).step_by(ONE_OF) {
        let margin = 0.1 * unit.z.sd().unwrap_or(0.0);
        *bias -= (unit.z.max + margin) as f32;
    }
    Ok(())
}

/// The units of each hidden layer that are dead on every sample.
fn dead(net: &Net, data: &Dataset) -> Result<Vec<Vec<usize>>, Stop> {
    let watch = look(net, data, Loss::CrossEntropy)?;
    let of_layer = |layer: usize| {
        let units = watch
            .evidence()
            .site(layer)
            .map_or(&[][..], |seen| seen.units());
        let dead = units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.alive == Some(0));
        dead.map(|(index, _)| index).collect()
    };
    Ok((0..LAYERS).map(of_layer).collect())
}
