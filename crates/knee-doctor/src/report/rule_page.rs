//! The page of a rule: Markdown for the documentation, text for a terminal.
//!
//! Both are made from what the rule says of itself, so neither can differ from what it does.

use crate::rule::{Meta, Need, Parameter, Scope};

/// The page of a rule in Markdown, with a line feed at its end.
pub fn markdown(rule: &Meta) -> String {
    let mut page = format!(
        "# {}\n\n{}.\n\n{}\n\n",
        rule.slug,
        capital(rule.title),
        rule.why
    );
    page.push_str("| | |\n|---|---|\n");
    for (label, text) in facts(rule) {
        page.push_str(&format!("| {label} | {} |\n", text.replace('|', "\\|")));
    }
    page.push('\n');
    page.push_str(&prose(rule));
    page.push_str("\n## Parameters\n\n");
    if rule.parameters.is_empty() {
        page.push_str("None.\n");
        return page;
    }
    page.push_str(&format!(
        "Set one with `--set {}.NAME=VALUE`.\n\n",
        rule.slug
    ));
    page.push_str(
        "| name | default | what it decides | where the value comes from |\n|---|---|---|---|\n",
    );
    for Parameter {
        name,
        default,
        about,
        source,
    } in rule.parameters
    {
        let [about, source] = [about, source].map(|text| one_line(text).replace('|', "\\|"));
        page.push_str(&format!("| `{name}` | {default} | {about} | {source} |\n"));
    }
    page
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
    let mut text = String::new();
    for line in rule.prose.trim_end().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(heading) = heading(line) {
            text.push_str("## ");
            text.push_str(heading);
        } else {
            text.push_str(line.trim_end());
        }
        text.push('\n');
    }
    text
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
