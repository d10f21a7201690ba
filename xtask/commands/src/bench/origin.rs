//! Where, when, by what and how surely a record was measured.

use std::fmt::Write as _;

use super::number::shown;
use super::record::Record;
use super::table::{header, row};

/// The machine, the versions, the sessions, and how far repetitions lie apart.
pub(super) fn origin(page: &mut String, record: &Record) {
    let machine = &record.machine;
    header(page, &["", ""]);
    let rows = [
        ("date", machine.date.clone()),
        ("processor", machine.cpu.clone()),
        ("processors", machine.cores.to_string()),
        ("caches", machine.caches.join(", ")),
        ("memory", machine.memory.clone()),
        ("system", machine.kernel.clone()),
        ("compiler", machine.rustc.clone()),
        ("knee", machine.knee.clone()),
    ];
    for (name, value) in rows {
        row(page, &[name.to_owned(), value]);
    }
    let mut versions: Vec<(&String, &String)> = Vec::new();
    for session in &record.sessions {
        for version in &session.versions {
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
    }
    for (name, version) in versions {
        row(page, &[name.clone(), version.clone()]);
    }
    page.push('\n');
    for session in &record.sessions {
        let _ = writeln!(page, "- {}: {} s", session.name, session.seconds);
    }
    let mut spreads: Vec<f64> = record
        .cells
        .iter()
        .flat_map(|cell| cell.ns.values())
        .map(|[median, low, high]| 100.0 * (high - low) / median)
        .collect();
    spreads.sort_by(f64::total_cmp);
    if let (Some(middle), Some(wide)) = (
        spreads.get(spreads.len() / 2),
        spreads.get(spreads.len() * 9 / 10),
    ) {
        let _ = writeln!(
            page,
            "\nThe middle half of the repetitions lies within {} % of the median in half of the cells, within {} % in nine of ten.",
            shown(*middle),
            shown(*wide)
        );
    }
    page.push('\n');
}
