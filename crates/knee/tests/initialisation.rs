//! Moments and gains, against closed forms and the catalogue; the textbook variances.

use knee::{Fan, Function, Initialisation, Smoothness};

use crate::support::catalogue::entry;
use crate::support::for_each;

/// The catalogue has a few gains at other parameters than the default ones.
const PARAMETERS: &[(&str, &str)] = &[
    ("celu", "celu(alpha=1.3)"),
    ("swish_beta", "swish_beta(beta=1.5)"),
    ("sine", "sine(w0=1)"),
    ("shrink", "shrink(bias=0.2)"),
    ("threshold", "threshold(threshold=0.1, value=20)"),
];

fn catalogued(name: &str) {
    let text = PARAMETERS.iter().find(|(known, _)| *known == name);
    let function = Function::parse(text.map_or(name, |(_, text)| text)).expect(name);
    if let Some(gain) = entry(name).and_then(|entry| entry.gain_second_moment) {
        let found = function.gain();
        // The catalogue's rule has a point on a jump.
        let jumps = function.facts().smoothness == Smoothness::Discontinuous;
        let tolerance = if jumps { 1e-5 } else { 1e-6 };
        assert!(
            (found - gain).abs() < tolerance * gain,
            "{function}: {found} and {gain}"
        );
    }
}

#[test]
fn moments_are_the_closed_forms() {
    let moments = |text: &str| Function::parse(text).expect(text).moments();
    let near = |found: f64, exact: f64, what: &str| {
        assert!(
            (found - exact).abs() < 1e-12 * exact.abs().max(1.0),
            "{what}: {found} and {exact}"
        );
    };
    let root_two_pi = (2.0 * std::f64::consts::PI).sqrt();
    let relu = moments("relu");
    near(relu.mean, 1.0 / root_two_pi, "E relu");
    near(relu.second, 0.5, "E relu^2");
    near(relu.slope_second, 0.5, "E relu'^2");
    let leaky = moments("leaky_relu(negative_slope=0.3)");
    near(leaky.second, 0.5 * (1.0 + 0.09), "E leaky^2");
    near(leaky.mean, 0.7 / root_two_pi, "E leaky");
    let exp = moments("exp");
    near(exp.mean, 0.5_f64.exp(), "E exp");
    near(exp.second, 2.0_f64.exp(), "E exp^2");
    for w0 in [1.0, 5.0, 30.0] {
        let sine = moments(&format!("sine(w0={w0})"));
        near(
            sine.second,
            0.5 * (1.0 - (-2.0_f64 * w0 * w0).exp()),
            "E sin^2",
        );
        near(
            sine.slope_second / w0 / w0,
            0.5 * (1.0 + (-2.0_f64 * w0 * w0).exp()),
            "E sin'^2",
        );
    }
    // E erf(Z)^2 is an arcsine.
    near(
        moments("erf").second,
        (2.0_f64 / 3.0).asin() * std::f64::consts::FRAC_2_PI,
        "E erf^2",
    );
    near(
        moments("gelu").mean,
        0.5 / std::f64::consts::PI.sqrt(),
        "E gelu",
    );
    let selu = moments("selu");
    near(selu.mean, 0.0, "E selu");
    near(selu.second, 1.0, "E selu^2");
}

/// The gain keeps the second moment, by its definition.
fn gain(name: &str) {
    let function = Function::parse(name).expect(name);
    assert!(
        (function.gain().powi(2) * function.moments().second - 1.0).abs() < 1e-13,
        "{name}"
    );
}

for_each!($ catalogued, gain);

#[test]
fn the_textbook_rules_are_special_cases() {
    let fan = Fan::dense(300, 100);
    let function = |name: &str| Function::parse(name).expect(name);
    assert!((fan.variance(function("relu").gain()) / fan.he() - 1.0).abs() < 1e-12);
    assert!((fan.variance(function("selu").gain()) / fan.lecun() - 1.0).abs() < 1e-12);
    assert!((fan.glorot() - 2.0 / 400.0).abs() < 1e-18);
    assert_eq!(function("relu").facts().initialisation, Initialisation::He);
    assert_eq!(
        function("tanh").facts().initialisation,
        Initialisation::Glorot
    );
    assert_eq!(
        function("selu").facts().initialisation,
        Initialisation::LeCun
    );
}
