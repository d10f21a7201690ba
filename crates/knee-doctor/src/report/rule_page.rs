//! The page of a rule: Markdown for the documentation, text for a terminal.
//!
//! Both are made from what the rule says of itself, so neither can differ from what it does.

use knee_figure::markdown::{header, row};
use knee_figure::short;

use crate::rule::{Meta, Need, Parameter, Scope};

/// The page of a rule in Markdown, with a line feed at its end.
pub fn rule_page(rule: &Meta) -> String {
    let facts: String = facts(rule)
        .into_iter()
        .map(|(label, text)| row(&[label, &text]))
        .collect();
    format!(
        "# {slug}\n\n{title}.\n\n{why}\n\n| | |\n|---|---|\n{facts}\n{prose}\n## Parameters\n\n{parameters}",
        slug = rule.slug,
        title = capital(rule.title),
        why = rule.why,
        prose = prose(rule),
        parameters = parameters(rule),
    )
}

fn parameters(rule: &Meta) -> String {
    if rule.parameters.is_empty() {
        return "None.\n".to_owned();
    }
    let columns = header(&[
        "name",
        "default",
        "what it decides",
        "where the value comes from",
    ]);
    let rows: String = rule
        .parameters
        .iter()
        .map(
            |Parameter {
                 name,
                 default,
                 about,
                 source,
             }| {
                row(&[
                    &format!("`{name}`"),
                    &short(*default),
                    &one_line(about),
                    &one_line(source),
                ])
            },
        )
        .collect();
    format!(
        "Set one with `--set {}.NAME=VALUE`.\n\n{columns}{rows}",
        rule.slug,
    )
}

/// What a rule reads, needs and says, as label and text.
pub(super) fn facts(rule: &Meta) -> Vec<(&'static str, String)> {
    let join = |words: Vec<&str>| words.join(", ");
    let levels = join(rule.levels.iter().map(|level| level.word()).collect());
    let scopes = join(rule.scopes.iter().map(|&scope| scope_word(scope)).collect());
    let needs = if rule.needs.is_empty() {
        "the network alone".to_owned()
    } else {
        join(rule.needs.iter().map(|&need| need_word(need)).collect())
    };
    vec![("levels", levels), ("reads", scopes), ("needs", needs)]
}

fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Graph => "the graph",
        Scope::Values => "values seen while it runs",
        Scope::Gradients => "gradients",
        Scope::Weights => "weights",
    }
}

fn need_word(need: Need) -> &'static str {
    match need {
        Need::Values => "inputs (--input)",
        Need::Gradients => "gradients (labels and --loss)",
        Need::Loss => "the loss (--loss)",
        Need::Labels => "labels",
        Need::AtInit => "initial weights (--at-init)",
    }
}

/// The doc comment of a rule without the space that every line of it begins with; its headings
/// stand below the page's own.
pub(super) fn prose(rule: &Meta) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut after_heading = false;
    for line in rule.prose.trim_end().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        if after_heading && !line.is_empty() {
            lines.push(String::new());
        }
        let heading = heading(line);
        after_heading = heading.is_some();
        lines.push(heading.map_or(line.to_owned(), |heading| format!("## {heading}")));
    }
    lines.join("\n") + "\n"
}

/// The text of a heading line.
pub(super) fn heading(line: &str) -> Option<&str> {
    line.starts_with('#')
        .then(|| line.trim_start_matches('#').trim())
}

/// A text that the source breaks into lines, as one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
