//! The report as one page: no script, nothing loaded, light and dark by the reader's setting.

mod figures;
mod sites;

use knee_figure::page::Page;

use super::groups::{Group, groups};
use super::number::indices;
use super::summary;
use crate::diagnose::Diagnosis;
use crate::finding::Finding;
use crate::options::meta;

const STYLE: &str = include_str!("html/style.css");

/// How an HTML report is written.
#[derive(Clone, Debug, Default)]
pub struct HtmlOptions {
    /// The name of the embedded example that was diagnosed, where it was one.
    pub example: Option<String>,
}

/// The report as a self-contained HTML document.
pub fn html(diagnosis: &Diagnosis, options: &HtmlOptions) -> String {
    let mut page = Page::new(&summary::title(diagnosis), STYLE);
    let drawn = figures::of_network(diagnosis);
    head(
        &mut page,
        diagnosis,
        options.example.as_deref(),
        !drawn.is_empty(),
    );
    page.raw("</header>\n<main>\n");
    quick_checks(&mut page, diagnosis);
    sites::table(&mut page, diagnosis);
    if !drawn.is_empty() {
        page.section("figures", "Figures");
        for figure in &drawn {
            page.figure(figure);
        }
        page.raw("</section>\n");
    }
    findings(&mut page, diagnosis);
    not_checked(&mut page, diagnosis);
    page.raw("</main>\n");
    page.finish(&format!("Written by knee {}.", env!("CARGO_PKG_VERSION")))
}

fn head(page: &mut Page, diagnosis: &Diagnosis, example: Option<&str>, drawn: bool) {
    if let Some(example) = example {
        page.raw("<p class=\"example\">");
        page.text(&format!(
            "This is the embedded example {example}. Your own network: "
        ));
        page.raw("<code>knee doctor MODEL.onnx --input BATCH.npz --loss LOSS</code></p>\n");
    }
    page.raw("<dl>\n");
    for (label, text) in summary::lines(diagnosis) {
        page.pair(label, &text);
    }
    page.raw("</dl>\n");
    let sections = [
        ("checks", "Quick checks", true),
        ("sites", "Activation sites", true),
        ("figures", "Figures", drawn),
        ("findings", "Findings", true),
        (
            "not-checked",
            "Not checked",
            !diagnosis.not_checked.is_empty(),
        ),
    ];
    let there = sections.into_iter().filter(|(.., there)| *there);
    page.contents(there.map(|(id, label, _)| (id, label)));
}

fn quick_checks(page: &mut Page, diagnosis: &Diagnosis) {
    page.section("checks", "Five quick checks");
    page.raw("<ul class=\"checks\">\n");
    for check in &diagnosis.quick_checks {
        let answer = summary::answer(check.answer);
        let class = answer.replace(' ', "-");
        page.raw(&format!(
            "<li><span class=\"tag {class}\">{answer}</span><div><p>"
        ));
        page.text(check.question);
        page.raw("</p><p class=\"soft\">");
        page.text(&check.evidence);
        page.raw("</p></div></li>\n");
    }
    page.raw("</ul>\n</section>\n");
}

fn findings(page: &mut Page, diagnosis: &Diagnosis) {
    page.section("findings", "Findings");
    if diagnosis.findings.is_empty() {
        page.raw("<p>None.</p>\n");
    }
    let mut drawn = 0;
    for (i, group) in groups(&diagnosis.findings).iter().enumerate() {
        findings_of(page, i + 1, group, diagnosis, &mut drawn);
    }
    page.raw("</section>\n");
}

/// One article; `drawn` counts the findings before it, for the names of figures.
fn findings_of(
    page: &mut Page,
    number: usize,
    group: &Group<'_>,
    diagnosis: &Diagnosis,
    drawn: &mut usize,
) {
    let first = group.first();
    let known = meta(first.rule).ok();
    let severity = first.severity.word();
    page.raw(&format!(
        "<article class=\"{severity}\" aria-labelledby=\"finding-{number}\">\n\
         <h3 id=\"finding-{number}\"><span class=\"tag\">{severity}</span> "
    ));
    page.text(&group.heading(known.map(|known| known.title)));
    page.raw("</h3>\n");
    let alone = group.findings.len() == 1;
    for finding in &group.findings {
        *drawn += 1;
        if !alone {
            page.raw("<div class=\"site\">\n");
        }
        evidence(page, *drawn, finding, diagnosis);
        if !alone {
            page.raw("</div>\n");
        }
    }
    if let Some(known) = known {
        page.raw("<p class=\"soft\">");
        page.text(known.why);
        page.raw("</p>\n");
    }
    page.raw("<p>What to do:</p>\n<ol>");
    for fix in &first.fixes {
        page.raw("<li>");
        page.text(fix);
        page.raw("</li>");
    }
    page.raw("</ol>\n<p>Check again:</p>\n");
    page.command(&first.recheck);
    page.raw("</article>\n");
}

/// What was seen at one site.
fn evidence(page: &mut Page, number: usize, finding: &Finding, diagnosis: &Diagnosis) {
    page.raw("<p>");
    page.text(&finding.cause);
    page.raw("</p>\n<dl>\n");
    page.pair("where", &summary::place(finding));
    if !finding.units.is_empty() {
        page.pair("units", &indices(&finding.units, 24));
    }
    if let Some(measured) = summary::measured(finding) {
        page.pair("measured", &measured);
    }
    page.raw("</dl>\n");
    if let Some(figure) = figures::of_finding(number, finding, diagnosis) {
        page.figure(&figure);
    }
}

fn not_checked(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.not_checked.is_empty() {
        return;
    }
    page.section("not-checked", "Not checked");
    page.raw("<p>These rules say nothing about the network, because they need what was not given.</p>\n<dl class=\"stack\">\n");
    for (needs, rules) in summary::not_checked(diagnosis) {
        page.pair(&format!("needs {needs}"), &rules.join(", "));
    }
    page.raw("</dl>\n</section>\n");
}
