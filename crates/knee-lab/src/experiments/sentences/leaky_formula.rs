//! The one-line formula of leaky ReLU.

use super::networks::function;
use super::sentence::{EFFECT, sentence};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// The formula max(az, z) is written for every slope a, with a left open or learned, as in PReLU.
    ///
    /// Leaky ReLU is z for z > 0 and az otherwise. Both are evaluated for slopes from -2 to 2 in steps of 1/8 and for z from -4 to 4 in
    /// steps of 1/16. The sentence holds if the largest difference, relative to the absolute value of z, is below rounding. It is noted over which
    /// slopes the two agree: above 1, the maximum is az on the *right* and z on the left. The random seeds have no part in it.
    ///
    /// Source: course notes and code on the web. Maas, Hannun and Ng, *Rectifier nonlinearities improve neural network acoustic
    /// models*, 2013, write the two cases.
    pub(super) static LEAKY_FORMULA {
        name: "leaky is a maximum",
        said: "Leaky ReLU is max(az, z).",
        effect: "largest difference / |z| over slopes from -2 to 2",
        criterion: Criterion::Below(1e-6),
        measure: measure,
    }
}

fn measure(_: &Run<'_>) -> Result<Measured, Stop> {
    let leaky = function("leaky_relu")?;
    let mut measured = Measured::default();
    let mut curve = Vec::new();
    for step in -16..=16 {
        let slope = f64::from(step) / 8.0;
        let leaky = leaky
            .with("negative_slope", slope)
            .map_err(|error| Stop::Impossible(error.to_string()))?;
        let inputs = (-64..=64).filter(|z| *z != 0).map(|z| f64::from(z) / 16.0);
        let differences = inputs.map(|z| ((slope * z).max(z) - leaky.value(z)).abs() / z.abs());
        curve.push((slope, differences.fold(0.0, f64::max)));
    }
    let agreeing = curve
        .iter()
        .filter(|(_, difference)| *difference < 1e-6)
        .map(|(slope, _)| *slope);
    measured.set(
        EFFECT,
        curve
            .iter()
            .map(|(_, difference)| *difference)
            .fold(0.0, f64::max),
    );
    measured.set(
        "largest slope at which they agree",
        agreeing.fold(f64::NEG_INFINITY, f64::max),
    );
    measured.curve("difference by slope", curve);
    Ok(measured)
}
