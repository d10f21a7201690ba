//! What a number of inputs allows to say.

use knee_doctor::statistics::{Silence, Verdict, bound, unseen};

use crate::support::random::Random;
use crate::support::{one_site, seen_at};

#[test]
fn verdicts() {
    let words = [0, 127, 128, 999, 1000].map(|n| Verdict::of(n).word());
    assert_eq!(
        words,
        [
            "insufficient data",
            "insufficient data",
            "quiet",
            "quiet",
            "dead"
        ]
    );
}

/// At the bound the chance of N silent inputs is 5 %, within the rule of three's error.
#[test]
fn the_bound_is_the_rule_of_three() {
    for inputs in [128_u64, 1000, 50_000] {
        let silent = (1.0 - bound(inputs)).powi(inputs as i32);
        assert!((0.04..=0.05).contains(&silent), "{inputs}: {silent}");
    }
    assert_eq!(bound(1), 1.0);
}

#[test]
fn the_estimate_is_zero_without_rare_units() {
    assert_eq!(unseen(0, 0), 0.0);
    assert_eq!(unseen(1, 5), 0.0);
    assert_eq!(unseen(10, 4), 9.0);
}

/// Units that fire at the same low rate: the estimate of the silent ones is near the truth.
#[test]
fn the_estimate_follows_the_truth() {
    for (seed, rate) in [(1, 1.0 / 300.0), (2, 1.0 / 600.0), (3, 1.0 / 1000.0)] {
        let network = one_site("relu", 2000);
        let mut random = Random::new(seed);
        let evidence = seen_at(&network, 0, 1000, 2000, |_, _| {
            if random.uniform() < rate { 1.0 } else { -1.0 }
        });
        let silence = Silence::of(evidence.site(0).expect("seen")).expect("judged");
        let silent = silence.silent.len() as f64;
        assert!(
            silence.by_chance > 0.75 * silent,
            "{} of {silent}",
            silence.by_chance
        );
    }
}

/// Dead units beside busy ones: nothing is put down to chance.
#[test]
fn dead_units_are_no_chance() {
    let network = one_site("relu", 100);
    let mut random = Random::new(4);
    let evidence = seen_at(&network, 0, 1000, 100, |_, unit| {
        if unit < 30 {
            -5.0
        } else {
            random.normal() as f32
        }
    });
    let silence = Silence::of(evidence.site(0).expect("seen")).expect("judged");
    assert_eq!(
        (silence.silent.len(), silence.by_chance, silence.dead()),
        (30, 0.0, 30.0)
    );
    assert_eq!(silence.share(), 0.3);
}
