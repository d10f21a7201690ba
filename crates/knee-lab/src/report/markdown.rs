//! The summaries as pages of the documentation, with their figures.

use std::fmt::Write as _;

use knee_figure::markdown::{escape, header, row};
use knee_figure::{Figure, Table};

use super::{Summary, docket, tables, words};
use crate::experiment::HEADINGS;
use crate::verdict::Verdict;

/// Pages and figures, each with its path below `docs/lab`: `README.md`, a page for each summary, `images/*.svg`.
pub fn markdown(summaries: &[Summary<'_>]) -> Vec<(String, String)> {
    let ids = words::ids(summaries);
    let mut files = vec![("README.md".to_owned(), index(summaries, &ids))];
    for (summary, id) in summaries.iter().zip(&ids) {
        files.push((format!("{id}.md"), page(summary, id)));
        files.extend(docket::pages(summary, id));
        let figures = summary.figures.iter().enumerate();
        files.extend(figures.map(|(index, figure)| (image(id, index), figure.svg())));
    }
    files
}

/// Where a figure of a page lies.
fn image(id: &str, index: usize) -> String {
    format!("images/{id}-{}.svg", index + 1)
}

fn index(summaries: &[Summary<'_>], ids: &[String]) -> String {
    let mut out = "# What is said of activation functions, measured\n\n\
        Each experiment has a sentence of the field, a prediction, and claims that its runs can confirm or not. \
        These pages are written by `cargo xtask generate` from the recorded runs in [runs.jsonl](runs.jsonl); \
        [records.md](records.md) says what a record holds.\n\n"
        .to_owned();
    out += &header(&[
        "experiment",
        "sentence",
        "verdict",
        "what decides",
        "seeds",
        "seconds",
    ]);
    for (summary, id) in summaries.iter().zip(ids) {
        out += &row(&[
            format!("[{}]({id}.md)", escape(&summary.label())),
            escape(summary.meta.sentence),
            format!(
                "**{}** ({})",
                summary.verdict.words(),
                words::claims(summary)
            ),
            summary
                .deciding()
                .map(|claim| escape(&words::deciding(claim)))
                .unwrap_or_default(),
            words::seeds(summary),
            knee_figure::short(summary.seconds()),
        ]);
    }
    out += "\nWhat decides is the first claim that did not hold, or the first of all where all held. \
            Seconds are of all runs together.\n\n## How to read it\n\n";
    for (term, meaning) in words::LEGEND {
        let _ = writeln!(out, "- *{term}*: {meaning}");
    }
    out += "\n## What did not hold, and why\n\n";
    out += &open(summaries, ids);
    out
}

/// The claims that were not confirmed, each with what was measured and what was asked for.
fn open(summaries: &[Summary<'_>], ids: &[String]) -> String {
    let mut out = String::new();
    for (summary, id) in summaries.iter().zip(ids) {
        if summary.verdict == Verdict::Confirmed {
            continue;
        }
        let sentence = escape(summary.meta.sentence);
        let name = escape(&summary.label());
        let _ = write!(
            out,
            "\"{sentence}\" ([{name}]({id}.md)): **{}**, {} held.\n\n",
            summary.verdict.words(),
            words::claims(summary)
        );
        for claim in &summary.claims {
            let verdict = claim.verdict();
            if verdict != Verdict::Confirmed {
                let (sentence, reason) =
                    (escape(&words::claim(claim)), escape(&words::reason(claim)));
                let _ = writeln!(out, "- {}: {sentence} {reason}.", verdict.words());
            }
        }
        if summary.claims.is_empty() {
            out += "- Nothing was claimed.\n";
        }
        out.push('\n');
    }
    if out.is_empty() {
        return "All claims held.\n".to_owned();
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn page(summary: &Summary<'_>, id: &str) -> String {
    let mut out = format!(
        "# {}\n\n> {}\n\n",
        escape(&summary.label()),
        escape(summary.meta.sentence)
    );
    let (verdict, claims, seeds) = (
        summary.verdict.words(),
        words::claims(summary),
        words::seeds(summary),
    );
    let _ = write!(
        out,
        "**{verdict}**: {claims}, {seeds}. [How to read it](README.md#how-to-read-it).\n\n"
    );
    if let Some(gaps) = words::gaps(summary) {
        let _ = write!(out, "{}\n\n", escape(&gaps));
    }
    for heading in HEADINGS {
        let part = prose(summary.meta.part(heading));
        if !part.is_empty() {
            let _ = write!(out, "## {heading}\n\n{part}\n\n");
        }
    }
    let _ = write!(out, "## Claims\n\n{}\n", tables::claims(summary).markdown());
    out += &docket::links(summary, id);
    if !summary.figures.is_empty() {
        out += "## Figures\n\n";
    }
    for (index, figure) in summary.figures.iter().enumerate() {
        out += &drawn(figure, &image(id, index));
    }
    let measures = tables::measures(summary);
    if !measures.is_empty() {
        out += "## Measures\n\n";
    }
    for table in measures {
        out += &folded(&table.caption, &table);
    }
    for (index, (record, name, text)) in summary.texts().into_iter().enumerate() {
        if index == 0 {
            out += "## In words\n\nOf the first run of each arm.\n\n";
        }
        let _ = write!(
            out,
            "{}, {}:\n\n{}\n",
            escape(&record.arm),
            escape(name),
            indented(text)
        );
    }
    let sightings = tables::sightings(summary);
    if !sightings.rows.is_empty() {
        let _ = write!(
            out,
            "## What the doctor saw\n\n{}",
            folded(&sightings.caption, &sightings)
        );
    }
    let parameters = tables::parameters(summary);
    if !parameters.rows.is_empty() {
        let _ = write!(out, "## Parameters\n\n{}\n", parameters.markdown());
    }
    let (command, runs) = (summary.command(), words::runs(summary));
    let (dates, versions) = (
        escape(&words::dates(summary)),
        escape(&words::versions(summary)),
    );
    let _ = write!(
        out,
        "## Again\n\n    {command}\n\n{runs}. Recorded {dates} with {versions}.\n"
    );
    out
}

fn drawn(figure: &Figure, path: &str) -> String {
    let (title, description) = (escape(&figure.title), escape(&figure.description));
    format!(
        "![{title}]({path})\n\n{description}\n\n{}",
        folded("Numbers of this figure", &figure.table())
    )
}

/// A table that is folded until the reader opens it.
fn folded(summary: &str, table: &Table) -> String {
    let summary = knee_figure::page::escape(summary);
    format!(
        "<details><summary>{summary}</summary>\n\n{}\n</details>\n\n",
        table.markdown()
    )
}

/// The doc comment without the blank that each of its lines begins with.
fn prose(part: &str) -> String {
    let lines: Vec<&str> = part
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n")
}

/// Text as a block of code, which needs no fence that the text could close.
fn indented(text: &str) -> String {
    text.lines()
        .map(|line| {
            format!("    {}", knee_figure::clean(line))
                .trim_end()
                .to_owned()
                + "\n"
        })
        .collect()
}
