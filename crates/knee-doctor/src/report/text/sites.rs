//! The table of sites, with a small bar beside each share.

use knee_figure::short;

use super::style::{Ink, Pen};
use super::table::{Align, Cell, Table};
use super::{Page, ink};
use crate::diagnose::{Diagnosis, SiteSummary};
use crate::report::number::count;
use crate::report::summary::{self, Decades};

/// Characters of a bar, the first that fits beside whole names.
const BARS: [usize; 3] = [6, 4, 3];
/// Functions and names are not shortened further than this to keep a site on one line.
const FUNCTION: usize = 10;
const NAME: usize = 12;

const ABOUT: [(&str, Align); 4] = [
    ("site", Align::Left),
    ("function", Align::Left),
    ("role", Align::Left),
    ("units", Align::Right),
];
const MEASURED: [(&str, Align); 5] = [
    ("zeros", Align::Left),
    ("dead", Align::Left),
    ("slope", Align::Right),
    ("z", Align::Right),
    ("gradient", Align::Left),
];

pub(super) fn table(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.sites.is_empty() {
        page.heading("Activation sites: none");
        return;
    }
    page.heading("Activation sites");
    let room = page.width - 2;
    let whole = BARS.iter().map(|&bar| one_line(diagnosis, bar, page.pen));
    let shortened = || {
        let mut table = one_line(diagnosis, BARS[2], page.pen);
        table.fit(1, FUNCTION, room, page.pen);
        table.fit(0, NAME, room, page.pen);
        table
    };
    let mut tables = whole.chain(std::iter::once_with(shortened));
    let lines = match tables.find(|table| table.width() <= room) {
        Some(table) => table.lines(page.pen),
        None => two_lines(diagnosis, room, page.pen),
    };
    for line in lines {
        page.line(&format!("  {line}"));
    }
    let note = if diagnosis.samples == 0 {
        "Nothing was run, so no values were measured."
    } else {
        "zeros: outputs that are exactly 0, about half for a healthy ReLU. dead: units alive on no \
         input. slope: mean |f'| relative to its largest value. z: mean ± sd of the \
         pre-activations. gradient: norm of dL/da per input, its bar on a logarithmic scale."
    };
    page.paragraph(2, note, Ink::Dim);
}

/// A table with one line per site.
fn one_line(diagnosis: &Diagnosis, bar: usize, pen: Pen) -> Table {
    let scale = scale(diagnosis);
    let measured = diagnosis.samples > 0;
    let mut table = Table {
        header: ABOUT.to_vec(),
        rows: Vec::new(),
    };
    if measured {
        table.header.extend(MEASURED);
    }
    for (index, site) in diagnosis.sites.iter().enumerate() {
        let mut row = Vec::from(about(diagnosis, index, pen));
        if measured {
            row.extend(values(site, &scale, bar, pen));
        }
        table.rows.push(row);
    }
    table
}

/// What a site is on one line, and what was measured below it.
fn two_lines(diagnosis: &Diagnosis, room: usize, pen: Pen) -> Vec<String> {
    let scale = scale(diagnosis);
    let cells = |index| Vec::from(about(diagnosis, index, pen));
    let mut names = Table {
        header: ABOUT.to_vec(),
        rows: (0..diagnosis.sites.len()).map(cells).collect(),
    };
    names.fit(0, 8, room, pen);
    names.fit(1, 8, room, pen);
    if diagnosis.samples == 0 {
        return names.lines(pen);
    }
    let rows = diagnosis
        .sites
        .iter()
        .map(|site| Vec::from(values(site, &scale, BARS[2], pen)));
    let measured = Table {
        header: MEASURED.to_vec(),
        rows: rows.collect(),
    };
    let pairs = names.lines(pen).into_iter().zip(measured.lines(pen));
    pairs
        .flat_map(|(name, values)| [name, format!("  {values}")])
        .collect()
}

fn scale(diagnosis: &Diagnosis) -> Decades {
    Decades::of(diagnosis.sites.iter().filter_map(|site| site.gradient))
}

fn about(diagnosis: &Diagnosis, index: usize, pen: Pen) -> [Cell; 4] {
    let site = &diagnosis.sites[index];
    [
        Cell::new(pen.plain(&site.site)).ink(worst(diagnosis, index)),
        Cell::new(pen.plain(&summary::function(&site.function))),
        Cell::new(site.role.word()).ink(Ink::Dim),
        Cell::new(site.units.map_or("?".to_owned(), count)),
    ]
}

fn values(site: &SiteSummary, scale: &Decades, bar: usize, pen: Pen) -> [Cell; 5] {
    let plain = |value: Option<f64>| Cell::new(value.map_or("-".to_owned(), brief));
    let barred = |share: f64, text: &str| Cell::new(format!("{} {text}", pen.bar(share, bar)));
    let share = |share: Option<f64>| match share {
        Some(share) => barred(share, &format!("{:>5}", round_percent(share))),
        None => Cell::new("-"),
    };
    let gradient = site
        .gradient
        .map_or(Cell::new("-"), |g| barred(scale.share(g), &brief(g)));
    let z = site.mean.zip(site.sd).map_or("-".to_owned(), |(mean, sd)| {
        format!("{} ± {}", brief(mean), brief(sd))
    });
    [
        share(site.zeros),
        share(site.dead),
        plain(site.slope),
        Cell::new(pen.plain(&z)),
        gradient,
    ]
}

/// A number in two digits: the table shows where to look, the findings say how much.
fn brief(value: f64) -> String {
    let rounded: f64 = format!("{value:.1e}").parse().unwrap_or(value);
    short(rounded)
}

/// A percentage without decimals; what is not 0 does not read as 0, nor what is not 1 as 100.
fn round_percent(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.01 => "<1 %".to_owned(),
        share if share > 0.99 && share < 1.0 => ">99 %".to_owned(),
        share => format!("{:.0} %", share * 100.0),
    }
}

/// The colour of the worst finding at a site.
fn worst(diagnosis: &Diagnosis, site: usize) -> Ink {
    let at = diagnosis
        .findings
        .iter()
        .filter(|f| f.site_index == Some(site));
    at.map(|f| f.severity).max().map_or(Ink::Plain, ink)
}
