//! The formula language: what it means, its derivatives, and what it refuses.

use knee_oracle::{Big, Truth};

fn truth(formula: &str, parameters: &[(&str, f64)]) -> Truth {
    Truth::parse(formula, parameters).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn values_are_what_the_field_means() {
    for (formula, x, expected) in [
        ("-x^2 + 2 * x - 1 / 4", 3.0, -3.25),
        ("2^-3 * x", 8.0, 1.0),
        ("|x - 3| * 1e-1", 1.0, 0.2),
        ("x if x > 0 else -1 if x <= -2 else 7", -2.0, -1.0),
        ("x if x > 0 else -1 if x <= -2 else 7", -1.0, 7.0),
        ("clip(x, -1, 2) + min(x, 1) + max(x, 5)", 3.0, 8.0),
        ("relu(-x) + relu(x)", -3.0, 3.0),
        ("sign(x) * sqrt(abs(x))", -9.0, -3.0),
        ("exp(log(x)) + sin(0) + cos(0)", 5.0, 6.0),
        ("4 * atan(x) - pi", 1.0, 0.0),
        ("sigmoid(x) + softplus(x) - log(2)", 0.0, 0.5),
        ("gelu(x) - x * Phi(x) + phi(x)", 0.0, 0.3989422804014327),
    ] {
        let found = truth(formula, &[]).value(x).to_f64();
        assert!(
            (found - expected).abs() < 1e-15,
            "{formula} at {x}: {found}"
        );
    }
}

#[test]
fn a_decimal_number_and_a_reciprocal_are_exact() {
    let tenth = truth("0.1 * x - 1 / 10", &[]).value(1.0);
    assert!(tenth.abs() <= Big::power_of_two(-1000));
    let sixth = truth("exact(a) * 6 - a * 6", &[("a", 1.0 / 6.0)]).value(0.0);
    // The nearest number to 1/6 is 1.4e-17 below it.
    assert!((sixth.to_f64() - 5.55e-17).abs() < 1e-18, "{sixth}");
}

/// A limit that is infinite is none.
#[test]
fn infinite_parameters_vanish() {
    let clip = truth(
        "clip(x, low, high)",
        &[("low", f64::NEG_INFINITY), ("high", 2.0)],
    );
    assert_eq!(clip.value(-1e300).to_f64(), -1e300);
    assert_eq!(clip.derivative(3.0).to_f64(), 0.0);
    let never = truth("0 if x > t else x", &[("t", f64::INFINITY)]);
    assert_eq!(never.value(1e300).to_f64(), 1e300);
}

/// Against differences of the values, which have digits to spare.
#[test]
fn derivatives_are_the_slopes() {
    let parameters = [("a", 0.75), ("b", 1.5)];
    let h = Big::power_of_two(-40);
    for formula in [
        "exp(a * x) / (b + x^2)",
        "log(b + exp(-x)) * sqrt(x^2 + a)",
        "sin(b * x) * cos(a * x)",
        "tanh(x)^3 + atan(a * x)",
        "erf(b * x) * Phi(x) + phi(a * x)",
        "sigmoid(b * x) * softplus(a * x)",
        "|x| * gelu(b * x) - relu(x)^2",
        "a * (exp(x / b) - 1) if x < 0.1 else b * x",
        "min(a * x, x^2) + max(x, b) + 1 / x^3",
    ] {
        let at = truth(formula, &parameters);
        for x in [-2.3, -0.4, 0.7, 1.9] {
            let step = h.to_f64();
            let difference = |low: Big, high: Big| (high - low) / (Big::of(2.0) * h.clone());
            let near = |slope: Big, exact: Big, what: &str| {
                let error = (slope - exact.clone()).abs().to_f64();
                assert!(
                    error < 1e-20 * exact.abs().to_f64().max(1.0),
                    "{formula}, {what} at {x}: {error:e}"
                );
            };
            let slope = difference(at.value(x - step), at.value(x + step));
            near(slope, at.derivative(x), "x");
            let second = difference(at.derivative(x - step), at.derivative(x + step));
            near(second, at.second_derivative(x), "second");
            for (index, (name, value)) in parameters.iter().enumerate() {
                let moved = |by: f64| {
                    let mut parameters = parameters;
                    parameters[index].1 = value + by;
                    truth(formula, &parameters).value(x)
                };
                let gradient = at.gradient(name, x).expect("a parameter");
                near(difference(moved(-step), moved(step)), gradient, name);
            }
        }
    }
}

#[test]
fn errors_say_where() {
    for (formula, at, reason) in [
        ("x +", 3, "expected a number"),
        ("x + y", 4, "expected `x`"),
        ("foo(x)", 0, "the name of a function"),
        ("x if x else 1", 7, "expected one of `<`"),
        ("x if x > 1", 10, "expected `else`"),
        ("(x", 2, "expected `)`"),
        ("x^y", 2, "an integer as exponent"),
        ("min(x)", 5, "expected `,`"),
        ("2 x", 2, "expected an operator"),
    ] {
        let error = Truth::parse(formula, &[]).expect_err(formula);
        assert_eq!(error.at, at, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}
