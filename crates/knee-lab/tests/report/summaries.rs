//! Records, judged.

use knee_figure::Charset;
use knee_lab::report::{self, Look, summaries};
use knee_lab::statistics::interval;
use knee_lab::{Seeds, Verdict};

use crate::fixture::{ARMS, record, records};

const LOOK: Look = Look {
    width: 300,
    charset: Charset::Ascii,
    colour: false,
};

#[test]
fn all_claims_hold() {
    let records = records(5, false);
    let summaries = summaries(&records).expect("known experiments");
    let [summary] = &summaries[..] else {
        panic!("one experiment, one set of parameters")
    };
    assert_eq!(summary.verdict, Verdict::Confirmed);
    assert_eq!(
        (summary.seeds, summary.held(), summary.claims.len()),
        (5, 7, 7)
    );
    assert!(summary.complete() && summary.set().is_empty());
    assert_eq!(summary.command(), "knee lab run collapse");
    assert_eq!(summary.label(), "collapse");
    assert_eq!(summary.dates(), ("2026-01-31", "2026-01-31"));
    assert_eq!(
        summary.deciding().expect("it claims something").sentence,
        summary.claims[0].sentence
    );
}

#[test]
fn the_order_of_the_records_does_not_matter() {
    let records = records(4, false);
    let mut turned = records.clone();
    turned.reverse();
    let (one, other) = (
        summaries(&records).expect("known"),
        summaries(&turned).expect("known"),
    );
    assert_eq!(report::html(&one), report::html(&other));
    assert_eq!(report::text(&one[0], LOOK), report::text(&other[0], LOOK));
    assert_eq!(report::json(&one), report::json(&other));
}

#[test]
fn a_missing_run_is_told() {
    let mut records = records(5, false);
    records.retain(|record| record.arm != "xor, relu" || record.seeds != Seeds::of(2));
    let mut strange = record("xor, relu", 0, false, &[]);
    strange.arm = "old arm".to_owned();
    records.push(strange);
    let summaries = summaries(&records).expect("known experiments");
    assert!(!summaries[0].complete());
    assert_eq!((summaries[0].seeds, summaries[0].runs("xor, relu")), (5, 4));
    let gaps =
        "Incomplete: xor, relu has 4 of 5 runs; 1 run of old arm, which is no arm, left out.";
    assert!(report::text(&summaries[0], LOOK).contains(gaps));
    assert!(report::html(&summaries).contains(gaps));
    assert_eq!(
        report::json(&summaries)["experiments"][0]["complete"],
        false
    );
}

#[test]
fn quick_runs_are_judged_apart_and_marked() {
    let mut all = records(5, false);
    all.extend(records(3, true));
    let summaries = summaries(&all).expect("known experiments");
    assert_eq!(summaries.len(), 2);
    assert_eq!(summaries[0].label(), "collapse");
    assert_eq!(summaries[1].label(), "collapse (quick)");
    assert_eq!(summaries[1].command(), "knee lab run collapse --quick");
    assert!(
        report::table(&summaries)
            .lines()
            .nth(1)
            .expect("two lines")
            .contains("3 seeds, quick")
    );
    assert!(
        report::text(&summaries[1], LOOK)
            .contains("verdict: confirmed (7 of 7 claims, 3 seeds, quick)")
    );
}

#[test]
fn the_command_says_what_was_set_and_which_seeds_were_held() {
    let mut records: Vec<_> = ARMS
        .iter()
        .map(|arm| record(arm, 0, true, &[("depth", "4"), ("rate", "0.01")]))
        .collect();
    let command = |records: &[_]| summaries(records).expect("known experiments")[0].command();
    assert_eq!(
        command(&records),
        "knee lab run collapse --seeds 1 --quick --set 'depth=4' --set 'rate=0.01'"
    );
    for record in &mut records {
        record.seeds.init = 7;
        record.data = Some("mine.csv#0123456789abcdef".to_owned());
    }
    assert_eq!(
        command(&records),
        "knee lab run collapse --seeds 1 --quick --set 'depth=4' --set 'rate=0.01' --init-seed 7 --data FILE --label COLUMN"
    );
}

#[test]
fn an_unknown_experiment_is_refused() {
    let mut records = records(1, false);
    records[0].experiment = "collaps".to_owned();
    let error = summaries(&records)
        .expect_err("it is not on the list")
        .to_string();
    assert!(
        error.contains("there is no experiment \"collaps\""),
        "{error}"
    );
}

#[test]
fn the_effect_that_decides_is_the_first_that_did_not_hold() {
    let mut records = records(5, false);
    for record in records
        .iter_mut()
        .filter(|record| record.arm == "rings, relu")
    {
        record.measured.set("test accuracy", 0.5);
    }
    let summaries = summaries(&records).expect("known experiments");
    assert_eq!(summaries[0].verdict, Verdict::Depends);
    assert_eq!(summaries[0].held(), 6);
    let deciding = summaries[0].deciding().expect("it claims something");
    assert_eq!(
        deciding.sentence,
        "On rings, the same stack with ReLU answers more than 95 % of the test samples."
    );
    assert!(
        report::text(&summaries[0], LOOK)
            .contains("median 0.5, interval 0.5 to 0.5 (93.75 %); asked for: above 0.95")
    );
}

#[test]
fn confidence_grows_with_the_seeds_and_is_at_least_what_is_asked() {
    let confidence = |n: u32| interval(&(0..n).map(f64::from).collect::<Vec<_>>()).confidence;
    assert_eq!(
        [1, 2, 3, 4, 5].map(confidence),
        [0.0, 0.5, 0.75, 0.875, 0.9375]
    );
    for n in 5..=40 {
        assert!(
            (0.9..1.0).contains(&confidence(n)),
            "{n} values: {}",
            confidence(n)
        );
    }
}

/// The interval covers the median as often as it says: counted over all orders of heads and tails of n throws.
#[test]
fn confidence_is_what_counting_gives() {
    for n in 1..=14_u32 {
        let values: Vec<f64> = (0..n).map(f64::from).collect();
        let found = interval(&values);
        // A sample is told by which of its values lie below the true median: of sorted values the first k.
        let covered = (0..1_u32 << n).filter(|throws| {
            let below = throws.count_ones();
            let (low, high) = (found.low as u32, found.high as u32);
            low < below && below <= high
        });
        let share = covered.count() as f64 / f64::from(1_u32 << n);
        assert!(
            (share - found.confidence).abs() < 1e-12,
            "{n} values: {share} and {}",
            found.confidence
        );
    }
}

#[test]
fn a_terminal_is_not_driven_by_words_of_a_record() {
    let mut records = records(1, false);
    records[0]
        .measured
        .text("fused\u{1b}[2J", "a\u{1b}[2J\nb\u{202e}");
    records[0].versions.target = "\u{1b}]0;x\u{7}".to_owned();
    records[0].data = None;
    let text = report::text(&summaries(&records).expect("known")[0], LOOK);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
}
