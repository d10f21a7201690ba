//! `knee lab`: experiments from the command line, their folder of results, and bad input.

mod program;

use std::fmt::Write as _;
use std::path::Path;

use program::{Ran, folder, knee_in};
use serde_json::Value;

/// Six short runs for each seed.
const SHORT: [&str; 8] = [
    "--set",
    "samples=100",
    "--set",
    "epochs=1",
    "--set",
    "width=4",
    "--set",
    "depth=2",
];

fn short(folder: &Path, words: &[&str]) -> Ran {
    let words = [&["lab", "run", "collapse", "--quick"], &SHORT[..], words].concat();
    knee_in(folder, &words)
}

fn refused(folder: &Path, words: &[&str]) -> String {
    let ran = knee_in(folder, words);
    assert_eq!(ran.code, 2, "{words:?}: {}", ran.out);
    assert_eq!(ran.out, "", "{words:?}");
    ran.err
}

#[test]
fn the_list_has_every_experiment_with_its_sentence() {
    let folder = folder("lab-list");
    let text = knee_in(&folder, &["lab", "list"]);
    let json = knee_in(&folder, &["lab", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&json.out).expect("JSON");
    for experiment in list.as_array().expect("a list") {
        for key in ["name", "sentence"] {
            let words = experiment[key].as_str().expect("text");
            assert!(text.out.contains(words), "{words}");
        }
        assert!(!experiment["prediction"].as_str().expect("text").is_empty());
    }
    assert_eq!((text.code, json.code), (0, 0));
}

#[test]
fn an_experiment_shows_its_prediction_and_parameters() {
    let shown = knee_in(&folder("lab-show"), &["lab", "show", "collapse"]);
    assert_eq!(shown.code, 0);
    for words in ["Prediction", "Source", "depth=10", "2 to 50"] {
        assert!(shown.out.contains(words), "{words}: {}", shown.out);
    }
}

#[test]
fn a_run_ends_with_a_verdict_and_the_command_that_makes_it_again() {
    let ran = short(&folder("lab-run"), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for words in [
        "verdict: ",
        "3 seeds, quick",
        "interval",
        "Again: knee lab run collapse --quick",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
}

#[test]
fn results_are_kept_resumed_reported_and_compared() {
    let folder = folder("lab-results");
    let first = short(&folder, &["--seeds", "1", "--output", "one", "--quiet"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    let again = short(&folder, &["--seeds", "1", "--output", "one"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("--resume"), "{}", again.err);
    let resumed = short(
        &folder,
        &["--seeds", "2", "--output", "one", "--resume", "--quiet"],
    );
    assert_eq!(resumed.code, 0);
    let lines = std::fs::read_to_string(folder.join("one/runs.jsonl")).expect("the records");
    assert_eq!(lines.lines().count(), 12);
    assert!(folder.join("one/report.html").exists());

    let other = short(
        &folder,
        &[
            "--seeds", "2", "--output", "two", "--jobs", "1", "--format", "json",
        ],
    );
    let results: Value = serde_json::from_str(&other.out).expect("JSON");
    assert_eq!(results["experiments"][0]["experiment"], "collapse");
    let same = knee_in(&folder, &["lab", "compare", "one", "two"]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (0, "12 runs in both, the same to the last bit\n")
    );
    let report = knee_in(&folder, &["lab", "report", "one", "two"]);
    assert!(report.out.contains("2 seeds, quick"), "{}", report.out);
    let page = knee_in(&folder, &["lab", "report", "one", "--format", "html"]);
    assert!(page.out.starts_with("<!"), "{}", page.out);
}

#[test]
fn an_experiment_that_is_named_twice_runs_once() {
    let words = [
        "lab",
        "run",
        "saturation",
        "depth",
        "saturation",
        "--quick",
        "--seeds",
        "1",
        "--format",
        "json",
    ];
    let ran = knee_in(&folder("lab-twice"), &words);
    let results: Value = serde_json::from_str(&ran.out).expect("JSON");
    let runs = |index: usize| {
        results["experiments"][index]["runs"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!((runs(0), runs(1), runs(2)), (Some(12), Some(3), None));
}

#[test]
fn bad_input_is_refused_with_what_was_found_and_what_to_do() {
    let folder = folder("lab-bad");
    let refused = |words: &[&str]| refused(&folder, words);
    assert!(refused(&["lab", "run", "colapse"]).contains("did you mean \"collapse\"?"));
    let unknown = refused(&["lab", "run", "collapse", "--set", "dept=3"]);
    assert!(unknown.contains("did you mean \"depth\"?"), "{unknown}");
    let range = refused(&["lab", "run", "collapse", "--set", "depth=1"]);
    assert!(range.contains("2 to 50"), "{range}");
    assert!(refused(&["lab", "run", "collapse", "--set", "depth"]).contains("PARAMETER=VALUE"));
    assert!(refused(&["lab", "run", "collapse", "--seeds", "0"]).contains("--seeds"));
    assert!(refused(&["lab", "run", "collapse", "--resume"]).contains("--output"));
    assert!(refused(&["lab", "report", "nowhere"]).contains("nowhere"));
    std::fs::create_dir(folder.join("foreign")).expect("a folder");
    std::fs::write(folder.join("foreign/letter.txt"), "").expect("a file");
    let foreign = refused(&["lab", "run", "collapse", "--output", "foreign"]);
    assert!(foreign.contains("letter.txt"), "{foreign}");
}

#[test]
fn data_of_ones_own_is_refused_by_row_and_column() {
    let folder = folder("lab-data");
    let refused = |name: &str, text: &str, label: &str| {
        std::fs::write(folder.join(name), text).expect("a file");
        refused(
            &folder,
            &["lab", "run", "compare", "--data", name, "--label", label],
        )
    };
    let rows = |cell: &str| {
        let mut text = "height,width,kind\n".to_owned();
        for row in 0..40 {
            let width = if row == 5 { cell } else { "2.5" };
            let kind = if row % 2 == 0 { "cat" } else { "dog" };
            let _ = writeln!(text, "{row},{width},{kind}");
        }
        text
    };
    for cell in ["", "wide"] {
        let error = refused("cells.csv", &rows(cell), "kind");
        for words in ["cells.csv", "7", "width"] {
            assert!(error.contains(words), "{words}: {error}");
        }
    }
    let constant = refused("constant.csv", &rows("2.5").replace("dog", "cat"), "kind");
    assert!(constant.contains("kind"), "{constant}");
    let label = refused("label.csv", &rows("2.5"), "kin");
    assert!(label.contains("kind"), "{label}");
    let own = knee_in(
        &folder,
        &[
            "lab",
            "run",
            "collapse",
            "--data",
            "label.csv",
            "--label",
            "kind",
        ],
    );
    assert_eq!(own.code, 2);
    assert!(own.err.contains("compare"), "{}", own.err);
}
