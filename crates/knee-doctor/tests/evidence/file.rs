//! The file form: exact, versioned, and refused with a clear message when it is something else.

use knee_doctor::Error;
use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};

use crate::support::one_site;
use crate::support::random::Random;

fn evidence() -> Evidence {
    let network = one_site("gelu", 3);
    let mut random = Random::new(8);
    let z: Vec<f64> = (0..600).map(|_| random.normal() / 3.0).collect();
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(0, Values::F64(&z), Values::F64(&z), Layout::dense(200, 3));
    recorder.finish_chunk(200);
    recorder.into_evidence()
}

#[test]
fn every_number_comes_back_with_the_same_bits() {
    let written = evidence();
    let read = Evidence::from_json(&written.to_json()).expect("evidence");
    assert_eq!(read, written);
    assert_eq!(read.to_json(), written.to_json());
}

/// Nothing was seen at all: infinite least and greatest values.
#[test]
fn infinities_come_back() {
    let written = Recorder::new(&one_site("relu", 2), RecorderOptions::default());
    let mut written = written;
    written.site(
        0,
        Values::F32(&[f32::NAN; 2]),
        Values::F32(&[f32::NAN; 2]),
        Layout::dense(1, 2),
    );
    written.finish_chunk(1);
    let written = written.into_evidence();
    assert!(written.to_json().contains("\"Infinity\""));
    assert_eq!(Evidence::from_json(&written.to_json()), Ok(written));
}

#[test]
fn another_version_is_refused() {
    let text = evidence()
        .to_json()
        .replacen("\"knee_evidence\":1", "\"knee_evidence\":7", 1);
    let expected = Error::EvidenceVersion {
        found: 7,
        expected: 1,
    };
    assert_eq!(Evidence::from_json(&text), Err(expected));
}

#[test]
fn other_files_are_refused() {
    let written = evidence().to_json();
    let half = &written[..written.len() / 2];
    for text in ["", "null", "{}", "[1, 2]", half, "{\"knee_evidence\":1}"] {
        let error = Evidence::from_json(text).expect_err(text);
        assert!(
            error.to_string().starts_with("not an evidence file"),
            "{error}"
        );
    }
    let short = written.replacen("\"bins\":[0,", "\"bins\":[", 1);
    assert!(matches!(
        Evidence::from_json(&short),
        Err(Error::NotEvidence { .. })
    ));
}

/// Counts that would overflow when they are added.
#[test]
fn counts_beyond_reason_are_refused() {
    let text =
        evidence()
            .to_json()
            .replacen("\"samples\":200", "\"samples\":18446744073709551615", 1);
    let error = Evidence::from_json(&text).expect_err("too large");
    assert!(error.to_string().contains("larger than 2^53"), "{error}");
}

/// The size depends on the units and not on the inputs.
#[test]
fn the_size_does_not_grow_with_inputs() {
    let one = evidence();
    let mut many = one.clone();
    for _ in 0..6 {
        let same = many.clone();
        many.merge(&same).expect("the same network");
    }
    assert_eq!(many.samples(), 64 * one.samples());
    assert!(many.to_json().len() < one.to_json().len() * 3 / 2);
}
