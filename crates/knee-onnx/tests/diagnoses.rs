//! Whole diagnoses of recorded networks: nothing of level warn or error on the healthy ones, and
//! what was planted in the sick ones is found.

use std::path::{Path, PathBuf};

use knee_doctor::evidence::Evidence;
use knee_doctor::{Diagnosis, LossKind, Options, Severity, diagnose};
use knee_onnx::{Batch, Examination, Model, Workbench};
use serde_json::Value;

/// Bytes of tensors that a run of these small networks may hold.
const MEMORY: u64 = 1 << 30;

/// A recorded network with what its author says of it.
struct Case {
    name: String,
    model: Model,
    batch: Batch,
    loss: LossKind,
    at_init: bool,
    expected: Vec<String>,
}

fn folders(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(kind);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the recorded networks")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

impl Case {
    fn open(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("meta.json")).expect("meta.json");
        let meta: Value = serde_json::from_str(&text).expect("meta.json is JSON");
        let model = Model::open(folder.join("model.onnx")).expect("a readable model");
        let model = match meta["output"].as_str() {
            Some(output) => model.with_output(output).expect("its output"),
            None => model,
        };
        let batch = Batch::open(folder.join("inputs.npz"), model.graph()).expect("its batch");
        let words = meta["expect"].as_array().cloned().unwrap_or_default();
        Self {
            name: folder
                .file_name()
                .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
            model,
            batch,
            loss: meta["loss"]
                .as_str()
                .expect("a loss")
                .parse()
                .expect("a known loss"),
            at_init: meta["at_init"].as_bool().unwrap_or(false),
            expected: words
                .iter()
                .filter_map(|w| Some(w.as_str()?.to_owned()))
                .collect(),
        }
    }

    fn evidence(&self, batch: &Batch, batch_size: usize) -> Evidence {
        Examination {
            loss: Some(self.loss),
            batch_size,
            max_memory: MEMORY,
            at_init: self.at_init,
        }
        .run(&self.model, batch, &mut |_| ())
        .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn diagnosis(&self, evidence: &Evidence) -> Diagnosis {
        let options = Options {
            at_init: self.at_init,
            loss: Some(self.loss),
            ..Options::default()
        };
        let bench = Workbench::new(&self.model, &self.batch, MEMORY);
        diagnose(self.model.network(), Some(evidence), &options, Some(&bench))
    }
}

fn lines(diagnosis: &Diagnosis, from: Severity) -> Vec<String> {
    diagnosis
        .findings
        .iter()
        .filter(|finding| finding.severity >= from)
        .map(|finding| {
            let site = finding.site.as_deref().unwrap_or("the network");
            format!(
                "{:?} {} at {site}: {}",
                finding.severity, finding.rule, finding.cause
            )
        })
        .collect()
}

#[test]
fn healthy_networks_raise_no_alarm() {
    let cases = folders("healthy");
    assert!(cases.len() >= 40, "only {} healthy networks", cases.len());
    let mut alarms = Vec::new();
    for folder in &cases {
        let case = Case::open(folder);
        let evidence = case.evidence(&case.batch, 64);
        let found = lines(&case.diagnosis(&evidence), Severity::Warn);
        alarms.extend(
            found
                .into_iter()
                .map(|line| format!("{}: {line}", case.name)),
        );
    }
    assert!(
        alarms.is_empty(),
        "{} alarms:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}

#[test]
fn planted_faults_are_found() {
    let cases = folders("sick");
    assert!(cases.len() >= 20, "only {} sick networks", cases.len());
    let mut missed = Vec::new();
    for folder in &cases {
        let case = Case::open(folder);
        let diagnosis = case.diagnosis(&case.evidence(&case.batch, 64));
        for slug in &case.expected {
            if !diagnosis
                .findings
                .iter()
                .any(|finding| finding.rule == slug)
            {
                let found = lines(&diagnosis, Severity::Info).join("\n    ");
                missed.push(format!("{}: no {slug}; found\n    {found}", case.name));
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn chunks_and_merged_halves_give_the_same_findings() {
    for folder in folders("sick").iter().step_by(3) {
        let case = Case::open(folder);
        let whole = case.evidence(&case.batch, 64);
        let half = case.batch.samples / 2;
        let mut merged = case.evidence(&case.batch.chunk(half..case.batch.samples), 7);
        merged
            .merge(&case.evidence(&case.batch.chunk(0..half), 31))
            .expect("evidence of the same network");
        assert_eq!(whole.samples(), merged.samples(), "{}", case.name);
        let said = |evidence: &Evidence| -> Vec<_> {
            let findings = case.diagnosis(evidence).findings;
            let what = findings
                .into_iter()
                .map(|f| (f.rule, f.severity, f.site, f.units));
            what.collect()
        };
        assert_eq!(said(&whole), said(&merged), "{}", case.name);
    }
}
