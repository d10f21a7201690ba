//! The slopes that a parametric ReLU learns.

use knee::Function;
use knee_figure::{Axis, Figure, Ink, Points, short};

use crate::data::{self, Split};
use crate::engine::Loss;
use crate::engine::{Builder, Flow, Init, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::scoring::{test_accuracy, test_loss};
use crate::experiments::shared::task::thinned;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Where do the slopes of PReLU go from 0.25, do those next to the input end larger than those of later layers, and is a
    /// network with learned slopes better than one with fixed ones?
    ///
    /// ## Set-up
    ///
    /// Two networks on images of handwritten digits at random places and sizes: dense layers, and three convolutions of 3 by 3 with
    /// a pooling after each of the first two. PReLU has one slope for each unit or channel, all beginning with 0.25 as He et al.
    /// had them. The others are ReLU and leaky ReLU with the slopes 0.01 and 0.25. Adam, whose steps do not depend on the size of a
    /// gradient, so that slopes go as far as weights do in a short training; no weight decay, which would draw slopes to 0. Weights
    /// begin with He's variance for all.
    ///
    /// ## Prediction
    ///
    /// He et al. found slopes of 0.68 and 0.60 in the first convolution of two networks, and smaller ones behind it: the first
    /// layer keeps both signs of its edges, later ones become more nonlinear. Their learned slopes lowered the error by about one
    /// point.
    ///
    /// ## Measure
    ///
    /// The mean of the slopes of each layer after training; the first less the mean of the others; the mean distance of single
    /// slopes from 0.25. The share of test samples with a wrong answer, seed by seed.
    ///
    /// ## Source
    ///
    /// He, Zhang, Ren, Sun, *Delving deep into rectifiers*, 2015, table 1.
    pub struct PreluLearns {
        name: "prelu-learns",
        title: "the slopes that PReLU learns",
        sentence: "PReLU learns larger slopes in the first layer than in later ones, and is better than ReLU and leaky ReLU.",
        own_data: false,
        parameters: {
            depth: Count(2, 20), "5", quick "5", "Hidden layers of the dense network.";
            width: Count(1, 1024), "64", quick "64", "Units of each.";
            side: Count(8, 64), "12", quick "12", "Pixels of an image along one side.";
            images: Count(100, 100_000), "1500", quick "800", "Images to train on; half as many are for testing.";
            channels: Count(1, 128), "8", quick "8", "Channels of the first convolution; the others have twice as many.";
            epochs: Count(1, 10_000), "20", quick "12", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.002", quick "0.002", "Learning rate of Adam.";
            batch: Count(1, 10_000), "32", quick "32", "Samples of a step.";
        }
    }
}

/// What PReLU begins with.
const BEGINNING: f32 = 0.25;

const NETWORKS: [&str; 2] = ["dense", "convolutions"];

/// What follows each layer: a name, and the fixed function; none where the slopes are learned.
const KINDS: [(&str, Option<&str>); 4] = [
    ("prelu", None),
    ("relu", Some("relu")),
    ("leaky 0.01", Some("leaky_relu(negative_slope=0.01)")),
    ("leaky 0.25", Some("leaky_relu(negative_slope=0.25)")),
];

fn arm(network: &str, kind: &str) -> String {
    format!("{network}, {kind}")
}

fn cases() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    NETWORKS
        .into_iter()
        .flat_map(|network| KINDS.map(|(kind, function)| (network, kind, function)))
}

fn arms(_: &Settings) -> Vec<String> {
    cases()
        .map(|(network, kind, _)| arm(network, kind))
        .collect()
}

fn network(which: &str, function: Option<&str>, run: &Run<'_>) -> Net {
    let init = Init::new(Rule::He);
    let bend = |builder: Builder| match function.and_then(|name| Function::parse(name).ok()) {
        Some(function) => builder.activation(function),
        None => builder.prelu(BEGINNING),
    };
    let settings = run.settings;
    let side = settings.count("side");
    let builder = if which == "dense" {
        let mut builder = Builder::new(side * side, run.init_seed());
        for _ in 0..settings.count("depth") {
            builder = bend(builder.dense(settings.count("width"), init));
        }
        builder
    } else {
        let channels = settings.count("channels");
        let builder =
            bend(Builder::image(side, side, run.init_seed()).convolution(channels, 3, init))
                .max_pool();
        let builder = bend(builder.convolution(2 * channels, 3, init)).max_pool();
        bend(builder.convolution(2 * channels, 3, init)).flatten()
    };
    builder.dense(10, init).build()
}

/// The mean distance of all slopes from what they begin with.
fn distance(net: &Net) -> f64 {
    let layers = (0..net.sites()).filter_map(|site| net.named(&format!("{site}.slope")));
    let slopes: Vec<f32> = layers
        .flat_map(|layer| layer.values.iter().copied())
        .collect();
    let distances = slopes
        .iter()
        .map(|slope| f64::from((slope - BEGINNING).abs()));
    distances.sum::<f64>() / slopes.len() as f64
}

/// The mean slope of each layer.
fn slopes(net: &Net) -> Vec<f64> {
    let means = (0..net.sites()).filter_map(|site| {
        let slopes = &net.named(&format!("{site}.slope"))?.values;
        Some(slopes.iter().map(|slope| f64::from(*slope)).sum::<f64>() / slopes.len() as f64)
    });
    means.collect()
}

/// Images to train on and to test on, of different handwriting.
fn images(run: &Run<'_>) -> Split {
    let seed = run.data_seed();
    let (count, side) = (run.settings.count("images"), run.settings.count("side"));
    let originals = data::digits().split(0.25, seed);
    let made = |digits, count, stream| data::images(digits, count, side, 0.0, seed.stream(stream));
    Split {
        train: made(&originals.train, count, 1),
        test: made(&originals.test, count / 2, 2),
    }
    .standardised()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (which, _, function) = cases().nth(run.arm).unwrap_or((NETWORKS[0], "prelu", None));
    let split = images(run);
    let mut net = network(which, function, run);
    let optimizer = Optimizer::Adam {
        rate: run.settings.real("rate"),
    };
    let training = Training::new(
        Loss::CrossEntropy,
        optimizer,
        run.settings.count("epochs"),
        run.settings.count("batch"),
    );
    let mut first = vec![(0.0, f64::from(BEGINNING))];
    let mut last = first.clone();
    let history = fit(&mut net, &split.train, &training, run, |epoch| {
        let slopes = slopes(epoch.net);
        let at = |slope: Option<&f64>| slope.map(|slope| (epoch.epoch as f64, *slope));
        first.extend(at(slopes.first()));
        last.extend(at(slopes.last()));
        Flow::On
    })?;
    let mut measured = Measured::default();
    measured.set(
        "test error",
        1.0 - test_accuracy(&net, &split.test, training.threshold),
    );
    measured.set(
        "test loss",
        test_loss(&net, &split.test, Loss::CrossEntropy)?,
    );
    measured.curve("loss", thinned(&history.loss));
    if let [one, others @ ..] = slopes(&net).as_slice() {
        let behind = others.iter().sum::<f64>() / others.len() as f64;
        measured.set("slope, distance from 0.25", distance(&net));
        measured.set("slope, first layer", *one);
        measured.set("slope, other layers", behind);
        measured.set("slope, first - others", one - behind);
        measured.curve(
            "slopes",
            std::iter::once(one)
                .chain(others)
                .enumerate()
                .map(|(layer, slope)| ((layer + 1) as f64, *slope)),
        );
        measured.curve("first slope", thinned(&first));
        measured.curve("last slope", thinned(&last));
    }
    measured.sightings = history.sightings;
    Ok(measured)
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    for network in NETWORKS {
        let learned = arm(network, "prelu");
        claims.push(Claim::new(
            format!("{network}: the slopes of the first layer end larger than those behind it."),
            Effect::new(
                "mean slope of the first layer - of the others",
                results.measures(&learned, "slope, first - others"),
            ),
            Criterion::Above(0.0),
        ));
        claims.push(Claim::new(
            format!("{network}: the slopes of the first layer grow from 0.25 to more than 0.5."),
            Effect::new(
                "mean slope of the first layer",
                results.measures(&learned, "slope, first layer"),
            ),
            Criterion::Above(0.5),
        ));
        claims.push(Claim::new(
            format!("{network}: the slopes behind it become smaller than 0.25."),
            Effect::new(
                "mean slope of the other layers",
                results.measures(&learned, "slope, other layers"),
            ),
            Criterion::Below(f64::from(BEGINNING)),
        ));
        for (kind, _) in &KINDS[1..] {
            claims.push(Claim::new(
                format!("{network}: PReLU gives fewer wrong answers on test samples than {kind}."),
                Effect::new(
                    format!("error of {kind} - error of prelu, points"),
                    results.paired(
                        &arm(network, kind),
                        &learned,
                        "test error",
                        |fixed, learned| 100.0 * (fixed - learned),
                    ),
                ),
                Criterion::Above(0.0),
            ));
        }
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let mut figures = vec![by_layer(results)];
    figures.extend(NETWORKS.map(|network| errors(results, network)));
    figures
}

fn by_layer(results: &Results<'_>) -> Figure {
    let arms = NETWORKS.map(|network| arm(network, "prelu"));
    let labelled: Vec<(&str, &str)> = NETWORKS
        .into_iter()
        .zip(arms.iter().map(String::as_str))
        .collect();
    let figure = Figure::new(
        "prelu-learns-slopes",
        "Slopes of PReLU after training, by layer",
        Axis::linear("layer, 1 is next to the input"),
        Axis::linear("mean slope for negative inputs"),
    );
    let words = labelled.iter().map(|(network, arm)| {
        let curve = results.median_curve(arm, "slopes");
        let list: Vec<String> = curve.iter().map(|(_, slope)| short(*slope)).collect();
        format!("{network}: {}", list.join(", "))
    });
    let words: Vec<String> = words.collect();
    let start = knee_figure::Reference {
        label: "at the start".to_owned(),
        at: knee_figure::At::Y(f64::from(BEGINNING)),
    };
    results.draw_as(figure, "slopes", &labelled).with(start).describe(format!(
        "Median over seeds from the first layer to the last, the band from the smallest to the largest; all begin with 0.25. {}.",
        words.join("; ")
    ))
}

/// Wrong answers of each seed.
fn errors(results: &Results<'_>, network: &str) -> Figure {
    let mut figure = Figure::new(
        format!("prelu-learns-errors-{network}"),
        format!("Wrong answers on test samples, seed by seed: {network}"),
        Axis::linear("test error").unit("%"),
        Axis::categories("", KINDS.map(|(kind, _)| kind.to_owned()).to_vec()),
    );
    let mut said = Vec::new();
    for (index, (kind, _)) in KINDS.iter().enumerate() {
        let arm = arm(network, kind);
        let points = results
            .measures(&arm, "test error")
            .iter()
            .map(|error| (100.0 * error, index as f64))
            .collect();
        said.push(format!(
            "{kind} {} %",
            short(100.0 * results.median(&arm, "test error"))
        ));
        figure = figure.with(Points {
            label: String::new(),
            points,
            ink: Ink::series(index),
        });
    }
    figure.describe(format!(
        "One point for each seed. Medians: {}.",
        said.join(", ")
    ))
}
