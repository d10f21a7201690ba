//! `knee doctor` as a user runs it.

mod embedded;
mod program;

use std::path::Path;

use embedded::example;
use program::{Ran, folder, knee_in};
use serde_json::Value;

fn knee(words: &[&str]) -> Ran {
    knee_in(Path::new("."), words)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn on_sick(more: &[&str]) -> Ran {
    let (model, batch) = (example("sick.onnx"), example("sick.npz"));
    let mut words = vec![
        "doctor",
        text(&model),
        "--input",
        text(&batch),
        "--loss",
        "cross-entropy",
    ];
    words.extend(more);
    knee(&words)
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", ran.out, ran.err))
}

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|f| f["rule"].as_str()).collect()
}

#[test]
fn without_a_model_the_example_is_diagnosed_and_named_in_the_first_lines() {
    let ran = knee(&["doctor"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let head: String = ran.out.lines().take(3).collect::<Vec<_>>().join(" ");
    assert!(head.contains("example") && head.contains("sick"), "{head}");
    for planted in [
        "double-softmax",
        "dead-units",
        "saturated-units",
        "vanishing-gradient",
        "linear-collapse",
    ] {
        assert!(
            ran.out.contains(planted),
            "{planted} is not in\n{}",
            ran.out
        );
    }
}

#[test]
fn nothing_is_found_in_the_healthy_example() {
    let ran = knee(&[
        "doctor",
        "--example",
        "healthy",
        "--format",
        "json",
        "--fail-on",
        "warn",
    ]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert_eq!(rules(&json(&ran)), Vec::<&str>::new());
}

#[test]
fn every_report_in_json_fits_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/report.schema.json")).expect("the schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let model = example("sick.onnx");
    let reports = [
        on_sick(&["--format", "json"]),
        on_sick(&["--format", "json", "--at-init", "--samples", "40"]),
        knee(&["doctor", text(&model), "--format", "json"]),
        knee(&["doctor", "--example", "healthy", "--format", "json"]),
    ];
    for ran in reports {
        let report = json(&ran);
        let problems: Vec<String> = validator
            .iter_errors(&report)
            .map(|e| e.to_string())
            .collect();
        assert!(problems.is_empty(), "{problems:?}");
    }
}

#[test]
fn the_exit_code_follows_fail_on() {
    assert_eq!(on_sick(&[]).code, 1);
    assert_eq!(on_sick(&["--fail-on", "never"]).code, 0);
    assert_eq!(on_sick(&["--only", "softmax-over-one"]).code, 0);
    assert_eq!(on_sick(&["--only", "redundant-activation"]).code, 0);
    assert_eq!(
        on_sick(&["--only", "redundant-activation", "--fail-on", "warn"]).code,
        1
    );
    let (model, batch) = (example("healthy.onnx"), example("healthy.npz"));
    let words = [
        "doctor",
        text(&model),
        "--input",
        text(&batch),
        "--loss",
        "cross-entropy",
    ];
    assert_eq!(knee(&words).code, 0);
}

#[test]
fn what_is_not_checked_says_what_it_needs() {
    let model = example("healthy.onnx");
    let report = json(&knee(&["doctor", text(&model), "--format", "json"]));
    let needs = |rule: &str| -> String {
        let skipped = report["not_checked"].as_array().expect("not_checked");
        let found = skipped.iter().find(|s| s["rule"] == rule);
        found.map_or_else(String::new, |s| {
            s["needs"].as_str().unwrap_or("").to_owned()
        })
    };
    assert!(needs("dead-units").contains("--input"), "{report}");
    assert!(
        needs("vanishing-gradient").contains("labels and --loss"),
        "{report}"
    );
    assert!(needs("init-gain").contains("--at-init"), "{report}");
}

#[test]
fn a_finding_names_the_node_as_the_file_does() {
    let report = json(&on_sick(&["--format", "json"]));
    let model = knee_onnx::Model::open(example("sick.onnx")).expect("the example");
    let findings = report["findings"].as_array().expect("findings");
    let named: Vec<&str> = findings.iter().filter_map(|f| f["site"].as_str()).collect();
    assert!(!named.is_empty());
    for name in named {
        assert!(
            model.graph().nodes.iter().any(|node| node.name == name),
            "{name}"
        );
    }
}

#[test]
fn evidence_in_pieces_gives_the_same_findings_as_in_one() {
    let folder = folder("evidence_in_pieces");
    let (a, b) = (folder.join("a.json"), folder.join("b.json"));
    // Two disjoint halves would need two data files; evidence of the same data twice has doubled
    // counts and the same shares.
    for file in [&a, &b] {
        assert_eq!(on_sick(&["--evidence-out", text(file)]).code, 1);
    }
    let merged = knee(&["doctor", "--merge", text(&a), text(&b), "--format", "json"]);
    assert_eq!(merged.code, 1, "{}", merged.err);
    let (merged, whole) = (json(&merged), json(&on_sick(&["--format", "json"])));
    assert_eq!(
        merged["samples"].as_u64(),
        whole["samples"].as_u64().map(|n| 2 * n)
    );
    assert_eq!(rules(&merged), rules(&whole));
}

#[test]
fn evidence_of_another_network_is_refused() {
    let folder = folder("evidence_of_another");
    let file = folder.join("sick.json");
    on_sick(&["--evidence-out", text(&file)]);
    let healthy = example("healthy.onnx");
    let ran = knee(&["doctor", text(&healthy), "--merge", text(&file)]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("network"), "{}", ran.err);
}

#[test]
fn the_html_report_needs_nothing_else() {
    let folder = folder("html_report");
    let page = folder.join("report.html");
    let ran = on_sick(&["--format", "html", "--output", text(&page)]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    let html = std::fs::read_to_string(&page).expect("the page");
    assert!(html.contains("<svg") && html.contains("prefers-color-scheme"));
    for outside in ["<script", "src=\"http", "href=\"http", "url(http"] {
        assert!(!html.contains(outside), "{outside}");
    }
}

#[test]
fn a_rule_explains_itself() {
    let ran = knee(&["doctor", "--explain", "dead-units"]);
    assert_eq!(ran.code, 0);
    for heading in [
        "What it checks",
        "Why it matters",
        "How it is measured",
        "What to do",
    ] {
        assert!(ran.out.contains(heading), "{}", ran.out);
    }
}

#[test]
fn a_threshold_can_be_set() {
    let ran = on_sick(&[
        "--only",
        "dead-units",
        "--set",
        "dead-units.error=0.99",
        "--set",
        "dead-units.warn=0.99",
    ]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
}
