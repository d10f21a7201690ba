//! A softmax before a loss that has one inside.

use super::networks::{BATCH, Stack, digits, function};
use super::sentence::{EFFECT, sentence};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, fit};
use crate::experiments::shared::scoring::test_accuracy;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of a softmax layer whose result goes into a cross-entropy that expects logits.
    ///
    /// Two hidden layers with ReLU on handwritten digits, trained by Adam once with logits and once with the softmax before the
    /// loss. With ten classes, who goes nowhere answers a tenth of the digits: the sentence holds if fewer than 20 % of the test digits
    /// are answered. The loss cannot go below ln(1 + 9/e) = 1.46 then, which looks like training that goes nowhere.
    ///
    /// Source: questions and answers on the web about cross-entropy losses.
    pub(super) static SOFTMAX_TWICE {
        name: "softmax twice",
        said: "Softmax before cross-entropy: training goes nowhere.",
        effect: "test accuracy with the softmax",
        criterion: Criterion::Below(0.2),
        measure: measure,
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let split = digits(run);
    let stack = Stack::digits(2, 64, function("relu")?, Init::new(Rule::Exact));
    let softmax =
        knee::RowFunction::parse("softmax").map_err(|error| Stop::Impossible(error.to_string()))?;
    let open = || stack.open(run.init_seed());
    let mut measured = Measured::default();
    for (name, mut net) in [
        ("logits", open().build()),
        ("softmax", open().rows(softmax).build()),
    ] {
        let training = Training::new(
            Loss::CrossEntropy,
            Optimizer::Adam { rate: 0.003 },
            run.settings.count("epochs"),
            BATCH,
        );
        let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
        measured.set(
            format!("test accuracy, {name}"),
            test_accuracy(&net, &split.test, 0.5),
        );
        measured.curve(format!("loss, {name}"), history.loss);
        if name == "softmax" {
            measured.sightings = history.sightings;
        }
    }
    measured.set(EFFECT, measured.measures["test accuracy, softmax"]);
    Ok(measured)
}
