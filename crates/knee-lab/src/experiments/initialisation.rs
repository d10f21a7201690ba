//! Rules for initial weights against functions and depths.

use knee::Function;
use knee_figure::{At, Axis, Bars, Figure, Ink, Reference, short};

use crate::data::{Dataset, Targets};
use crate::engine::{Flow, Init, Loss, Net, Optimizer, Rule, Training, Watch, fit};
use crate::experiment::experiment;
use crate::experiments::shared::plain::{Layer, Plain, hidden};
use crate::experiments::shared::scoring::answers;
use crate::experiments::shared::task::Task;
use crate::experiments::shared::worst::{least, most};
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Which rule for the initial weights keeps the signal and the gradient through many layers, for which function, and does it decide
    /// whether the network learns?
    ///
    /// ## Set-up
    ///
    /// Networks of equally wide hidden layers, few and many, on standardised handwritten digits or the user's own data. Rules: He, Glorot,
    /// LeCun, what PyTorch's layers begin with, and `gain^2 / fan_in` with the exact gain of the function. Biases begin with 0, those
    /// of PyTorch's layers are drawn. With equal widths Glorot's rule is LeCun's but for the first and the last layer, and the exact
    /// gain of ReLU gives He's but for the first. A few epochs of Adam, at one learning rate for all.
    ///
    /// ## Prediction
    ///
    /// With ReLU each layer multiplies the second moment by 1 with He's rule, by 1/2 with Glorot's, and by 1/6 with PyTorch's, where
    /// drawn biases then take over: what comes out hardly depends on the sample. The exact gain keeps the second moment of every
    /// function. That is not the difference between samples: that of sigmoid, whose outputs are about 1/2 whatever comes in, is
    /// lost all the same. In a few layers every rule learns.
    ///
    /// ## Measure
    ///
    /// On training samples, before training: the mean square of the outputs of each hidden layer; their variance over samples; the norm
    /// of the gradient there, averaged over samples. The factor of a layer is the mean one between the first and the last hidden
    /// layer. After training: the training loss of the last epoch as a share of that of the best constant answer. Below one half the
    /// network has learned.
    ///
    /// ## Source
    ///
    /// LeCun, Bottou, Orr, Müller, *Efficient `BackProp`*, 1998; Glorot and Bengio, 2010; He, Zhang, Ren, Sun, *Delving deep into
    /// rectifiers*, 2015.
    pub struct Initialisation {
        name: "initialisation",
        title: "rules for initial weights, functions and depths",
        sentence: "With the rule that belongs to its function, a deep network keeps its signal and learns; with another one it does not.",
        own_data: true,
        parameters: {
            functions: Functions, "relu,tanh,sigmoid,gelu,selu", quick "relu,tanh,sigmoid", "Hidden functions.";
            shallow: Count(2, 200), "3", quick "3", "Few hidden layers.";
            deep: Count(2, 200), "20", quick "20", "Many hidden layers.";
            width: Count(2, 1024), "64", quick "64", "Units of each hidden layer.";
            samples: Count(20, 100_000), "1200", quick "700", "The most samples to train on.";
            epochs: Count(1, 10_000), "10", quick "5", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.001", quick "0.001", "Learning rate of Adam.";
        }
    }
}

const RULES: [(&str, Rule); 5] = [
    ("he", Rule::He),
    ("glorot", Rule::Glorot),
    ("lecun", Rule::LeCun),
    ("framework", Rule::Framework),
    ("exact gain", Rule::Exact),
];

/// The rules that figures show: LeCun's is left out for Glorot's, and four can be told apart.
const SHOWN: [&str; 4] = ["he", "glorot", "framework", "exact gain"];

/// With less than this share of the loss of the best constant answer, a network has learned.
const LEARNED: f64 = 0.5;

fn arm(function: &str, rule: &str, depth: usize) -> String {
    format!("{function}, {rule}, depth {depth}")
}

fn depths(settings: &Settings) -> [usize; 2] {
    [settings.count("shallow"), settings.count("deep")]
}

fn names(settings: &Settings) -> Vec<String> {
    settings
        .functions("functions")
        .iter()
        .map(Function::to_string)
        .collect()
}

fn cases(settings: &Settings) -> Vec<(Function, &'static str, Rule, usize)> {
    let mut cases = Vec::new();
    let mut depths = depths(settings).to_vec();
    depths.dedup();
    for depth in depths {
        for function in settings.functions("functions") {
            cases.extend(RULES.map(|(name, rule)| (function, name, rule, depth)));
        }
    }
    cases
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings)
        .iter()
        .map(|(function, rule, _, depth)| arm(&function.to_string(), rule, *depth))
        .collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (function, _, rule, depth) = cases(run.settings)[run.arm];
    let settings = run.settings;
    let task = Task::of(run)?;
    let some: Vec<usize> = (0..task.train.samples().min(settings.count("samples"))).collect();
    let train = task.train.select(&some);
    let plain = Plain {
        depth,
        width: settings.count("width"),
        function,
        init: Init::new(rule),
    };
    let mut net = plain.build(task.inputs(), task.outputs(), run.init_seed());
    let mut measured = Measured::default();
    at_the_start(&net, function, &train, task.loss, &mut measured)?;
    let optimizer = Optimizer::Adam {
        rate: settings.real("rate"),
    };
    let training = Training::new(task.loss, optimizer, settings.count("epochs"), 32);
    let history = fit(&mut net, &train, &training, run, |_| Flow::On)?;
    let constant = constant(&train.targets);
    let left = history
        .loss
        .last()
        .map_or(f64::NAN, |(_, loss)| loss / constant);
    // A loss that is not finite has not been learned from.
    measured.set(
        "loss left",
        if left.is_nan() { f64::INFINITY } else { left },
    );
    measured.curve(
        "loss left",
        history
            .loss
            .iter()
            .map(|(epoch, loss)| (*epoch, loss / constant)),
    );
    measured.set("test error", task.error(&net));
    measured.sightings = history.sightings;
    Ok(measured)
}

/// The loss of the best answer that does not depend on the sample: the entropy of the classes, or the variance, which is 1 for
/// standardised numbers.
fn constant(targets: &Targets) -> f64 {
    match targets {
        Targets::Classes { classes, of, .. } => {
            let share = |class| {
                of.iter().filter(|one| **one == class).count() as f64 / of.len().max(1) as f64
            };
            (0..*classes)
                .map(share)
                .filter(|share| *share > 0.0)
                .map(|share| -share * share.ln())
                .sum()
        }
        Targets::Values { .. } => 1.0,
    }
}

/// Signal and gradient by layer.
fn at_the_start(
    net: &Net,
    function: Function,
    train: &Dataset,
    loss: Loss,
    measured: &mut Measured,
) -> Result<(), Stop> {
    let some: Vec<usize> = (0..train.samples().min(256)).collect();
    let part = train.select(&some);
    let layers = hidden(net, function, &part.inputs);
    let mut watch = Watch::new(net, Some(loss));
    net.clone()
        .gradients(&part.inputs, &answers(&part), loss, Some(&mut watch))?;
    let norm = |site| watch.evidence().site(site).and_then(|seen| seen.gradient());
    let curves: [(&str, Vec<f64>); 3] = [
        ("signal", layers.iter().map(Layer::second_moment).collect()),
        ("spread", layers.iter().map(Layer::spread).collect()),
        (
            "gradient",
            (0..layers.len())
                .map(|site| norm(site).map_or(f64::NAN, |norms| norms.mean))
                .collect(),
        ),
    ];
    for (name, values) in curves {
        let (first, last) = (values[0], values[values.len() - 1]);
        // The gradient runs from the last layer to the first.
        let ratio = if name == "gradient" {
            first / last
        } else {
            last / first
        };
        let factor = ratio.powf(1.0 / (values.len() - 1) as f64);
        measured.set(format!("{name}, factor of a layer"), factor);
        if name == "signal" {
            measured.set("signal, change by a layer", factor.max(1.0 / factor));
        }
        measured.curve(
            name,
            values
                .into_iter()
                .zip(1_u32..)
                .map(|(value, layer)| (f64::from(layer), value)),
        );
    }
    Ok(())
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [shallow, deep] = depths(results.settings);
    let names = names(results.settings);
    let has = |name: &str| names.iter().any(|one| one == name);
    let kept = Criterion::Between(1.0 / 1.2, 1.2);
    let factor = |function, rule| {
        Effect::new(
            "factor of a layer",
            results.measures(&arm(function, rule, deep), "signal, factor of a layer"),
        )
    };
    let left = |function, rule| {
        Effect::new(
            "loss left",
            results.measures(&arm(function, rule, deep), "loss left"),
        )
    };
    let mut claims = Vec::new();
    if has("relu") {
        claims.push(Claim::new(
            "He's rule keeps the signal of ReLU, within a factor of 1.2 for each layer.",
            factor("relu", "he"),
            kept,
        ));
        claims.push(Claim::new(
            "Glorot's does not.",
            factor("relu", "glorot"),
            Criterion::Below(1.0 / 1.2),
        ));
        claims.push(Claim::new(
            format!("With ReLU and He's rule, {deep} layers learn."),
            left("relu", "he"),
            Criterion::Below(LEARNED),
        ));
        claims.push(Claim::new(
            format!("With what PyTorch's layers begin with, {deep} layers of ReLU do not."),
            left("relu", "framework"),
            Criterion::Above(LEARNED),
        ));
    }
    if has("tanh") {
        claims.push(Claim::new(
            "Glorot's rule keeps the signal of tanh.",
            factor("tanh", "glorot"),
            kept,
        ));
        claims.push(Claim::new(
            format!("With tanh and Glorot's rule, {deep} layers learn."),
            left("tanh", "glorot"),
            Criterion::Below(LEARNED),
        ));
    }
    if has("sigmoid") {
        claims.push(Claim::new(
            format!("With sigmoid and Glorot's rule, {deep} layers learn."),
            left("sigmoid", "glorot"),
            Criterion::Below(LEARNED),
        ));
    }
    let exact: Vec<String> = names
        .iter()
        .map(|name| arm(name, "exact gain", deep))
        .collect();
    claims.push(Claim::new(
        "The exact gain keeps the signal of every function, within a factor of 1.2 for each layer.",
        Effect::new(
            "change by a layer, worst function",
            most(results, &exact, "signal, change by a layer"),
        ),
        Criterion::Below(1.2),
    ));
    claims.push(Claim::new(
        "It keeps the difference between samples as well.",
        Effect::new(
            "factor of a layer, worst function",
            least(results, &exact, "spread, factor of a layer"),
        ),
        kept,
    ));
    claims.push(Claim::new(
        format!("With the exact gain, {deep} layers learn with every function."),
        Effect::new(
            "loss left, worst function",
            most(results, &exact, "loss left"),
        ),
        Criterion::Below(LEARNED),
    ));
    let few: Vec<String> = names
        .iter()
        .flat_map(|name| RULES.map(|(rule, _)| arm(name, rule, shallow)))
        .collect();
    claims.push(Claim::new(
        format!("In {shallow} layers, every function learns with every rule."),
        Effect::new("loss left, worst case", most(results, &few, "loss left")),
        Criterion::Below(LEARNED),
    ));
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let [_, deep] = depths(results.settings);
    let names = names(results.settings);
    let mut drawn = vec![summary(results, &names, deep)];
    for name in &names {
        let all = SHOWN.map(|rule| arm(name, rule, deep));
        let arms: Vec<&str> = all.iter().map(String::as_str).collect();
        for (curve, title, label) in [
            ("signal", "Signal", "mean square of the outputs"),
            (
                "spread",
                "Difference between samples",
                "variance of the outputs over samples",
            ),
            ("gradient", "Gradient", "|dL/da|"),
        ] {
            let figure = Figure::new(
                format!("initialisation-{curve}-{name}"),
                format!("{title} by layer before training, {name}"),
                Axis::linear("hidden layer, 1 is next to the input"),
                Axis::log(label),
            );
            let words: Vec<String> = arms
                .iter()
                .map(|arm| {
                    format!(
                        "{arm} {}",
                        short(results.median(arm, &format!("{curve}, factor of a layer")))
                    )
                })
                .collect();
            drawn.push(results.draw(figure, curve, &arms).describe(format!(
                "Median over seeds, the band from the smallest to the largest. Factor of a layer{}: {}.",
                if curve == "gradient" { " on the way back" } else { "" },
                words.join("; ")
            )));
        }
    }
    drawn
}

/// What is left of the loss at the greater depth, for every function and the rules that are shown.
fn summary(results: &Results<'_>, names: &[String], deep: usize) -> Figure {
    let mut figure = Figure::new(
        "initialisation-loss",
        format!("What {deep} layers have learned"),
        Axis::linear("training loss / loss of the best constant answer").range(0.0, 1.5),
        Axis::categories("", names.to_vec()),
    );
    let mut words = Vec::new();
    for (index, rule) in SHOWN.iter().enumerate() {
        let values: Vec<f64> = names
            .iter()
            .map(|name| results.median(&arm(name, rule, deep), "loss left"))
            .collect();
        let list: Vec<String> = names
            .iter()
            .zip(&values)
            .map(|(name, value)| format!("{name} {}", short(*value)))
            .collect();
        words.push(format!("{rule}: {}", list.join(", ")));
        figure = figure.with(Bars {
            label: (*rule).to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    figure
        .with(Reference { label: "learned".to_owned(), at: At::X(LEARNED) })
        .describe(format!("Median over seeds of the training loss of the last epoch; 1 is as good as a constant. {}.", words.join("; ")))
}
