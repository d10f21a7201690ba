//! Values in every type beside the true ones.

use knee_catalogue::eval::{at_number, at_row};
use knee_catalogue::{Entry, all};

fn named(text: &str) -> Entry {
    Entry::parse(text).expect("a function")
}

#[test]
fn the_tail_of_gelu_has_its_digits() {
    let types = at_number(&named("gelu"), -8.0).expect("a function of one number");
    let names: Vec<&str> = types.iter().map(|at| at.dtype).collect();
    assert_eq!(names, ["f64", "f32", "f16", "bf16"]);
    let exact = types[0].value.exact.as_deref().expect("a true value");
    // 8 Q(8), from the tables of the normal distribution.
    assert!(exact.starts_with("-4.976768"), "{exact}");
    assert_eq!(types[1].value.number as f32, -4.976_768_3e-15);
    // f16 has nothing between 0 and 6e-8.
    assert_eq!(types[2].value.number, 0.0);
    for at in &types {
        assert!(at.value.ulp.expect("measured") <= 0.51, "{at:?}");
        assert!(at.derivative.ulp.expect("measured") <= 0.51, "{at:?}");
    }
}

#[test]
fn each_type_is_measured_at_its_own_argument() {
    let types = at_number(&named("identity"), 0.1).expect("a function of one number");
    assert_eq!(types[1].x, f64::from(0.1_f32));
    for at in &types {
        assert_eq!(at.value.ulp, Some(0.0), "{at:?}");
    }
}

#[test]
fn infinities_and_nan_have_limits() {
    let cases = [
        ("sigmoid", f64::INFINITY, "1", "0"),
        ("relu", f64::INFINITY, "inf", "1"),
        ("gelu", f64::NEG_INFINITY, "0", "0"),
        ("tanh", f64::NAN, "NaN", "NaN"),
        ("sine", f64::INFINITY, "NaN", "NaN"),
    ];
    for (name, x, value, slope) in cases {
        for at in at_number(&named(name), x).expect("a function of one number") {
            assert_eq!(
                at.value.exact.as_deref(),
                Some(value),
                "{name} {}",
                at.dtype
            );
            assert_eq!(
                at.derivative.exact.as_deref(),
                Some(slope),
                "{name} {}",
                at.dtype
            );
            assert_eq!(
                (at.value.ulp, at.derivative.ulp),
                (Some(0.0), Some(0.0)),
                "{name}"
            );
        }
    }
}

#[test]
fn every_function_is_within_an_ulp_of_its_formula() {
    for entry in all() {
        for x in [-30.0, -1.25, -1e-9, 0.0, 0.7, 3.0, 88.0, f64::NAN] {
            let Some(types) = at_number(&entry, x) else {
                continue;
            };
            for at in types {
                let error = at.value.ulp.unwrap_or(0.0);
                assert!(
                    error <= 2.0,
                    "{entry} at {x} in {}: {:?}",
                    at.dtype,
                    at.value
                );
                let error = at.derivative.ulp.unwrap_or(0.0);
                assert!(
                    error <= 2.0,
                    "{entry}' at {x} in {}: {:?}",
                    at.dtype,
                    at.derivative
                );
            }
        }
    }
}

#[test]
fn rows_are_measured_and_have_a_jacobian() {
    let types = at_row(&named("softmax"), &[1.0, 2.0, 3.0]).expect("a function of rows");
    let exact = types[0].results[0].exact.as_deref().expect("a true value");
    assert!(exact.starts_with("0.09003057317038"), "{exact}");
    for at in &types {
        for (index, row) in at.jacobian.iter().enumerate() {
            assert!(row[index] > 0.0);
            assert!(row.iter().sum::<f64>().abs() < 0.01, "{row:?}");
        }
        for result in &at.results {
            assert!(
                result.ulp.expect("measured") <= 1.0,
                "{} {result:?}",
                at.dtype
            );
        }
    }
    let sums = at_row(&named("logsumexp"), &[0.0, 0.0]).expect("a function of rows");
    assert!(
        sums[0].results[0]
            .exact
            .as_deref()
            .expect("a true value")
            .starts_with("0.6931471805599453")
    );
    assert_eq!(sums[0].jacobian, [[0.5, 0.5]]);
    assert!(at_row(&named("gelu"), &[1.0]).is_none());
}
