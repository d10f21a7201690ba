//! docs/lab/records.md describes the records and the document of `--format json` as they are.

use knee_lab::report::{json, summaries};
use knee_lab::{Record, store};
use serde_json::{Value, json};

use crate::fixture::{record, records};

const PAGE: &str = include_str!("../../../../docs/lab/records.md");

/// The schema that stands in the page.
fn schema() -> Value {
    let (_, rest) = PAGE
        .split_once("```json\n")
        .expect("the page has a block of JSON");
    let (block, _) = rest.split_once("\n```").expect("the block ends");
    serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}"))
}

/// What validates one of the two forms that the schema defines.
fn validator(form: &str) -> jsonschema::Validator {
    let schema = schema();
    let of = json!({ "$ref": format!("#/$defs/{form}"), "$defs": schema["$defs"] });
    jsonschema::draft202012::new(&of).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_fits(form: &str, value: &Value) {
    let validator = validator(form);
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|e| format!("{e} at {}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

/// Records with all that a record can hold.
fn every_kind() -> Vec<Record> {
    let mut all = records(2, false);
    all.extend(records(1, true));
    all[0].measured.set("never", f64::INFINITY);
    all[0].measured.set("below all", f64::NEG_INFINITY);
    all[0].measured.set("cannot say", f64::NAN);
    all[0].measured.curve(
        "loss",
        [(0.0, f64::NAN), (1.0, f64::INFINITY), (2.0, 5e-324)],
    );
    all[0].measured.sightings[0].site = Some("site 1".to_owned());
    all[1].data = Some("mine.csv#0123456789abcdef".to_owned());
    all[2].measured = knee_lab::Measured::default();
    all
}

fn as_value(record: &Record) -> Value {
    serde_json::from_str(&store::line(record)).expect("a line is JSON")
}

#[test]
fn the_schema_is_itself_valid() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn records_fit_the_schema() {
    for record in every_kind() {
        assert_fits("record", &as_value(&record));
    }
}

#[test]
fn the_document_fits_the_schema() {
    let mut records = every_kind();
    records.extend((0..3).map(|seed| record("xor, relu", seed, false, &[("depth", "3")])));
    let document = json(&summaries(&records).expect("known experiments"));
    assert_fits("document", &document);
    assert_fits("document", &json(&[]));
}

#[test]
fn fields_that_the_page_does_not_know_are_refused_and_missing_ones_are_missed() {
    let validator = validator("record");
    let record = as_value(&records(1, false)[0]);
    let fields = record.as_object().expect("an object");
    for path in ["", "/seeds", "/versions", "/sightings/0", "/curves/loss"] {
        let mut extended = record.clone();
        let place = extended
            .pointer_mut(path)
            .and_then(Value::as_object_mut)
            .expect("an object");
        place.insert("surprise".to_owned(), Value::Null);
        assert!(
            !validator.is_valid(&extended),
            "an unknown field was accepted at {path}"
        );
    }
    for field in [
        "format",
        "experiment",
        "arm",
        "seeds",
        "quick",
        "parameters",
        "measures",
        "versions",
        "date",
    ] {
        let mut shorter = fields.clone();
        shorter.remove(field);
        assert!(
            !validator.is_valid(&Value::Object(shorter)),
            "{field} was not missed"
        );
    }
}

#[test]
fn numbers_that_are_not_finite_survive() {
    for record in every_kind() {
        let line = store::line(&record);
        let back: Record = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(store::line(&back), line);
        assert_eq!(format!("{back:?}"), format!("{record:?}"));
    }
    let line = store::line(&every_kind()[0]);
    for part in [
        "\"never\":\"inf\"",
        "\"below all\":\"-inf\"",
        "\"cannot say\":\"nan\"",
        "\"y\":[\"nan\",\"inf\",5e-324]",
    ] {
        assert!(line.contains(part), "no {part} in {line}");
    }
}

#[test]
fn numbers_come_back_to_the_last_bit() {
    let mut record = records(1, false).remove(0);
    // The fractions of 1 over primes, and their neighbours.
    for prime in [3_u32, 7, 11, 13, 17, 19, 23, 29] {
        let x = 1.0 / f64::from(prime);
        record.measured.set(format!("{prime}"), x);
        record
            .measured
            .set(format!("above {prime}"), x.next_up() * 1e-300);
    }
    let back: Record = serde_json::from_str(&store::line(&record)).expect("a line is a record");
    assert_eq!(back, record);
}
