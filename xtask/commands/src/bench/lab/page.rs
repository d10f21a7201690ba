//! docs/benchmarks/lab.md, from the record alone.

use std::fmt::Write as _;

use super::NETWORKS;
use crate::bench::number::{geometric_mean, rounded, shown};
use crate::bench::origin::origin;
use crate::bench::record::Record;
use crate::bench::table::{NOTHING, header, row};

const HOW: &str = "\
A training step as `knee lab run` makes it, beside the same step in PyTorch without a compiler: forward, mean cross-entropy, backward and a step of
Adam on one batch of 32 samples. Both take turns in one process, round after round, on one thread, which is kept on one processor; the tables show medians.
The same shapes, not the same weights. PyTorch's Adam is the fused one, which is faster than its default.

- The MLPs have three hidden layers of 32 units with ReLU on 2 inputs, three of 64 with GELU on 64 inputs, and twenty of 64 with sigmoid.
- The CNN has four convolutions of 3x3 (8, 16, 16 and 16 channels) with ReLU on grey images of 16x16, halved after the first three.
- The Transformer has two causal blocks with 4 heads, is 32 wide with GELU networks 128 wide, and names each next symbol of sequences of 32.

A ratio is PyTorch's time by the lab's: above 1 the lab is faster.";

/// The whole page.
pub(super) fn page(record: &Record) -> String {
    let mut page = String::from(
        "# The lab's training steps\n\nWritten by `cargo xtask bench lab` from [lab.json](lab.json); `cargo xtask generate` makes it again from there.\n\n",
    );
    if record.quick {
        page += "A quick run: few and short repetitions.\n\n";
    }
    page += "## What was measured\n\n";
    page += HOW;
    page += "\n\n";
    origin(&mut page, record);
    page += "## Steps\n\nMicroseconds for a step.\n\n";
    header(
        &mut page,
        &[
            "network",
            "knee lab",
            "PyTorch",
            "PyTorch / knee lab",
            "aim",
            "",
        ],
    );
    let groups = record.groups();
    let mut ratios = Vec::new();
    for (network, _, aim) in NETWORKS {
        let Some(group) = groups.iter().find(|group| group.cell().function == network) else {
            continue;
        };
        let (own, theirs) = (group.named("knee lab"), group.named("torch"));
        let ratio = own.zip(theirs).map(|(own, theirs)| theirs / own);
        ratios.extend(ratio);
        let microseconds = |ns: Option<f64>| ns.map_or(NOTHING.to_owned(), |ns| shown(ns / 1e3));
        let verdict = ratio.map_or("not measured", |ratio| {
            if rounded(ratio) >= aim {
                "met"
            } else {
                "missed"
            }
        });
        row(
            &mut page,
            &[
                network.to_owned(),
                microseconds(own),
                microseconds(theirs),
                ratio.map_or(NOTHING.to_owned(), shown),
                shown(aim),
                verdict.to_owned(),
            ],
        );
    }
    if let Some(mean) = geometric_mean(&ratios) {
        let _ = writeln!(page, "\nGeometric mean of the ratios: {}.", shown(mean));
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}
