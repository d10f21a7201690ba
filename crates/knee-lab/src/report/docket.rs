//! A page for each sentence on trial.

use std::fmt::Write as _;

use knee_figure::markdown::{escape, header, row};
use knee_figure::short;

use super::{Summary, words};
use crate::experiments::{Sentence, Sentences};

/// The experiment whose arms are sentences.
const NAME: &str = "sentences";

/// The pages below `docs/lab`, with their paths; none for another experiment.
pub(super) fn pages(summary: &Summary<'_>, id: &str) -> Vec<(String, String)> {
    if summary.meta.name != NAME {
        return Vec::new();
    }
    let sentences = Sentences::all().iter();
    sentences
        .map(|sentence| (path(sentence, id), page(summary, sentence, id)))
        .collect()
}

/// The links to the pages; empty for another experiment.
pub(super) fn links(summary: &Summary<'_>, id: &str) -> String {
    if summary.meta.name != NAME {
        return String::new();
    }
    let mut out = "## The sentences\n\n".to_owned();
    for sentence in Sentences::all() {
        let said = escape(sentence.said);
        let _ = writeln!(
            out,
            "- [{said}]({}): {}",
            path(sentence, id),
            verdict(summary, sentence)
        );
    }
    out + "\n"
}

fn path(sentence: &Sentence, id: &str) -> String {
    format!("{id}/{}.md", sentence.slug())
}

fn verdict(summary: &Summary<'_>, sentence: &Sentence) -> &'static str {
    let claim = summary
        .claims
        .iter()
        .find(|claim| claim.sentence == sentence.said);
    claim.map_or("not measured", |claim| claim.verdict().words())
}

fn page(summary: &Summary<'_>, sentence: &Sentence, id: &str) -> String {
    let mut out = format!("# \"{}\"\n\n", escape(sentence.said));
    let _ = write!(out, "**{}**", verdict(summary, sentence));
    if let Some(claim) = summary
        .claims
        .iter()
        .find(|claim| claim.sentence == sentence.said)
    {
        let _ = write!(out, ": {}.", escape(&words::reason(claim)));
    }
    let _ = write!(
        out,
        " [How to read it](../README.md#how-to-read-it); all sentences: [{id}](../{id}.md).\n\n"
    );
    for line in sentence.prose.lines() {
        let _ = writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(line).trim_end());
    }
    let records: Vec<_> = summary
        .records
        .iter()
        .filter(|record| record.arm == sentence.name)
        .collect();
    let mut names: Vec<&String> = records
        .iter()
        .flat_map(|record| record.measured.measures.keys())
        .collect();
    names.sort();
    names.dedup();
    if !names.is_empty() {
        out += "\n## Measures, seed by seed\n\n";
        let mut heading = vec!["measure".to_owned()];
        heading.extend(
            records
                .iter()
                .map(|record| format!("seed {}", record.seeds.data)),
        );
        out += &header(&heading.iter().map(String::as_str).collect::<Vec<_>>());
        for name in names {
            let value = |record: &&crate::Record| {
                record
                    .measured
                    .measures
                    .get(name)
                    .copied()
                    .unwrap_or(f64::NAN)
            };
            let mut cells = vec![escape(name)];
            cells.extend(records.iter().map(|record| short(value(record))));
            out += &row(&cells);
        }
    }
    let _ = write!(out, "\n## Again\n\n    {}\n", summary.command());
    out
}
