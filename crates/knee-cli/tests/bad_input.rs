//! Bad usage and bad files: exit code 2 and one message that says where, what was found and what
//! was expected.

mod embedded;
#[path = "program/npz.rs"]
mod npz;
mod program;

use std::path::Path;

use embedded::example;
use npz::{floats, integers, npy, npz};
use program::{Ran, folder, knee_in};

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
    refused(&doctor(&["--set", "dead-units.warn=NaN"]), &["not finite"]);
    refused(&doctor(&["--set", "dead-units.warn=many"]), &["no number"]);
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

/// The healthy example with these arrays as its data.
fn with_arrays(test: &str, arrays: &[(&str, Vec<u8>)], more: &[&str]) -> Ran {
    let name = format!("arrays_{test}");
    with_input(&file(&name, "batch.npz", &npz(arrays)), more)
}

/// The images of the example: four, of 64 pixels.
fn pixels() -> Vec<u8> {
    floats(&[4, 64], &[0.5; 256])
}

#[test]
fn arrays_that_do_not_fit_the_network() {
    for (test, arrays, words) in [
        ("name", vec![("images", pixels())], ["\"pixels\"", "images"]),
        (
            "more",
            vec![("pixels", pixels()), ("größe", pixels())],
            ["größe", "no input"],
        ),
        (
            "rank",
            vec![("pixels", floats(&[4, 8, 8], &[0.5; 256]))],
            ["[4, 8, 8]", "64]"],
        ),
        (
            "length",
            vec![("pixels", floats(&[4, 63], &[0.5; 252]))],
            ["[4, 63]", "64]"],
        ),
        (
            "type",
            vec![("pixels", integers(&[4, 64], &[0; 256]))],
            ["int64", "astype"],
        ),
        (
            "empty",
            vec![("pixels", floats(&[0, 64], &[]))],
            ["[0, 64]", "at least one sample"],
        ),
        ("none", vec![], ["\"pixels\"", "no array"]),
        (
            "object",
            vec![("pixels", npy("|O", &[1], b"\x80\x04N."))],
            ["Python objects", "expected"],
        ),
        (
            "text",
            vec![("pixels", npy("<U1", &[1], &[65, 0, 0, 0]))],
            ["text", "expected"],
        ),
        (
            "claim",
            vec![("pixels", npy("<f4", &[1 << 40, 64], &[0; 64]))],
            ["claim", "at most"],
        ),
    ] {
        refused(&with_arrays(test, &arrays, &[]), &words);
    }
}

#[test]
fn a_zip_bomb() {
    // A quarter of a gigabyte of zeros, which a zip file holds in a quarter of a megabyte.
    let zeros = npy("<f4", &[1 << 20, 64], &vec![0; 1 << 28]);
    let ran = with_arrays("bomb", &[("pixels", zeros)], &[]);
    refused(&ran, &["pixels", "times the file"]);
}

#[test]
fn labels_that_do_not_fit() {
    let class = |classes: &[i64]| integers(&[classes.len()], classes);
    let nan = [vec![0.1; 39], vec![f32::NAN]].concat();
    for (test, labels, loss, words) in [
        (
            "count",
            class(&[1, 2, 3]),
            "cross-entropy",
            ["[3]", "4 samples"],
        ),
        (
            "negative",
            class(&[1, -2, 3, 4]),
            "cross-entropy",
            ["input 1", "class -2"],
        ),
        (
            "beyond",
            class(&[1, 2, 3, 10]),
            "nll",
            ["input 3", "class 10"],
        ),
        (
            "indices",
            class(&[0, 1, 0, 1]),
            "mse",
            ["1 integer per input", "cross-entropy"],
        ),
        (
            "float",
            floats(&[4], &[1.0; 4]),
            "cross-entropy",
            ["1 float per input", "int64"],
        ),
        (
            "width",
            floats(&[4, 3], &[1.0; 12]),
            "mae",
            ["3 floats per input", "10"],
        ),
        (
            "hot",
            integers(&[4, 10], &[1; 40]),
            "nll",
            ["10 integers per input", "float32"],
        ),
        (
            "range",
            floats(&[4, 10], &[1.5; 40]),
            "bce",
            ["label 1.5", "from 0 to 1"],
        ),
        ("nan", floats(&[4, 10], &nan), "mse", ["input 3", "NaN"]),
        (
            "object",
            npy("|O", &[4], b"..."),
            "mse",
            ["labels", "Python objects"],
        ),
        ("scalar", floats(&[], &[1.0]), "mse", ["[]", "4 samples"]),
    ] {
        let arrays = [("pixels", pixels()), ("labels", labels)];
        let ran = with_arrays(&format!("labels_{test}"), &arrays, &["--loss", loss]);
        refused(&ran, &words);
        refused(&ran, &["expected"]);
    }
}

#[test]
fn nan_and_infinity_in_the_data_are_diagnosed() {
    for (test, bad) in [("nan", f32::NAN), ("infinity", f32::INFINITY)] {
        let mut values = [0.5; 256];
        values[70] = bad;
        let ran = with_arrays(test, &[("pixels", floats(&[4, 64], &values))], &[]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.contains("first-nonfinite"), "{}", ran.out);
        assert!(ran.out.contains("the data has it"), "{}", ran.out);
    }
}

#[test]
fn paths_that_are_no_files() {
    refused(&doctor(&["."]), &["it is not a file"]);
    refused(&with_input(".", &[]), &["it is not a file"]);
    refused(&doctor(&["--merge", "."]), &["cannot be read"]);
    refused(&doctor(&["--output", "."]), &["cannot be written"]);
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
