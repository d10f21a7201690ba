//! The small networks that candidates are tried in.

use knee::Function;
use knee::random::Seed;

use crate::data::{self, Dataset};
use crate::engine::{Builder, Flow, Formula, Init, Loss, Optimizer, Rule, Training, Watching, fit};
use crate::experiments::shared::scoring::answers;
use crate::record::Seeds;
use crate::{Run, Stop};

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(super) enum Candidate {
    Formula(Formula),
    Function(Function),
}

/// Digits to train on, to choose by, and to judge by.
pub(super) struct Parts {
    pub(super) train: Dataset,
    pub(super) choose: Dataset,
    pub(super) judge: Dataset,
}

impl Parts {
    pub(super) fn of(run: &Run<'_>) -> Self {
        let seed = |part| run.data_seed().stream(part);
        let first = data::digits().split(0.3, seed(9)).standardised();
        let second = first.train.split(0.3, seed(10));
        let mut order = data::permutation(second.train.samples(), seed(11));
        order.truncate(run.settings.count("samples"));
        Self {
            train: second.train.select(&order),
            choose: second.test,
            judge: first.test,
        }
    }
}

/// The mean cross-entropy on `test` of a network with the candidate, trained from the initial weights and in the order of this
/// draw; infinite where training diverged. The variance of all weights keeps the second moment.
pub(super) fn loss(
    candidate: Candidate,
    train: &Dataset,
    test: &Dataset,
    draw: u64,
    run: &Run<'_>,
) -> Result<f64, Stop> {
    let moment = match candidate {
        Candidate::Formula(formula) => formula.second_moment(),
        Candidate::Function(function) => function.gain().powi(-2),
    };
    if !(1e-6..1e6).contains(&moment) {
        return Ok(f64::INFINITY);
    }
    let kept = Init::new(Rule::Scaled(1.0 / moment));
    let seed = Seed::new(run.seeds.init + 1_000_000 * (draw + 1));
    let mut builder = Builder::new(64, seed).dense(32, Init::new(Rule::LeCun));
    for layer in 0..2 {
        builder = match candidate {
            Candidate::Formula(formula) => builder.formula(formula),
            Candidate::Function(function) => builder.activation(function),
        };
        builder = builder.dense(if layer == 0 { 32 } else { 10 }, kept);
    }
    let mut net = builder.build();
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            Loss::CrossEntropy,
            Optimizer::Adam { rate: 0.003 },
            run.settings.count("epochs"),
            32,
        )
    };
    let quiet = Run {
        seeds: Seeds {
            order: run.seeds.order + 1_000_000 * (draw + 1),
            ..run.seeds
        },
        progress: &(),
        ..*run
    };
    let history = fit(&mut net, train, &training, &quiet, |_| Flow::On)?;
    let outputs = net.infer(&test.inputs);
    let (loss, _) = Loss::CrossEntropy.evaluate(&outputs, net.outputs(), &answers(test))?;
    let loss = f64::from(loss);
    Ok(if history.diverged || !loss.is_finite() {
        f64::INFINITY
    } else {
        loss
    })
}
