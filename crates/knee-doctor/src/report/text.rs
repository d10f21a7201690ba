//! The report that people read in a terminal.

mod explain;
mod sites;
mod style;
mod table;

pub use self::explain::explain;
use self::style::{Ink, Pen, wrap};
use super::groups::{Group, groups};
use super::number::indices;
use super::summary;
use crate::diagnose::{Answer, Diagnosis};
use crate::finding::{Finding, Severity};
use crate::options::meta;

/// How a text report is written.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Characters per line; tables and paragraphs are fitted into it.
    pub width: usize,
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// Whether to write ASCII only: no block characters, other characters escaped.
    pub ascii: bool,
    /// The name of the embedded example that was diagnosed, where it was one.
    pub example: Option<String>,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 100,
            colour: false,
            ascii: false,
            example: None,
        }
    }
}

/// The report as text, with a line feed at its end.
pub fn text(diagnosis: &Diagnosis, options: &TextOptions) -> String {
    let mut page = Page::new(options);
    head(&mut page, diagnosis, options.example.as_deref());
    quick_checks(&mut page, diagnosis);
    sites::table(&mut page, diagnosis);
    findings(&mut page, diagnosis);
    not_checked(&mut page, diagnosis);
    page.out
}

/// Text that grows line by line.
struct Page {
    out: String,
    pen: Pen,
    width: usize,
}

impl Page {
    fn new(options: &TextOptions) -> Self {
        let pen = Pen {
            colour: options.colour,
            ascii: options.ascii,
        };
        Self {
            out: String::new(),
            pen,
            width: options.width.clamp(40, 120),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.line("");
        let painted = self.pen.paint(Ink::Bold, text);
        self.line(&painted);
    }

    /// A paragraph behind `first`, whose further lines begin below its text.
    fn hanging(&mut self, first: &str, first_ink: Ink, text: &str, ink: Ink) {
        let indent = first.chars().count();
        let text = self.pen.plain(text);
        let room = self.width.saturating_sub(indent).max(20);
        for (i, part) in wrap(&text, room).iter().enumerate() {
            let start = if i == 0 {
                self.pen.paint(first_ink, first)
            } else {
                " ".repeat(indent)
            };
            let line = start + &self.pen.paint(ink, part);
            self.line(&line);
        }
    }

    fn paragraph(&mut self, indent: usize, text: &str, ink: Ink) {
        self.hanging(&" ".repeat(indent), Ink::Plain, text, ink);
    }
}

fn head(page: &mut Page, diagnosis: &Diagnosis, example: Option<&str>) {
    let title = page.pen.plain(&summary::title(diagnosis));
    let painted = page.pen.paint(Ink::Bold, &title);
    page.line(&painted);
    if let Some(example) = example {
        let note = format!(
            "This is the embedded example `{example}`. Your own network: \
             knee doctor MODEL.onnx --input BATCH.npz --loss LOSS"
        );
        page.paragraph(0, &note, Ink::Info);
    }
    page.line("");
    for (label, text) in summary::lines(diagnosis) {
        page.hanging(&format!("  {label:<10}"), Ink::Dim, &text, Ink::Plain);
    }
}

fn quick_checks(page: &mut Page, diagnosis: &Diagnosis) {
    page.heading("Five quick checks");
    for check in &diagnosis.quick_checks {
        let word = format!("  {:<13}", summary::answer(check.answer));
        page.hanging(&word, answer_ink(check.answer), check.question, Ink::Plain);
        page.paragraph(15, &check.evidence, Ink::Dim);
    }
}

fn answer_ink(answer: Answer) -> Ink {
    match answer {
        Answer::Yes => Ink::Good,
        Answer::Partly => Ink::Warn,
        Answer::No => Ink::Error,
        Answer::NotChecked => Ink::Dim,
    }
}

/// The colour of a severity.
fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Error,
        Severity::Warn => Ink::Warn,
        Severity::Info => Ink::Info,
    }
}

fn findings(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.findings.is_empty() {
        page.heading("Findings: none");
        return;
    }
    page.heading("Findings, worst first");
    for (i, group) in groups(&diagnosis.findings).iter().enumerate() {
        findings_of(page, i + 1, group);
    }
}

fn findings_of(page: &mut Page, number: usize, group: &Group<'_>) {
    let first = group.first();
    let known = meta(first.rule).ok();
    page.line("");
    page.hanging(
        &format!("{number:>3}. {:<6}", first.severity.word()),
        ink(first.severity),
        &group.heading(known.map(|known| known.title)),
        Ink::Bold,
    );
    let alone = group.findings.len() == 1;
    for finding in &group.findings {
        evidence(page, finding);
        // What holds for all sites stands apart from what was measured at the last.
        if !alone {
            page.line("");
        }
    }
    if let Some(known) = known {
        field(page, "why", known.why);
    }
    for (i, fix) in first.fixes.iter().enumerate() {
        let label = if i == 0 { "do" } else { "" };
        page.hanging(
            &format!("     {label:<10}{}. ", i + 1),
            Ink::Dim,
            fix,
            Ink::Plain,
        );
    }
    // A command is copied as it stands: it is never broken into lines.
    let label = page.pen.paint(Ink::Dim, "     recheck   ");
    let command = page.pen.plain(&first.recheck);
    page.line(&(label + &command));
}

/// What was seen at one site.
fn evidence(page: &mut Page, finding: &Finding) {
    field(page, "where", &summary::place(finding));
    if !finding.units.is_empty() {
        field(page, "units", &indices(&finding.units, 12));
    }
    if let Some(measured) = summary::measured(finding) {
        field(page, "measured", &measured);
    }
    field(page, "cause", &finding.cause);
}

fn field(page: &mut Page, label: &str, text: &str) {
    page.hanging(&format!("     {label:<10}"), Ink::Dim, text, Ink::Plain);
}

fn not_checked(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.not_checked.is_empty() {
        return;
    }
    page.heading("Not checked");
    for (needs, rules) in summary::not_checked(diagnosis) {
        page.paragraph(2, &format!("needs {needs}:"), Ink::Plain);
        page.paragraph(4, &rules.join(", "), Ink::Dim);
    }
}
