//! `knee list`, `knee show` and `knee completions`, run as a person or a program would.

use std::process::{Command, Output};

use serde_json::Value;

fn knee(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_knee"));
    command
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Output {
    knee(arguments).output().expect("the program starts")
}

/// What a run that must succeed writes.
fn output(arguments: &[&str]) -> String {
    let output = run(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    assert_eq!(error, "", "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What a run that must fail with exit code 2 says.
fn failure(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(arguments)).expect("JSON")
}

/// The names that `knee list --format json` has.
fn names() -> Vec<String> {
    let list = json(&["list", "--format", "json"]);
    let entries = list.as_array().expect("an array");
    entries
        .iter()
        .map(|entry| entry["name"].as_str().expect("a name").to_string())
        .collect()
}

#[test]
fn list_is_a_table() {
    insta::assert_snapshot!(output(&["list", "--kind", "gated"]));
}

#[test]
fn text_fits_80_columns() {
    for name in names() {
        for line in output(&["show", &name])
            .lines()
            .chain(output(&["list"]).lines())
        {
            let is_formula = line.starts_with("LaTeX") || line.contains("http");
            assert!(is_formula || line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn list_for_programs_has_what_is_promised() {
    let list = json(&["list", "--format", "json"]);
    for entry in list.as_array().expect("an array") {
        for key in ["name", "parameters", "facts", "foreign", "aliases"] {
            assert!(entry.get(key).is_some(), "{entry}: no {key}");
        }
    }
    let names = names();
    for function in knee::Function::all() {
        assert!(
            names.contains(&function.name().to_string()),
            "{function} is not listed"
        );
    }
    for name in ["prelu", "softmax", "log_softmax"] {
        assert!(names.contains(&name.to_string()), "{name} is not listed");
    }
}

#[test]
fn numbers_that_are_not_finite_are_strings() {
    let relu = json(&["show", "relu", "--format", "json"]);
    assert_eq!(relu["facts"]["range"]["low"], 0.0);
    assert_eq!(relu["facts"]["range"]["high"], "inf");
    assert_eq!(relu["facts"]["flat"][0]["low"], "-inf");
}

/// The names of the functions with these facts.
fn filtered(facts: &[&str]) -> Vec<String> {
    let mut arguments = vec!["list", "--format", "json"];
    arguments.extend(facts);
    let list = json(&arguments);
    let entries = list.as_array().expect("an array");
    let name = |entry: &Value| entry["name"].as_str().expect("a name").to_string();
    entries.iter().map(name).collect()
}

#[test]
fn facts_pick_functions() {
    let cases: [(&[&str], &[&str], &[&str]); 12] = [
        (
            &["--saturating"],
            &["sigmoid", "relu", "gelu"],
            &["identity", "softmax"],
        ),
        (
            &["--saturating=both"],
            &["sigmoid", "tanh"],
            &["relu", "gelu"],
        ),
        (&["--saturating=left"], &["relu", "exp"], &["log_sigmoid"]),
        (&["--saturating=right"], &["log_sigmoid", "tanh"], &["relu"]),
        (
            &["--zero-centred"],
            &["tanh", "identity"],
            &["sigmoid", "relu", "leaky_relu"],
        ),
        (&["--onnx"], &["relu", "softmax", "prelu"], &["log_sigmoid"]),
        (&["--monotone"], &["relu", "sigmoid"], &["gelu", "silu"]),
        (&["--bounded"], &["sigmoid", "relu6"], &["relu"]),
        (&["--smooth"], &["gelu", "softplus"], &["relu", "elu"]),
        (&["--dead"], &["relu", "hard_tanh"], &["leaky_relu", "gelu"]),
        (&["--learned"], &["prelu"], &["relu", "softmax"]),
        (
            &["--kind", "row"],
            &["softmax", "log_softmax"],
            &["relu", "prelu"],
        ),
    ];
    for (facts, with, without) in cases {
        let names = filtered(facts);
        for name in with {
            assert!(
                names.contains(&(*name).to_string()),
                "{name} has not {facts:?}"
            );
        }
        for name in without {
            assert!(
                !names.contains(&(*name).to_string()),
                "{name} has {facts:?}"
            );
        }
    }
}

#[test]
fn facts_are_asked_together() {
    let both = filtered(&["--saturating=both", "--zero-centred"]);
    let saturating = filtered(&["--saturating=both"]);
    let centred = filtered(&["--zero-centred"]);
    assert!(both.len() < saturating.len() && both.len() < centred.len());
    for name in &both {
        assert!(
            saturating.contains(name) && centred.contains(name),
            "{name}"
        );
    }
    assert_eq!(
        output(&["list", "--kind", "row", "--monotone"]),
        "No function has all of these facts.\n"
    );
}

#[test]
fn card_of_a_smooth_function() {
    insta::assert_snapshot!(output(&["show", "gelu"]));
}

#[test]
fn card_of_a_function_with_a_parameter() {
    insta::assert_snapshot!(output(&["show", "leaky_relu(negative_slope=0.2)"]));
}

#[test]
fn card_of_a_row_function() {
    insta::assert_snapshot!(output(&["show", "softmax"]));
}

#[test]
fn card_of_the_learned_one() {
    insta::assert_snapshot!(output(&["show", "prelu", "--ascii"]));
}

#[test]
fn every_function_has_a_card() {
    for name in names() {
        let card = output(&["show", &name]);
        assert!(card.starts_with(&format!("{name}\n")), "{card}");
    }
}

#[test]
fn an_alias_shows_its_function() {
    assert_eq!(output(&["show", "swish"]), output(&["show", "silu"]));
}

#[test]
fn ascii_is_ascii_where_the_names_are() {
    assert!(output(&["list", "--ascii"]).is_ascii());
    let mut command = knee(&["list"]);
    command.env("LC_ALL", "C");
    assert!(
        command
            .output()
            .expect("the program starts")
            .stdout
            .is_ascii()
    );
}

#[test]
fn colour_is_used_where_it_is_asked_for() {
    assert!(!output(&["show", "relu"]).contains('\u{1b}'));
    assert!(output(&["show", "relu", "--color", "always"]).contains('\u{1b}'));
    assert!(!output(&["show", "relu", "--color", "never"]).contains('\u{1b}'));
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let cases = [
        ("gelo", "gelu"),
        ("Softmaks", "softmax"),
        ("RELU_6", "relu6"),
        ("prelus", "prelu"),
    ];
    for (wrong, right) in cases {
        let message = failure(&["show", wrong]);
        assert_eq!(
            message,
            format!(
                "error: unknown function `{wrong}`; did you mean `{right}`? `knee list` names them all\n"
            )
        );
    }
}

#[test]
fn a_wrong_parameter_is_explained() {
    insta::assert_snapshot!(failure(&["show", "elu(slope=1)"]), @"error: elu: unknown parameter `slope`; expected one of: alpha");
    assert!(failure(&["show", "elu(alpha=inf)"]).contains("alpha"));
    assert!(failure(&["show", "elu(alpha"]).starts_with("error: "));
}

#[test]
fn wrong_usage_ends_with_2() {
    assert!(failure(&["show"]).contains("Usage"));
    assert!(failure(&["lost"]).contains("lost"));
    assert!(failure(&[]).contains("Usage"));
    assert!(failure(&["list", "--format", "yaml"]).contains("json"));
}

#[test]
fn plots_go_to_a_file() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("gelu.svg");
    let output = run(&["show", "gelu", "--output", file.to_str().expect("UTF-8")]);
    assert!(output.status.success());
    let note = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(note, format!("note: the figure is in {}\n", file.display()));
    let card = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        card.contains("Formula") && !card.contains('│'),
        "the card without the plot"
    );
    let svg = std::fs::read_to_string(&file).expect("the file is there");
    assert_eq!(
        svg,
        knee_figure::curve(&knee::Function::parse("gelu").expect("a function")).svg()
    );

    let quiet = run(&[
        "show",
        "gelu",
        "--quiet",
        "--output",
        file.to_str().expect("UTF-8"),
    ]);
    assert!(quiet.stderr.is_empty());
}

#[test]
fn plots_that_cannot_be_written_are_explained() {
    let missing = ["show", "gelu", "--output", "no/such/folder/gelu.svg"];
    assert!(failure(&missing).starts_with("error: no/such/folder/gelu.svg: "));
    assert_eq!(
        failure(&["show", "gelu", "--output", "gelu.jpg"]),
        "error: gelu.jpg: figures are written as SVG or PNG; give a name that ends in .svg or .png\n"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [
        ["list", "--quiet"],
        ["show", "gelu"],
        ["completions", "bash"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = knee(&arguments)
            .stdout(writer)
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = output(&["completions", shell]);
        assert!(
            ["list", "show", "plot", "eval", "compare", "choose"]
                .iter()
                .all(|command| script.contains(command)),
            "{shell}"
        );
    }
}

#[test]
fn help_shows_examples() {
    for command in [
        &["--help"][..],
        &["list", "--help"],
        &["show", "--help"],
        &["plot", "--help"],
        &["eval", "--help"],
        &["compare", "--help"],
        &["choose", "--help"],
        &["completions", "--help"],
    ] {
        assert!(output(command).contains("Examples:"), "{command:?}");
    }
}
