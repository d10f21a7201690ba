//! The section of one experiment.

use knee_figure::Table;
use knee_figure::page::Page;

use super::grid::{self, Column};
use super::{marked, prose, tag};
use crate::experiment::HEADINGS;
use crate::report::{Summary, tables, words};

/// An experiment with all that was measured.
pub(super) fn section(page: &mut Page, summary: &Summary<'_>, id: &str) {
    page.section(id, &summary.label());
    page.raw("<p class=\"sentence\">");
    page.text(summary.meta.sentence);
    page.raw("</p>\n<p>");
    page.raw(&marked(summary));
    page.text(&format!(
        ": {}, {}.",
        words::claims(summary),
        words::seeds(summary)
    ));
    page.raw("</p>\n");
    if let Some(gaps) = words::gaps(summary) {
        page.raw("<p class=\"warn\">");
        page.text(&gaps);
        page.raw("</p>\n");
    }
    for heading in HEADINGS {
        let part = summary.meta.part(heading);
        if !part.is_empty() {
            page.raw(&format!("<h3>{heading}</h3>\n{}", prose::html(part)));
        }
    }
    claims(page, summary);
    if !summary.figures.is_empty() {
        page.raw("<h3>Figures</h3>\n");
    }
    for (index, figure) in summary.figures.iter().enumerate() {
        let mut figure = figure.clone();
        // Ids are unique in the page, whatever the experiment calls its figures.
        figure.slug = format!("{id}-figure-{}", index + 1);
        page.figure(&figure);
    }
    measures(page, summary);
    texts(page, summary);
    sightings(page, summary);
    parameters(page, summary);
    again(page, summary);
    page.raw("</section>\n");
}

fn claims(page: &mut Page, summary: &Summary<'_>) {
    page.raw("<h3>Claims</h3>\n");
    let kinds = [
        Column::words,
        Column::words,
        Column::number,
        Column::number,
        Column::text,
        Column::text,
    ];
    let verdict = |index: usize| summary.claims.get(index).map(|claim| tag(claim.verdict()));
    let label = format!("Claims of {}", summary.label());
    grid::table(page, &label, &tables::claims(summary), &kinds, verdict);
}

/// Opens a part that is folded until the reader opens it.
fn fold(page: &mut Page, heading: &str, what: &str) {
    page.raw(&format!("<h3>{heading}</h3>\n<details><summary>"));
    page.text(what);
    page.raw("</summary>\n");
}

fn measures(page: &mut Page, summary: &Summary<'_>) {
    let tables = tables::measures(summary);
    if tables.is_empty() {
        return;
    }
    let what = format!(
        "{} by arm: median, smallest and largest of the seeds",
        words::number_of(tables.len(), "measure")
    );
    fold(page, "Measures", &what);
    for table in tables {
        page.table(&format!("{}, {}", summary.label(), table.caption), &table);
    }
    page.raw("</details>\n");
}

fn texts(page: &mut Page, summary: &Summary<'_>) {
    let texts = summary.texts();
    if texts.is_empty() {
        return;
    }
    page.raw("<h3>In words</h3>\n<p class=\"soft\">Of the first run of each arm.</p>\n");
    for (record, name, text) in texts {
        page.raw("<p>");
        page.text(&format!("{}, {name}:", record.arm));
        page.raw("</p>\n");
        page.open_scroll(&format!("{}, {name}", record.arm));
        page.lines(text);
        page.raw("</div>\n");
    }
}

fn sightings(page: &mut Page, summary: &Summary<'_>) {
    let table = tables::sightings(summary);
    if table.rows.is_empty() {
        return;
    }
    fold(
        page,
        "What the doctor saw",
        &words::number_of(table.rows.len(), "line"),
    );
    let kinds = [Column::text, Column::text, Column::number];
    grid::table(
        page,
        &format!("What the doctor saw in {}", summary.label()),
        &table,
        &kinds,
        |_| None,
    );
    page.raw("</details>\n");
}

fn parameters(page: &mut Page, summary: &Summary<'_>) {
    let table: Table = tables::parameters(summary);
    if table.rows.is_empty() {
        return;
    }
    page.raw("<h3>Parameters</h3>\n");
    let kinds = [Column::text, Column::words, Column::words, Column::words];
    grid::table(
        page,
        &format!("Parameters of {}", summary.label()),
        &table,
        &kinds,
        |_| None,
    );
}

fn again(page: &mut Page, summary: &Summary<'_>) {
    page.raw("<h3>Again</h3>\n");
    page.command(&summary.command());
    page.raw("<dl>\n");
    if let Some(data) = &summary.data {
        page.pair("data", data);
    }
    page.pair("cost", &words::runs(summary));
    page.pair("date", &words::dates(summary));
    page.pair("made with", &words::versions(summary));
    page.raw("</dl>\n");
}
