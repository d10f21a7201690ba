//! Every experiment, as the list has it.

use knee_lab::{HEADINGS, Results, Settings, experiments};

#[test]
fn every_experiment_says_what_it_asks_does_predicts_and_measures() {
    for one in experiments::all() {
        let meta = one.meta();
        for heading in HEADINGS {
            assert!(
                !meta.part(heading).is_empty(),
                "{}: nothing under {heading}",
                meta.name
            );
        }
        assert!(
            meta.sentence.ends_with('.'),
            "{}: \"{}\" is no sentence",
            meta.name,
            meta.sentence
        );
        assert!(!meta.title.ends_with('.'), "{}: {}", meta.name, meta.title);
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(meta.name.chars().all(kebab), "{}", meta.name);
    }
}

#[test]
fn names_are_unique_and_found() {
    for one in experiments::all() {
        let name = one.meta().name;
        let found = experiments::named(name).expect("it is on the list");
        assert!(std::ptr::eq(found.meta(), one.meta()), "{name}");
    }
}

#[test]
fn defaults_are_in_range_and_give_arms_of_different_names() {
    for one in experiments::all() {
        let meta = one.meta();
        for quick in [false, true] {
            let settings =
                Settings::new(meta, quick, &[]).unwrap_or_else(|error| panic!("{error}"));
            let mut arms = one.arms(&settings);
            assert!(!arms.is_empty(), "{}", meta.name);
            let count = arms.len();
            arms.sort();
            arms.dedup();
            assert_eq!(arms.len(), count, "{}: two arms have one name", meta.name);
        }
    }
}

#[test]
fn judging_and_drawing_need_no_finished_run() {
    for one in experiments::all() {
        let settings =
            Settings::new(one.meta(), true, &[]).unwrap_or_else(|error| panic!("{error}"));
        let results = Results::new(&settings, one.arms(&settings), &[]);
        for claim in one.judge(&results) {
            let _ = claim.verdict();
        }
        for figure in one.figures(&results) {
            assert!(figure.svg().starts_with("<svg"), "{}", one.meta().name);
        }
    }
}

#[test]
fn records_carry_the_version_of_burn_that_the_workspace_asks_for() {
    let manifest = include_str!("../../../Cargo.toml");
    let asked = manifest
        .lines()
        .find_map(|line| line.strip_prefix("burn = { version = \""));
    let version = asked.and_then(|rest| rest.split('"').next());
    assert_eq!(Some(knee_lab::Versions::current().burn.as_str()), version);
}
