//! The figure of the page: what each function takes in cache, by knee and by others.

use knee_figure::{Axis, Figure, Ink, Points};

use super::groups::{Group, Tier};
use super::number::shown;
use super::plan::L2;
use super::record::Record;

/// Who is drawn, under which words.
const SHOWN: [(&str, &str, Ink); 4] = [
    ("knee fast", "knee fast", Ink::Blue),
    ("knee exact", "knee exact", Ink::Green),
    ("torch", "PyTorch", Ink::Vermilion),
    ("burn", "Burn", Ink::Pink),
];

/// Forward in f32 in the second-level cache; `None` if nothing was measured there.
pub(super) fn figure(record: &Record) -> Option<Figure> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for group in record.groups() {
        let cell = group.cell();
        let here = cell.dtype == "f32"
            && cell.direction == "forward"
            && cell.threads == 1
            && cell.form == "out"
            && group.has_size(L2);
        let known = groups
            .iter()
            .any(|other| other.cell().function == cell.function);
        if here && !known {
            groups.push(group);
        }
    }
    let names: Vec<String> = groups
        .iter()
        .map(|group| group.cell().function.clone())
        .collect();
    let first = groups.first()?;
    let mut figure = Figure::new(
        "benchmarks",
        "Time per element, f32, forward, in cache",
        Axis::log("time per element").unit("ns"),
        Axis::categories("", names),
    )
    .describe(format!(
        "One thread, {} elements. The fast tier of {} takes {} ns for each, the exact tier {} ns.",
        first.cell().elements,
        first.cell().function,
        first.time(Tier::Fast).map_or_else(|| "?".to_owned(), shown),
        first
            .time(Tier::Exact)
            .map_or_else(|| "?".to_owned(), shown),
    ));
    for (who, label, ink) in SHOWN {
        let points: Vec<(f64, f64)> = groups
            .iter()
            .enumerate()
            .filter_map(|(index, group)| Some((group.named(who)?, index as f64)))
            .collect();
        if !points.is_empty() {
            figure = figure.with(Points {
                label: label.to_owned(),
                points,
                ink,
            });
        }
    }
    let fastest = groups.iter().enumerate();
    figure = figure.with(Points {
        label: "fastest of all others".to_owned(),
        points: fastest
            .filter_map(|(index, group)| Some((group.fastest(Tier::Exact)?.ns, index as f64)))
            .collect(),
        ink: Ink::Grey,
    });
    Some(figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::sample;

    #[test]
    fn each_function_is_drawn_once() {
        let figure = figure(&sample()).expect("the sample has a function in cache");
        let table = figure.table();
        let functions: Vec<&str> = table.rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(functions, ["gelu"]);
    }
}
