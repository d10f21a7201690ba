//! Every command of the README runs as it stands there.

mod program;

use std::path::Path;
use std::process::Command;

use program::{example, folder};

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

/// Runs `knee` with the words behind the program's name, in a folder that holds a model and data.
fn knee(words: &str, folder: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_knee"))
        .args(words.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "knee {words}: {error}"
    );
    assert!(error.is_empty(), "knee {words}: {error}");
}

#[test]
fn every_command_works() {
    let folder = folder("readme");
    std::fs::copy(example("sick.onnx"), folder.join("model.onnx")).expect("a model");
    std::fs::copy(example("sick.npz"), folder.join("batch.npz")).expect("a batch");
    let mut ran = 0;
    for command in commands() {
        if let Some(words) = command.strip_prefix("knee ") {
            knee(words, &folder);
        } else if let Some(words) = command.strip_prefix("cargo run --release -- ") {
            // The same program in the profile of the tests.
            knee(words, &folder);
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
