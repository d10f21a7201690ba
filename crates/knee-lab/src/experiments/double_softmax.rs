//! Softmax before a loss that has its own.

use knee::{Function, RowFunction};
use knee_figure::{Axis, Figure, percent, short};

use crate::data;
use crate::engine::{Init, Loss, Rule, Training};
use crate::experiment::experiment;
use crate::experiments::shared::doubled::{
    self, FORMS, OPTIMIZERS, arm, arms, floor_figure, ratio,
};
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::worst::least;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Stop};

experiment! {
    /// ## Question
    ///
    /// What becomes of training when probabilities, and not logits, are given to a cross-entropy that applies softmax itself?
    ///
    /// ## Set-up
    ///
    /// Handwritten digits, one hidden layer of ReLU with He's weights, cross-entropy from logits. In one arm the last layer gives it the
    /// logits, in the other one softmax stands in between. Same samples, same order, same weights, and the same learning rate, since
    /// who makes this mistake does not know of it. SGD with momentum 0.9, and Adam.
    ///
    /// ## Prediction
    ///
    /// The loss cannot fall below `ln(1 + (C - 1) / e)` for `C` classes, 1.461 for ten. Where all probabilities are `1 / C` the gradient
    /// is divided by `C`, so that SGD learns about ten times as slowly at first. The order of the classes is the same, and it does
    /// learn. Adam, which divides by the size of the gradient, loses little.
    ///
    /// ## Measure
    ///
    /// The least training loss of an epoch; the norm of the gradient of all weights at the start; the accuracy on the test part after each
    /// epoch, and the first epoch with the accuracy aimed at.
    ///
    /// ## Source
    ///
    /// The documentation of `torch.nn.CrossEntropyLoss`, which expects logits.
    pub struct DoubleSoftmax {
        name: "double-softmax",
        title: "softmax before cross-entropy from logits",
        sentence: "With softmax before a cross-entropy that applies softmax itself, training goes nowhere.",
        own_data: false,
        parameters: {
            width: Count(1, 1024), "64", quick "64", "Units of the hidden layer.";
            epochs: Count(1, 10_000), "40", quick "20", "Times that each sample is seen.";
            target: Real(0.0, 1.0), "0.9", quick "0.9", "Test accuracy to reach.";
            sgd_rate: Real(1e-6, 10.0), "0.03", quick "0.03", "Learning rate of SGD.";
            adam_rate: Real(1e-6, 1.0), "0.003", quick "0.003", "Learning rate of Adam.";
        }
    }
}

/// Classes of the digits.
const CLASSES: f64 = 10.0;

/// The least loss that probabilities taken for logits can have.
fn floor() -> f64 {
    Function::from(knee::Softplus::default()).value((CLASSES - 1.0).ln() - 1.0)
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let split = data::digits().split(0.25, run.data_seed()).standardised();
    let function = Function::parse("relu").map_err(|error| Stop::Impossible(error.to_string()))?;
    let plain = Plain {
        depth: 1,
        width: run.settings.count("width"),
        function,
        init: Init::new(Rule::He),
    };
    let mut builder = plain.builder(
        split.train.width(),
        split.train.targets.outputs(),
        run.init_seed(),
    );
    if doubled::is_doubled(run) {
        let softmax =
            RowFunction::parse("softmax").map_err(|error| Stop::Impossible(error.to_string()))?;
        builder = builder.rows(softmax);
    }
    let mut net = builder.build();
    let training = Training::new(
        Loss::CrossEntropy,
        doubled::optimizer(run),
        run.settings.count("epochs"),
        32,
    );
    doubled::train(
        &mut net,
        &split,
        &training,
        run.settings.real("target"),
        run,
    )
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [sgd, adam] = OPTIMIZERS;
    let target = percent(results.settings.real("target"));
    let of = |optimizer, measure| results.measures(&arm(optimizer, FORMS[1]), measure);
    let doubled = OPTIMIZERS.map(|optimizer| arm(optimizer, FORMS[1]));
    vec![
        Claim::new(
            "Training goes nowhere with SGD: fewer than half of the test samples are answered.",
            Effect::new("test accuracy", of(sgd, "test accuracy")),
            Criterion::Below(0.5),
        ),
        Claim::new(
            "Nor does it go anywhere with Adam.",
            Effect::new("test accuracy", of(adam, "test accuracy")),
            Criterion::Below(0.5),
        ),
        Claim::new(
            format!(
                "The loss stays above ln(1 + (C - 1) / e) = {}.",
                short(floor())
            ),
            Effect::new(
                "least training loss",
                least(results, &doubled, "least training loss"),
            ),
            Criterion::Above(floor()),
        ).beside(),
        Claim::new(
            "At the start the gradient is about a tenth of the right one: its C-th part.",
            Effect::new(
                "norm, doubled / logits",
                ratio(results, sgd, "gradient at the start"),
            ),
            Criterion::Between(0.5 / CLASSES, 2.0 / CLASSES),
        ).beside(),
        Claim::new(
            format!("SGD takes at least twice as many epochs to {target}."),
            Effect::new(
                "epochs, doubled / logits",
                ratio(results, sgd, "epochs to the target"),
            ),
            Criterion::Above(2.0),
        ).beside(),
        Claim::new(
            "So does Adam.",
            Effect::new(
                "epochs, doubled / logits",
                ratio(results, adam, "epochs to the target"),
            ),
            Criterion::Above(2.0),
        ).beside(),
        Claim::new(
            "In the end the accuracy is lower with SGD, by a percentage point or more.",
            Effect::new(
                "test accuracy, logits - doubled",
                results.paired(
                    &arm(sgd, FORMS[0]),
                    &arm(sgd, FORMS[1]),
                    "test accuracy",
                    |logits, doubled| logits - doubled,
                ),
            ),
            Criterion::Above(0.01),
        ).beside(),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let all = arms(results.settings);
    let arms: Vec<&str> = all.iter().map(String::as_str).collect();
    let axis = || Axis::linear("epoch");
    let accuracy = Figure::new(
        "double-softmax-accuracy",
        "Learning with a softmax too many",
        axis(),
        Axis::linear("test accuracy").range(0.0, 1.0),
    );
    let ends: Vec<String> = arms
        .iter()
        .map(|arm| format!("{arm} {}", percent(results.median(arm, "test accuracy"))))
        .collect();
    vec![
        results.draw(accuracy, "accuracy", &arms).describe(format!(
            "Test accuracy by epoch, median over seeds, the band from the smallest to the largest. At the end: {}.",
            ends.join("; ")
        )),
        floor_figure(results, "double-softmax-loss", 2.6, "ln(1 + 9 / e)", floor()),
    ]
}
