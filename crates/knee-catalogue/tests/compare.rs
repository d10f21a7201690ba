//! What textbook formulas lose.

use knee_catalogue::Entry;
use knee_catalogue::compare::{Comparison, Dtype, compare, known};

fn compared(name: &str, dtype: Dtype, derivative: bool) -> Comparison {
    let entry = Entry::parse(name).expect("a function");
    compare(&entry, dtype, derivative, None).expect("a formula")
}

#[test]
fn gelu_loses_every_digit_on_the_left() {
    let gelu = compared("gelu", Dtype::F64, false);
    let [loss] = gelu.losses.as_slice() else {
        panic!("one formula");
    };
    assert!(loss.digits >= 15.9 && loss.at < 0.0, "{loss:?}");
    // erf(x / sqrt 2) is rounded to -1 from x = -8.374 on.
    let [broken] = loss.broken.as_slice() else {
        panic!("on one side only: {loss:?}");
    };
    assert!((-8.38..-8.37).contains(&broken.x), "{broken:?}");
    assert_eq!(broken.found, 0.0);
    assert!(broken.exact < 0.0);
    assert!(gelu.knee <= 0.51);
}

#[test]
fn a_clipped_sigmoid_stops_where_it_is_clipped() {
    let sigmoid = compared("sigmoid", Dtype::F64, false);
    let clipped = sigmoid
        .losses
        .iter()
        .find(|loss| loss.formula.contains("clip"));
    let clipped = clipped.expect("the clipped form");
    assert!(clipped.digits >= 15.9 && clipped.at < -500.0, "{clipped:?}");
}

#[test]
fn quotients_overflow_and_differences_cancel() {
    let tanh = compared("tanh", Dtype::F32, false);
    let quotient = &tanh.losses[0];
    assert!(quotient.broken.iter().all(|broken| broken.found.is_nan()));
    assert_eq!(quotient.broken.len(), 2);
    let slope = compared("tanh", Dtype::F64, true);
    assert!(slope.losses[0].digits >= 15.9, "{:?}", slope.losses);
}

#[test]
fn rows_without_the_maximum_overflow() {
    // The logarithm of a rounded 1 is 0 long before anything overflows.
    for (name, begin) in [
        ("softmax", 88.7),
        ("logsumexp", 88.7),
        ("log_softmax", 17.1),
    ] {
        let row = compared(name, Dtype::F32, false);
        let upper = row.losses[0].broken.iter().find(|broken| broken.x > 0.0);
        let upper = upper.expect("a result of no use");
        assert!((upper.x - begin).abs() < 0.1, "{name}: {upper:?}");
        assert!(row.knee <= 1.0);
    }
}

#[test]
fn what_loses_nothing_is_said_to_lose_nothing() {
    let relu = compared("relu", Dtype::F64, false);
    assert_eq!(relu.losses[0].digits, 0.0);
    assert!(relu.losses[0].broken.is_empty());
}

#[test]
fn a_function_without_a_formula_names_those_with_one() {
    let sparse = Entry::parse("sparsemax").expect("a function");
    let error = compare(&sparse, Dtype::F64, false, None)
        .expect_err("no formula")
        .to_string();
    assert!(
        error.starts_with("sparsemax: no textbook formula is known"),
        "{error}"
    );
    assert!(error.contains("gelu") && known().contains(&"gelu"));
}
