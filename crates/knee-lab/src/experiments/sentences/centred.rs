//! A function and the same function about zero.

use super::networks::{Race, Stack, digits, function};
use super::sentence::{EFFECT, sentence};
use crate::engine::{Init, Rule};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of tanh against sigmoid: outputs about zero make gradient descent converge faster.
    ///
    /// The two differ in slope and size as well. So sigmoid races against sigmoid less one half, which is tanh(z/2)/2: the same slopes
    /// everywhere, and only the centre is another. Three hidden layers of 64 units on handwritten digits, the same weights by Glorot, gradient
    /// descent with momentum, each with the fastest of five rates. The sentence holds if sigmoid takes more steps to a training
    /// error of 25 % than its centred twin.
    ///
    /// Source: LeCun, Bottou, Orr and Müller, *Efficient `BackProp`*, 1998, section 4.4.
    pub(super) static CENTRED {
        name: "zero-centred is faster",
        said: "Zero-centred outputs converge faster.",
        effect: "steps of sigmoid / steps of sigmoid - 1/2 to a training error of 25 %",
        criterion: Criterion::Above(1.0),
        measure: measure,
    }
}

const RATES: [f64; 5] = [0.1, 0.03, 0.3, 1.0, 0.01];

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let split = digits(run);
    let race = Race {
        error: 0.25,
        limit: run.settings.count("steps"),
    };
    let steps = |name| {
        let stack = Stack::digits(3, 64, function(name)?, Init::new(Rule::Glorot));
        race.fastest(&stack, &split.train, &RATES, run)
    };
    let sigmoid = steps("sigmoid")?;
    let centred = steps("scaled_tanh(alpha=0.5, beta=0.5)")?;
    let mut measured = Measured::default();
    // Where neither arrives, neither is faster.
    let ratio = if sigmoid.is_finite() || centred.is_finite() {
        sigmoid / centred
    } else {
        f64::NAN
    };
    measured.set(EFFECT, ratio);
    measured.set("steps of sigmoid", sigmoid);
    measured.set("steps of sigmoid - 1/2", centred);
    Ok(measured)
}
