//! How many outputs are zero.

use knee::Function;
use knee_figure::{At, Axis, Figure, Reference, percent, short};

use crate::data;
use crate::engine::{Flow, Init, Loss, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::plain::{Layer, Plain, hidden};
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Is half of what a ReLU layer puts out zero?
    ///
    /// ## Set-up
    ///
    /// Networks with hidden layers of ReLU on standardised handwritten digits, weights by He's rule: with biases of 0; with biases of 1;
    /// with weights and biases as PyTorch's layers begin; and on inputs that are moved by 2, as those are that nobody has centred.
    /// Besides, other functions in place of ReLU: leaky ReLU, GELU, and soft shrinkage, which has a zone of zeros. Then each network is
    /// trained with Adam.
    ///
    /// ## Prediction
    ///
    /// With biases of 0 and weights that are symmetric about 0, a pre-activation is as often negative as positive, whatever the
    /// inputs: at the start half of the outputs are zero in the mean over units. Not for each unit: with inputs that are not centred, some
    /// units are always zero and some never. Positive biases make it less than half. Training moves it away from one half. Leaky ReLU and
    /// GELU have no zeros.
    ///
    /// ## Measure
    ///
    /// The share of zeros among the outputs of a hidden layer on the training part, by layer at the start and by epoch over all layers; the
    /// share of units that are zero on at least 9 of 10 samples or on at most 1 of 10.
    ///
    /// ## Source
    ///
    /// Glorot, Bordes, Bengio, *Deep sparse rectifier neural networks*, 2011, section 3.
    pub struct Sparsity {
        name: "sparsity",
        title: "zeros at the start and while training",
        sentence: "About half of the outputs of a ReLU layer are zero.",
        own_data: false,
        parameters: {
            depth: Count(1, 50), "6", quick "6", "Hidden layers.";
            width: Count(2, 1024), "64", quick "64", "Units of each hidden layer.";
            bias: Real(-10.0, 10.0), "1", quick "1", "What biases begin with where they are not 0.";
            shift: Real(-10.0, 10.0), "2", quick "2", "What is added to the inputs where they are not centred.";
            epochs: Count(1, 10_000), "20", quick "10", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.001", quick "0.001", "Learning rate of Adam.";
        }
    }
}

/// What is different in an arm.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    Nothing,
    Bias,
    Framework,
    Shift,
}

/// Arms, their functions, and what is different.
const CASES: [(&str, &str, Change); 7] = [
    ("relu", "relu", Change::Nothing),
    ("relu, biases", "relu", Change::Bias),
    ("relu, framework", "relu", Change::Framework),
    ("relu, inputs not centred", "relu", Change::Shift),
    ("leaky_relu", "leaky_relu", Change::Nothing),
    ("gelu", "gelu", Change::Nothing),
    ("soft_shrink", "soft_shrink", Change::Nothing),
];

fn arms(_: &Settings) -> Vec<String> {
    CASES.map(|(arm, ..)| arm.to_owned()).to_vec()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, name, change) = CASES[run.arm];
    let settings = run.settings;
    let function = Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()))?;
    let mut split = data::digits().split(0.25, run.data_seed()).standardised();
    let init = match change {
        Change::Framework => Init::new(Rule::Framework),
        Change::Bias => Init::new(Rule::He).with_bias(settings.real("bias") as f32),
        Change::Nothing | Change::Shift => Init::new(Rule::He),
    };
    if change == Change::Shift {
        let shift = settings.real("shift") as f32;
        split.train.inputs.iter_mut().for_each(|x| *x += shift);
    }
    let plain = Plain {
        depth: settings.count("depth"),
        width: settings.count("width"),
        function,
        init,
    };
    let mut net = plain.build(
        split.train.width(),
        split.train.targets.outputs(),
        run.init_seed(),
    );
    let some: Vec<usize> = (0..split.train.samples().min(500)).collect();
    let seen = split.train.select(&some).inputs;
    let mut measured = Measured::default();
    let layers = hidden(&net, function, &seen);
    measured.curve(
        "by layer",
        layers
            .iter()
            .zip(1_u32..)
            .map(|(layer, at)| (f64::from(at), zeros(layer))),
    );
    note(&mut measured, "at the start", &layers);
    let mut during = vec![(0.0, all_zeros(&layers))];
    let optimizer = Optimizer::Adam {
        rate: settings.real("rate"),
    };
    let training = Training::new(Loss::CrossEntropy, optimizer, settings.count("epochs"), 32);
    let history = fit(&mut net, &split.train, &training, run, |epoch| {
        during.push((epoch.epoch as f64, all_zeros_of(epoch.net, function, &seen)));
        Flow::On
    })?;
    note(
        &mut measured,
        "after training",
        &hidden(&net, function, &seen),
    );
    measured.curve("while training", during);
    measured.set(
        "training loss",
        history.loss.last().map_or(f64::NAN, |(_, loss)| *loss),
    );
    measured.sightings = history.sightings;
    Ok(measured)
}

fn zeros(layer: &Layer) -> f64 {
    let shares = layer.shares(|a| a == 0.0);
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// The mean over layers.
fn all_zeros(layers: &[Layer]) -> f64 {
    layers.iter().map(zeros).sum::<f64>() / layers.len().max(1) as f64
}

fn all_zeros_of(net: &Net, function: Function, inputs: &[f32]) -> f64 {
    all_zeros(&hidden(net, function, inputs))
}

fn note(measured: &mut Measured, when: &str, layers: &[Layer]) {
    measured.set(format!("zeros {when}"), all_zeros(layers));
    let units: Vec<f64> = layers
        .iter()
        .flat_map(|layer| layer.shares(|a| a == 0.0))
        .collect();
    let extreme = units
        .iter()
        .filter(|share| !(0.1..0.9).contains(*share))
        .count();
    measured.set(
        format!("units nearly always or never zero {when}"),
        extreme as f64 / units.len().max(1) as f64,
    );
    if let Some(last) = layers.last() {
        measured.set(format!("zeros of the last layer {when}"), zeros(last));
    }
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [relu, biases, framework, shifted, leaky, gelu, shrink] = CASES.map(|(arm, ..)| arm);
    let zeros = |arm, when: &str| {
        Effect::new(
            "share of zeros",
            results.measures(arm, &format!("zeros {when}")),
        )
    };
    let half = Criterion::Between(0.45, 0.55);
    let (start, trained) = ("at the start", "after training");
    vec![
        Claim::new(
            "At the start, with biases of 0, half of the outputs are zero.",
            zeros(relu, start),
            half,
        ),
        Claim::new(
            "So they are on inputs that are not centred.",
            zeros(shifted, start),
            half,
        ),
        Claim::new("So they are with biases of 1.", zeros(biases, start), half),
        Claim::new(
            "So they are with weights and biases as PyTorch's layers begin.",
            zeros(framework, start),
            half,
        ),
        Claim::new(
            "After training, half of the outputs are zero.",
            zeros(relu, trained),
            half,
        ),
        Claim::new(
            "It is half for each unit, not only in the mean: fewer than 10 % are zero on nearly all samples or on nearly none, on inputs that are not centred.",
            Effect::new(
                "share of units",
                results.measures(
                    shifted,
                    &format!("units nearly always or never zero {start}"),
                ),
            ),
            Criterion::Below(0.1),
        ),
        Claim::new(
            "Leaky ReLU has no zeros.",
            zeros(leaky, start),
            Criterion::Between(0.0, 0.0),
        ).beside(),
        Claim::new(
            "GELU has none.",
            zeros(gelu, start),
            Criterion::Between(0.0, 0.0),
        ).beside(),
        Claim::new(
            "Soft shrinkage, which has a zone of zeros, has some.",
            zeros(shrink, start),
            Criterion::Above(0.1),
        ).beside(),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let arms = CASES.map(|(arm, ..)| arm);
    let mut drawn = Vec::new();
    for (index, (group, what)) in [(&arms[..4], "ReLU"), (&arms[4..], "other functions")]
        .into_iter()
        .enumerate()
    {
        let by_layer = Figure::new(
            format!("sparsity-layers-{index}"),
            format!("Zeros at the start, {what}"),
            Axis::linear("hidden layer, 1 is next to the input"),
            Axis::linear("share of zeros").range(0.0, 1.0),
        );
        let training = Figure::new(
            format!("sparsity-training-{index}"),
            format!("Zeros while training, {what}"),
            Axis::linear("epoch"),
            Axis::linear("share of zeros, all layers").range(0.0, 1.0),
        );
        for (figure, curve) in [(by_layer, "by layer"), (training, "while training")] {
            let words: Vec<String> = group.iter().map(|arm| ends(results, arm, curve)).collect();
            let half = Reference {
                label: "1/2".to_owned(),
                at: At::Y(0.5),
            };
            drawn.push(results.draw(figure.with(half), curve, group).describe(format!(
                "Share of outputs that are zero, median over seeds, the band from the smallest to the largest. {}.",
                words.join("; ")
            )));
        }
    }
    drawn
}

/// The first and the last point of a curve in words.
fn ends(results: &Results<'_>, arm: &str, curve: &str) -> String {
    let points = results.median_curve(arm, curve);
    let word = |point: Option<&(f64, f64)>| {
        point.map_or_else(String::new, |(x, share)| {
            format!("{} at {}", percent(*share), short(*x))
        })
    };
    format!("{arm}: {}, {}", word(points.first()), word(points.last()))
}
