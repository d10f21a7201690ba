//! The words that all reports share.

use knee_figure::short;

use super::Summary;
use crate::record::Versions;
use crate::statistics::Interval;
use crate::verdict::{Claim, Criterion, Effect};

/// What median, band and interval mean: a term and a sentence.
pub(super) const LEGEND: [(&str, &str); 6] = [
    (
        "median",
        "Half of the seeds gave less and half gave more. Each seed gives other data, other initial weights and another order of the samples.",
    ),
    (
        "band",
        "From the smallest to the largest value of the seeds; in figures the shaded area around the line of the median.",
    ),
    (
        "interval",
        "Two of the measured values (order statistics) that lie on both sides of the true median with the confidence given beside them, \
         whatever the distribution. It is the narrowest such interval with a confidence of 90 %, and the whole band where so few seeds do not \
         reach that: 93.75 % from 5 seeds, 75 % from 3.",
    ),
    (
        "verdict",
        "A claim is confirmed when its whole interval is where the claim says, not confirmed when none of it is, and otherwise depends on \
         the seed. A sentence is confirmed when all its own claims are, not confirmed when none is, and otherwise depends; claims beside the \
         sentence decide nothing about it.",
    ),
    (
        "quick",
        "Smaller data, shorter training and fewer seeds than the experiment asks for: a first look, not a result to cite.",
    ),
    (
        "inf, NaN",
        "inf is a value like any other and mostly means never; NaN means that a run could not say, and speaks for no claim.",
    ),
];

/// An interval, and how sure it is.
pub(super) fn interval(interval: &Interval) -> String {
    if interval.low.is_nan() && interval.high.is_nan() && interval.confidence == 0.0 {
        return "-".to_owned();
    }
    let ends = format!("{} to {}", short(interval.low), short(interval.high));
    if interval.confidence == 0.0 {
        return format!("{ends} (one seed)");
    }
    format!("{ends} ({})", percent(interval.confidence))
}

/// A confidence with all its digits.
pub(super) fn percent(confidence: f64) -> String {
    format!("{} %", short(100.0 * confidence))
}

/// The median with its interval.
pub(super) fn effect(effect: &Effect) -> String {
    if effect.values.is_empty() {
        return "no runs".to_owned();
    }
    let of_median = interval(&effect.interval());
    format!("median {}, interval {of_median}", short(effect.median()))
}

/// What an effect has to be.
pub(super) fn criterion(criterion: Criterion) -> String {
    match criterion {
        Criterion::Above(bound) => format!("above {}", short(bound)),
        Criterion::Below(bound) => format!("below {}", short(bound)),
        Criterion::Between(low, high) => format!("from {} to {}", short(low), short(high)),
    }
}

/// How a claim came to its verdict.
pub(super) fn reason(claim: &Claim) -> String {
    format!(
        "{}: {}; asked for: {}",
        claim.effect.what,
        effect(&claim.effect),
        criterion(claim.criterion)
    )
}

/// The day of the runs, or the first and the last.
pub(super) fn dates(summary: &Summary<'_>) -> String {
    match summary.dates() {
        (first, last) if first == last => first.to_owned(),
        (first, last) => format!("{first} to {last}"),
    }
}

/// What the runs were made with.
pub(super) fn versions(summary: &Summary<'_>) -> String {
    let one = |versions: &&Versions| {
        format!(
            "knee {}, Burn {}, {}",
            versions.knee, versions.burn, versions.target
        )
    };
    let all: Vec<String> = summary.versions().iter().map(one).collect();
    all.join("; ")
}

/// The seeds, with a mark for a quick run.
pub(super) fn seeds(summary: &Summary<'_>) -> String {
    let quick = if summary.settings.quick() {
        ", quick"
    } else {
        ""
    };
    format!("{}{quick}", number_of(summary.seeds, "seed"))
}

/// `1 seed`, `2 seeds`.
pub(super) fn number_of(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Of how many claims how many held.
pub(super) fn claims(summary: &Summary<'_>) -> String {
    format!(
        "{} of {}",
        summary.held(),
        number_of(summary.claims.len(), "claim")
    )
}

/// Which runs are missing, and which belong to no arm; nothing where all is there.
pub(super) fn gaps(summary: &Summary<'_>) -> Option<String> {
    let short_of = |arm: &&String| summary.runs(arm) < summary.seeds;
    let missing = summary
        .arms
        .iter()
        .filter(short_of)
        .map(|arm| format!("{arm} has {} of {} runs", summary.runs(arm), summary.seeds));
    let strange = summary.strangers().into_iter().map(|(arm, runs)| {
        format!(
            "{} of {arm}, which is no arm, left out",
            number_of(runs, "run")
        )
    });
    let gaps: Vec<String> = missing.chain(strange).collect();
    (!gaps.is_empty()).then(|| format!("Incomplete: {}.", gaps.join("; ")))
}

/// The claim, and whether it stands beside the sentence.
pub(super) fn claim(claim: &Claim) -> String {
    if claim.beside {
        format!("{} (beside the sentence)", claim.sentence)
    } else {
        claim.sentence.clone()
    }
}

/// The effect of a claim with its median and interval.
pub(super) fn deciding(claim: &Claim) -> String {
    format!("{}: {}", claim.effect.what, effect(&claim.effect))
}

/// The number of runs, and their time.
pub(super) fn runs(summary: &Summary<'_>) -> String {
    let seconds = short(summary.seconds());
    format!(
        "{}, {seconds} s of computing",
        number_of(summary.records.len(), "run")
    )
}

/// A name for each summary that no other has, for ids and files.
pub(super) fn ids(summaries: &[Summary<'_>]) -> Vec<String> {
    let mut ids = Vec::new();
    for (index, summary) in summaries.iter().enumerate() {
        let name = summary.meta.name;
        let before = summaries[..index]
            .iter()
            .filter(|other| other.meta.name == name)
            .count();
        ids.push(if before == 0 {
            name.to_owned()
        } else {
            format!("{name}-{}", before + 1)
        });
    }
    ids
}
