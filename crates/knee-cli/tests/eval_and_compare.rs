//! `knee eval` and `knee compare`, run as a person or a program would.

mod program;

use program::{Ran, folder, knee_in};
use serde_json::Value;

fn run(words: &[&str]) -> Ran {
    knee_in(
        &folder(&format!(
            "eval-{}",
            words.join("-").replace(['/', ' '], "_")
        )),
        words,
    )
}

fn output(words: &[&str]) -> String {
    let ran = run(words);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    ran.out
}

#[test]
fn a_number_in_every_type() {
    insta::assert_snapshot!(output(&["eval", "gelu", "-8"]));
    insta::assert_snapshot!(output(&["eval", "sigmoid", "0.1"]));
}

#[test]
fn a_row_and_its_jacobian() {
    insta::assert_snapshot!(output(&["eval", "softmax", "1", "2", "3", "--jacobian"]));
}

#[test]
fn negative_numbers_and_numbers_that_are_none_are_arguments() {
    let text = output(&["eval", "gelu", "-8", "nan", "--", "-1e-3"]);
    for line in ["gelu(-8)", "gelu(NaN)", "gelu(-0.001)"] {
        assert!(text.contains(line), "{text}");
    }
    let text = output(&["eval", "sigmoid", "-inf", "inf", "-1e3", "--color", "never"]);
    for line in ["sigmoid(-inf)", "sigmoid(inf)", "sigmoid(-1000)"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn values_for_programs() {
    let text = output(&["eval", "tanh", "-inf", "0.5", "--format", "json"]);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["function"], "tanh");
    assert_eq!(value["points"][0]["x"], "-inf");
    let types = value["points"][1]["types"].as_array().expect("types");
    assert_eq!(types.len(), 4);
    for at in types {
        assert!(at["value"]["ulp"].as_f64().expect("an error") <= 0.51);
        assert!(
            at["derivative"]["exact"]
                .as_str()
                .expect("digits")
                .starts_with("0.78")
        );
    }
    let row = output(&[
        "eval",
        "sparsemax",
        "1",
        "2",
        "--jacobian",
        "--format",
        "json",
    ]);
    let row: Value = serde_json::from_str(&row).expect("JSON");
    assert_eq!(
        row["types"][0]["jacobian"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn what_a_formula_loses() {
    insta::assert_snapshot!(output(&["compare", "gelu", "--with", "naive"]));
    let text = output(&[
        "compare", "sigmoid", "--with", "naive", "--dtype", "f32", "--ascii",
    ]);
    assert!(
        text.contains("textbook 1: 1 / (1 + exp(-clip(x, -500, 500)))"),
        "{text}"
    );
    assert!(text.is_ascii());
}

#[test]
fn what_a_formula_loses_goes_to_a_file() {
    let here = folder("compare-file");
    for (file, head) in [("lost.svg", &b"<svg"[..]), ("lost.png", b"\x89PNG")] {
        let words = [
            "compare",
            "tanh",
            "--with",
            "naive",
            "--derivative",
            "-q",
            "-o",
            file,
        ];
        let ran = knee_in(&here, &words);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.contains("1 - tanh(x)^2"), "{}", ran.out);
        let bytes = std::fs::read(here.join(file)).expect("a file");
        assert!(bytes.starts_with(head), "{file}");
    }
}

#[test]
fn bad_arguments_are_explained() {
    let cases: [(&[&str], &str); 8] = [
        (&["eval", "gelo", "1"], "did you mean `gelu`?"),
        (&["eval", "gelu"], "required"),
        (&["eval", "gelu", "one"], "one"),
        (
            &["eval", "gelu", "1", "--jacobian"],
            "--jacobian is for functions of rows",
        ),
        (
            &["eval", "swiglu", "1", "2", "3"],
            "does not take 3 numbers",
        ),
        (
            &["compare", "gelu", "--with", "naive", "--from", "1"],
            "give both or none",
        ),
        (
            &["compare", "sparsemax", "--with", "naive"],
            "no textbook formula is known",
        ),
        (&["compare", "gelu", "--with", "torch"], "naive"),
    ];
    for (words, message) in cases {
        let ran = run(words);
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(message), "{words:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{words:?}");
    }
}
