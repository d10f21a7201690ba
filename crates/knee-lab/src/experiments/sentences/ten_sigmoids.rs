//! Ten hidden layers with sigmoid.

use super::networks::{BATCH, Stack, digits, function};
use super::sentence::{EFFECT, sentence};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, Watching, fit};
use crate::experiments::shared::scoring::test_accuracy;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of depth: a network of ten sigmoid layers trains poorly.
    ///
    /// Ten hidden layers of 32 units on handwritten digits, with sigmoid and with ReLU, the weights by Glorot and by He as a textbook gives
    /// them, trained by Adam, each with the better of the rates 0.001 and 0.005. Poorly is fewer than 90 % of the test digits that the same
    /// network answers with ReLU. The same with the exact gain of sigmoid stands beside it.
    ///
    /// Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010.
    pub(super) static TEN_SIGMOIDS {
        name: "ten sigmoid layers",
        said: "Sigmoid in ten layers trains poorly.",
        effect: "test accuracy of sigmoid / test accuracy of ReLU",
        criterion: Criterion::Below(0.9),
        measure: measure,
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let arms = [
        ("ReLU, He", "relu", Rule::He),
        ("sigmoid, Glorot", "sigmoid", Rule::Glorot),
        ("sigmoid, exact gain", "sigmoid", Rule::Exact),
    ];
    let mut measured = Measured::default();
    for (label, name, rule) in arms {
        measured.set(format!("test accuracy, {label}"), best(run, name, rule)?);
    }
    let accuracy = |label: &str| measured.measures[&format!("test accuracy, {label}")];
    let effect = accuracy("sigmoid, Glorot") / accuracy("ReLU, He");
    measured.set(EFFECT, effect);
    Ok(measured)
}

/// The test accuracy with the rate of the lowest training loss.
fn best(run: &Run<'_>, name: &str, rule: Rule) -> Result<f64, Stop> {
    let split = digits(run);
    let stack = Stack::digits(10, 32, function(name)?, Init::new(rule));
    let mut best = (f64::INFINITY, f64::NAN);
    for rate in [0.001, 0.005] {
        let mut net = stack.build(run.init_seed());
        let training = Training {
            watching: Watching::Never,
            ..Training::new(
                Loss::CrossEntropy,
                Optimizer::Adam { rate },
                run.settings.count("epochs"),
                BATCH,
            )
        };
        let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
        let loss = history.loss.last().map_or(f64::NAN, |(_, loss)| *loss);
        if loss < best.0 {
            best = (loss, test_accuracy(&net, &split.test, training.threshold));
        }
    }
    Ok(best.1)
}
