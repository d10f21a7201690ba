//! What a framework's layers begin with, followed by ReLU.

use knee::Distribution;

use super::networks::{Stack, function, look};
use super::sentence::{EFFECT, sentence};
use crate::data::{Targets, noise};
use crate::engine::{Init, Loss, Rule};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// A layer that is made without further words is taken to be initialised for the ReLU behind it.
    ///
    /// Correct is what keeps the size of the signal: how much a pre-activation varies from input to input. PyTorch draws the weights
    /// of a linear layer uniformly with variance `1 / (3 fan_in)`, Keras those of a dense layer uniformly with Glorot's variance; ReLU
    /// needs `2 / fan_in`. In ten hidden layers of 64 units, the variance over inputs at the last layer is set against that at the first;
    /// correct is within a factor of 2. What counts is the better of the two frameworks. He's initialisation stands beside them.
    ///
    /// Source: the documentation of both frameworks; He, Zhang, Ren and Sun, *Delving deep into rectifiers*, 2015.
    pub(super) static FRAMEWORK_DEFAULTS {
        name: "framework defaults",
        said: "Framework defaults initialise correctly for ReLU.",
        effect: "variance over inputs, last / first of 10 layers, of the better framework",
        criterion: Criterion::Between(0.5, 2.0),
        measure: measure,
    }
}

const LAYERS: usize = 10;
const WIDTH: usize = 64;
const SAMPLES: usize = 512;

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let mut inputs = noise(SAMPLES, WIDTH, run.data_seed());
    inputs.targets = Targets::classes(2, (0..SAMPLES).map(|sample| sample % 2).collect());
    let keras = Init {
        distribution: Distribution::Uniform,
        ..Init::new(Rule::Glorot)
    };
    let inits = [
        ("PyTorch", Init::new(Rule::Framework)),
        ("Keras", keras),
        ("He", Init::new(Rule::He)),
    ];
    let mut measured = Measured::default();
    let mut best = 0.0_f64;
    for (name, init) in inits {
        let stack = Stack {
            inputs: WIDTH,
            depth: LAYERS,
            width: WIDTH,
            function: function("relu")?,
            init,
            outputs: 2,
        };
        let watch = look(&stack.build(run.init_seed()), &inputs, Loss::CrossEntropy)?;
        let spreads: Vec<f64> = (0..LAYERS).map(|layer| spread(&watch, layer)).collect();
        let kept = spreads[LAYERS - 1] / spreads[0];
        measured.set(format!("variance kept with {name}"), kept);
        measured.curve(name, (1..=LAYERS).map(|layer| layer as f64).zip(spreads));
        if name != "He" {
            best = best.max(kept);
        }
    }
    measured.set(EFFECT, best);
    Ok(measured)
}

/// The variance of a pre-activation over inputs, averaged over the units of a layer.
fn spread(watch: &crate::engine::Watch, layer: usize) -> f64 {
    let Some(seen) = watch.evidence().site(layer) else {
        return f64::NAN;
    };
    let variances: Vec<f64> = seen
        .units()
        .iter()
        .filter_map(|unit| unit.z.variance())
        .collect();
    variances.iter().sum::<f64>() / variances.len() as f64
}
