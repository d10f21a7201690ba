//! The pages of the documentation: one for each function, and the table of all.

use std::fmt::Write as _;

use knee::Function;
use knee_figure::short;

use crate::{Entry, Fact, Kind, Side, all, describe, words};

/// What is left out, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    (
        "meta_acon",
        "its slope comes from a small network of its own; with the slopes given it is `acon_c`",
    ),
    (
        "dy_relu",
        "its slopes come from a small network of its own; with the slopes given it is the largest of some lines",
    ),
    (
        "frelu",
        "it compares the input with a depthwise convolution of it: a layer, not a function of numbers or rows",
    ),
    (
        "kan_spline",
        "splines on a grid that training moves: a layer with its own data structure; its smooth part is `silu`",
    ),
];

/// The page of a function, in Markdown; its figure lies in the folder `images` beside it.
pub fn page(entry: &Entry) -> String {
    let about = entry.about();
    let mut page = format!("# {}\n\n{}\n", entry.name(), about.title);
    if !about.aliases.is_empty() {
        let names: Vec<String> = about
            .aliases
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let _ = write!(page, "\nAlso called {}.\n", names.join(", "));
    }
    if let Some(figure) = entry.figure() {
        let _ = write!(page, "\n![{}](images/{}.svg)\n", figure.title, entry.name());
    }
    section(&mut page, "Formula", &about.formula());
    let _ = write!(page, "\n$$\n{}\n$$\n", about.latex);
    section(&mut page, "Derivative", &about.derivative());
    parameters(&mut page, entry);
    let heading = match entry.moments() {
        Some(_) => "Facts",
        None => "Examples",
    };
    table(&mut page, heading, &describe::facts(entry));
    table(&mut page, "Names elsewhere", &describe::elsewhere(about));
    section(&mut page, "Traps", &about.section("Traps"));
    section(&mut page, "Numerics", &about.numerics());
    let _ = write!(page, "\nError: {}.\n", describe::error(entry));
    section(&mut page, "Origin", &about.origin());
    let _ = write!(
        page,
        "\n---\n`knee show {0}` prints this page; [all functions](../functions.md). Written by `cargo xtask generate` from the\n\
         documentation in the source.\n",
        entry.name()
    );
    page
}

fn section(page: &mut String, heading: &str, text: &str) {
    if !text.is_empty() {
        let _ = write!(page, "\n## {heading}\n\n{text}\n");
    }
}

fn table(page: &mut String, heading: &str, rows: &[describe::Row]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(page, "\n## {heading}\n\n| | |\n|---|---|\n");
    for (name, text) in rows {
        let _ = writeln!(page, "| {} | {} |", cell(name), cell(text));
    }
}

fn parameters(page: &mut String, entry: &Entry) {
    let declared = entry.about().parameters;
    if declared.is_empty() {
        return;
    }
    page.push_str("\n## Parameters\n\n| name | default | allowed | meaning |\n|---|---|---|---|\n");
    for parameter in declared {
        let (name, default) = (parameter.name, short(parameter.default));
        let allowed = parameter.domain.in_words();
        let meaning = parameter.doc.trim();
        let _ = writeln!(
            page,
            "| `{name}` | {default} | {allowed} | {} |",
            cell(meaning)
        );
    }
}

/// Text that does not end a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('_', "\\_")
        .replace('*', "\\*")
}

/// The table of all functions, in Markdown.
pub fn index() -> String {
    let entries = all();
    let mut page = format!(
        "# Functions\n\nThe {} functions that knee knows. `knee list` prints this table and picks by facts, `knee show NAME` prints a page.\n\
         Written by `cargo xtask generate` from the lists in the source.\n",
        entries.len()
    );
    for kind in Kind::ALL {
        let group: Vec<&Entry> = entries
            .iter()
            .filter(|entry| entry.kind() == kind)
            .collect();
        if group.is_empty() {
            continue;
        }
        let _ = write!(page, "\n## {}\n\n", kind.heading());
        if group.iter().any(|entry| entry.moments().is_some()) {
            page.push_str("| function | what it is | values | monotone | smooth | saturates | gain | ONNX |\n|---|---|---|---|---|---|---|---|\n");
            for entry in group {
                let _ = writeln!(page, "{}", curve_row(entry));
            }
        } else {
            page.push_str("| function | what it is | ONNX |\n|---|---|---|\n");
            for entry in group {
                let _ = writeln!(
                    page,
                    "| {} | {} | {} |",
                    link(entry),
                    cell(&entry.gist()),
                    onnx(entry)
                );
            }
        }
    }
    page.push_str("\n## Left out\n\n| function | why |\n|---|---|\n");
    for (name, why) in LEFT_OUT {
        let _ = writeln!(page, "| `{name}` | {why} |");
    }
    page.push_str("\n`softmax2d` is [softmax](functions/softmax.md) along the channels of images: an axis, not a function.\n");
    page
}

fn link(entry: &Entry) -> String {
    format!("[{0}](functions/{0}.md)", entry.name())
}

fn curve_row(entry: &Entry) -> String {
    let tick = |fact: Fact| if fact.holds(entry) { "yes" } else { "" };
    let side = |side| Fact::Saturating(side).holds(entry);
    let saturates = match (side(Side::Left), side(Side::Right)) {
        (true, true) => "both",
        (true, false) => "left",
        (false, true) => "right",
        (false, false) => "",
    };
    let range = |function: Function| words::interval(&function.facts().range);
    let values = entry.curve().map(range).unwrap_or_default();
    let gain = entry.moments().map(|moments| short(moments.gain()));
    let gain = gain.unwrap_or_default();
    format!(
        "| {} | {} | {values} | {} | {} | {saturates} | {gain} | {} |",
        link(entry),
        cell(&entry.gist()),
        tick(Fact::Monotone),
        tick(Fact::Smooth),
        onnx(entry),
    )
}

/// The names of its ONNX operators.
fn onnx(entry: &Entry) -> String {
    let rows = entry.about().foreign.iter();
    let mut names: Vec<&str> = rows
        .filter(|row| row.framework == knee::Framework::Onnx)
        .map(|row| row.op)
        .collect();
    names.dedup();
    cell(&names.join(", "))
}
