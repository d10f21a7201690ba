//! The summaries as text for a terminal.

use std::fmt::Write as _;

use knee_figure::{Charset, clean};

use super::{Summary, tables, words};
use crate::experiment::Experiment;

/// How text may look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Characters per line.
    pub width: usize,
    /// What figures are drawn with.
    pub charset: Charset,
    /// Whether to use colour.
    pub colour: bool,
}

/// The experiments, a line each, below the sentence that they measure.
pub fn list(experiments: &[&dyn Experiment]) -> String {
    let widest = experiments
        .iter()
        .map(|one| one.meta().name.len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for one in experiments {
        let meta = one.meta();
        let _ = writeln!(out, "{:widest$}  {}", meta.name, meta.title);
        let _ = writeln!(out, "{:widest$}  \"{}\"", "", meta.sentence);
    }
    out
}

/// One line for each experiment: verdict, name, how many claims held, and the sentence.
pub fn table(summaries: &[Summary<'_>]) -> String {
    let labels: Vec<String> = summaries.iter().map(|one| clean(&one.label())).collect();
    let widest = labels
        .iter()
        .map(|label| label.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for (summary, label) in summaries.iter().zip(labels) {
        let (verdict, sentence) = (summary.verdict.words(), summary.meta.sentence);
        let (claims, seeds) = (words::claims(summary), words::seeds(summary));
        let _ = writeln!(
            out,
            "{verdict:13}  {label:widest$}  {claims}, {seeds}: {sentence}"
        );
    }
    out
}

/// An experiment with everything there is to read.
pub fn text(summary: &Summary<'_>, look: Look) -> String {
    let mut out = String::new();
    let meta = summary.meta;
    let _ = writeln!(out, "{}: {}", clean(&summary.label()), meta.title);
    let _ = writeln!(out, "\"{}\"", meta.sentence);
    let (verdict, claims, seeds) = (
        summary.verdict.words(),
        words::claims(summary),
        words::seeds(summary),
    );
    let _ = writeln!(out, "verdict: {verdict} ({claims}, {seeds})");
    if let Some(gaps) = words::gaps(summary) {
        let _ = writeln!(out, "{}", wrapped(&clean(&gaps), "", look.width));
    }
    let _ = writeln!(
        out,
        "\n{}\n",
        wrapped(meta.part("Prediction"), "prediction: ", look.width)
    );
    for claim in &summary.claims {
        let verdict = format!("{:13} ", claim.verdict().words());
        let _ = writeln!(
            out,
            "{}",
            wrapped(&words::claim(claim), &verdict, look.width)
        );
        let _ = writeln!(
            out,
            "{}",
            wrapped(&words::reason(claim), &" ".repeat(14), look.width)
        );
    }
    for table in tables::measures(summary) {
        let _ = write!(out, "\n{}\n{}", clean(&table.caption), table.text());
    }
    for (record, name, words) in summary.texts() {
        let _ = writeln!(out, "\n{}, {}:", clean(&record.arm), clean(name));
        for line in words.lines() {
            let _ = writeln!(out, "{}", clean(line));
        }
    }
    for figure in &summary.figures {
        let drawn = figure.terminal(look.width, 18, look.charset, look.colour);
        let _ = writeln!(
            out,
            "\n{drawn}\n{}",
            wrapped(&figure.description, "", look.width)
        );
    }
    let sightings = tables::sightings(summary);
    if !sightings.rows.is_empty() {
        let _ = write!(
            out,
            "\nThe doctor saw, while training:\n{}",
            sightings.text()
        );
    }
    let (runs, dates, versions) = (
        words::runs(summary),
        words::dates(summary),
        words::versions(summary),
    );
    let _ = writeln!(
        out,
        "\n{}",
        wrapped(
            &clean(&format!("{runs}, {dates}, with {versions}.")),
            "",
            look.width
        )
    );
    let _ = writeln!(out, "Again: {}", summary.command());
    out
}

/// Lines of at most so many characters; those after the first stand below the first word after `head`.
fn wrapped(text: &str, head: &str, width: usize) -> String {
    let indent = head.chars().count();
    let mut lines = vec![head.to_owned()];
    let mut filled = indent;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if filled > indent && filled + 1 + length > width {
            lines.push(" ".repeat(indent));
            filled = indent;
        }
        let line = lines.last_mut().expect("there is a first line");
        if filled > indent {
            line.push(' ');
            filled += 1;
        }
        line.push_str(word);
        filled += length;
    }
    lines.join("\n")
}
