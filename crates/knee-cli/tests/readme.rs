//! Every command of the README runs as it stands there.

mod embedded;
mod program;

use std::path::Path;

use embedded::example;
use program::{folder, knee_in};

/// The lines of the README's shell blocks.
fn commands() -> Vec<String> {
    let readme = include_str!("../../../README.md");
    let mut commands = Vec::new();
    for block in readme.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        commands.extend(
            block
                .lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned),
        );
    }
    commands
}

/// Runs the words behind the program's name.
fn run(words: &str, folder: &Path) {
    let words: Vec<&str> = words.split_whitespace().collect();
    let ran = knee_in(folder, &words);
    assert!(matches!(ran.code, 0 | 1), "knee {words:?}: {}", ran.err);
    assert!(ran.err.is_empty(), "knee {words:?}: {}", ran.err);
    assert!(
        !ran.out.is_empty() || words.contains(&"--output"),
        "knee {words:?}"
    );
}

#[test]
fn every_command_works() {
    let folder = folder("readme");
    std::fs::copy(example("sick.onnx"), folder.join("model.onnx")).expect("a model");
    std::fs::copy(example("sick.npz"), folder.join("batch.npz")).expect("a batch");
    let mut ran = 0;
    for command in commands() {
        if let Some(words) = command.strip_prefix("knee ") {
            run(words, &folder);
        } else if let Some(words) = command.strip_prefix("cargo run --release -- ") {
            // The same program in the profile of the tests.
            run(words, &folder);
        } else {
            // `cargo xtask test` is what runs this test; `cargo install` builds this program.
            let known = ["cargo xtask test", "cargo install --path crates/knee-cli"];
            assert!(
                known.contains(&command.as_str()),
                "nothing runs `{command}`"
            );
            continue;
        }
        ran += 1;
    }
    assert!(ran >= 7, "only {ran} commands");
    assert!(folder.join("report.html").exists());
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = include_str!("../../../README.md");
    let targets = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for target in targets.filter(|target| !target.starts_with("http")) {
        assert!(root.join(target).exists(), "{target}");
    }
}

#[test]
fn the_number_of_rules_is_the_codes() {
    let readme = include_str!("../../../README.md");
    let rules = knee_doctor::rules::all().len();
    assert!(
        readme.contains(&format!("| rules | {rules}, ")),
        "{rules} rules"
    );
}
