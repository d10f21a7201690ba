//! Instructions per element, as recorded in `docs/instructions.tsv`, and how far a build may be from that.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::vectors::Cost;

/// Kernels by name, with their costs.
pub(super) type Costs = BTreeMap<String, Cost>;

const HEADER: &str = "\
# Instructions on vectors in one turn of each kernel's loop, and the elements that come out of it. The turn of an inner loop counts once.
# Compared by the tests; written by `cargo xtask instructions`.
function\toperation\tarithmetic\tlevel\tshortest way\tlongest way\telements\tinner loops\tshortest per element
";

/// The record as text.
pub(super) fn write(costs: &Costs) -> String {
    let mut text = String::from(HEADER);
    for (name, cost) in costs {
        let Cost {
            least,
            most,
            elements,
            inner,
        } = cost;
        let each = *least as f64 / *elements as f64;
        writeln!(
            text,
            "{name}\t{least}\t{most}\t{elements}\t{inner}\t{each:.2}"
        )
        .expect("a string takes everything");
    }
    text
}

/// The record that a text holds.
pub(super) fn read(text: &str) -> Result<Costs, String> {
    let mut costs = Costs::new();
    for line in text.lines().skip(HEADER.lines().count()) {
        let unreadable = || format!("not a line of the record: {line}");
        let columns = line.split('\t').collect::<Vec<_>>();
        let [
            function,
            operation,
            arithmetic,
            level,
            least,
            most,
            elements,
            inner,
            _,
        ] = columns[..]
        else {
            return Err(unreadable());
        };
        let number = |column: &str| column.parse().map_err(|_| unreadable());
        let cost = Cost {
            least: number(least)?,
            most: number(most)?,
            elements: number(elements)?,
            inner: number(inner)?,
        };
        costs.insert([function, operation, arithmetic, level].join("\t"), cost);
    }
    Ok(costs)
}

/// How a build differs from the record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// More instructions than recorded, or a kernel that is recorded and is not there.
    pub(super) worse: Vec<String>,
    /// Fewer instructions than recorded, or a kernel that is not recorded.
    pub(super) other: Vec<String>,
}

/// Compares each kernel with its line: by more than a tenth, and by more than two instructions of a turn.
pub(super) fn compare(recorded: &Costs, found: &Costs) -> Difference {
    let mut difference = Difference::default();
    for (name, old) in recorded {
        let shown = name.replace('\t', ", ");
        let Some(new) = found.get(name) else {
            difference
                .worse
                .push(format!("{shown}: recorded, but not there"));
            continue;
        };
        if new.inner > old.inner {
            difference.worse.push(format!(
                "{shown}: {} inner loops, recorded are {}",
                new.inner, old.inner
            ));
        }
        for (way, old_count, new_count) in [
            ("shortest", old.least, new.least),
            ("longest", old.most, new.most),
        ] {
            let (before, after) = (
                old_count as f64 / old.elements as f64,
                new_count as f64 / new.elements as f64,
            );
            let margin = (0.1 * before).max(2.0 / old.elements as f64);
            let text = || {
                format!(
                    "{shown}: {after:.2} instructions per element on the {way} way, recorded are {before:.2}"
                )
            };
            if after > before + margin {
                difference.worse.push(text());
            } else if after < before - margin {
                difference.other.push(text());
            }
        }
    }
    let unknown = found.keys().filter(|name| !recorded.contains_key(*name));
    difference
        .other
        .extend(unknown.map(|name| format!("{}: not recorded", name.replace('\t', ", "))));
    difference
}

#[test]
fn what_is_written_is_read() {
    let cost = Cost {
        least: 5,
        most: 7,
        elements: 16,
        inner: 0,
    };
    let costs = Costs::from([("relu\tvalue\tfast f32\tavx512".to_string(), cost)]);
    assert_eq!(read(&write(&costs)), Ok(costs));
    assert!(read(&format!("{HEADER}relu\tvalue")).is_err());
}

#[test]
fn more_instructions_and_lost_kernels_are_worse() {
    let of = |least, most, elements| {
        Costs::from([(
            "name".to_string(),
            Cost {
                least,
                most,
                elements,
                inner: 0,
            },
        )])
    };
    let recorded = of(40, 60, 8);
    assert_eq!(compare(&recorded, &of(44, 66, 8)), Difference::default());
    assert_eq!(compare(&recorded, &of(88, 132, 16)), Difference::default());
    assert_eq!(compare(&recorded, &of(45, 60, 8)).worse.len(), 1);
    assert_eq!(compare(&recorded, &of(40, 67, 8)).worse.len(), 1);
    assert_eq!(compare(&recorded, &of(40, 60, 4)).worse.len(), 2);
    assert_eq!(compare(&recorded, &of(30, 60, 8)).other.len(), 1);
    assert_eq!(compare(&recorded, &Costs::new()).worse.len(), 1);
    assert_eq!(compare(&Costs::new(), &recorded).other.len(), 1);
    // Two instructions of a short loop are more than a tenth of it.
    assert_eq!(compare(&of(4, 4, 8), &of(6, 6, 8)), Difference::default());
}
