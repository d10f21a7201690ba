//! The summaries as one page: no script, nothing loaded, light and dark by the reader's setting.

mod grid;
mod prose;
mod section;

use knee_figure::page::{Page, escape};
use knee_figure::short;

use self::grid::{Column, grid};
use super::{Summary, words};
use crate::verdict::Verdict;

const STYLE: &str = include_str!("html/style.css");

/// The summaries as a self-contained HTML document.
pub fn html(summaries: &[Summary<'_>]) -> String {
    let ids = words::ids(summaries);
    let mut page = Page::new("What is said of activation functions, measured", STYLE);
    page.raw(
        "<p>Each experiment has a sentence of the field, a prediction, and claims that the measurements can confirm or not. \
         The verdicts on this page are computed from the runs.</p>\n",
    );
    page.raw("<p>");
    page.text(&counts(summaries));
    page.raw("</p>\n");
    let labels: Vec<String> = summaries.iter().map(Summary::label).collect();
    let experiments = ids
        .iter()
        .map(String::as_str)
        .zip(labels.iter().map(String::as_str));
    page.contents(
        [("verdicts", "Verdicts"), ("legend", "How to read it")]
            .into_iter()
            .chain(experiments),
    );
    page.raw("</header>\n<main>\n");
    verdicts(&mut page, summaries, &ids);
    legend(&mut page);
    for (summary, id) in summaries.iter().zip(&ids) {
        section::section(&mut page, summary, id);
    }
    page.raw("</main>\n");
    page.finish(&format!("Written by knee {}.", env!("CARGO_PKG_VERSION")))
}

/// How many verdicts of each kind there are.
fn counts(summaries: &[Summary<'_>]) -> String {
    let count = |verdict| {
        summaries
            .iter()
            .filter(|summary| summary.verdict == verdict)
            .count()
    };
    let kinds = [Verdict::Confirmed, Verdict::Depends, Verdict::NotConfirmed];
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|verdict| format!("{} {}", count(verdict), verdict.words()))
        .collect();
    format!(
        "{}: {}.",
        words::number_of(summaries.len(), "experiment"),
        kinds.join(", ")
    )
}

/// A verdict in its colour.
fn tag(verdict: Verdict) -> String {
    let class = match verdict {
        Verdict::Confirmed => "good",
        Verdict::Depends => "mixed",
        Verdict::NotConfirmed => "bad",
    };
    format!("<span class=\"tag {class}\">{}</span>", verdict.words())
}

/// The verdict of an experiment, with a mark for a quick one.
fn marked(summary: &Summary<'_>) -> String {
    let quick = if summary.settings.quick() {
        " <span class=\"quick\">quick</span>"
    } else {
        ""
    };
    format!("{}{quick}", tag(summary.verdict))
}

fn verdicts(page: &mut Page, summaries: &[Summary<'_>], ids: &[String]) {
    page.section("verdicts", "Verdicts");
    page.raw(
        "<p class=\"soft\">What decides is the first claim that did not hold, or the first of all where all held: its effect, the \
         median over seeds, the interval for the median and its confidence. Seconds are of all runs together.</p>\n",
    );
    let columns = [
        Column::text("experiment"),
        Column::text("verdict"),
        Column::words("sentence"),
        Column::words("what decides"),
        Column::number("seeds"),
        Column::number("seconds"),
    ];
    let rows: Vec<Vec<String>> = summaries
        .iter()
        .zip(ids)
        .map(|(summary, id)| {
            let decides = summary.deciding().map(words::deciding);
            vec![
                format!("<a href=\"#{id}\">{}</a>", escape(summary.meta.name)),
                marked(summary),
                escape(summary.meta.sentence),
                escape(&decides.unwrap_or_default()),
                summary.seeds.to_string(),
                escape(&short(summary.seconds())),
            ]
        })
        .collect();
    grid(
        page,
        "Verdicts",
        "The verdict on each sentence",
        &columns,
        &rows,
    );
    page.raw("</section>\n");
}

fn legend(page: &mut Page) {
    page.section("legend", "How to read it");
    page.raw("<dl>\n");
    for (term, meaning) in words::LEGEND {
        page.pair(term, meaning);
    }
    page.raw("</dl>\n</section>\n");
}
