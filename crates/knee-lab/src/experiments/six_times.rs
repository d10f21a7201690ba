//! Epochs to a training error on a small convolutional network.

use knee::Function;
use knee_figure::{At, Axis, Bars, Figure, Ink, Line, Reference, percent, short};

use crate::data::{self, Standard};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, Watching, fit};
use crate::experiment::experiment;
use crate::experiments::shared::rates::{at, best};
use crate::networks::cnn;
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// How many times longer does a convolutional network take to a training error with tanh, or with sigmoid, than with ReLU?
    ///
    /// ## Set-up
    ///
    /// Four convolutions of 3 by 3, a pooling after each of the first three, and a dense layer on top, on images made of handwritten digits
    /// at random places and sizes, their pixels shifted and scaled to mean 0 and variance 1. SGD with momentum 0.9 and no regularisation, as AlexNet had it. Weights have the variance
    /// `gain^2 / fan_in` with the exact gain of the function, so that none of them begins at a disadvantage. As there, the learning
    /// rate of each function was chosen independently to make training as fast as possible: the best of four by the median over seeds.
    ///
    /// ## Prediction
    ///
    /// AlexNet's four-layer network on CIFAR-10 reached a training error of 25 % six times faster with ReLU than with tanh. The
    /// factor is one of that network and that start. Here it should be above 1, and below 6. Sigmoid, which the sentence is often
    /// told of, was not in that figure; it should be the slowest.
    ///
    /// ## Measure
    ///
    /// Epochs to a training error of 25 % and of 5 %. The error of an epoch is that of the weights of each of its steps, and counts at
    /// the middle of the epoch; between the middles it is taken as linear. Never within the limit is infinity. The ratio to ReLU, seed
    /// by seed. The same in seconds, which are not a function of the specification: other programs share the machine.
    ///
    /// ## Source
    ///
    /// Krizhevsky, Sutskever, Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, section 3.1 and figure 1.
    pub struct SixTimes {
        name: "six-times",
        title: "epochs to a training error with ReLU, tanh and sigmoid",
        sentence: "A convolutional network with ReLU reaches 25 % training error six times faster than with tanh.",
        own_data: false,
        parameters: {
            functions: Functions, "relu,tanh,sigmoid", quick "relu,tanh,sigmoid", "Functions; the first is what the others are compared with.";
            side: Count(8, 64), "16", quick "16", "Pixels of an image along one side.";
            channels: Count(1, 128), "12", quick "8", "Channels of the first convolution; the others have twice as many.";
            images: Count(100, 100_000), "1000", quick "600", "Images.";
            noise: Real(0.0, 2.0), "0.1", quick "0.1", "Standard deviation of the noise in the images.";
            batch: Count(1, 10_000), "16", quick "16", "Images of a step.";
            epochs: Count(1, 10_000), "25", quick "16", "The most epochs.";
        }
    }
}

/// Learning rates to choose from.
const RATES: [f64; 4] = [0.003, 0.01, 0.03, 0.1];

/// Training errors, as words and as numbers.
const TARGETS: [(&str, f64); 2] = [("25 %", 0.25), ("5 %", 0.05)];

fn cases(settings: &Settings) -> Vec<(Function, f64)> {
    let functions = settings.functions("functions").into_iter();
    functions
        .flat_map(|function| RATES.map(|rate| (function, rate)))
        .collect()
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings)
        .iter()
        .map(|(function, rate)| at(&function.to_string(), *rate))
        .collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (function, rate) = cases(run.settings)[run.arm];
    let settings = run.settings;
    let (side, channels) = (settings.count("side"), settings.count("channels"));
    let mut images = data::images(
        &data::digits(),
        settings.count("images"),
        side,
        settings.real("noise"),
        run.data_seed(),
    );
    // Mean 0 and variance 1, which the initial weights count on.
    images.inputs = Standard::of(&images.inputs, 1).apply(&images.inputs);
    let init = Init::new(Rule::Exact);
    let classes = images.targets.outputs();
    let mut net = cnn(side, channels, classes, function, init, run.init_seed());
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.9,
    };
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            Loss::CrossEntropy,
            optimizer,
            settings.count("epochs"),
            settings.count("batch"),
        )
    };
    let least = TARGETS
        .iter()
        .map(|(_, target)| *target)
        .fold(1.0, f64::min);
    let each = |epoch: &crate::engine::Epoch<'_>| {
        if epoch.error < least {
            Flow::Enough
        } else {
            Flow::On
        }
    };
    let history = fit(&mut net, &images, &training, run, each)?;
    let chance = 1.0 - 1.0 / images.targets.outputs() as f64;
    let mut measured = Measured::default();
    let each = history.seconds / history.error.len().max(1) as f64;
    for (words, target) in TARGETS {
        let epochs = crossing(&history.error, chance, target);
        measured.set(format!("epochs to {words}"), epochs);
        measured.time(format!("training to {words}"), each * epochs);
    }
    measured.curve("error", history.error);
    Ok(measured)
}

/// When the error, at the middle of each epoch, falls to the target.
fn crossing(errors: &[(f64, f64)], chance: f64, target: f64) -> f64 {
    let mut last = (0.0, chance);
    for (epoch, error) in errors {
        let now = (epoch - 0.5, *error);
        if now.1 <= target {
            let share = (last.1 - target) / (last.1 - now.1);
            return last.0 + share.clamp(0.0, 1.0) * (now.0 - last.0);
        }
        last = now;
    }
    f64::INFINITY
}

fn to(words: &str) -> String {
    format!("epochs to {words}")
}

/// The first function, and the others.
fn names(settings: &Settings) -> (String, Vec<String>) {
    let mut names = settings
        .functions("functions")
        .into_iter()
        .map(|function| function.to_string());
    (names.next().unwrap_or_default(), names.collect())
}

/// The ratio of a function to the first one, each at its own best rate.
fn ratio(results: &Results<'_>, one: &str, other: &str, words: &str) -> Vec<f64> {
    let best = |name: &str| best(results, name, &RATES, &to(words));
    results.paired(&best(one), &best(other), &to(words), |one, other| {
        one / other
    })
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let (first, others) = names(results.settings);
    let mut claims = Vec::new();
    for other in &others {
        for (words, _) in TARGETS {
            claims.push(Claim::new(
                format!("{first} reaches a training error of {words} in fewer epochs than {other}, each at its best rate."),
                Effect::new(format!("epochs of {other} / epochs of {first}"), ratio(results, other, &first, words)),
                Criterion::Above(1.0),
            ).beside());
        }
        let six = Claim::new(
            format!(
                "To 25 %, {other} takes about six times as many epochs as {first}, between 4 and 9."
            ),
            Effect::new(
                format!("epochs of {other} / epochs of {first}"),
                ratio(results, other, &first, TARGETS[0].0),
            ),
            Criterion::Between(4.0, 9.0),
        );
        // The sentence is about tanh; sigmoid, of which it is told as well, stands beside it.
        claims.push(if other == "tanh" { six } else { six.beside() });
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let (first, others) = names(results.settings);
    let all: Vec<&String> = std::iter::once(&first).chain(&others).take(4).collect();
    vec![
        errors(results, &all),
        by_rate(results, &all),
        ratios(results, &first, &others),
    ]
}

fn errors(results: &Results<'_>, names: &[&String]) -> Figure {
    let (words, target) = TARGETS[0];
    let arms: Vec<String> = names
        .iter()
        .map(|name| best(results, name, &RATES, &to(words)))
        .collect();
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    let figure = Figure::new(
        "six-times-error",
        "Training error of a four-layer convolutional network",
        Axis::linear("epoch"),
        Axis::linear("training error").range(0.0, 0.95),
    );
    let epochs: Vec<String> = arms
        .iter()
        .map(|arm| format!("{arm}: {}", short(results.median(arm, &to(words)))))
        .collect();
    results
        .draw(figure, "error", &labels)
        .with(Reference { label: words.to_owned(), at: At::Y(target) })
        .describe(format!(
            "Each function at its best rate; median over seeds, the band from the smallest to the largest. Epochs to {words}, interpolated: {}.",
            epochs.join("; ")
        ))
}

fn by_rate(results: &Results<'_>, names: &[&String]) -> Figure {
    let words = TARGETS[0].0;
    let mut figure = Figure::new(
        "six-times-rates",
        format!("Epochs to {words} training error by learning rate"),
        Axis::log("learning rate"),
        Axis::log("epochs"),
    );
    let mut said = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let medians = RATES.map(|rate| (rate, results.median(&at(name, rate), &to(words))));
        let list = medians.map(|(rate, epochs)| format!("{} at {rate}", short(epochs)));
        said.push(format!("{name}: {}", list.join(", ")));
        let label = (*name).clone();
        figure = figure.with(Line {
            label,
            points: medians.to_vec(),
            ink: Ink::series(index),
            markers: true,
        });
    }
    figure.describe(format!(
        "Median over seeds; inf, which is not drawn, is never within the limit. {}.",
        said.join("; ")
    ))
}

fn ratios(results: &Results<'_>, first: &str, others: &[String]) -> Figure {
    let mut figure = Figure::new(
        "six-times-ratio",
        format!("How many times longer than {first}"),
        Axis::linear(format!("epochs / epochs of {first}")),
        Axis::categories("", others.to_vec()),
    );
    let mut said = Vec::new();
    for (index, (words, target)) in TARGETS.iter().enumerate() {
        let values: Vec<f64> = others
            .iter()
            .map(|other| median(&ratio(results, other, first, words)))
            .collect();
        let list: Vec<String> = others
            .iter()
            .zip(&values)
            .map(|(other, value)| format!("{other} {}", short(*value)))
            .collect();
        said.push(format!("to {}: {}", percent(*target), list.join(", ")));
        figure = figure.with(Bars {
            label: format!("to {words}"),
            values,
            ink: Ink::series(index),
        });
    }
    figure = figure.with(Reference {
        label: "six times".to_owned(),
        at: At::X(6.0),
    });
    figure.describe(format!(
        "Median over seeds of the ratio, each function at its own best rate. {}.",
        said.join("; ")
    ))
}

#[cfg(test)]
mod tests {
    use super::crossing;

    #[test]
    fn an_error_is_reached_between_the_middles_of_epochs() {
        let errors = [(1.0, 0.6), (2.0, 0.2), (3.0, 0.1)];
        assert_eq!(crossing(&errors, 0.9, 0.4), 1.0);
        assert_eq!(crossing(&errors, 0.9, 0.9), 0.0);
        assert_eq!(crossing(&errors, 0.9, 0.05), f64::INFINITY);
    }
}
