//! Small ReLU networks that are trained on a task, to look at their geometry.

use knee::Function;
use knee::random::Seed;

use crate::data::regression::{Curve, curve};
use crate::data::{Dataset, moons, rings, spirals, xor};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, describe, fit};
use crate::error::{Error, nearest};
use crate::geometry::{Network, Window};
use crate::networks::mlp;
use crate::parameter::Settings;
use crate::record::Seeds;
use crate::run::{Run, Stop};

/// The tasks: a name, and what is to be learned.
pub const TASKS: [(&str, &str); 5] = [
    ("spirals", "two spirals in the plane"),
    ("rings", "two rings in the plane"),
    ("xor", "four clouds in the plane"),
    ("moons", "two half circles in the plane"),
    ("sine", "a sine of one input"),
];

/// What to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Hidden layers.
    pub depth: usize,
    /// ReLU units of each.
    pub width: usize,
    /// The seed of data, weights and order.
    pub seed: u64,
}

/// A network that was trained on a task, the range of the data, and how well it does.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The network.
    pub network: Network,
    /// The range of the first input.
    pub x: (f64, f64),
    /// The range of both inputs, where there are two.
    pub window: Option<Window>,
    /// The mean loss of the last epoch.
    pub loss: f64,
    /// The share of wrong answers in the last epoch; NaN where the answers are numbers.
    pub error: f64,
}

/// Trains a network of ReLU units: a second or two.
pub fn trained(task: &str, shape: Shape) -> Result<Trained, Error> {
    let seed = Seed::new(shape.seed);
    let data = match task {
        "spirals" => spirals(500, 2, 1.5, 0.02, seed),
        "rings" => rings(500, 2, 0.08, seed),
        "xor" => xor(500, 0.15, seed),
        "moons" => moons(500, 0.1, seed),
        "sine" => curve(400, Curve::Sine, 0.0, seed),
        _ => {
            return Err(Error::UnknownTask {
                given: task.to_owned(),
                nearest: nearest(task, TASKS.iter().map(|(name, _)| *name)),
                known: TASKS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            });
        }
    };
    let classes = data.targets.outputs() > 1;
    let init = Init::new(Rule::He);
    let relu = Function::parse("relu").map_err(|error| failed(task, &error.to_string()))?;
    let hidden = vec![shape.width; shape.depth];
    let outputs = data.targets.outputs();
    let mut net = mlp(data.width(), &hidden, outputs, relu, init, seed.stream(1));
    let loss = if classes {
        Loss::CrossEntropy
    } else {
        Loss::Mse
    };
    let training = Training::new(loss, Optimizer::Adam { rate: 0.005 }, 200, 32);
    let meta = crate::experiments::named("collapse")?.meta();
    let settings = Settings::new(meta, true, &[])?;
    let seeds = Seeds {
        data: shape.seed,
        init: shape.seed,
        order: shape.seed,
    };
    let run = Run::alone(&settings, 0, seeds);
    let history =
        fit(&mut net, &data, &training, &run, |_| Flow::On).map_err(|stop| match stop {
            Stop::Impossible(cause) => failed(task, &cause),
            Stop::Asked => failed(task, "it was stopped"),
        })?;
    let network = Network::of(&describe(&net)).map_err(|error| failed(task, &error.to_string()))?;
    let range = |input: usize| range(&data, input);
    let window = (data.width() == 2).then(|| Window::new(range(0), range(1)));
    Ok(Trained {
        network,
        x: range(0),
        window: window
            .transpose()
            .map_err(|error| failed(task, &error.to_string()))?,
        loss: history.loss.last().map_or(f64::NAN, |(_, loss)| *loss),
        error: history.error.last().map_or(f64::NAN, |(_, error)| *error),
    })
}

fn failed(task: &str, cause: &str) -> Error {
    Error::Run {
        experiment: task.to_owned(),
        cause: cause.to_owned(),
    }
}

/// The smallest and the largest value of an input, and a tenth of the range beyond them.
fn range(data: &Dataset, input: usize) -> (f64, f64) {
    let values = || {
        data.inputs
            .iter()
            .skip(input)
            .step_by(data.width())
            .map(|x| f64::from(*x))
    };
    let (low, high) = (
        values().fold(f64::INFINITY, f64::min),
        values().fold(f64::NEG_INFINITY, f64::max),
    );
    let room = 0.1 * (high - low);
    (low - room, high + room)
}
