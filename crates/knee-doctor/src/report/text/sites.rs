//! The table of sites, with a small bar beside each share.

use knee_figure::{percent, short};

use super::style::{Ink, Pen};
use super::table::{Align, Cell, Table};
use super::{Page, ink};
use crate::diagnose::{Diagnosis, SiteSummary};
use crate::report::number::count;
use crate::report::summary::{self, Decades};

/// Characters of a bar, from the widest table to the narrowest.
const BARS: [usize; 4] = [6, 4, 2, 0];
/// A name is not shortened further than this while bars can still give way.
const NAME: usize = 16;

pub(super) fn table(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.sites.is_empty() {
        page.heading("Activation sites: none");
        return;
    }
    page.heading("Activation sites");
    let room = page.width - 2;
    let table = BARS
        .iter()
        .map(|&bar| {
            let mut table = build(diagnosis, bar, page.pen);
            table.fit(0, NAME, room, page.pen);
            table
        })
        .find(|table| table.width() <= room)
        .unwrap_or_else(|| {
            let mut table = build(diagnosis, 0, page.pen);
            table.fit(0, 6, room, page.pen);
            table.fit(1, 6, room, page.pen);
            table
        });
    for line in table.lines(page.pen) {
        page.line(&format!("  {line}"));
    }
    let note = if diagnosis.samples == 0 {
        "Nothing was run, so no values were measured."
    } else {
        "zeros: outputs that are exactly 0, about half for a healthy ReLU. dead: units alive on no \
         input. slope: mean |f'| relative to its largest value. z: pre-activations. gradient: norm \
         of dL/da per input, bars on a log scale."
    };
    page.paragraph(2, note, Ink::Dim);
}

fn build(diagnosis: &Diagnosis, bar: usize, pen: Pen) -> Table {
    let scale = Decades::of(diagnosis.sites.iter().filter_map(|site| site.gradient));
    let mut table = Table {
        header: vec![
            ("site", Align::Left),
            ("function", Align::Left),
            ("role", Align::Left),
            ("units", Align::Right),
        ],
        rows: Vec::new(),
    };
    let measured = diagnosis.samples > 0;
    if measured {
        table.header.extend([
            ("zeros", Align::Left),
            ("dead", Align::Left),
            ("slope", Align::Right),
            ("z mean", Align::Right),
            ("z sd", Align::Right),
            ("gradient", Align::Left),
        ]);
    }
    for (index, site) in diagnosis.sites.iter().enumerate() {
        let mut row = vec![
            Cell::new(pen.plain(&site.site)).ink(worst(diagnosis, index)),
            Cell::new(pen.plain(&summary::function(&site.function))),
            Cell::new(site.role.word()).ink(Ink::Dim),
            Cell::new(site.units.map_or("?".to_owned(), count)),
        ];
        if measured {
            row.extend(values(site, &scale, bar, pen));
        }
        table.rows.push(row);
    }
    table
}

fn values(site: &SiteSummary, scale: &Decades, bar: usize, pen: Pen) -> [Cell; 6] {
    let plain = |value: Option<f64>| Cell::new(value.map_or("-".to_owned(), short));
    let share = |share: Option<f64>| match share {
        Some(share) => Cell::new(barred(pen, share, bar, &percent(share), 7)),
        None => Cell::new("-"),
    };
    let gradient = site.gradient.map_or(Cell::new("-"), |gradient| {
        Cell::new(barred(pen, scale.share(gradient), bar, &short(gradient), 0))
    });
    [
        share(site.zeros),
        share(site.dead),
        plain(site.slope),
        plain(site.mean),
        plain(site.sd),
        gradient,
    ]
}

/// A bar and its number, which is padded to `number` characters on the left.
fn barred(pen: Pen, share: f64, width: usize, text: &str, number: usize) -> String {
    if width == 0 {
        return format!("{text:>number$}");
    }
    format!("{} {text:>number$}", pen.bar(share, width))
}

/// The colour of the worst finding at a site.
fn worst(diagnosis: &Diagnosis, site: usize) -> Ink {
    let at = diagnosis
        .findings
        .iter()
        .filter(|f| f.site_index == Some(site));
    at.map(|f| f.severity).max().map_or(Ink::Plain, ink)
}
