//! Fifty ReLU layers with and without shortcuts and normalisation.

use knee_figure::{Axis, Bars, Figure, Ink, percent, short};

use crate::data;
use crate::engine::{Answers, Flow, Loss, Net, Optimizer, Training, Watching, fit};
use crate::experiment::experiment;
use crate::experiments::shared::blocks::{BOTH, CASES, Case, NORMALISED, PLAIN, RESIDUAL, SMALL, network};
use crate::experiments::shared::rates::{self, at, best, relabelled};
use crate::experiments::shared::scoring::test_accuracy;
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// What lets a ReLU network of 50 layers be trained: the shortcuts, the normalisation, or does it train without either?
    ///
    /// ## Set-up
    ///
    /// Dense layers with ReLU and He's weights on handwritten digits: `depth` matrices in a row; the same with batch normalisation before
    /// each ReLU; the same with a shortcut over every two layers; with shortcuts around branches that begin small, the last weights of
    /// each divided by the root of the number of blocks; and with shortcuts and batch normalisation, in the order of pre-activation. A
    /// plain network of 10 layers beside them. SGD with momentum 0.9; each network has the best of four learning rates by its training
    /// error, median over seeds.
    ///
    /// ## Prediction
    ///
    /// With He's weights the gradient of the plain network neither vanishes nor explodes in the mean, but the layers make all samples
    /// alike, and it trains worse than 10 layers. Shortcuts alone double the variance with every block, to 2^24 for 24 blocks, so that
    /// the first outputs are huge; with normalisation they train well. Batch normalisation alone makes the gradient explode towards
    /// the input.
    ///
    /// ## Measure
    ///
    /// The training error at the end and the test accuracy; before training, the norm of the gradient of each inner layer's weights,
    /// the root mean square of the outputs, and the share of it that differs from sample to sample.
    ///
    /// ## Source
    ///
    /// He, Zhang, Ren, Sun, *Deep residual learning for image recognition*, 2015, and *Identity mappings in deep residual networks*,
    /// 2016; Zhang, Dauphin, Ma, *Fixup initialization*, 2019, for small branches; Yang and others, *A mean field theory of batch normalization*, 2019, for the gradient under batch normalisation.
    pub struct Residual50 {
        name: "residual-50",
        title: "a ReLU network of 50 layers, plain, residual and normalised",
        sentence: "A ReLU network of 50 layers can be trained only with residual connections.",
        own_data: false,
        parameters: {
            depth: Count(6, 200), "50", quick "50", "Layers with weights; even.";
            width: Count(4, 512), "32", quick "32", "Units of each hidden layer.";
            samples: Count(100, 1797), "1000", quick "500", "Digits; a quarter of them are for testing.";
            batch: Count(1, 1000), "32", quick "32", "Digits of a step.";
            epochs: Count(1, 10_000), "20", quick "12", "Times that each digit is seen.";
        }
    }
}

/// Learning rates to choose from.
const RATES: [f64; 4] = [0.0003, 0.003, 0.03, 0.3];

/// Those that are drawn as lines.
const DRAWN: [Case; 4] = [PLAIN, NORMALISED, SMALL, BOTH];

fn cases() -> Vec<(Case, f64)> {
    CASES
        .into_iter()
        .flat_map(|case| RATES.map(|rate| (case, rate)))
        .collect()
}

fn arms(_: &Settings) -> Vec<String> {
    cases()
        .iter()
        .map(|(case, rate)| at(case.name, *rate))
        .collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (case, rate) = cases()[run.arm];
    let seed = run.data_seed();
    let digits = data::digits();
    let mut chosen = data::permutation(digits.samples(), seed.stream(8));
    chosen.truncate(run.settings.count("samples"));
    let split = digits
        .select(&chosen)
        .split(0.25, seed.stream(9))
        .standardised();
    let settings = run.settings;
    let ends = [split.train.width(), split.train.targets.outputs()];
    let mut net = network(
        case,
        settings.count("depth"),
        settings.count("width"),
        ends,
        run.init_seed(),
    );
    let mut measured = Measured::default();
    start(&net, &split.train, &mut measured)?;
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.9,
    };
    let training = Training {
        watching: Watching::Ends,
        ..Training::new(
            Loss::CrossEntropy,
            optimizer,
            run.settings.count("epochs"),
            run.settings.count("batch"),
        )
    };
    let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    measured.set(
        "training error",
        1.0 - test_accuracy(&net, &split.train, training.threshold),
    );
    measured.set(
        "test accuracy",
        test_accuracy(&net, &split.test, training.threshold),
    );
    measured.set("diverged", f64::from(u8::from(history.diverged)));
    measured.curve("error", history.error);
    measured.sightings = history.sightings;
    Ok(measured)
}

/// What there is to see before training: the size of the outputs, and the gradient of each inner layer's weights.
fn start(net: &Net, train: &data::Dataset, measured: &mut Measured) -> Result<(), Stop> {
    let some: Vec<usize> = (0..train.samples().min(256)).collect();
    let answers = Answers::of(&train.targets, &some);
    let inputs = &train.inputs[..some.len() * train.width()];
    let made = net
        .clone()
        .gradients(inputs, &answers, Loss::CrossEntropy, None)?;
    let (square, differing) = outputs(&made.outputs, net.outputs());
    measured.set("outputs at the start", square.sqrt());
    measured.set("share that differs at the start", differing / square);
    let names = net.weights.iter().map(|weights| weights.name.as_str());
    let of_layer = |(name, gradient): (&str, &Vec<f32>)| {
        let is_matrix = name.ends_with(".weight");
        is_matrix.then(|| {
            gradient
                .iter()
                .map(|g| f64::from(*g).powi(2))
                .sum::<f64>()
                .sqrt()
        })
    };
    let norms: Vec<f64> = names.zip(&made.of).filter_map(of_layer).collect();
    // The first and the last matrix have other shapes.
    let inner = &norms[1..norms.len() - 1];
    let (first, last) = (inner[0], inner[inner.len() - 1]);
    measured.set("gradient, first / last", first / last);
    measured.curve(
        "gradient",
        inner
            .iter()
            .enumerate()
            .map(|(layer, norm)| (layer as f64 + 2.0, norm / last)),
    );
    Ok(())
}

/// The mean square of the outputs, and the part of it that differs from sample to sample: their variance over samples, averaged over
/// the outputs.
fn outputs(values: &[f32], width: usize) -> (f64, f64) {
    let rows = (values.len() / width).max(1) as f64;
    let (mut square, mut of_means) = (0.0, 0.0);
    for output in 0..width {
        let column = || {
            values
                .iter()
                .skip(output)
                .step_by(width)
                .map(|y| f64::from(*y))
        };
        square += column().map(|y| y * y).sum::<f64>() / rows / width as f64;
        of_means += (column().sum::<f64>() / rows).powi(2) / width as f64;
    }
    (square, square - of_means)
}

fn best_arm(results: &Results<'_>, case: Case) -> String {
    best(results, case.name, &RATES, "training error")
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [plain, normalised, residual, small, both, shallow] =
        CASES.map(|case| best_arm(results, case));
    let depth = results.settings.count("depth");
    let errors = |arm: &str| results.measures(arm, "training error");
    // Before training, the rate makes no difference.
    let start = |case: Case, name: &str| results.measures(&at(case.name, RATES[0]), name);
    let ratio = |case: Case| start(case, "gradient, first / last");
    vec![
        Claim::new(
            format!(
                "A plain network of {depth} ReLU layers answers less than half of the training samples at its best rate."
            ),
            Effect::new("training error", errors(&plain)),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "It has a higher training error than a plain network of 10 layers.",
            Effect::new(
                format!("training error, {depth} layers - 10 layers"),
                results.paired(&plain, &shallow, "training error", |deep, shallow| {
                    deep - shallow
                }),
            ),
            Criterion::Above(0.0),
        ),
        Claim::new(
            "Residual connections alone bring the training error below 5 %.",
            Effect::new("training error", errors(&residual)),
            Criterion::Below(0.05),
        ),
        Claim::new(
            "They do when each branch begins small, without normalisation.",
            Effect::new("training error", errors(&small)),
            Criterion::Below(0.05),
        ),
        Claim::new(
            "Batch normalisation alone does not bring it below 5 %.",
            Effect::new("training error", errors(&normalised)),
            Criterion::Above(0.05),
        ),
        Claim::new(
            "Residual connections with batch normalisation bring it below 5 %.",
            Effect::new("training error", errors(&both)),
            Criterion::Below(0.05),
        ),
        Claim::new(
            "Before training, the gradient of the plain network vanishes: that of its second layer is below a hundredth of the last but one's.",
            Effect::new(
                "gradient of the weights, second / last but one",
                ratio(PLAIN),
            ),
            Criterion::Below(0.01),
        ),
        Claim::new(
            "Before training, the plain network answers nearly the same to all samples: less than a tenth of the mean square differs.",
            Effect::new(
                "share of the outputs' mean square",
                start(PLAIN, "share that differs at the start"),
            ),
            Criterion::Below(0.1),
        ),
        Claim::new(
            "With batch normalisation alone the gradient explodes: that of the second layer is more than a hundred times the last but one's.",
            Effect::new(
                "gradient of the weights, second / last but one",
                ratio(NORMALISED),
            ),
            Criterion::Above(100.0),
        ),
        Claim::new(
            "With residual connections alone the outputs before training are beyond 100 instead of about 1.",
            Effect::new(
                "root mean square of the outputs",
                start(RESIDUAL, "outputs at the start"),
            ),
            Criterion::Above(100.0),
        ),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    vec![ends(results), curves(results), gradients(results)]
}

fn ends(results: &Results<'_>) -> Figure {
    let arms = CASES.map(|case| best_arm(results, case));
    let of = |name: &str| {
        arms.iter()
            .map(|arm| results.median(arm, name))
            .collect::<Vec<f64>>()
    };
    let (training, testing) = (of("training error"), of("test accuracy"));
    let said: Vec<String> = arms
        .iter()
        .zip(&training)
        .map(|(arm, error)| format!("{arm}: {}", percent(*error)))
        .collect();
    let bars = |label: &str, values: Vec<f64>, index| Bars {
        label: label.to_owned(),
        values: values.iter().map(|value| 100.0 * value).collect(),
        ink: Ink::series(index),
    };
    Figure::new(
        "residual-50-error",
        format!(
            "Errors of networks of {} ReLU layers",
            results.settings.count("depth")
        ),
        Axis::linear("error").unit("%").range(0.0, 100.0),
        Axis::categories("", CASES.iter().map(|case| case.name.to_owned()).collect()),
    )
    .with(bars("training error", training, 0))
    .with(bars(
        "test error",
        testing.iter().map(|accuracy| 1.0 - accuracy).collect(),
        1,
    ))
    .describe(format!(
        "Median over seeds after training, each network at its best rate. Training error: {}.",
        said.join("; ")
    ))
}

fn curves(results: &Results<'_>) -> Figure {
    let arms = DRAWN.map(|case| best_arm(results, case));
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    let figure = Figure::new(
        "residual-50-training",
        format!(
            "Training error of {} ReLU layers",
            results.settings.count("depth")
        ),
        Axis::linear("epoch"),
        Axis::linear("training error").range(0.0, 1.0),
    );
    let said = arms.iter().map(|arm| {
        let curve = results.median_curve(arm, "error");
        let last = curve.last().map_or(f64::NAN, |(_, error)| *error);
        format!("{arm}: {}", percent(last))
    });
    let said: Vec<String> = said.collect();
    relabelled(results.draw(figure, "error", &labels), |arm| rates::case(arm).to_owned()).describe(format!(
        "Median over seeds, the band from the smallest to the largest; the error of an epoch is that of the weights of each of its steps. In the last epoch: {}.",
        said.join("; ")
    ))
}

fn gradients(results: &Results<'_>) -> Figure {
    let mut figure = Figure::new(
        "residual-50-gradient",
        "Gradient of the weights by layer, before training",
        Axis::linear("layer, 1 reads the input"),
        Axis::log("|dL/dW| relative to the last but one layer"),
    );
    let mut said = Vec::new();
    for (index, case) in DRAWN.iter().enumerate() {
        let arm = at(case.name, RATES[0]);
        said.push(format!(
            "{} {}",
            case.name,
            short(median(&results.measures(&arm, "gradient, first / last")))
        ));
        let points = results.median_curve(&arm, "gradient");
        figure = figure.with(knee_figure::Line {
            label: case.name.to_owned(),
            points,
            ink: Ink::series(index),
            markers: false,
        });
    }
    figure.describe(format!(
        "Median over seeds. Second layer relative to the last but one: {}. In a branch that begins small, the first layer has a smaller gradient than the second.",
        said.join("; ")
    ))
}
