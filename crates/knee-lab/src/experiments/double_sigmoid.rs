//! Sigmoid before a loss that has its own.

use knee::Function;
use knee_figure::{Axis, Figure, percent};

use crate::data::{self, Dataset, Targets};
use crate::engine::{Init, Loss, Net, Rule, Training};
use crate::experiment::experiment;
use crate::experiments::shared::doubled::{
    self, FORMS, OPTIMIZERS, arm, arms, floor_figure, ratio,
};
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::scoring::test_accuracy;
use crate::experiments::shared::worst::{least, most};
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Stop};

experiment! {
    /// ## Question
    ///
    /// What becomes of training when probabilities, and not logits, are given to a binary cross-entropy that applies sigmoid itself?
    ///
    /// ## Set-up
    ///
    /// Two half moons with noise, standardised, as many of each class; two hidden layers of ReLU with He's weights, one output, binary
    /// cross-entropy from logits. In one arm the last layer gives it the logit, in the other one sigmoid stands in between. Same
    /// samples, same order, same weights, and the same learning rate, since who makes this mistake does not know of it. SGD with
    /// momentum 0.9, and Adam. The probability of the doubled network is the sigmoid of its output, which is a sigmoid already.
    ///
    /// ## Prediction
    ///
    /// Outputs lie between 0 and 1, so that probabilities lie between 0.5 and 0.731, and none is below 0.5: with that threshold every
    /// answer is "yes". The loss of a "yes" is at least `ln(1 + 1 / e)` = 0.313, that of a "no" at least `ln(2)`. With the threshold
    /// sigmoid(0.5) = 0.622 the answers are about as right as those of the right form; they come later.
    ///
    /// ## Measure
    ///
    /// The least training loss of an epoch; the least and the largest probability on the test part; the accuracy with a threshold of 0.5
    /// and with the one that belongs to the form; the first epoch with the accuracy aimed at, with the threshold that belongs to the form.
    ///
    /// ## Source
    ///
    /// The documentation of `torch.nn.BCEWithLogitsLoss`, which expects logits.
    pub struct DoubleSigmoid {
        name: "double-sigmoid",
        title: "sigmoid before binary cross-entropy from logits",
        sentence: "With sigmoid before a binary cross-entropy that applies sigmoid itself, every answer is yes, and training goes nowhere.",
        own_data: false,
        parameters: {
            samples: Count(100, 100_000), "1000", quick "600", "Samples, a quarter of them for testing.";
            noise: Real(0.0, 2.0), "0.2", quick "0.2", "Standard deviation of the noise.";
            width: Count(1, 1024), "32", quick "32", "Units of each hidden layer.";
            epochs: Count(1, 10_000), "60", quick "40", "Times that each sample is seen.";
            target: Real(0.0, 1.0), "0.9", quick "0.9", "Test accuracy to reach.";
            sgd_rate: Real(1e-6, 10.0), "0.03", quick "0.03", "Learning rate of SGD.";
            adam_rate: Real(1e-6, 1.0), "0.003", quick "0.003", "Learning rate of Adam.";
        }
    }
}

fn softplus(z: f64) -> f64 {
    Function::from(knee::Softplus::default()).value(z)
}

fn sigmoid(z: f64) -> f64 {
    Function::from(knee::Sigmoid::default()).value(z)
}

/// The least mean loss of probabilities that are taken for logits, where that share of the answers is yes.
fn floor(yes: f64) -> f64 {
    yes * softplus(-1.0) + (1.0 - yes) * softplus(0.0)
}

/// The share of the answers that is yes.
fn yes(data: &Dataset) -> f64 {
    match &data.targets {
        Targets::Classes { of, .. } => of.iter().sum::<usize>() as f64 / of.len().max(1) as f64,
        Targets::Values { .. } => f64::NAN,
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let settings = run.settings;
    let moons = data::moons(
        settings.count("samples"),
        settings.real("noise"),
        run.data_seed(),
    );
    let split = moons.split(0.25, run.data_seed().stream(9)).standardised();
    let function =
        |name| Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()));
    let plain = Plain {
        depth: 2,
        width: settings.count("width"),
        function: function("relu")?,
        init: Init::new(Rule::He),
    };
    let mut builder = plain.builder(2, 1, run.init_seed());
    let mut training = Training::new(
        Loss::BceWithLogits,
        doubled::optimizer(run),
        settings.count("epochs"),
        32,
    );
    let is_doubled = doubled::is_doubled(run);
    if is_doubled {
        builder = builder.activation(function("sigmoid")?);
        // The logit 0 comes out as 0.5.
        training.threshold = 0.5;
    }
    let mut net = builder.build();
    let mut measured = doubled::train(&mut net, &split, &training, settings.real("target"), run)?;
    let (least, most) = probabilities(&net, &split.test);
    measured.set("least probability", least);
    measured.set("largest probability", most);
    // A probability of 0.5 is an output of 0, whatever the output is.
    let half = test_accuracy(&net, &split.test, 0.0);
    measured.set("test accuracy, threshold 0.5", half);
    if is_doubled {
        measured.set(
            "accuracy at 0.5 beside share of yes",
            (half - yes(&split.test)).abs(),
        );
        let floor = floor(yes(&split.train));
        measured.set("floor", floor);
        let lowest = measured.measures["least training loss"];
        measured.set("least training loss - floor", lowest - floor);
    }
    Ok(measured)
}

/// The least and the largest sigmoid of an output.
fn probabilities(net: &Net, test: &Dataset) -> (f64, f64) {
    let outputs = net.infer(&test.inputs);
    let probabilities = outputs.iter().map(|output| sigmoid(f64::from(*output)));
    probabilities.fold((1.0, 0.0), |(least, most), p| (p.min(least), p.max(most)))
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let target = percent(results.settings.real("target"));
    let of = |optimizer, measure| results.measures(&arm(optimizer, FORMS[1]), measure);
    let doubled = OPTIMIZERS.map(|optimizer| arm(optimizer, FORMS[1]));
    let mut claims = vec![
        Claim::new(
            "No probability is below 0.5.",
            Effect::new(
                "least probability",
                least(results, &doubled, "least probability"),
            ),
            Criterion::Above(0.4999),
        ).beside(),
        Claim::new(
            "None is above 0.7311.",
            Effect::new(
                "largest probability",
                most(results, &doubled, "largest probability"),
            ),
            Criterion::Below(0.7311),
        ).beside(),
        Claim::new(
            "With a threshold of 0.5 every answer is yes: the accuracy is the share of yes.",
            Effect::new(
                "|accuracy - share of yes|",
                most(results, &doubled, "accuracy at 0.5 beside share of yes"),
            ),
            Criterion::Below(1e-9),
        ),
        Claim::new(
            "The training loss stays above its floor, 0.503 for as many yes as no.",
            Effect::new(
                "least training loss - floor",
                least(results, &doubled, "least training loss - floor"),
            ),
            Criterion::Above(0.0),
        ).beside(),
    ];
    for optimizer in OPTIMIZERS {
        claims.push(Claim::new(
            format!("Training goes nowhere with {optimizer}: with the right threshold, fewer than 60 % of the test samples are answered."),
            Effect::new("test accuracy", of(optimizer, "test accuracy")),
            Criterion::Below(0.6),
        ));
    }
    for optimizer in OPTIMIZERS {
        claims.push(Claim::new(
            format!("With {optimizer} it takes at least twice as many epochs to {target}."),
            Effect::new(
                "epochs, doubled / logits",
                ratio(results, optimizer, "epochs to the target"),
            ),
            Criterion::Above(2.0),
        ).beside());
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let all = arms(results.settings);
    let arms: Vec<&str> = all.iter().map(String::as_str).collect();
    let axis = || Axis::linear("epoch");
    let accuracy = Figure::new(
        "double-sigmoid-accuracy",
        "Learning with a sigmoid too many",
        axis(),
        Axis::linear("test accuracy, right threshold").range(0.4, 1.0),
    );
    let ends: Vec<String> = arms
        .iter()
        .map(|arm| {
            let right = percent(results.median(arm, "test accuracy"));
            let half = percent(results.median(arm, "test accuracy, threshold 0.5"));
            format!("{arm} {right}, with a threshold of 0.5 {half}")
        })
        .collect();
    let floor = results.median(&arm(OPTIMIZERS[0], FORMS[1]), "floor");
    vec![
        results.draw(accuracy, "accuracy", &arms).describe(format!(
            "Test accuracy by epoch, median over seeds, the band from the smallest to the largest. At the end: {}.",
            ends.join("; ")
        )),
        floor_figure(results, "double-sigmoid-loss", 0.75, "floor", floor),
    ]
}
