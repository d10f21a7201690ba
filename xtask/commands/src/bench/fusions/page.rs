//! docs/benchmarks/fusions.md, from the record alone.

use std::fmt::Write as _;

use super::super::groups::size;
use super::super::number::{geometric_mean, rounded, shown};
use super::super::origin::origin;
use super::super::reasons::{Reason, find};
use super::super::record::{Cell, Record};
use super::super::table::{NOTHING, header, number, row};

const HOW: &str = "\
One process times each fused operation and the same work in knee's separate steps in turn: round after round, and each begins with the
other side. Arrays in a cache are worked on again and again for some milliseconds, arrays in memory once per round. The tables show
medians, in ns per element of the result. One thread is kept on one processor. knee is built as any user builds it. Before it is timed,
each case is checked: both sides have the same results, bit for bit behind a bias, a residual and with evidence, else as near as their
roundings allow.

- The separate steps are knee's kernels with additions, multiplications, sums and counts between them, as loops that the compiler makes for the
  widest registers. Each step goes over whole arrays, and its result is an array that was made beforehand.
- Inputs are normally distributed, the first with a standard deviation of 3, the others of 1. Arrays lie in large pages.
- *Backward* both sides start from the inputs and the upstream gradient. *Backward, kept* the separate steps also have what they had
  computed forward - sums, activations -, which the fused operation never stores and computes again.
- A ratio is the time of the separate steps by that of the fused operation: above 1 the fusion is faster.";

/// The slug, the heading and what the two sides do.
const FUSIONS: [(&str, &str, &str); 9] = [
    (
        "bias",
        "Bias and activation",
        "Fused: `forward_biased`, `backward_biased`. Separate: the sum with the bias in each row, the activation; backward its gradient, then the sum of all rows.",
    ),
    (
        "residual",
        "Residual and activation",
        "Fused: `forward_sum`, `backward_sum`. Separate: the sum of both arrays, the activation; backward its gradient.",
    ),
    (
        "gated",
        "Gated unit of two arrays",
        "Fused: `GatedFunction::forward`, `backward`. Separate: the activation of the gate, the product; backward two more products and the gradient of the activation.",
    ),
    (
        "halves",
        "Gated unit of one array, halves behind one another",
        "Fused: `forward_packed`, `backward_packed`. Separate: the same steps on the halves of each row, which are not copied.",
    ),
    (
        "interleaved",
        "Gated unit of one array, elements that alternate",
        "Fused: `forward_packed`, `backward_packed`. Separate: the halves are copied apart, then the same steps; backward the gradients are put together last.",
    ),
    (
        "softmax",
        "Softmax of scaled and masked rows",
        "Fused: `RowKernel::forward_masked` with a scale, `backward_from_output`. Separate: the scaled elements, `-inf` over those that are masked, softmax; backward its gradient, scaled. Each row sees the elements up to its own place.",
    ),
    (
        "cross_entropy",
        "Cross-entropy with its gradient",
        "Fused: `CrossEntropy::loss_and_gradient`. Separate: log-softmax, the negative log-likelihood with its gradient, label smoothing over both, the gradient of log-softmax.",
    ),
    (
        "bce_with_logits",
        "Binary cross-entropy from logits with its gradient",
        "Fused: `BceWithLogits::loss_and_gradient`. Separate: the sigmoid, `Bce::loss`, the difference to the target. The separate steps are also less exact: a sigmoid that was rounded to 1 has lost its distance to 1.",
    ),
    (
        "evidence",
        "Activation and evidence",
        "Fused: `forward_observed`. Separate: the activation, the zeros among its results, sums and squares of inputs, and of results.",
    ),
];

/// Directions as they stand in the record, and in words.
const DIRECTIONS: [(&str, &str); 4] = [
    ("forward", "forward"),
    ("backward", "backward"),
    ("kept", "backward, kept"),
    ("loss", "loss and gradient"),
];

/// Elements from which on an array is in memory.
const LARGE: u64 = 1 << 20;

/// Ratios as near to 1 as this are a draw.
const DRAW: f64 = 0.05;

/// Both sides of a case in a tier, on arrays in a cache and in memory.
struct Line<'r> {
    cell: &'r Cell,
    tier: &'static str,
    cache: Option<[f64; 2]>,
    memory: Option<[f64; 2]>,
}

impl Line<'_> {
    /// Everything but the place.
    fn same(&self, other: &Cell, tier: &str) -> bool {
        let cell = self.cell;
        self.tier == tier
            && cell.form == other.form
            && cell.function == other.function
            && cell.direction == other.direction
            && cell.dtype == other.dtype
            && cell.row == other.row
    }

    fn words(&self) -> &'static str {
        let found = DIRECTIONS
            .iter()
            .find(|(name, _)| *name == self.cell.direction);
        found.map_or(NOTHING, |(_, words)| words)
    }

    fn tier(&self) -> &str {
        if self.cell.dtype == "f32" {
            self.tier
        } else {
            NOTHING
        }
    }
}

fn ratio(times: Option<[f64; 2]>) -> Option<f64> {
    times.map(|[fused, unfused]| unfused / fused)
}

/// The lines of all tables, in the order of the record.
fn lines(record: &Record) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for cell in &record.cells {
        for tier in ["exact", "fast"] {
            let side = |who: &str| {
                cell.ns
                    .get(&format!("{who} {tier}"))
                    .map(|[median, ..]| *median)
            };
            let (Some(fused), Some(unfused)) = (side("fused"), side("unfused")) else {
                continue;
            };
            let index = lines
                .iter()
                .position(|line| line.same(cell, tier))
                .unwrap_or_else(|| {
                    lines.push(Line {
                        cell,
                        tier,
                        cache: None,
                        memory: None,
                    });
                    lines.len() - 1
                });
            let times = Some([fused, unfused]);
            if cell.elements < LARGE {
                lines[index].cache = times;
            } else {
                lines[index].memory = times;
            }
        }
    }
    lines
}

/// The whole page.
pub(super) fn page(record: &Record, reasons: &[Reason<'_>]) -> String {
    let lines = lines(record);
    let mut page = String::from(
        "# Fusions\n\nWritten by `cargo xtask bench fusions` from [fusions.json](fusions.json); `cargo xtask generate` makes it again from there.\n\n",
    );
    if record.quick {
        page +=
            "A quick run: few and short repetitions, and arrays that a large cache may hold.\n\n";
    }
    page += "## What was measured\n\n";
    page += HOW;
    page += "\n\n";
    origin(&mut page, record);
    means(&mut page, &lines);
    losses(&mut page, &lines, reasons);
    for (slug, title, sides) in FUSIONS {
        let own: Vec<&Line<'_>> = lines.iter().filter(|line| line.cell.form == slug).collect();
        if !own.is_empty() {
            let _ = writeln!(page, "## {title}\n\n{sides}\n");
            sizes(&mut page, record, slug);
            table(&mut page, &own);
        }
    }
    page
}

/// Geometric means of the ratios in memory.
fn means(page: &mut String, lines: &[Line<'_>]) {
    *page += "## Means\n\nGeometric means of the ratios in memory; in parentheses how many numbers they are of.\n\n";
    let mut columns = vec!["fusion"];
    columns.extend(DIRECTIONS.map(|(_, words)| words));
    header(page, &columns);
    for (slug, title, _) in FUSIONS {
        let mut cells = vec![title.to_owned()];
        for (direction, _) in DIRECTIONS {
            let own = lines
                .iter()
                .filter(|line| line.cell.form == slug && line.cell.direction == direction);
            let ratios: Vec<f64> = own.filter_map(|line| ratio(line.memory)).collect();
            cells.push(geometric_mean(&ratios).map_or_else(
                || NOTHING.to_owned(),
                |mean| format!("{} ({})", shown(mean), ratios.len()),
            ));
        }
        row(page, &cells);
    }
    page.push('\n');
}

/// What does not pay, and why.
fn losses(page: &mut String, lines: &[Line<'_>], reasons: &[Reason<'_>]) {
    let _ = writeln!(
        page,
        "## What does not pay\n\nRatios below {}; what is nearer to 1 is a draw. In a cache no memory is saved, and a fusion is to cost nothing.\n",
        shown(1.0 - DRAW)
    );
    let mut rows = Vec::new();
    for line in lines {
        for (place, ratio) in [("memory", ratio(line.memory)), ("cache", ratio(line.cache))] {
            let Some(ratio) = ratio.filter(|ratio| rounded(*ratio) < 1.0 - DRAW) else {
                continue;
            };
            let cell = line.cell;
            let target = format!("{} {}", cell.form, cell.direction);
            let reason = find(reasons, &target, &cell.function).unwrap_or("not explained");
            rows.push([
                cell.form.clone(),
                cell.function.clone(),
                line.words().to_owned(),
                cell.dtype.clone(),
                line.tier().to_owned(),
                place.to_owned(),
                shown(ratio),
                reason.to_owned(),
            ]);
        }
    }
    if rows.is_empty() {
        *page += "Nothing.\n\n";
        return;
    }
    header(
        page,
        &[
            "fusion",
            "function",
            "direction",
            "type",
            "tier",
            "where",
            "ratio",
            "reason",
        ],
    );
    for cells in rows {
        row(page, &cells);
    }
    page.push('\n');
}

/// How long the arrays of a fusion are.
fn sizes(page: &mut String, record: &Record, slug: &str) {
    let mut found: Vec<String> = Vec::new();
    for cell in record.cells.iter().filter(|cell| cell.form == slug) {
        let rows = cell
            .row
            .map_or_else(String::new, |length| format!(" in rows of {length}"));
        let place = if cell.elements < LARGE {
            "cache"
        } else {
            "memory"
        };
        let text = format!("{}{rows} ({place})", size(cell.elements));
        if !found.contains(&text) {
            found.push(text);
        }
    }
    let _ = writeln!(page, "Elements of a result: {}.\n", found.join(", "));
}

fn table(page: &mut String, lines: &[&Line<'_>]) {
    header(
        page,
        &[
            "function",
            "row",
            "direction",
            "type",
            "tier",
            "cache: fused",
            "separate",
            "ratio",
            "memory: fused",
            "separate",
            "ratio",
        ],
    );
    for line in lines {
        let cell = line.cell;
        let mut cells = vec![
            cell.function.clone(),
            cell.row
                .map_or_else(|| NOTHING.to_owned(), |row| row.to_string()),
            line.words().to_owned(),
            cell.dtype.clone(),
            line.tier().to_owned(),
        ];
        for times in [line.cache, line.memory] {
            cells.push(number(times.map(|[fused, _]| fused)));
            cells.push(number(times.map(|[_, unfused]| unfused)));
            cells.push(number(ratio(times)));
        }
        row(page, &cells);
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::super::{reasons, table};
    use super::*;

    fn sample() -> Record {
        Record::read(include_str!("sample.json")).expect("a record")
    }

    #[test]
    fn the_page_shows_both_sides_and_what_does_not_pay() {
        let reasons = reasons::read("residual kept\t*\tit reads more\n");
        let page = page(&sample(), &reasons);
        let lines = [
            "| relu | - | forward | f32 | exact | 0.20 | 0.22 | 1.10 | 0.50 | 1.00 | 2.00 |",
            "| relu | - | backward, kept | f32 | exact | - | - | - | 1.00 | 0.50 | 0.50 |",
            "| residual | relu | backward, kept | f32 | exact | memory | 0.50 | it reads more |",
            "| bias | gelu | forward | bf16 | - | cache | 0.80 | not explained |",
            "Elements of a result: 64 Ki in rows of 4096 (cache), 64 Mi in rows of 4096 (memory).",
        ];
        for line in lines {
            assert!(page.contains(line), "no line {line} in\n{page}");
        }
        table::check(&page);
    }

    #[test]
    fn every_reason_is_of_a_fusion_and_a_direction() {
        for reason in reasons::read(super::super::REASONS) {
            let known = FUSIONS.iter().any(|(slug, ..)| {
                DIRECTIONS
                    .iter()
                    .any(|(direction, _)| reason.target == format!("{slug} {direction}"))
            });
            assert!(known, "there is no `{}`", reason.target);
        }
    }
}
