//! Bad usage and bad files: exit code 2 and one message that says where, what was found and what
//! was expected.

mod program;

use std::path::Path;

use program::{Ran, example, folder, knee_in};

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 2, "out: {}\nerr: {}", ran.out, ran.err);
    assert_eq!(ran.out, "", "nothing but the message");
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "no `{word}` in: {}", ran.err);
    }
}

fn doctor(words: &[&str]) -> Ran {
    let mut all = vec!["doctor"];
    all.extend(words);
    knee_in(Path::new("."), &all)
}

fn path(name: &str) -> String {
    example(name).to_str().expect("a path in UTF-8").to_owned()
}

/// The healthy example with another data file.
fn with_input(input: &str, more: &[&str]) -> Ran {
    let model = path("healthy.onnx");
    let mut words = vec![model.as_str(), "--input", input];
    words.extend(more);
    doctor(&words)
}

/// A file with these bytes.
fn file(test: &str, name: &str, bytes: &[u8]) -> String {
    let file = folder(test).join(name);
    std::fs::write(&file, bytes).expect("a file");
    file.to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn a_missing_model() {
    refused(
        &doctor(&["no-such.onnx"]),
        &["no-such.onnx", "cannot be read"],
    );
}

#[test]
fn a_model_that_is_not_onnx() {
    let text = file(
        "not_onnx",
        "model.onnx",
        b"this is not a model, only a line of text",
    );
    refused(&doctor(&[&text]), &["not an ONNX model"]);
    let empty = file("not_onnx_empty", "model.onnx", b"");
    refused(&doctor(&[&empty]), &[]);
}

#[test]
fn a_model_cut_off_anywhere() {
    let whole = std::fs::read(example("healthy.onnx")).expect("the example");
    for part in 1..20 {
        let cut = file("cut_off", "model.onnx", &whole[..whole.len() * part / 20]);
        refused(&doctor(&[&cut]), &[]);
    }
}

#[test]
fn an_unknown_rule_suggests_the_nearest() {
    refused(
        &doctor(&["--only", "dead-unit"]),
        &["dead-unit", "dead-units"],
    );
    refused(&doctor(&["--skip", "double-sofmax"]), &["double-softmax"]);
    refused(
        &doctor(&["--explain", "vanishing"]),
        &["vanishing-gradient"],
    );
    refused(&doctor(&["--set", "dead-unts.warn=0.5"]), &["dead-units"]);
    refused(&doctor(&["--set", "dead-units.wran=0.5"]), &["warn"]);
    refused(&doctor(&["--set", "dead-units.warn"]), &["="]);
}

#[test]
fn usage_that_makes_no_sense() {
    refused(&doctor(&["--loss", "hinge"]), &["hinge", "cross-entropy"]);
    refused(&doctor(&["--batch-size", "0"]), &["at least 1"]);
    refused(&doctor(&["--max-memory", "lots"]), &["8GiB"]);
    refused(&doctor(&["--example", "tired"]), &["sick", "healthy"]);
    refused(&doctor(&["--input", &path("sick.npz")]), &["model"]);
    let sick = path("sick.onnx");
    refused(
        &doctor(&[&sick, "--output-name", "nothing"]),
        &["nothing", "expected one of"],
    );
}

#[test]
fn data_that_is_no_archive() {
    let text = file("no_zip", "batch.npz", b"not a zip archive at all");
    refused(&with_input(&text, &[]), &["batch.npz"]);
    refused(&with_input("no-such.npz", &[]), &["no-such.npz"]);
}

#[test]
fn data_that_was_cut_off() {
    let whole = std::fs::read(example("healthy.npz")).expect("the example");
    for part in 1..10 {
        let cut = file("cut_data", "batch.npz", &whole[..whole.len() * part / 10]);
        refused(&with_input(&cut, &[]), &[]);
    }
}

#[test]
fn a_loss_that_does_not_fit_the_labels() {
    refused(
        &with_input(&path("healthy.npz"), &["--loss", "bce-with-logits"]),
        &["labels"],
    );
}

#[test]
fn a_run_that_needs_more_memory_than_allowed() {
    refused(
        &with_input(&path("healthy.npz"), &["--max-memory", "1KiB"]),
        &["memory"],
    );
}

#[test]
fn a_report_that_cannot_be_written() {
    let ran = doctor(&["--output", "no/such/folder/report.txt"]);
    refused(&ran, &["cannot be written"]);
}
