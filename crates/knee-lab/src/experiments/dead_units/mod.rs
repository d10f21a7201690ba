//! Units that a large learning rate kills, and what brings them back.

mod figures;

use knee::Function;

use crate::engine::{Flow, Init, Net, Optimizer, Rule, Training, Watching, fit};
use crate::experiment::experiment;
use crate::experiments::shared::looking::{is_finite, sightings, watched};
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::rates::at;
use crate::experiments::shared::task::Task;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};
use figures::figures;

experiment! {
    /// ## Question
    ///
    /// Does a large learning rate kill ReLU units, and which of the usual cures brings them back: a lower rate, leaky ReLU, ELU or
    /// GELU in its place, or a new start with He's weights?
    ///
    /// ## Set-up
    ///
    /// A plain ReLU network on handwritten digits, or on your own data, by SGD without momentum from PyTorch's start: once at each
    /// of several rates. The network that the killing rate leaves is a checkpoint; that rate is chosen so that many units are dead
    /// and the network is not lost altogether. From it training goes on for as long again at a twentieth of that rate: with ReLU,
    /// and with each other function in its place. Besides, a network that begins with He's weights is trained at the killing rate,
    /// and one at the lower rate for as long as the others in all.
    ///
    /// ## Prediction
    ///
    /// The share of dead units grows with the rate. A dead unit has no gradient, so a lower rate leaves it dead unless the layers
    /// before it move. Leaky ReLU has a slope everywhere and brings units back; ELU and GELU do so only where the pre-activation is
    /// not far below 0, since their slopes vanish there. He's weights do not protect from the rate.
    ///
    /// ## Measure
    ///
    /// The share of hidden units whose pre-activation is above 0 on no training sample: for ReLU these are the dead units of the
    /// doctor, and for other functions the same count. The share of the units that were dead at the checkpoint and are above 0 on
    /// some sample at the end. The test error. Nothing is said of the units of a network that has diverged.
    ///
    /// ## Source
    ///
    /// Maas, Hannun, Ng, *Rectifier nonlinearities improve neural network acoustic models*, 2013; Lu et al., *Dying ReLU and
    /// initialization*, 2019.
    pub struct DeadUnits {
        name: "dead-units",
        title: "dead ReLU units, and what brings them back",
        sentence: "A learning rate that is too large kills ReLU units; a lower rate, leaky ReLU, ELU, GELU or He's weights cure it.",
        own_data: true,
        parameters: {
            replacements: Functions, "leaky_relu,elu,gelu", quick "leaky_relu,elu,gelu", "Functions that take the place of ReLU at the checkpoint.";
            depth: Count(1, 100), "3", quick "3", "Hidden layers.";
            width: Count(1, 1024), "64", quick "64", "Units of each hidden layer.";
            epochs: Count(1, 10_000), "10", quick "10", "Times that each sample is seen before the checkpoint, and again after it.";
            killing: Real(1e-6, 1000.0), "0.6", quick "0.6", "The rate that leaves the checkpoint; a twentieth of it follows.";
            batch: Count(1, 10_000), "16", quick "16", "Samples of a step.";
        }
    }
}

/// The rates of the sweep, as parts of the killing rate, which is one of them.
const PARTS: [f64; 6] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0];
/// The part of the killing rate that follows it.
const LOWER: f64 = 0.05;

const SWEEP: &str = "relu";
const LOWERED: &str = "then a lower rate";
const AGAIN: &str = "He, killing rate";
const ANEW: &str = "He, lower rate";

/// What a run does.
enum Case {
    /// Trains from PyTorch's start at this rate.
    Sweep(f64),
    /// Goes on from the checkpoint, with this function if one is given.
    GoOn(Option<Function>),
    /// Trains from He's start at a part of the killing rate, once or twice as long.
    He(f64, usize),
}

fn relu() -> Function {
    Function::parse("relu").expect("relu is a function")
}

/// This part of the killing rate, without the digits that rounding adds.
fn part(settings: &Settings, part: f64) -> f64 {
    (part * settings.real("killing") * 1e9).round() / 1e9
}

fn then(function: &Function) -> String {
    format!("then {function}")
}

fn cases(settings: &Settings) -> Vec<(String, Case)> {
    let sweep = PARTS.map(|share| {
        let rate = part(settings, share);
        (at(SWEEP, rate), Case::Sweep(rate))
    });
    let replaced = settings.functions("replacements").into_iter();
    sweep
        .into_iter()
        .chain([(LOWERED.to_owned(), Case::GoOn(None))])
        .chain(replaced.map(|function| (then(&function), Case::GoOn(Some(function)))))
        .chain([
            (AGAIN.to_owned(), Case::He(1.0, 1)),
            (ANEW.to_owned(), Case::He(LOWER, 2)),
        ])
        .collect()
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings).into_iter().map(|(arm, _)| arm).collect()
}

/// A run: its task, and what it measured so far.
struct Bench<'a> {
    run: &'a Run<'a>,
    task: Task,
    measured: Measured,
}

impl Bench<'_> {
    fn network(&self, rule: Rule) -> Net {
        let plain = Plain {
            depth: self.run.settings.count("depth"),
            width: self.run.settings.count("width"),
            function: relu(),
            init: Init::new(rule),
        };
        plain.build(
            self.task.inputs(),
            self.task.outputs(),
            self.run.init_seed(),
        )
    }

    fn train(&mut self, net: &mut Net, rate: f64, times: usize) -> Result<(), Stop> {
        let settings = self.run.settings;
        let optimizer = Optimizer::Sgd {
            rate,
            momentum: 0.0,
        };
        let epochs = times * settings.count("epochs");
        let training = Training {
            watching: Watching::Never,
            ..Training::new(self.task.loss, optimizer, epochs, settings.count("batch"))
        };
        fit(net, &self.task.train, &training, self.run, |_| Flow::On)?;
        Ok(())
    }

    /// For each hidden unit, whether its pre-activation is above 0 on no training sample; nothing for a network that has diverged.
    fn silent(&self, net: &Net) -> Result<Vec<bool>, Stop> {
        let watch = watched(net, &self.task.train, self.task.loss)?;
        if !is_finite(&watch) {
            return Ok(Vec::new());
        }
        let sites = (0..net.sites()).filter_map(|site| watch.evidence().site(site));
        Ok(sites
            .flat_map(|seen| seen.units().iter().map(|unit| unit.positive == 0))
            .collect())
    }

    /// Goes on from the checkpoint.
    fn go_on(&mut self, function: Option<Function>) -> Result<Net, Stop> {
        let mut net = self.network(Rule::Framework);
        let settings = self.run.settings;
        self.train(&mut net, part(settings, 1.0), 1)?;
        let before = self.silent(&net)?;
        self.measured
            .set("error at the checkpoint", self.task.error(&net));
        self.measured.set("dead at the checkpoint", share(&before));
        if let Some(function) = function {
            net = net.swapped(relu(), function);
        }
        self.train(&mut net, part(settings, LOWER), 1)?;
        let after = self.silent(&net)?;
        let dead = before.iter().zip(&after).filter(|(before, _)| **before);
        let back: Vec<bool> = dead.map(|(_, after)| !after).collect();
        self.measured.set("brought back", share(&back));
        Ok(net)
    }
}

/// The share that is true; NaN of nothing.
fn share(marks: &[bool]) -> f64 {
    marks.iter().filter(|mark| **mark).count() as f64 / marks.len() as f64
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let mut cases = cases(run.settings);
    let (_, case) = cases.swap_remove(run.arm);
    let mut bench = Bench {
        run,
        task: Task::of(run)?,
        measured: Measured::default(),
    };
    let net = match case {
        Case::Sweep(rate) => {
            let mut net = bench.network(Rule::Framework);
            bench.train(&mut net, rate, 1)?;
            net
        }
        Case::GoOn(function) => bench.go_on(function)?,
        Case::He(share, times) => {
            let mut net = bench.network(Rule::He);
            bench.train(&mut net, part(run.settings, share), times)?;
            net
        }
    };
    let silent = bench.silent(&net)?;
    let diagnosis = watched(&net, &bench.task.train, bench.task.loss)?.diagnosis(false);
    bench.measured.set("never above 0", share(&silent));
    bench.measured.set("test error", bench.task.error(&net));
    bench.measured.sightings = sightings(&diagnosis, run.settings.count("epochs"));
    Ok(bench.measured)
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let rate = |share: f64| at(SWEEP, part(results.settings, share));
    let (least, killed) = (rate(PARTS[0]), rate(1.0));
    let minus = |one: f64, other: f64| 100.0 * (one - other);
    let mut claims = vec![
        Claim::new(
            "At the killing rate the share of dead units is more than 10 points above that at a twentieth of it.",
            Effect::new(
                "dead units, points more",
                results.paired(&killed, &least, "never above 0", minus),
            ),
            Criterion::Above(10.0),
        ),
        Claim::new(
            "At the killing rate the network gives more wrong answers than at a twentieth of it.",
            Effect::new(
                "test error, points more",
                results.paired(&killed, &least, "test error", minus),
            ),
            Criterion::Above(0.0),
        ),
        Claim::new(
            "A lower rate alone leaves 95 % of the dead units dead.",
            Effect::new(
                "share of them above 0 again",
                results.measures(LOWERED, "brought back"),
            ),
            Criterion::Below(0.05),
        ),
    ];
    for function in results.settings.functions("replacements") {
        let arm = then(&function);
        claims.push(Claim::new(
            format!(
                "{function} in the place of ReLU brings back more than half of the dead units."
            ),
            Effect::new(
                "share of them above 0 again",
                results.measures(&arm, "brought back"),
            ),
            Criterion::Above(0.5),
        ));
        claims.push(Claim::new(
            format!("The network ends with fewer wrong answers with {function} in the place of ReLU than with ReLU at the same lower rate."),
            Effect::new("error with relu - error, points", results.paired(LOWERED, &arm, "test error", minus)),
            Criterion::Above(0.0),
        ));
    }
    claims.push(Claim::new(
        "With He's weights at the killing rate fewer units die than with PyTorch's.",
        Effect::new(
            "dead units, points less",
            results.paired(&killed, AGAIN, "never above 0", minus),
        ),
        Criterion::Above(0.0),
    ));
    claims.push(Claim::new(
        "A new start with He's weights at the lower rate ends with fewer wrong answers than going on from the checkpoint.",
        Effect::new("error with relu at the lower rate - error, points", results.paired(LOWERED, ANEW, "test error", minus)),
        Criterion::Above(0.0),
    ));
    claims
}
