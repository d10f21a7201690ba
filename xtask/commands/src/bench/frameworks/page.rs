//! docs/benchmarks/frameworks.md, from the record alone.

use std::fmt::Write as _;

use super::plan::{NETWORKS, SIZES};
use crate::bench::groups::{Group, Tier, direction, size};
use crate::bench::number::{geometric_mean, rounded, shown};
use crate::bench::origin::origin;
use crate::bench::record::Record;
use crate::bench::table::{NOTHING, header, number, row};

/// The frameworks, by their names in the record and in headings.
const FRAMEWORKS: [(&str, &str); 2] = [("burn", "Burn"), ("candle", "candle")];
/// The ways through an operation: direction and form.
const WAYS: [(&str, &str); 3] = [("forward", "out"), ("both", "out"), ("forward", "in_place")];
/// The functions with an aim.
const AIMED: [&str; 4] = ["gelu", "tanh", "softplus", "mish"];
/// How many times as fast as the frameworks' own functions these are to be.
const AIM: f64 = 10.0;

const HOW: &str = "\
What a user of a framework gains by writing knee's function in place of the framework's own. Everything that is compared takes turns in one
process: round after round, and each round begins with another one. The tables show medians of f32. With one thread, the process is kept on one
processor. A ratio is the other's time by knee's: above 1 knee is faster.

Operations, on one thread:

- Burn runs on its flex backend, candle on the CPU; both are built for the processor that they run on. A time is that of the whole operation as a user
  calls it: the tensor of the result is made and dropped. Inputs are normally distributed with mean 0 and standard deviation 3; rows have 1000 elements.
- The memory of dropped tensors stays with the program, as it does once a large tensor has been dropped, and nobody waits for the system's pages.
- *Forward* is without a tape. *Forward and backward* is one pass of each with a new tape; the upstream gradient is a tensor of ones for everybody, and the time that
  it takes to make one is subtracted.
- *In place* is forward on a tensor whose buffer nobody else holds, which both Burn and knee take over. Such a tensor is made by a multiplication by 1, whose
  time alone is subtracted. Where less than a quarter of a time is left after a subtraction, there is no number. candle makes new tensors always.
- candle has no softplus: it is composed as `(x.exp()? + 1.0)?.log()`, as candle's own networks do. Its fused softmax has no gradient; with a gradient, its softmax is the
  composed one.
- knee has two tiers, and `knee_burn::activation(x, function)` is the exact one. Softmax and log-softmax have one tier.

Training steps, on one thread and on two: forward, mean cross-entropy, backward and a step of stochastic gradient descent on one batch, in Burn with its own
activations, softmax and loss, in Burn with knee's, and in PyTorch without a compiler. Everything else in the network is the framework's own: the same shapes, not the same
weights.

- The MLP is 784-512-512-10 with GELU, on 128 samples.
- The CNN has four convolutions of 3x3 (32, 32, 64 and 64 channels) with SiLU, two poolings and a linear layer, on 32 images of 3x32x32.
- The Transformer has two layers with 4 heads, is 128 wide, with GELU networks 512 wide, on 8 sequences of 64 bytes; a class of 256 for each. Attention is
  written as two products with a softmax between them, in PyTorch too.
- *Without* is Burn's step with the activations and the softmax of the attention left out; what a step takes longer is the share of the activations. The loss stays.";

/// The whole page.
pub(super) fn page(record: &Record) -> String {
    let groups = record.groups();
    let mut page = String::from(
        "# In Burn and candle\n\nWritten by `cargo xtask bench frameworks` from [frameworks.json](frameworks.json); `cargo xtask generate` makes it again from there.\n\n",
    );
    if record.quick {
        page += "A quick run: few and short repetitions.\n\n";
    }
    page += "## What was measured\n\n";
    page += HOW;
    page += "\n\n";
    origin(&mut page, record);
    aims(&mut page, &groups);
    means(&mut page, &groups);
    steps(&mut page, &groups);
    shares(&mut page, &groups);
    for (framework, heading) in FRAMEWORKS {
        for way in WAYS {
            for elements in SIZES {
                operations(&mut page, &groups, (framework, heading), way, elements);
            }
        }
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

/// knee's time in a framework; that of the exact tier where there is no other.
fn knee(group: &Group<'_>, tier: Tier, framework: &str) -> Option<f64> {
    let named = |tier: Tier| group.named(&format!("knee {} in {framework}", tier.word()));
    named(tier).or_else(|| named(Tier::Exact))
}

/// The framework's time by knee's.
fn ratio(group: &Group<'_>, tier: Tier, framework: &str) -> Option<f64> {
    Some(group.named(framework)? / knee(group, tier, framework)?)
}

/// Whether the group is that way through a function.
fn goes(group: &Group<'_>, (direction, form): (&str, &str)) -> bool {
    group.cell().direction == direction && group.cell().form == form
}

/// A way in words.
fn words((way, form): (&str, &str)) -> String {
    if form == "in_place" {
        "in place".to_owned()
    } else {
        direction(way).to_owned()
    }
}

fn aims(page: &mut String, groups: &[Group<'_>]) {
    let _ = writeln!(
        page,
        "## Aims\n\nThe framework's own time by knee's, at least {AIM} for {}. The smallest of both sizes, forward, and forward and backward.\n",
        AIMED.join(", ")
    );
    header(
        page,
        &[
            "function", "in", "exact", "where", "aim", "fast", "where", "aim",
        ],
    );
    for function in AIMED {
        for (framework, heading) in FRAMEWORKS {
            let mut cells = vec![function.to_owned(), heading.to_owned()];
            for tier in [Tier::Exact, Tier::Fast] {
                cells.extend(worst(groups, function, framework, tier));
            }
            row(page, &cells);
        }
    }
    page.push('\n');
}

/// The smallest ratio, where it was found, and whether it reaches the aim.
fn worst(groups: &[Group<'_>], function: &str, framework: &str, tier: Tier) -> [String; 3] {
    let found = groups
        .iter()
        .filter(|group| group.cell().function == function && group.cell().form == "out")
        .filter_map(|group| Some((ratio(group, tier, framework)?, group)));
    let worst = found.min_by(|(a, _), (b, _)| a.total_cmp(b));
    worst.map_or_else(
        || [NOTHING, NOTHING, "not measured"].map(str::to_owned),
        |(ratio, group)| {
            let met = rounded(ratio) >= AIM;
            let verdict = if met { "met" } else { "missed" };
            [shown(ratio), group.place(), verdict.to_owned()]
        },
    )
}

fn means(page: &mut String, groups: &[Group<'_>]) {
    *page += "## Means\n\nGeometric means of the ratios over all functions; in parentheses how many numbers they are of.\n\n";
    let mut columns = vec!["in".to_owned(), "way".to_owned()];
    for elements in SIZES {
        for tier in [Tier::Exact, Tier::Fast] {
            columns.push(format!("{}, {}", tier.word(), size(elements)));
        }
    }
    header(
        page,
        &columns.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    for (framework, heading) in FRAMEWORKS {
        for way in WAYS {
            let mut cells = vec![heading.to_owned(), words(way)];
            for elements in SIZES {
                for tier in [Tier::Exact, Tier::Fast] {
                    let ratios: Vec<f64> = groups
                        .iter()
                        .filter(|group| goes(group, way) && group.has_size(elements))
                        .filter_map(|group| ratio(group, tier, framework))
                        .collect();
                    cells.push(geometric_mean(&ratios).map_or_else(
                        || NOTHING.to_owned(),
                        |mean| format!("{} ({})", shown(mean), ratios.len()),
                    ));
                }
            }
            if cells[2..].iter().any(|cell| cell != NOTHING) {
                row(page, &cells);
            }
        }
    }
    page.push('\n');
}

/// The groups of the networks, by network and by threads, with the network's name as a page has it.
fn trained<'g, 'r>(groups: &'g [Group<'r>]) -> impl Iterator<Item = (String, &'g Group<'r>)> {
    NETWORKS.iter().flat_map(move |(network, _)| {
        let those = groups
            .iter()
            .filter(move |group| group.cell().form == "step" && group.cell().function == *network);
        those.map(|group| (name(network), group))
    })
}

/// A network in a sentence.
fn name(network: &str) -> String {
    match network {
        "transformer" => "Transformer".to_owned(),
        short => short.to_uppercase(),
    }
}

fn steps(page: &mut String, groups: &[Group<'_>]) {
    *page += "## Training steps\n\nMilliseconds for a step, and ratios.\n\n";
    header(
        page,
        &[
            "network",
            "threads",
            "Burn",
            "with knee exact",
            "with knee fast",
            "PyTorch",
            "Burn / exact",
            "Burn / fast",
            "PyTorch / exact",
            "PyTorch / fast",
        ],
    );
    for (network, group) in trained(groups) {
        let milliseconds = |who: &str| number(group.named(who).map(|ns| ns / 1e6));
        let ratio = |who: &str, knee: &str| {
            let both = group.named(who).zip(group.named(knee));
            number(both.map(|(theirs, own)| theirs / own))
        };
        row(
            page,
            &[
                network,
                group.cell().threads.to_string(),
                milliseconds("burn"),
                milliseconds("knee exact"),
                milliseconds("knee fast"),
                milliseconds("torch"),
                ratio("burn", "knee exact"),
                ratio("burn", "knee fast"),
                ratio("torch", "knee exact"),
                ratio("torch", "knee fast"),
            ],
        );
    }
    page.push('\n');
}

fn shares(page: &mut String, groups: &[Group<'_>]) {
    *page += "## The share of the activations\n\nMilliseconds for a step without them, and how much of a step they take, in percent.\n\n";
    header(
        page,
        &[
            "network",
            "threads",
            "without",
            "Burn",
            "knee exact",
            "knee fast",
        ],
    );
    for (network, group) in trained(groups) {
        let without = group.named("without");
        let share = |who: &str| {
            let both = group.named(who).zip(without);
            number(both.map(|(with, without)| 100.0 * (with - without) / with))
        };
        row(
            page,
            &[
                network,
                group.cell().threads.to_string(),
                number(without.map(|ns| ns / 1e6)),
                share("burn"),
                share("knee exact"),
                share("knee fast"),
            ],
        );
    }
    page.push('\n');
}

/// The functions in a framework, one way and at one size.
fn operations(
    page: &mut String,
    groups: &[Group<'_>],
    (framework, heading): (&str, &str),
    way: (&str, &str),
    elements: u64,
) {
    let timed = |group: &&Group<'_>| knee(group, Tier::Exact, framework).is_some();
    let mut found = groups
        .iter()
        .filter(|group| goes(group, way) && group.has_size(elements))
        .filter(timed)
        .peekable();
    if found.peek().is_none() {
        return;
    }
    let _ = writeln!(
        page,
        "## {heading}, {}, {} elements\n\nns per element, and ratios.\n",
        words(way),
        size(elements)
    );
    header(
        page,
        &[
            "function",
            heading,
            "knee exact",
            "knee fast",
            "exact",
            "fast",
        ],
    );
    for group in found {
        row(
            page,
            &[
                group.subject(),
                number(group.named(framework)),
                number(knee(group, Tier::Exact, framework)),
                number(group.named(&format!("knee fast in {framework}"))),
                number(ratio(group, Tier::Exact, framework)),
                number(ratio(group, Tier::Fast, framework)),
            ],
        );
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::table;

    /// Two functions in both frameworks, and a network on one thread and on two.
    fn sample() -> Record {
        Record::read(include_str!("sample.json")).expect("a record")
    }

    #[test]
    fn the_page_shows_ratios_aims_and_steps() {
        let page = page(&sample());
        let lines = [
            "| gelu | Burn | 8.00 | forward and backward, 64 Ki | missed | 16.00 | forward and backward, 64 Ki | met |",
            "| tanh | Burn | - | - | not measured | - | - | not measured |",
            "| Burn | forward | 4.90 (2) | 6.93 (2) | - | - |",
            "| gelu | 12.00 | 1.00 | 0.50 | 12.00 | 24.00 |",
            "| softmax, rows of 1000 | 6.00 | 3.00 | - | 2.00 | 2.00 |",
            "| MLP | 1 | 20.00 | 16.00 | 12.00 | 8.00 | 1.25 | 1.67 | 0.50 | 0.67 |",
            "| MLP | 2 | 10.00 | 8.00 | - | - | 1.25 | - | - | - |",
            "| MLP | 1 | 10.00 | 50.00 | 37.50 | 16.67 |",
            "| burn | 0.22.1 |",
        ];
        for line in lines {
            assert!(page.contains(line), "no line {line} in\n{page}");
        }
    }

    #[test]
    fn a_table_has_as_many_cells_in_each_row_as_in_its_header() {
        table::check(&page(&sample()));
    }
}
