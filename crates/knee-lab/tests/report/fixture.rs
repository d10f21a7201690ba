//! Records of the experiment `collapse`, made by hand.

use knee_lab::{FORMAT, Measured, Record, Seeds, Settings, Sighting, Versions, experiments};

pub(crate) const ARMS: [&str; 6] = [
    "xor, nothing",
    "xor, relu",
    "rings, nothing",
    "rings, relu",
    "spirals, nothing",
    "spirals, relu",
];

/// One run: the stack without activations at 60 %, the one with ReLU at 99 %, each a little else on each seed.
pub(crate) fn record(arm: &str, repetition: usize, quick: bool, set: &[(&str, &str)]) -> Record {
    let collapse = experiments::named("collapse").expect("it is on the list");
    let settings = Settings::new(collapse.meta(), quick, set).expect("values in range");
    let plain = arm.ends_with("nothing");
    let step = repetition as f64 / 1000.0;
    let mut measured = Measured::default();
    measured.set("test accuracy", if plain { 0.6 } else { 0.99 } + step);
    if plain {
        measured.set("difference", 3e-7 + step * 1e-5);
        measured.sightings.push(Sighting {
            rule: "linear-collapse".to_owned(),
            level: "warn".to_owned(),
            site: None,
            epoch: 1,
        });
        measured.text("fused", "y = W x + b\n  W = [1, 2] & <3>");
    }
    measured.curve(
        "loss",
        (0..4).map(|epoch| (f64::from(epoch), 0.5 / f64::from(epoch + 1))),
    );
    measured.time("run", 0.25 + step);
    Record {
        format: FORMAT.to_owned(),
        experiment: "collapse".to_owned(),
        arm: arm.to_owned(),
        seeds: Seeds::of(repetition),
        quick,
        parameters: settings.values().clone(),
        data: None,
        measured,
        versions: Versions {
            knee: "0.1.0".to_owned(),
            burn: "0.22.1".to_owned(),
            target: "x86_64-linux".to_owned(),
        },
        date: "2026-01-31".to_owned(),
    }
}

/// Runs of all arms on so many seeds.
pub(crate) fn records(seeds: usize, quick: bool) -> Vec<Record> {
    let arms = ARMS.iter();
    arms.flat_map(|arm| (0..seeds).map(|seed| record(arm, seed, quick, &[])))
        .collect()
}
