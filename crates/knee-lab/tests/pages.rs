//! docs/lab is written from the recorded runs in docs/lab/runs.jsonl.
//!
//! `cargo xtask generate` sets `KNEE_GENERATE` and so writes the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use knee_lab::report::{markdown, summaries};
use knee_lab::{experiments, store};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lab")
}

/// How the runs are recorded.
const RECORD: &str = "record them with `knee lab run all --output results`, copy results/runs.jsonl to docs/lab/runs.jsonl, \
                      and run `cargo xtask generate`";

/// Drawings in the folder of images that no page has.
fn left_over(folder: &Path, files: &[(String, String)]) -> Vec<PathBuf> {
    let known: BTreeSet<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    let entries = fs::read_dir(folder.join("images"))
        .into_iter()
        .flatten()
        .flatten();
    let mut left: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| !known.contains(path))
        .collect();
    left.sort();
    left
}

#[test]
fn the_pages_of_the_lab_are_up_to_date() {
    let folder = folder();
    let runs = folder.join("runs.jsonl");
    assert!(runs.is_file(), "docs/lab/runs.jsonl is not there; {RECORD}");
    let read = store::read(&runs).unwrap_or_else(|error| panic!("{error}; {RECORD}"));
    assert!(
        !read.cut,
        "the last line of docs/lab/runs.jsonl was cut off; {RECORD}"
    );
    let summaries = summaries(&read.records).unwrap_or_else(|error| panic!("{error}; {RECORD}"));
    for one in experiments::all() {
        let name = one.meta().name;
        let complete = summaries.iter().any(|summary| {
            summary.meta.name == name && summary.complete() && !summary.settings.quick()
        });
        assert!(
            complete,
            "docs/lab/runs.jsonl has no complete run of {name} that is not quick; {RECORD}"
        );
    }
    let files = markdown(&summaries);
    let images = folder.join("images");
    if std::env::var_os("KNEE_GENERATE").is_some() {
        fs::create_dir_all(&images).expect("the folder of images is made");
        for path in left_over(&folder, &files) {
            fs::remove_file(path).expect("a drawing that no page has is removed");
        }
        for (path, text) in &files {
            let path = folder.join(path);
            let parent = path.parent().unwrap_or(&folder);
            fs::create_dir_all(parent).expect("the folder of the page is made");
            fs::write(path, text).expect("the page is written");
        }
    }
    let stale: Vec<&str> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(folder.join(path)).unwrap_or_default() != *text)
        .map(|(path, _)| path.as_str())
        .collect();
    assert!(
        stale.is_empty(),
        "docs/lab: {} not up to date; run `cargo xtask generate`",
        stale.join(", ")
    );
    let left = left_over(&folder, &files);
    assert!(
        left.is_empty(),
        "no page has {left:?}; run `cargo xtask generate`"
    );
}
