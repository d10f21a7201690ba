//! docs/benchmarks.md, from the record alone.

use std::fmt::Write as _;

use super::groups::{Group, Rival, Tier, direction, size};
use super::number::{geometric_mean, shown, ulps};
use super::origin::origin;
use super::plan::{L1, L2, L3, MEMORY};
use super::reasons::{Reason, find};
use super::record::{Error, Record};
use super::table::{NOTHING, header, number, row};
use super::targets::TARGETS;

const HOW: &str = "\
Each cell of the tables below is one process that times knee and everybody else in turn: round after round, and each round begins with
another one. A small array is worked on again and again for some milliseconds, an array in memory once per round; whoever
takes longer than 0.3 s for that is timed once. The tables show medians. One thread
is kept on one processor; inputs are normally distributed with mean 0 and standard deviation 3, and lie with their outputs in large pages.

- knee is built as any user builds it; the Rust crates beside it for the processor that they run on, because some of them need that.
- PyTorch writes into outputs made beforehand, without autograd; `mish` and `hard_swish` have no such form backward. ONNX Runtime runs a model of one
  operator bound to the arrays. NumPy makes one pass over preallocated arrays after the other. JAX compiles, and allocates its outputs in cache; in memory it
  works in place, on donated inputs. Whoever works in place on an array of ours finds the same numbers there each time. Over several
  threads, those of MKL and of ONNX Runtime give up their processor when they have nothing to do. MKL's Vector Math is called in its three modes (`ha`, `la`, `ep`), with compiled loops around it. candle and Burn allocate their
  outputs, and their gradients are those of the sum, through their own tapes, which hold too many arrays for large ones; forward they are
  timed at one large size, 64 Mi.
- What is called from Python is measured on 16 elements as well, and that time is subtracted: the tables compare kernels, not calls. Burn's backward is the time of
  both passes less that of the forward pass on the tape. Where less than a quarter of a time is left, it is not resolved: the text below a table says whose.
- A gradient that a framework takes from the saved output is compared with knee's `backward_from_output`.
- Errors are the largest in units in the last place (ulp) over numbers at even distances over all bit patterns and over a grid from -20 to 20, where the argument and the true
  result are normal numbers or 0; for rows, over logits with standard deviations 3 and 30. The truth is knee's kernel in f64 at the same argument, which
  [accuracy.md](accuracy.md) compares with the oracle. An error of `inf` is a NaN or an infinity in place of a number.
- *Best copy* is the fastest loop that moves as much memory: vector loads and stores, the same with streaming stores, or `memcpy`; backward it reads two arrays and
  writes a third.
- A ratio is the other's time by knee's: above 1 knee is faster.";

/// The whole page.
pub(super) fn page(record: &Record, reasons: &[Reason<'_>]) -> String {
    let groups = record.groups();
    let mut page = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench` from [benchmarks.json](benchmarks.json); `cargo xtask generate` makes it again from there.\n\n",
    );
    if record.quick {
        page += "A quick run: few and short repetitions, and not every size.\n\n";
    }
    page += "![Time per element of each function by knee and by others](images/benchmarks.svg)\n\n";
    page += "## What was measured\n\n";
    page += HOW;
    page += "\n\n";
    origin(&mut page, record);
    targets(&mut page, record);
    misses(&mut page, record, reasons);
    means(&mut page, &groups);
    for dtype in ["f32", "f64", "f16", "bf16"] {
        for direction in ["forward", "backward", "from_output"] {
            for elements in [L1, L2, L3, MEMORY] {
                times(&mut page, &groups, dtype, direction, elements);
            }
        }
    }
    in_place(&mut page, &groups);
    threads(&mut page, &groups);
    calls(&mut page, &groups);
    errors(&mut page, record);
    page
}

fn targets(page: &mut String, record: &Record) {
    *page += "## Targets\n\nEach target is a ratio of times, above 1 where knee is faster, unless it says otherwise. It must hold for every number, and aims higher.\n\n";
    header(
        page,
        &[
            "target", "must", "aim", "numbers", "worst", "where", "beside", "must", "aim",
        ],
    );
    for target in TARGETS {
        let items = target.items(record);
        let count = |bound: f64| {
            items
                .iter()
                .filter(|item| target.reached(item.value, bound))
                .count()
        };
        let verdict = |bound: Option<f64>| match bound {
            None => NOTHING.to_owned(),
            Some(_) if items.is_empty() => "not measured".to_owned(),
            Some(bound) if count(bound) == items.len() => "met".to_owned(),
            Some(bound) => format!("missed by {}", items.len() - count(bound)),
        };
        let worst = items.first();
        let text = |of: &dyn Fn(&super::targets::Item) -> String| {
            worst.map_or_else(|| NOTHING.to_owned(), of)
        };
        row(
            page,
            &[
                target.text.to_owned(),
                shown(target.must),
                target.aim.map_or_else(|| NOTHING.to_owned(), shown),
                items.len().to_string(),
                text(&|item| shown(item.value)),
                text(&|item| format!("{}, {}", item.function, item.place)),
                text(&|item| item.beside.clone()),
                verdict(Some(target.must)),
                verdict(target.aim),
            ],
        );
    }
    page.push('\n');
}

fn misses(page: &mut String, record: &Record, reasons: &[Reason<'_>]) {
    *page += "## Misses\n\n";
    let mut rows = Vec::new();
    for target in TARGETS {
        for item in target.items(record) {
            if target.reached(item.value, target.must) {
                continue;
            }
            let reason = find(reasons, target.slug, &item.function).unwrap_or("not explained");
            rows.push([
                target.slug.to_owned(),
                item.function.clone(),
                item.place.clone(),
                item.beside.clone(),
                shown(item.value),
                shown(target.must),
                reason.to_owned(),
            ]);
        }
    }
    if rows.is_empty() {
        *page += "None.\n\n";
        return;
    }
    *page += "What does not reach what it must, and why.\n\n";
    header(
        page,
        &[
            "target", "function", "where", "beside", "number", "must", "reason",
        ],
    );
    for cells in rows {
        row(page, &cells);
    }
    page.push('\n');
}

/// Geometric means over the core functions beside each peer.
fn means(page: &mut String, groups: &[Group<'_>]) {
    *page += "## Means\n\nGeometric means of the ratios over the functions that both have, f32, forward and backward; in parentheses how many numbers they are of.\n\n";
    header(
        page,
        &[
            "peer",
            "fast, 64 Ki",
            "exact, 64 Ki",
            "fast, 64 Mi",
            "exact, 64 Mi",
        ],
    );
    let mut names: Vec<String> = Vec::new();
    let single = |group: &&Group<'_>| {
        let cell = group.cell();
        cell.dtype == "f32" && cell.threads == 1 && cell.form != "call"
    };
    for rival in groups
        .iter()
        .filter(single)
        .flat_map(|group| group.rivals(Tier::Exact))
    {
        if !names.contains(&rival.who) {
            names.push(rival.who);
        }
    }
    names.sort();
    for name in names {
        let mut cells = vec![name.clone()];
        for elements in [L2, MEMORY] {
            for tier in [Tier::Fast, Tier::Exact] {
                let sized = groups
                    .iter()
                    .filter(single)
                    .filter(|group| group.has_size(elements));
                let ratios: Vec<f64> = sized
                    .filter_map(|group| group.rival(tier, &name))
                    .map(|rival| rival.ratio)
                    .collect();
                cells.push(geometric_mean(&ratios).map_or_else(
                    || NOTHING.to_owned(),
                    |mean| format!("{} ({})", shown(mean), ratios.len()),
                ));
            }
        }
        row(page, &cells);
    }
    page.push('\n');
}

/// A peer with its time and its error.
fn peer(rival: Option<&Rival>) -> String {
    rival.map_or_else(
        || NOTHING.to_owned(),
        |rival| {
            let error = rival.ulp.map_or_else(String::new, |ulp| {
                format!(" ({} ulp)", ulps(ulp.is_finite().then_some(ulp)))
            });
            format!("{} {}{error}", rival.who, shown(rival.ns))
        },
    )
}

const COLUMNS: [&str; 10] = [
    "function",
    "knee exact",
    "knee fast",
    "best copy",
    "fastest within 4 ulp",
    "exact",
    "fast",
    "fastest",
    "exact",
    "fast",
];

/// knee, the best loop, and the fastest others, with the ratios of both tiers.
fn line(page: &mut String, group: &Group<'_>) {
    let ratio = |found: Option<Rival>| number(found.map(|rival| rival.ratio));
    row(
        page,
        &[
            group.subject(),
            number(group.time(Tier::Exact)),
            number(group.named("knee fast")),
            number(group.best_loop()),
            peer(group.accurate(Tier::Exact).as_ref()),
            ratio(group.accurate(Tier::Exact)),
            ratio(group.accurate(Tier::Fast)),
            peer(group.fastest(Tier::Exact).as_ref()),
            ratio(group.fastest(Tier::Exact)),
            ratio(group.fastest(Tier::Fast)),
        ],
    );
}

fn times(page: &mut String, groups: &[Group<'_>], dtype: &str, way: &str, elements: u64) {
    let mut found = groups
        .iter()
        .filter(|group| {
            let cell = group.cell();
            cell.dtype == dtype && cell.direction == way && cell.threads == 1 && cell.form == "out"
        })
        .filter(|group| group.has_size(elements))
        .peekable();
    if found.peek().is_none() {
        return;
    }
    let _ = writeln!(
        page,
        "## {dtype}, {}, {} elements\n\nns per element, and ratios.\n",
        direction(way),
        size(elements)
    );
    header(page, &COLUMNS);
    let mut unresolved = Vec::new();
    for group in found {
        line(page, group);
        let names = group.unresolved();
        if !names.is_empty() {
            unresolved.push(format!("{} ({})", group.subject(), names.join(", ")));
        }
    }
    if !unresolved.is_empty() {
        let _ = write!(page, "\nNot resolved: {}.\n", unresolved.join(", "));
    }
    page.push('\n');
}

fn in_place(page: &mut String, groups: &[Group<'_>]) {
    let mut found = groups
        .iter()
        .filter(|group| group.cell().form == "in_place")
        .peekable();
    if found.peek().is_none() {
        return;
    }
    let _ = writeln!(
        page,
        "## f32, in place, {} elements\n\nns per element, and ratios; the best copy is a loop that reads and writes in place.\n",
        size(MEMORY)
    );
    header(page, &COLUMNS);
    for group in found {
        line(page, group);
    }
    page.push('\n');
}

fn threads(page: &mut String, groups: &[Group<'_>]) {
    let shared: Vec<&Group<'_>> = groups
        .iter()
        .filter(|group| group.cell().threads > 1)
        .collect();
    if shared.is_empty() {
        return;
    }
    *page += "## Two threads\n\nns per element with two threads, how many times as fast as with one, and how many times as fast as the fastest peer with two.\n\n";
    header(
        page,
        &[
            "function",
            "where",
            "exact",
            "by one thread",
            "fast",
            "by one thread",
            "fastest",
            "exact",
            "fast",
        ],
    );
    for group in shared {
        let gain = |tier: &str| {
            let one = group.named(&format!("knee {tier}, one thread"))?;
            Some(one / group.named(&format!("knee {tier}"))?)
        };
        let ratio = |tier| number(group.fastest(tier).map(|rival| rival.ratio));
        row(
            page,
            &[
                group.cell().function.clone(),
                group.place(),
                number(group.named("knee exact")),
                number(gain("exact")),
                number(group.named("knee fast")),
                number(gain("fast")),
                peer(group.fastest(Tier::Exact).as_ref()),
                ratio(Tier::Exact),
                ratio(Tier::Fast),
            ],
        );
    }
    page.push('\n');
}

fn calls(page: &mut String, groups: &[Group<'_>]) {
    let calls: Vec<&Group<'_>> = groups
        .iter()
        .filter(|group| group.cell().form == "call")
        .collect();
    let mut names: Vec<String> = Vec::new();
    for rival in calls.iter().flat_map(|group| group.rivals(Tier::Exact)) {
        if !names.contains(&rival.who) {
            names.push(rival.who);
        }
    }
    names.sort();
    if calls.is_empty() {
        return;
    }
    *page += "## A call on 16 elements\n\nns per call, from a compiled loop for knee, MKL and the Rust crates, from Python for the others.\n\n";
    let columns = ["function", "direction", "knee exact", "knee fast"];
    let columns: Vec<&str> = columns
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    header(page, &columns);
    for group in calls {
        let cell = group.cell();
        let mut cells = vec![
            cell.function.clone(),
            direction(&cell.direction).to_owned(),
            number(group.named("knee exact")),
            number(group.named("knee fast")),
        ];
        cells.extend(names.iter().map(|name| number(group.named(name))));
        row(page, &cells);
    }
    page.push('\n');
}

/// What a mark is called in the table of errors.
const MARKS: [(&str, &str); 7] = [
    ("wrong sign", "s"),
    ("NaN", "n"),
    ("inf", "i"),
    ("0", "z"),
    ("number for NaN", "q"),
    ("NaN at an infinity", "l"),
    ("subnormals are 0", "f"),
];

fn errors(page: &mut String, record: &Record) {
    *page += "## Errors\n\nThe largest error found, in ulp, and where. Letters: `s` a wrong sign, `n` NaN and `i` an infinity where the true result is a number, `z` 0 where it is a normal number, `q` a number for NaN, `l` NaN at an infinity that has a limit, `f` 0 for subnormal arguments or results.\n\n";
    let mut names: Vec<&str> = Vec::new();
    for error in &record.errors {
        if !names.contains(&error.who.as_str()) {
            names.push(&error.who);
        }
    }
    let columns = ["function", "direction", "type"];
    let columns: Vec<&str> = columns.into_iter().chain(names.iter().copied()).collect();
    header(page, &columns);
    let mut done: Vec<(&str, &str, &str)> = Vec::new();
    for error in &record.errors {
        let key = (
            error.function.as_str(),
            error.direction.as_str(),
            error.dtype.as_str(),
        );
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let (function, way, dtype) = key;
        let mut cells = vec![
            function.to_owned(),
            direction(way).to_owned(),
            dtype.to_owned(),
        ];
        cells.extend(names.iter().map(|who| {
            let error = record.error(function, way, dtype, who);
            error.map_or_else(|| NOTHING.to_owned(), verdict)
        }));
        row(page, &cells);
    }
}

/// An error with its place and its marks.
fn verdict(error: &Error) -> String {
    let letters: String = MARKS
        .iter()
        .filter(|(mark, _)| error.marks.iter().any(|found| found == mark))
        .map(|(_, letter)| *letter)
        .collect();
    let place = if error.ulp == Some(0.0) {
        String::new()
    } else {
        format!(" at {}", knee_figure::short(error.at))
    };
    let marks = if letters.is_empty() {
        letters
    } else {
        format!(" {letters}")
    };
    format!("{}{place}{marks}", ulps(error.ulp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::sample;
    use crate::bench::table;

    #[test]
    fn the_page_shows_times_errors_and_unexplained_misses() {
        let page = page(&sample(), &[]);
        let lines = [
            "| gelu | 1.41 | 0.35 | 0.18 | mkl ha 1.00 (3.5 ulp) | 1.00 | 4.00 | torch 0.25 (inf ulp) | 0.25 | 1.00 |",
            "| exact-gelu | gelu | forward, 64 Ki | torch (inf ulp) | 0.25 | 0.33 | not explained |",
            "| sigmoid | 0.20 | - | - | - | - | - | torch 0.40 | 2.00 | 2.00 |",
        ];
        for line in lines {
            assert!(page.contains(line), "no line {line} in\n{page}");
        }
    }

    #[test]
    fn a_table_has_as_many_cells_in_each_row_as_in_its_header() {
        table::check(&page(&sample(), &[]));
    }
}
