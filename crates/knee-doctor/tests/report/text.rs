//! The report for a terminal.

use knee_doctor::report::{TextOptions, explain, text};
use knee_doctor::{Diagnosis, rules};

use crate::fixture::{sick, unseen};

fn options() -> TextOptions {
    TextOptions::default()
}

/// The version changes with every release; the snapshot does not.
#[test]
fn a_sick_network() {
    insta::assert_snapshot!(text(
        &sick(),
        &TextOptions {
            example: Some("sick".to_owned()),
            ..options()
        }
    ));
}

#[test]
fn a_narrow_terminal() {
    insta::assert_snapshot!(text(
        &sick(),
        &TextOptions {
            width: 80,
            ..options()
        }
    ));
}

#[test]
fn a_network_that_was_not_run() {
    insta::assert_snapshot!(text(&unseen(), &options()));
}

#[test]
fn the_first_lines_name_the_example() {
    let report = text(
        &sick(),
        &TextOptions {
            example: Some("sick".to_owned()),
            ..options()
        },
    );
    let first: Vec<&str> = report.lines().take(3).collect();
    assert!(
        first.join(" ").contains("embedded example `sick`"),
        "{first:?}"
    );
    assert!(!text(&sick(), &options()).contains("embedded"));
}

#[test]
fn lines_fit_the_width() {
    for width in [60, 80, 100, 120] {
        let options = TextOptions { width, ..options() };
        for diagnosis in [sick(), unseen()] {
            for line in text(&diagnosis, &options).lines() {
                // A command is printed whole.
                let command = line.contains("knee doctor");
                assert!(command || line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = text(&sick(), &options());
    let coloured = text(
        &sick(),
        &TextOptions {
            colour: true,
            ..options()
        },
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[1;31m"));
    let mut stripped = String::new();
    let mut pieces = coloured.split('\u{1b}');
    stripped.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        stripped.push_str(piece.split_once('m').expect("a colour ends in m").1);
    }
    assert_eq!(stripped, plain);
}

#[test]
fn ascii_is_ascii() {
    let mut diagnosis = sick();
    diagnosis.sites[0].site = "größe/Relu".to_owned();
    assert!(
        text(
            &diagnosis,
            &TextOptions {
                ascii: true,
                ..options()
            }
        )
        .is_ascii()
    );
}

#[test]
fn a_name_from_a_file_cannot_drive_the_terminal() {
    let hostile = "evil\u{1b}]0;title\u{7}\u{202e}\nnext";
    let mut diagnosis = sick();
    hostile.clone_into(&mut diagnosis.model.name);
    diagnosis.model.path = Some(hostile.to_owned());
    hostile.clone_into(&mut diagnosis.model.inputs[0].name);
    for site in &mut diagnosis.sites {
        hostile.clone_into(&mut site.site);
    }
    for finding in &mut diagnosis.findings {
        finding.site = Some(hostile.to_owned());
        finding.layer = Some(hostile.to_owned());
        hostile.clone_into(&mut finding.cause);
        hostile.clone_into(&mut finding.recheck);
        finding.fixes = vec![hostile.to_owned()];
    }
    let report = text(&diagnosis, &options());
    assert!(
        report.chars().all(|c| c == '\n' || !c.is_control()),
        "{report}"
    );
    assert!(!report.contains('\u{202e}'));
}

#[test]
fn one_rule_at_many_places_advises_once() {
    let mut diagnosis = sick();
    let mut finding = diagnosis.findings[0].clone();
    let advice = finding.fixes[0].clone();
    for site in ["second", "third"] {
        finding.site = Some(site.to_owned());
        finding.cause = format!("measured at the {site}");
        diagnosis.findings.push(finding.clone());
    }
    finding.fixes = vec!["something else".to_owned()];
    diagnosis.findings.push(finding.clone());
    let options = TextOptions {
        width: 120,
        ..options()
    };
    let report = text(&diagnosis, &options);
    assert_eq!(report.matches(&advice).count(), 1, "{report}");
    assert!(
        report.contains(&format!("{} at 3 places", finding.rule)),
        "{report}"
    );
    assert!(report.contains("measured at the second"), "{report}");
    // Other advice stands by itself.
    assert!(report.contains("1. something else"), "{report}");
}

#[test]
fn an_empty_diagnosis_is_a_report() {
    let mut diagnosis: Diagnosis = unseen();
    diagnosis.sites.clear();
    diagnosis.not_checked.clear();
    diagnosis.model.inputs.clear();
    let report = text(&diagnosis, &options());
    assert!(report.contains("Activation sites: none") && report.contains("Findings: none"));
}

#[test]
fn every_rule_explains_itself_in_the_width() {
    for rule in rules::all() {
        let meta = rule.meta();
        let page = explain(
            meta,
            &TextOptions {
                width: 80,
                ..options()
            },
        );
        assert!(page.starts_with(meta.slug), "{page}");
        for heading in [
            "What it checks",
            "Why it matters",
            "How it is measured",
            "What to do",
            "Parameters",
        ] {
            assert!(
                page.lines().any(|line| line == heading),
                "{}: no heading {heading}",
                meta.slug
            );
        }
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", meta.slug);
        }
    }
}

#[test]
fn a_rule_explained() {
    let meta = knee_doctor::meta("output-range").expect("a rule");
    insta::assert_snapshot!(explain(
        meta,
        &TextOptions {
            width: 80,
            ..options()
        }
    ));
}
