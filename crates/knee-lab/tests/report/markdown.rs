//! The pages of the documentation, from records made by hand.

use knee_lab::Record;
use knee_lab::report::{markdown, summaries};

use crate::fixture::records;

fn files(records: &[Record]) -> Vec<(String, String)> {
    markdown(&summaries(records).expect("known experiments"))
}

#[test]
fn an_index_a_page_and_a_figure() {
    let files = files(&records(5, false));
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["README.md", "collapse.md", "images/collapse-1.svg"]);
    let (index, page, figure) = (&files[0].1, &files[1].1, &files[2].1);
    assert!(index.contains("| [collapse](collapse.md) | Without a nonlinearity"));
    assert!(index.contains("## What did not hold, and why\n\nAll claims held.\n"));
    for part in [
        "# collapse\n\n> Without a nonlinearity, a network of any depth is one affine layer.\n",
        "**confirmed**: 7 of 7 claims, 5 seeds.",
        "## Prediction\n\nWithout a nonlinearity the stack is `W' = W10 ... W1`",
        "| claim | effect | median | interval (confidence) | asked for | verdict |\n|---|---|---|---|---|---|\n",
        "](images/collapse-1.svg)\n",
        "| xor, nothing | 0.602 | 0.6 | 0.604 | 5 |",
        "xor, nothing, fused:\n\n    y = W x + b\n      W = [1, 2] & <3>\n",
        "    knee lab run collapse\n",
        "Recorded 2026-01-31 with knee 0.1.0, Burn 0.22.1, x86_64-linux.",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(figure.starts_with("<svg"));
}

#[test]
fn what_did_not_hold_is_told_with_what_was_measured_and_asked() {
    let mut records = records(5, false);
    for record in records
        .iter_mut()
        .filter(|record| record.arm == "rings, relu")
    {
        record.measured.set("test accuracy", 0.5);
    }
    let index = &files(&records)[0].1;
    let line = "- not confirmed: On rings, the same stack with ReLU answers more than 95 % of the test samples. \
                accuracy: median 0.5, interval 0.5 to 0.5 (93.75 %); asked for: above 0.95.\n";
    assert!(index.contains(line), "{index}");
    assert!(
        index.contains("([collapse](collapse.md)): **depends**, 6 of 7 claims held.\n\n-"),
        "{index}"
    );
}

#[test]
fn quick_runs_have_a_page_of_their_own() {
    let mut all = records(5, false);
    all.extend(records(3, true));
    let files = files(&all);
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "README.md",
            "collapse.md",
            "images/collapse-1.svg",
            "collapse-2.md",
            "images/collapse-2-1.svg"
        ]
    );
    assert!(
        files[3].1.starts_with("# collapse (quick)\n") && files[0].1.contains("| 3 seeds, quick |")
    );
}

#[test]
fn pages_are_tidy_and_tables_are_tables() {
    for (path, text) in files(&records(3, true))
        .iter()
        .filter(|(_, text)| text.starts_with('#'))
    {
        assert!(
            text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains("\n\n\n"),
            "{path}:\n{text}"
        );
        assert!(
            text.lines().all(|line| line == line.trim_end()),
            "{path}: a line ends in blanks"
        );
        let mut columns = None;
        for line in text.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            let cells = line.starts_with('|').then_some(bars);
            if let (Some(before), Some(cells)) = (columns, cells) {
                assert_eq!(before, cells, "{path}: {line}");
            }
            columns = cells;
        }
    }
}

#[test]
fn words_of_a_record_are_text() {
    let hostile = "<img src=x>|`*a*`";
    let mut records = records(2, false);
    for record in &mut records {
        record.measured.set(hostile, 1.0);
        record.measured.text(hostile, "</details>\n```\n# a");
    }
    for (path, text) in files(&records) {
        assert!(!text.contains("<img"), "{path}");
        assert!(
            !text
                .lines()
                .any(|line| line.starts_with('#') && line.ends_with(" a")),
            "{path}"
        );
    }
}
