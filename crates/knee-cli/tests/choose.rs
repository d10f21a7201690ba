//! `knee choose`: the words of the advice; the choices themselves are tested in the catalogue.

mod program;

use program::{Ran, folder, knee_in};
use serde_json::Value;

fn run(words: &[&str]) -> Ran {
    let words = [&["choose"], words].concat();
    knee_in(&folder(&format!("choose{}", words.join(""))), &words)
}

#[test]
fn advice_for_people() {
    let spam = run(&["--task", "binary"]);
    assert_eq!((spam.code, spam.err.as_str()), (0, ""));
    insta::assert_snapshot!(spam.out);
    let lstm = run(&["--task", "regression", "--arch", "rnn"]);
    insta::assert_snapshot!(lstm.out);
    for line in spam.out.lines().chain(lstm.out.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn advice_for_programs() {
    let images = run(&[
        "--task",
        "multiclass",
        "--classes",
        "1000",
        "--arch",
        "cnn",
        "--depth",
        "50",
        "--format",
        "json",
    ]);
    assert_eq!((images.code, images.err.as_str()), (0, ""));
    let images: Value = serde_json::from_str(&images.out).expect("JSON");
    assert_eq!(images["hidden"]["choice"], "relu");
    assert_eq!(images["output"]["choice"], "softmax");
    assert_eq!(images["units"]["choice"], 1000);
    assert_eq!(images["loss"]["choice"], "cross_entropy");
    for part in ["hidden", "output", "units", "loss", "initialisation"] {
        for key in ["reason", "trade_off"] {
            assert!(
                images[part][key]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{part}"
            );
        }
    }
}

#[test]
fn what_is_missing_or_contradicts_ends_with_2() {
    let cases: [(&[&str], &str); 6] = [
        (&[], "--task"),
        (&["--task", "multiclass"], "add --classes K"),
        (
            &["--task", "binary", "--classes", "5"],
            "take --task multiclass",
        ),
        (
            &[
                "--task",
                "binary",
                "--constraint",
                "edge",
                "--constraint",
                "smooth",
            ],
            "leave one of them out",
        ),
        (
            &["--task", "binary", "--hidden", "gelo"],
            "did you mean `gelu`?",
        ),
        (&["--task", "classify"], "possible values"),
    ];
    for (words, message) in cases {
        let ran = run(words);
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(message), "{words:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{words:?}");
    }
}
