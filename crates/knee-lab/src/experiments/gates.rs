//! The functions of an LSTM's gates.

use knee::Function;
use knee_figure::{Axis, Bars, Figure, Ink, percent, short};

use crate::data;
use crate::engine::{Builder, Flow, Gates, Init, Loss, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::rates::{at, best, case, relabelled};
use crate::experiments::shared::scoring::test_accuracy;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Does an LSTM remember as well with ReLU in place of the sigmoid of its gates, or of the tanh of its candidate?
    ///
    /// ## Set-up
    ///
    /// Delayed recall: a symbol at the first step, then noise, and after the last step the symbol is asked for. One LSTM layer and a
    /// dense layer, Adam, no clipping of gradients. The bias of the forget gate begins with 1, as is usual. Four layers: sigmoid and
    /// tanh; ReLU gates; ReLU in place of tanh; hard sigmoid gates. Each has the best of three learning rates by its test error, median
    /// over seeds.
    ///
    /// ## Prediction
    ///
    /// A gate is a share between 0 and 1. ReLU gates have no upper end: a forget gate above 1 multiplies the state at each step, which
    /// grows with the length of the sequence. The hard sigmoid keeps the range and does as well as sigmoid.
    ///
    /// ## Measure
    ///
    /// Test error; whether the loss was ever not finite; the largest number in the cell's state over the steps of test sequences, and of
    /// sequences four times as long as those of training.
    ///
    /// ## Source
    ///
    /// Hochreiter and Schmidhuber, *Long short-term memory*, 1997; Gers, Schmidhuber, Cummins, *Learning to forget*, 2000;
    /// Jozefowicz, Zaremba, Sutskever, *An empirical exploration of recurrent network architectures*, 2015, for the bias.
    pub struct MemoryGates {
        name: "gates",
        title: "sigmoid, hard sigmoid and ReLU as the gates of an LSTM",
        sentence: "The gates of an LSTM need sigmoid and its candidate tanh; ReLU in their place makes it diverge.",
        own_data: false,
        parameters: {
            length: Count(2, 1000), "20", quick "20", "Steps of a sequence.";
            symbols: Count(2, 100), "4", quick "4", "Symbols.";
            hidden: Count(1, 512), "16", quick "16", "Units of the layer.";
            samples: Count(50, 100_000), "1000", quick "600", "Sequences; a quarter of them are for testing.";
            epochs: Count(1, 10_000), "30", quick "20", "Times that each sequence is seen.";
        }
    }
}

/// Learning rates of Adam.
const RATES: [f64; 3] = [0.001, 0.003, 0.01];

/// The gates' function and the candidate's.
const CASES: [(&str, &str, &str); 4] = [
    ("sigmoid gates, tanh", "sigmoid", "tanh"),
    ("relu gates, tanh", "relu", "tanh"),
    ("sigmoid gates, relu", "sigmoid", "relu"),
    ("hard sigmoid gates, tanh", "hard_sigmoid", "tanh"),
];

/// Sequences are that many times as long as in training when the state is measured again.
const LONGER: usize = 4;

fn arms(_: &Settings) -> Vec<String> {
    CASES
        .iter()
        .flat_map(|(case, ..)| RATES.map(|rate| at(case, rate)))
        .collect()
}

fn function(name: &str) -> Result<Function, Stop> {
    Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()))
}

fn network(gates: Gates, length: usize, run: &Run<'_>) -> Net {
    let (symbols, hidden) = (run.settings.count("symbols"), run.settings.count("hidden"));
    let init = Init::new(Rule::LeCun);
    let builder = Builder::sequence(length, symbols + 1, run.init_seed());
    let mut net = builder
        .lstm(hidden, gates, init)
        .dense(symbols, init)
        .build();
    // The columns are the gates input, forget, output and the candidate.
    let biases = net
        .weights
        .iter_mut()
        .find(|weights| weights.name.ends_with("input.bias"));
    if let Some(biases) = biases {
        biases.values[hidden..2 * hidden].fill(1.0);
    }
    net
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, gate, candidate) = CASES[run.arm / RATES.len()];
    let rate = RATES[run.arm % RATES.len()];
    let gates = Gates {
        gate: function(gate)?,
        candidate: function(candidate)?,
    };
    let (length, symbols) = (run.settings.count("length"), run.settings.count("symbols"));
    let seed = run.data_seed();
    let split = data::memory::recall(run.settings.count("samples"), length, symbols, seed)
        .split(0.25, seed.stream(9));
    let mut net = network(gates, length, run);
    let training = Training::new(
        Loss::CrossEntropy,
        Optimizer::Adam { rate },
        run.settings.count("epochs"),
        32,
    );
    let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let mut measured = Measured::default();
    measured.set(
        "test error",
        1.0 - test_accuracy(&net, &split.test, training.threshold),
    );
    measured.set("diverged", f64::from(u8::from(history.diverged)));
    let state = net.recurrent_states(&split.test.inputs);
    measured.set("largest state", state.iter().copied().fold(0.0, f64::max));
    let long = data::memory::recall(100, LONGER * length, symbols, seed.stream(7));
    let mut longer = network(gates, LONGER * length, run);
    longer.weights.clone_from(&net.weights);
    let state = longer.recurrent_states(&long.inputs);
    measured.set(
        "largest state, longer",
        state.iter().copied().fold(0.0, f64::max),
    );
    measured.curve(
        "state",
        state
            .iter()
            .enumerate()
            .map(|(step, state)| (step as f64 + 1.0, *state)),
    );
    measured.set(
        "test error, longer",
        1.0 - test_accuracy(&longer, &long, training.threshold),
    );
    measured.curve("error", history.error);
    measured.sightings = history.sightings;
    Ok(measured)
}

fn best_arm(results: &Results<'_>, case: usize) -> String {
    best(results, CASES[case].0, &RATES, "test error")
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let arms = [0, 1, 2, 3].map(|case| best_arm(results, case));
    let difference = |case: usize| {
        results.paired(&arms[case], &arms[0], "test error", |one, other| {
            one - other
        })
    };
    let growth = |case: usize, name: &str| {
        results.paired(&arms[case], &arms[0], name, |one, other| one / other)
    };
    let any = |case: usize| -> Vec<f64> {
        let diverged = RATES.map(|rate| results.measures(&at(CASES[case].0, rate), "diverged"));
        let seeds = diverged.iter().map(Vec::len).min().unwrap_or(0);
        let of_seed = |seed: usize| diverged.iter().map(|rate| rate[seed]).fold(0.0, f64::max);
        (0..seeds).map(of_seed).collect()
    };
    vec![
        Claim::new(
            "With sigmoid gates and tanh the layer answers more than 95 % of the test sequences.",
            Effect::new("test error", results.measures(&arms[0], "test error")),
            Criterion::Below(0.05),
        ).beside(),
        Claim::new(
            "With ReLU gates it makes at least 10 points more errors.",
            Effect::new("test error - that of sigmoid gates and tanh", difference(1)),
            Criterion::Above(0.1),
        ),
        Claim::new(
            "With ReLU in place of tanh it makes at least 10 points more errors.",
            Effect::new("test error - that of sigmoid gates and tanh", difference(2)),
            Criterion::Above(0.1),
        ),
        Claim::new(
            "Hard sigmoid gates do as well as sigmoid gates, within 5 points.",
            Effect::new("test error - that of sigmoid gates and tanh", difference(3)),
            Criterion::Between(-0.05, 0.05),
        ).beside(),
        Claim::new(
            "With ReLU gates the loss is not finite in some step, at one of the rates.",
            Effect::new("1 if it was, 0 if it was not", any(1)),
            Criterion::Above(0.5),
        ),
        Claim::new(
            "With ReLU gates the state is more than ten times as large, on sequences four times as long as in training.",
            Effect::new(
                "largest state / that of sigmoid gates and tanh",
                growth(1, "largest state, longer"),
            ),
            Criterion::Above(10.0),
        ).beside(),
        Claim::new(
            "With ReLU in place of tanh the state is more than ten times as large there.",
            Effect::new(
                "largest state / that of sigmoid gates and tanh",
                growth(2, "largest state, longer"),
            ),
            Criterion::Above(10.0),
        ).beside(),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let arms = [0, 1, 2, 3].map(|case| best_arm(results, case));
    vec![
        errors(results, &arms),
        training(results, &arms),
        states(results, &arms),
    ]
}

fn errors(results: &Results<'_>, arms: &[String; 4]) -> Figure {
    let mut figure = Figure::new(
        "gates-error",
        "What an LSTM remembers, by the functions of its gates",
        Axis::linear("test error").unit("%").range(0.0, 100.0),
        Axis::categories("", arms.iter().map(|arm| case(arm).to_owned()).collect()),
    );
    let mut said = Vec::new();
    for (index, (label, name)) in [
        ("as long as in training", "test error"),
        ("four times as long", "test error, longer"),
    ]
    .into_iter()
    .enumerate()
    {
        let values = arms.iter().map(|arm| 100.0 * results.median(arm, name));
        let values: Vec<f64> = values.collect();
        let list: Vec<String> = arms
            .iter()
            .zip(&values)
            .map(|(arm, value)| format!("{arm} {} %", short(*value)))
            .collect();
        said.push(format!("{label}: {}", list.join("; ")));
        figure = figure.with(Bars {
            label: label.to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    figure.describe(format!(
        "Median over seeds, each layer at its best rate. {}.",
        said.join(". ")
    ))
}

fn training(results: &Results<'_>, arms: &[String; 4]) -> Figure {
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    let figure = Figure::new(
        "gates-training",
        "Training error on delayed recall",
        Axis::linear("epoch"),
        Axis::linear("training error").range(0.0, 1.0),
    );
    let last = |arm: &String| {
        let curve = results.median_curve(arm, "error");
        curve.last().map_or(f64::NAN, |(_, error)| *error)
    };
    let said: Vec<String> = arms
        .iter()
        .map(|arm| format!("{arm} {}", percent(last(arm))))
        .collect();
    relabelled(results.draw(figure, "error", &labels), |arm| case(arm).to_owned()).describe(
        format!(
            "Median over seeds, the band from the smallest to the largest; each layer at its best rate. In the last epoch: {}.",
            said.join("; ")
        ),
    )
}

fn states(results: &Results<'_>, arms: &[String; 4]) -> Figure {
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    let figure = Figure::new(
        "gates-state",
        "The cell's state on longer sequences",
        Axis::linear("step"),
        Axis::log("largest |state|"),
    );
    let last: Vec<String> = arms
        .iter()
        .map(|arm| {
            format!(
                "{arm} {}",
                short(results.median(arm, "largest state, longer"))
            )
        })
        .collect();
    relabelled(results.draw(figure, "state", &labels), |arm| case(arm).to_owned()).describe(format!(
        "Largest number in the state of any of 100 sequences, four times as long as those of training; median over seeds, the band from the smallest to the largest. Largest over all steps: {}.",
        last.join("; ")
    ))
}
