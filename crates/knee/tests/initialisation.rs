//! Moments and gains, against closed forms and the catalogue; the textbook variances.

use knee::{Fan, Function, Initialisation};

use crate::support::for_each;

/// `1 / sqrt(E f(Z)^2)` of the catalogue, by a trapezoid rule that is right to about 1e-8 at kinks.
const GAINS: &[(&str, f64)] = &[
    ("identity", 0.9999999999834077),
    ("relu", 1.41421356234963),
    ("leaky_relu", 1.4141428569743715),
    ("relu6", 1.4142135650716041),
    ("elu", 1.2451983006800442),
    ("selu", 0.9999999999834075),
    ("celu(alpha=1.3)", 1.2096645209923185),
    ("sigmoid", 1.8462285453079712),
    ("hard_sigmoid", 1.8978404246978047),
    ("hard_sigmoid_02", 1.8598338677309925),
    ("tanh", 1.5925374196964037),
    ("hard_tanh", 1.392036140357239),
    ("softplus", 1.0418668355180118),
    ("log_sigmoid", 1.041866835518012),
    ("silu", 1.6765324703032705),
    ("swish_beta(beta=1.5)", 1.5677038238451146),
    ("hard_swish", 1.7366572127359112),
    ("gelu", 1.5335304411700867),
    ("gelu_tanh", 1.5335805216406975),
    ("quick_gelu", 1.5394587622732845),
    ("mish", 1.486847581248534),
    ("sine(w0=1)", 1.5208666231535766),
    ("exp", 0.3678794411653375),
    ("erf", 1.4671669504647908),
];

#[test]
fn gains_are_the_catalogues() {
    for (text, gain) in GAINS {
        let function = Function::parse(text).expect(text);
        assert!(
            (function.gain() - gain).abs() < 1e-6 * gain,
            "{text}: {} and {gain}",
            function.gain()
        );
    }
    let named: Vec<_> = GAINS
        .iter()
        .map(|(text, _)| Function::parse(text).expect(text).name())
        .collect();
    assert!(Function::all().iter().all(|f| named.contains(&f.name())));
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

for_each!($ gain);

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
