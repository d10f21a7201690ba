//! Units whose bias is far below zero, and what brings them back.

use knee::Function;
use knee_figure::{Axis, Bars, Figure, Ink, percent, short};

use crate::data::{self, Dataset};
use crate::engine::{Builder, Flow, Init, Loss, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::plain::shares;
use crate::experiments::shared::scoring::{answers, test_accuracy};
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// What becomes of ReLU units with a bias of -5 on standardised inputs, and what brings them back?
    ///
    /// ## Set-up
    ///
    /// A mixture of ten normal distributions, standardised; one hidden layer with He's weights, of which every second unit begins with
    /// the bias -5 and the others with 0; Adam. Cures: leaky ReLU or ELU in its place, batch normalisation before it, and a start of
    /// these biases at 0. In two more arms the learning rate is a tenth of it, and leaky ReLU is trained by plain SGD.
    ///
    /// ## Prediction
    ///
    /// He's weights give pre-activations of standard deviation 1.41 about -5: a unit is on for 2 samples of 10,000, and most have no
    /// gradient at all on the whole training part. They stay off. The others get it from single samples, which may switch them on or
    /// off for good. Leaky ReLU and ELU have a small slope there; Adam divides by the size of the gradient and goes back, SGD does not.
    /// Batch normalisation subtracts the mean, and the bias with it. A lower learning rate prevents that units die; it does not wake
    /// any.
    ///
    /// ## Measure
    ///
    /// Of the units with the bias of -5: the share of samples for which the pre-activation is positive; the share without any gradient of
    /// incoming weights on the whole training part; the share that is awake, which is on for at least 1 of 100 training samples, after
    /// each epoch.
    ///
    /// ## Source
    ///
    /// Maas, Hannun, Ng, *Rectifier nonlinearities improve neural network acoustic models*, 2013; Lu, Shin, Su, Karniadakis, *Dying ReLU and
    /// initialization*, 2020.
    pub struct BiasMinusFive {
        name: "bias-minus-five",
        title: "ReLU units with a bias of -5, and their cures",
        sentence: "A ReLU unit with a bias of -5 is dead and stays dead; a slope on the left, normalisation or another start bring it back, a lower learning rate does not.",
        own_data: false,
        parameters: {
            bias: Real(-100.0, 0.0), "-5", quick "-5", "The bias.";
            width: Count(2, 1024), "64", quick "64", "Units of the hidden layer.";
            inputs: Count(2, 1024), "20", quick "20", "Numbers of a sample.";
            samples: Count(100, 100_000), "2000", quick "1200", "Samples, a quarter of them for testing.";
            distance: Real(0.1, 100.0), "5", quick "5", "Distance between the middles of two classes, in standard deviations.";
            epochs: Count(1, 10_000), "60", quick "40", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.003", quick "0.003", "Learning rate of Adam.";
            sgd_rate: Real(1e-6, 10.0), "0.1", quick "0.1", "Learning rate of SGD.";
        }
    }
}

/// What is done against it.
#[derive(Clone, Copy, PartialEq)]
enum Cure {
    Nothing,
    LowerRate,
    Sgd,
    BatchNorm,
    Start,
}

/// Arms, their functions, and what is done.
const CASES: [(&str, &str, Cure); 7] = [
    ("relu", "relu", Cure::Nothing),
    ("relu, a tenth of the rate", "relu", Cure::LowerRate),
    ("leaky_relu", "leaky_relu", Cure::Nothing),
    ("leaky_relu, sgd", "leaky_relu", Cure::Sgd),
    ("elu", "elu", Cure::Nothing),
    ("relu, batch norm", "relu", Cure::BatchNorm),
    ("relu, bias 0", "relu", Cure::Start),
];

/// A unit that is on for a smaller share of the samples is asleep.
const AWAKE: f64 = 0.01;

fn arms(_: &Settings) -> Vec<String> {
    CASES.map(|(arm, ..)| arm.to_owned()).to_vec()
}

/// Whether a unit is one of those with the bias.
fn is_marked(unit: usize) -> bool {
    unit.is_multiple_of(2)
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, name, cure) = CASES[run.arm];
    let settings = run.settings;
    let function = Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()))?;
    let (samples, inputs) = (settings.count("samples"), settings.count("inputs"));
    let mixture = data::gaussian_mixture(
        samples,
        10,
        inputs,
        settings.real("distance"),
        run.data_seed(),
    );
    let split = mixture
        .split(0.25, run.data_seed().stream(9))
        .standardised();
    let init = Init::new(Rule::He);
    let mut builder = Builder::new(inputs, run.init_seed()).dense(settings.count("width"), init);
    if cure == Cure::BatchNorm {
        builder = builder.batch_norm();
    }
    let mut net = builder.activation(function).dense(10, init).build();
    if cure != Cure::Start {
        let biases = net.weights[1].values.iter_mut().enumerate();
        biases
            .filter(|(unit, _)| is_marked(*unit))
            .for_each(|(_, bias)| *bias = settings.real("bias") as f32);
    }
    let rate = settings.real("rate");
    let optimizer = match cure {
        Cure::LowerRate => Optimizer::Adam { rate: rate / 10.0 },
        Cure::Sgd => Optimizer::Sgd {
            rate: settings.real("sgd_rate"),
            momentum: 0.0,
        },
        Cure::Nothing | Cure::BatchNorm | Cure::Start => Optimizer::Adam { rate },
    };
    let normalises = cure == Cure::BatchNorm;
    let mut measured = Measured::default();
    let on = marked_on(&net, &split.train.inputs, normalises);
    measured.set("samples for which it is on, at the start", mean(&on));
    let (without, gradient) = gradients(&net, &split.train)?;
    measured.set("units without gradient, at the start", without);
    measured.set(
        "gradient relative to the other units, at the start",
        gradient,
    );
    let mut awake = vec![(0.0, share_awake(&on))];
    let training = Training::new(Loss::CrossEntropy, optimizer, settings.count("epochs"), 32);
    let history = fit(&mut net, &split.train, &training, run, |epoch| {
        let on = marked_on(epoch.net, &split.train.inputs, normalises);
        awake.push((epoch.epoch as f64, share_awake(&on)));
        Flow::On
    })?;
    measured.set(
        "units awake, at the end",
        awake.last().map_or(f64::NAN, |(_, share)| *share),
    );
    measured.set(
        "test accuracy",
        test_accuracy(&net, &split.test, training.threshold),
    );
    measured.curve("awake", awake);
    measured.sightings = history.sightings;
    Ok(measured)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn share_awake(on: &[f64]) -> f64 {
    mean(
        &on.iter()
            .map(|share| f64::from(u8::from(*share >= AWAKE)))
            .collect::<Vec<f64>>(),
    )
}

/// For each unit with the bias, the share of samples for which its pre-activation is positive; with batch normalisation, as all
/// samples together are normalised.
fn marked_on(net: &Net, inputs: &[f32], normalises: bool) -> Vec<f64> {
    let [width, units] = net.weights[0].shape;
    let mut z = Vec::with_capacity(inputs.len() / width * units);
    for row in inputs.chunks_exact(width) {
        let mut sums = net.weights[1].values.clone();
        for (x, weights) in row.iter().zip(net.weights[0].values.chunks_exact(units)) {
            sums.iter_mut()
                .zip(weights)
                .for_each(|(sum, weight)| *sum += x * weight);
        }
        z.append(&mut sums);
    }
    if normalises {
        let standard = data::Standard::of(&z, units);
        z = standard.apply(&z);
        let [gamma, beta] = [2, 3].map(|index| &net.weights[index].values);
        for row in z.chunks_exact_mut(units) {
            row.iter_mut()
                .zip(gamma)
                .zip(beta)
                .for_each(|((z, gamma), beta)| *z = *z * gamma + beta);
        }
    }
    let shares = shares(&z, units, |z| z > 0.0);
    shares
        .into_iter()
        .enumerate()
        .filter(|(unit, _)| is_marked(*unit))
        .map(|(_, share)| share)
        .collect()
}

/// On the whole training part: the share of the units with the bias that have no gradient at any incoming weight, and the mean
/// size of their gradients relative to that of the other units.
fn gradients(net: &Net, train: &Dataset) -> Result<(f64, f64), Stop> {
    let made = net
        .clone()
        .gradients(&train.inputs, &answers(train), Loss::CrossEntropy, None)?;
    let units = net.weights[0].shape[1];
    let norm = |unit: usize| {
        let column = made.of[0].iter().skip(unit).step_by(units);
        column.map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt()
    };
    let (marked, others): (Vec<usize>, Vec<usize>) = (0..units).partition(|unit| is_marked(*unit));
    let marked: Vec<f64> = marked.into_iter().map(norm).collect();
    let others: Vec<f64> = others.into_iter().map(norm).collect();
    let without = marked.iter().filter(|norm| **norm == 0.0).count();
    Ok((
        without as f64 / marked.len().max(1) as f64,
        mean(&marked) / mean(&others),
    ))
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [relu, lower, leaky, sgd, elu, norm, start] = CASES.map(|(arm, ..)| arm);
    let awake = |arm| {
        Effect::new(
            "share of the units awake at the end",
            results.measures(arm, "units awake, at the end"),
        )
    };
    vec![
        Claim::new(
            "Such a unit is on for fewer than 1 of 1000 samples.",
            Effect::new(
                "share of samples",
                results.measures(relu, "samples for which it is on, at the start"),
            ),
            Criterion::Below(1e-3),
        ),
        Claim::new(
            "None of them has a gradient on any sample of the training part.",
            Effect::new(
                "share of units without gradient",
                results.measures(relu, "units without gradient, at the start"),
            ),
            Criterion::Above(0.999),
        ),
        Claim::new(
            "They stay asleep: fewer than 5 % wake up.",
            awake(relu),
            Criterion::Below(0.05),
        ),
        Claim::new(
            "At a tenth of the learning rate they stay asleep as well.",
            awake(lower),
            Criterion::Below(0.05),
        ),
        Claim::new(
            "Leaky ReLU wakes at least half of them.",
            awake(leaky),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "It does so with plain SGD too.",
            awake(sgd),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "ELU wakes at least half of them.",
            awake(elu),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "Batch normalisation wakes at least half of them.",
            awake(norm),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "From a bias of 0, at least half of them are awake at the end.",
            awake(start),
            Criterion::Above(0.5),
        ),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let arms = CASES.map(|(arm, ..)| arm);
    let curve = |slug: &str, title: &str, arms: &[&str]| {
        let figure = Figure::new(
            slug,
            title,
            Axis::linear("epoch"),
            Axis::linear("share of the units awake").range(0.0, 1.05),
        );
        let words: Vec<String> = arms
            .iter()
            .map(|arm| {
                format!(
                    "{arm} {}",
                    percent(results.median(arm, "units awake, at the end"))
                )
            })
            .collect();
        results.draw(figure, "awake", arms).describe(format!(
            "Units that began with the bias, and are on for at least 1 of 100 training samples; median over seeds, the band from the smallest to the largest. At the end: {}.",
            words.join("; ")
        ))
    };
    let values: Vec<f64> = arms
        .iter()
        .map(|arm| 100.0 * results.median(arm, "test accuracy"))
        .collect();
    let words: Vec<String> = arms
        .iter()
        .zip(&values)
        .map(|(arm, value)| format!("{arm} {} %", short(*value)))
        .collect();
    let accuracy = Figure::new(
        "bias-minus-five-accuracy",
        "What it costs",
        Axis::linear("test accuracy").unit("%").range(0.0, 100.0),
        Axis::categories("", arms.map(str::to_owned).to_vec()),
    );
    vec![
        curve(
            "bias-minus-five-relu",
            "Units that wake up, ReLU",
            &[arms[0], arms[1], arms[5], arms[6]],
        ),
        curve(
            "bias-minus-five-slope",
            "Units that wake up, a slope on the left",
            &[arms[0], arms[2], arms[3], arms[4]],
        ),
        accuracy
            .with(Bars {
                label: String::new(),
                values,
                ink: Ink::series(0),
            })
            .describe(format!(
                "Median test accuracy over seeds; half of the units began awake. {}.",
                words.join("; ")
            )),
    ]
}
