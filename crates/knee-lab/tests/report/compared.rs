//! Two sets of results, compared.

use knee_lab::report::compare;

use crate::fixture::{record, records};

#[test]
fn a_set_is_the_same_as_itself_in_another_order() {
    let one = records(3, false);
    let mut other = one.clone();
    other.reverse();
    for record in &mut other {
        record.date = "2027-02-28".to_owned();
        record.versions.knee = "9.0.0".to_owned();
        record.measured.time("run", 99.0);
    }
    let comparison = compare(&one, &other).expect("known experiments");
    assert!(comparison.same());
    assert_eq!(
        comparison.text(),
        "18 runs in both, the same to the last bit\n"
    );
}

#[test]
fn nan_equals_nan() {
    let mut one = records(1, false);
    one[0].measured.set("difference", f64::NAN);
    let comparison = compare(&one, &one.clone()).expect("known experiments");
    assert!(comparison.same());
}

#[test]
fn a_number_a_word_a_run_and_a_verdict_that_differ_are_told() {
    let one = records(3, false);
    let mut other = one.clone();
    other.pop();
    other.push(record("spirals, relu", 7, false, &[]));
    for record in other.iter_mut().filter(|record| record.arm == "xor, relu") {
        record.measured.set("test accuracy", 0.7);
    }
    other[0].measured.text("fused", "other words");
    let comparison = compare(&one, &other).expect("known experiments");
    assert!(!comparison.same());
    assert_eq!(comparison.shared, 17);
    assert_eq!(comparison.numbers.len(), 3);
    assert_eq!(
        comparison.details,
        ["collapse, xor, nothing, seeds 1000/2000/3000"]
    );
    assert_eq!(comparison.alone.len(), 2);
    assert_eq!(
        comparison.verdicts,
        [("collapse".to_owned(), "confirmed", "depends")]
    );
    let text = comparison.text();
    for line in [
        "only in the first: collapse, spirals, relu, seeds 1002/2002/3002",
        "only in the second: collapse, spirals, relu, seeds 1007/2007/3007",
        "collapse, xor, relu, seeds 1001/2001/3001: test accuracy 0.991 and 0.7",
        "collapse: confirmed and depends",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no \"{line}\" in {text}"
        );
    }
    let json = comparison.json();
    assert_eq!(json["same"], false);
    assert_eq!(json["numbers"][0]["second"], 0.7);
}
