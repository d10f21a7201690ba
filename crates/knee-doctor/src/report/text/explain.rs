//! What a rule checks and why, for a terminal.

use knee_figure::short;

use super::style::Ink;
use super::{Page, TextOptions};
use crate::report::rule_page::{facts, heading, one_line, prose};
use crate::rule::{Meta, Parameter};

/// The page of a rule as text, with a line feed at its end.
pub fn explain(rule: &Meta, options: &TextOptions) -> String {
    let mut page = Page::new(options);
    page.hanging(
        &format!("{}: ", rule.slug),
        Ink::Bold,
        rule.title,
        Ink::Bold,
    );
    page.paragraph(0, rule.why, Ink::Plain);
    page.line("");
    for (label, text) in facts(rule) {
        page.hanging(&format!("  {label:<8}"), Ink::Dim, &text, Ink::Plain);
    }
    body(&mut page, &prose(rule));
    page.heading("Parameters");
    if rule.parameters.is_empty() {
        page.paragraph(2, "none", Ink::Dim);
    }
    for Parameter {
        name,
        default,
        about,
        source,
    } in rule.parameters
    {
        page.hanging(
            "  ",
            Ink::Plain,
            &format!("{}.{name} = {}", rule.slug, short(*default)),
            Ink::Bold,
        );
        page.paragraph(4, &one_line(about), Ink::Plain);
        page.paragraph(4, &format!("Source: {}", one_line(source)), Ink::Dim);
    }
    page.out
}

/// Markdown of headings, paragraphs and lists, each wrapped to the page.
fn body(page: &mut Page, markdown: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut apart = false;
    for line in markdown.lines().map(str::trim).chain([""]) {
        let heading = heading(line);
        if line.is_empty() || heading.is_some() || line.starts_with("- ") {
            apart |= !open.is_empty() && line.is_empty();
            block(page, &open);
            open.clear();
        }
        if let Some(heading) = heading {
            page.heading(heading);
            apart = false;
        } else if !line.is_empty() {
            if std::mem::take(&mut apart) {
                page.line("");
            }
            open.push(line);
        }
    }
}

/// A paragraph, or an item of a list.
fn block(page: &mut Page, lines: &[&str]) {
    let text = lines.join(" ");
    match text.strip_prefix("- ") {
        Some(item) => page.hanging("  - ", Ink::Dim, item, Ink::Plain),
        None => page.paragraph(2, &text, Ink::Plain),
    }
}
