//! `knee regions`: formulas, regions and maps from the command line.

mod embedded;
mod program;

use embedded::example;
use program::{Ran, folder, knee_in};
use serde_json::Value;

fn run(words: &[&str]) -> Ran {
    let words = [&["regions"], words].concat();
    knee_in(
        &folder(&format!(
            "regions{}",
            words.join("").replace(['/', ':'], "")
        )),
        &words,
    )
}

#[test]
fn two_units_give_three_formulas() {
    let hinges = run(&["--example", "hinges"]);
    assert_eq!((hinges.code, hinges.err.as_str()), (0, ""));
    for formula in ["y = 0", "y = x + 1", "y = 2"] {
        assert!(hinges.out.contains(formula), "{formula}: {}", hinges.out);
    }
    assert_eq!(run(&["--example", "hinges", "--format", "json"]).code, 0);
}

#[test]
fn eight_units_in_one_layer_give_37_regions_which_is_the_most_there_can_be() {
    let lines = run(&["--example", "lines", "--format", "json"]);
    let json: Value = serde_json::from_str(&lines.out).expect("JSON");
    let text = run(&["--example", "lines"]);
    assert!(text.out.contains("37"), "{}", text.out);
    assert!(json.to_string().contains("37"), "{json}");
}

#[test]
fn a_network_is_trained_and_cut_into_regions() {
    let words = [
        "--train", "rings", "--width", "4", "--depth", "1", "--format", "json",
    ];
    let one = run(&words);
    assert_eq!((one.code, one.err.as_str()), (0, ""));
    assert_eq!(
        one.out,
        run(&words).out,
        "the same seed gives the same network"
    );
    let figure = folder("regions-figure");
    let drawn = knee_in(
        &figure,
        &[
            "regions", "--train", "sine", "--output", "sine.svg", "--quiet",
        ],
    );
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert!(figure.join("sine.svg").exists());
}

#[test]
fn an_affine_map_around_a_point_needs_as_many_numbers_as_inputs() {
    let local = run(&["--example", "lines", "--at", "0.25,-0.5"]);
    assert_eq!((local.code, local.err.as_str()), (0, ""));
    let wrong = run(&["--example", "lines", "--at", "1"]);
    assert_eq!(wrong.code, 2);
}

#[test]
fn bad_input_is_refused() {
    let cases: [(&[&str], &str); 7] = [
        (&[], "--example"),
        (&["--example", "hinge"], "hinges"),
        (&["--train", "spiral"], "did you mean \"spirals\"?"),
        (&["--example", "lines", "--x", "2"], "-2:2"),
        (&["--example", "lines", "--x=2:-2"], "2"),
        (&["--example", "lines", "--limit", "3"], "3"),
        (&["nothing.onnx"], "nothing.onnx"),
    ];
    for (words, expected) in cases {
        let ran = run(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(ran.err.contains(expected), "{words:?}: {}", ran.err);
    }
    let sick = example("sick.onnx");
    let refused = knee_in(
        &folder("regions-sick"),
        &["regions", sick.to_str().expect("a path")],
    );
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("sick.onnx"), "{}", refused.err);
}
