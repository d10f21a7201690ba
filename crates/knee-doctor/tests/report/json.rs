//! Every report fits the published schema.

use knee_doctor::report::json;
use knee_doctor::{Diagnosis, Finding, Severity};
use proptest::prelude::*;
use serde_json::Value;

use crate::fixture::{sick, unseen};

const SCHEMA: &str = include_str!("../../../../docs/report.schema.json");

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

fn written(diagnosis: &Diagnosis) -> Value {
    serde_json::from_str(&json(diagnosis)).expect("the report is JSON")
}

#[track_caller]
fn assert_fits(report: &Value) {
    let errors: Vec<String> = schema()
        .iter_errors(report)
        .map(|e| format!("{} at {}", e, e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
}

#[test]
fn reports_fit_the_schema() {
    assert_fits(&written(&sick()));
    assert_fits(&written(&unseen()));
}

#[test]
fn the_schema_is_itself_valid() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn the_schema_refuses_what_is_not_in_the_contract() {
    let validator = schema();
    let report = written(&sick());
    for path in [
        "",
        "/model",
        "/findings/0",
        "/sites/0",
        "/not_checked/0",
        "/model/inputs/0",
    ] {
        let mut extended = report.clone();
        let place = extended
            .pointer_mut(path)
            .and_then(Value::as_object_mut)
            .expect("an object");
        place.insert("surprise".to_owned(), Value::Null);
        assert!(
            !validator.is_valid(&extended),
            "an unknown field was accepted at {path}"
        );

        let fields: Vec<String> = report
            .pointer(path)
            .and_then(Value::as_object)
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        for field in fields {
            let mut shortened = report.clone();
            shortened
                .pointer_mut(path)
                .and_then(Value::as_object_mut)
                .expect("an object")
                .remove(&field);
            assert!(
                !validator.is_valid(&shortened),
                "{path} was accepted without {field}"
            );
        }
    }
}

#[test]
fn a_number_that_is_not_finite_is_a_string() {
    let mut diagnosis = sick();
    diagnosis.findings[0].measured = Some(f64::NAN);
    diagnosis.findings[0].threshold = Some(f64::NEG_INFINITY);
    diagnosis.sites[0].gradient = Some(f64::INFINITY);
    let report = written(&diagnosis);
    assert_eq!(report["findings"][0]["measured"], "NaN");
    assert_eq!(report["findings"][0]["threshold"], "-Infinity");
    assert_eq!(report["sites"][0]["gradient"], "Infinity");
    assert_fits(&report);
}

#[test]
fn fields_stand_in_the_order_of_the_contract() {
    let report = written(&sick());
    let keys = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        keys(&report),
        "schema knee model samples findings checked not_checked sites"
    );
    assert_eq!(
        keys(&report["model"]),
        "path inputs outputs parameters opset"
    );
    assert_eq!(
        keys(&report["findings"][0]),
        "rule severity site layer role units measured threshold samples bound cause fixes recheck"
    );
    assert_eq!(report["schema"], 1);
    assert_eq!(report["findings"][1]["units"][39], 39);
    assert_eq!(report["findings"][1]["severity"], "error");
    assert_eq!(
        report["model"]["inputs"][0]["shape"],
        serde_json::json!([null, 64])
    );
}

fn number() -> impl Strategy<Value = Option<f64>> {
    proptest::option::of(prop_oneof![
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(-0.0)
    ])
}

prop_compose! {
    fn any_finding()(
        severity in prop_oneof![Just(Severity::Info), Just(Severity::Warn), Just(Severity::Error)],
        site in proptest::option::of(any::<String>()),
        units in proptest::collection::btree_set(any::<u64>(), 0..5),
        measured in number(),
        threshold in number(),
        bound in number(),
        samples in any::<u64>(),
        cause in ".+",
        fixes in proptest::collection::vec(".+", 1..4),
    ) -> Finding {
        Finding {
            severity, site, units: units.into_iter().collect(), measured, threshold, bound, samples, cause, fixes,
            ..sick().findings[0].clone()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_report_fits_the_schema(
        findings in proptest::collection::vec(any_finding(), 0..4),
        path in proptest::option::of(any::<String>()),
        samples in any::<u64>(),
        opset in proptest::option::of(any::<u64>()),
        values in proptest::collection::vec(number(), 4),
        share in proptest::option::of(0.0..=1.0),
        name in any::<String>(),
    ) {
        let mut diagnosis = sick();
        diagnosis.findings = findings;
        diagnosis.model.path = path;
        diagnosis.model.opset = opset;
        diagnosis.samples = samples;
        let site = &mut diagnosis.sites[0];
        site.site = name;
        [site.slope, site.mean, site.sd, site.gradient] = [values[0], values[1], values[2], values[3]];
        [site.zeros, site.dead, site.saturated] = [share; 3];
        let report = written(&diagnosis);
        let errors: Vec<String> = schema().iter_errors(&report).map(|e| e.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        // Numbers come back bit for bit.
        if let Some(finite) = values[0].filter(|x| x.is_finite()) {
            prop_assert_eq!(report["sites"][0]["slope"].as_f64().map(f64::to_bits), Some(finite.to_bits()));
        }
    }
}
