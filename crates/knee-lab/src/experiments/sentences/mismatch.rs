//! Squashing functions with an initialisation that is not theirs.

use super::networks::{BATCH, Stack, digits, function, look};
use super::sentence::{EFFECT, sentence};
use crate::data::batches;
use crate::engine::{Answers, Init, Loss, Optimizer, Rule, State};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of initialisation: He's weights under tanh or sigmoid, and the units saturate within a few batches.
    ///
    /// Five hidden layers of 64 units with He's initialisation on standardised digits, with tanh and with sigmoid, after ten batches of 32
    /// by gradient descent with rate 0.1. A unit is saturated where its mean slope is below 15 % of the largest, as the doctor judges it. The
    /// sentence holds if more than half of the hidden units are, for the worse of the two functions. The same after ten batches with the weights of
    /// Glorot, and with weights of five times He's standard deviation, stands beside it.
    ///
    /// Source: lecture notes and interview questions on initialisation.
    pub(super) static MISMATCH {
        name: "mismatch saturates",
        said: "Mismatched initialisation saturates within a few batches.",
        effect: "share of saturated units after 10 batches, He under tanh or sigmoid",
        criterion: Criterion::Above(0.5),
        measure: measure,
    }
}

const FEW: usize = 10;

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let rules = [
        ("He", Rule::He),
        ("Glorot", Rule::Glorot),
        ("5 x He", Rule::Scaled(50.0)),
    ];
    let mut measured = Measured::default();
    let mut worst = 0.0_f64;
    for name in ["tanh", "sigmoid"] {
        for (rule_name, rule) in rules {
            let (before, after) = saturated(run, name, Init::new(rule))?;
            measured.set(format!("saturated before, {name}, {rule_name}"), before);
            measured.set(format!("saturated after, {name}, {rule_name}"), after);
            if rule == Rule::He {
                worst = worst.max(after);
            }
        }
    }
    measured.set(EFFECT, worst);
    Ok(measured)
}

/// The share of saturated hidden units before and after a few batches.
fn saturated(run: &Run<'_>, name: &str, init: Init) -> Result<(f64, f64), Stop> {
    let train = digits(run).train;
    let mut net = Stack::digits(5, 64, function(name)?, init).build(run.init_seed());
    let optimizer = Optimizer::Sgd {
        rate: 0.1,
        momentum: 0.0,
    };
    let mut state = State::default();
    let share = |net: &crate::engine::Net| -> Result<f64, Stop> {
        let sites = look(net, &train, Loss::CrossEntropy)?
            .diagnosis(false)
            .sites;
        let shares: Vec<f64> = sites.iter().filter_map(|site| site.saturated).collect();
        Ok(shares.iter().sum::<f64>() / shares.len() as f64)
    };
    let before = share(&net)?;
    for batch in batches(train.samples(), BATCH, run.order_seed(), 0)
        .iter()
        .take(FEW)
    {
        let part = train.select(batch);
        let all: Vec<usize> = (0..batch.len()).collect();
        let answers = Answers::of(&part.targets, &all);
        let made = net.gradients(&part.inputs, &answers, Loss::CrossEntropy, None)?;
        state.step(optimizer, &mut net.weights, &made.of);
    }
    Ok((before, share(&net)?))
}
