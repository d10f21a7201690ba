//! What every rule owes its reader.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use knee_doctor::rules;
use knee_doctor::{Error, Selection, Settings, explain};

#[test]
fn slugs_are_unique_kebab_case() {
    let mut seen = HashSet::new();
    for rule in rules::all() {
        let slug = rule.meta().slug;
        assert!(seen.insert(slug), "{slug} twice");
        assert!(
            slug.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{slug}"
        );
        assert!(
            !slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"),
            "{slug}"
        );
    }
    assert_eq!(seen.len(), 21);
}

#[test]
fn the_prose_has_the_four_headings_in_order() {
    for rule in rules::all() {
        let meta = rule.meta();
        let headings: Vec<&str> = meta
            .prose
            .lines()
            .filter_map(|line| line.trim().strip_prefix("## "))
            .collect();
        let expected = [
            "What it checks",
            "Why it matters",
            "How it is measured",
            "What to do",
        ];
        assert_eq!(headings, expected, "{}", meta.slug);
        assert!(
            !meta.title.is_empty() && meta.why.ends_with('.'),
            "{}",
            meta.slug
        );
    }
}

#[test]
fn parameters_state_their_source() {
    for rule in rules::all() {
        let meta = rule.meta();
        let mut names = HashSet::new();
        for parameter in meta.parameters {
            assert!(
                names.insert(parameter.name),
                "{}.{} twice",
                meta.slug,
                parameter.name
            );
            assert!(
                parameter.default.is_finite(),
                "{}.{}",
                meta.slug,
                parameter.name
            );
            assert!(
                parameter.about.ends_with('.'),
                "{}.{}",
                meta.slug,
                parameter.name
            );
            assert!(
                parameter.source.ends_with('.'),
                "{}.{}",
                meta.slug,
                parameter.name
            );
        }
    }
}

#[test]
fn explain_prints_prose_and_parameters() {
    let text = explain("dead-units").expect("a rule");
    assert!(text.starts_with("# dead-units\n"));
    assert!(text.contains("## What to do"));
    assert!(text.contains("`warn` = 0.1"));
    for rule in rules::all() {
        assert!(explain(rule.meta().slug).is_ok());
    }
}

/// Each rule has a file of tests here, with a module of cases that fire and one of cases where it
/// is silent.
#[test]
fn every_rule_has_firing_and_silent_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    for rule in rules::all() {
        let slug = rule.meta().slug;
        let path = folder.join(slug.replace('-', "_")).with_extension("rs");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for module in ["mod fires {", "mod silent {"] {
            let (_, body) = text
                .split_once(module)
                .unwrap_or_else(|| panic!("{slug}: no {module}"));
            let body = body.split("\nmod ").next().unwrap_or_default();
            assert!(body.contains("#[test]"), "{slug}: {module} has no test");
        }
    }
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest() {
    let error = Selection::new(&["dead-unit"], &[]).expect_err("unknown");
    let expected = Error::UnknownRule {
        given: "dead-unit".to_owned(),
        nearest: "dead-units".to_owned(),
    };
    assert_eq!(error, expected);
    assert!(error.to_string().contains("did you mean `dead-units`?"));
}

#[test]
fn settings_change_a_parameter_and_nothing_else() {
    let mut settings = Settings::default();
    settings.set("dead-units.warn=0.2").expect("a setting");
    let meta = knee_doctor::meta("dead-units").expect("a rule");
    let value = |name: &str| {
        let parameter = meta
            .parameters
            .iter()
            .find(|p| p.name == name)
            .expect("a parameter");
        settings.value(meta, parameter)
    };
    assert_eq!(
        (value("info"), value("warn"), value("error")),
        (0.01, 0.2, 0.3)
    );
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let refused = |text: &str| Settings::default().set(text).expect_err(text).to_string();
    assert!(refused("dead-units.warn").contains("no `=`"));
    assert!(refused("dead-units=1").contains("no `.`"));
    assert!(refused("dead-units.warn=much").contains("no number"));
    assert!(refused("dead-units.warn=inf").contains("not finite"));
    assert!(refused("dead-units.worn=1").contains("it has info, warn, error"));
    assert!(refused("deed-units.warn=1").contains("dead-units"));
}

#[test]
fn only_and_skip_choose_rules() {
    let selection = Selection::new(&["dead-units", "dead-layer"], &["dead-layer"]).expect("rules");
    assert!(selection.runs("dead-units"));
    assert!(!selection.runs("dead-layer"));
    assert!(!selection.runs("off-centre"));
    assert!(Selection::default().runs("off-centre"));
}
