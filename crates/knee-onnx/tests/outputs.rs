//! Outputs against onnxruntime's: every recorded network, and every recorded operator.

#[path = "outputs/archive.rs"]
mod archive;

use std::path::Path;

use archive::{arrays, cases, error, name, numbers, tolerance};
use knee_onnx::run::{Limits, Session};
use knee_onnx::{Batch, Model};

/// What is wrong with a case; nothing when it is right.
fn differences(case: &Path) -> Vec<String> {
    let answer = std::panic::catch_unwind(|| compare(case));
    let found = answer.unwrap_or_else(|_| Err("it panicked".into()));
    found
        .unwrap_or_else(|e| vec![e])
        .iter()
        .map(|d| format!("{}: {d}", name(case)))
        .collect()
}

fn compare(case: &Path) -> Result<Vec<String>, String> {
    let model = Model::open(case.join("model.onnx")).map_err(|e| e.to_string())?;
    let batch = Batch::open(case.join("inputs.npz"), model.graph()).map_err(|e| e.to_string())?;
    let session = Session::new(model.graph()).map_err(|e| e.to_string())?;
    let outcome = session
        .run(&batch, None, &mut (), &Limits::default())
        .map_err(|e| e.to_string())?;
    let expected = arrays(&case.join("expected.npz"));
    let mut wrong = Vec::new();
    for (&id, output) in model.graph().outputs.iter().zip(&outcome.outputs) {
        let output_name = &model.graph().value(id).name;
        let Some(answer) = expected.get(&format!("output:{output_name}")) else {
            continue;
        };
        if output.shape != answer.shape {
            wrong.push(format!(
                "{output_name}: shape {:?}, not {:?}",
                output.shape, answer.shape
            ));
            continue;
        }
        let off = error(&numbers(output), &answer.values);
        if off > tolerance(&name(case)) || off.is_nan() {
            wrong.push(format!("{output_name}: relative error {off:.2e}"));
        }
    }
    Ok(wrong)
}

#[test]
fn networks_answer_as_onnxruntime_does() {
    let wrong: Vec<String> = cases(|name| !name.starts_with("operators-"))
        .iter()
        .flat_map(|c| differences(c))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn operators_answer_as_onnxruntime_does() {
    let wrong: Vec<String> = cases(|name| name.starts_with("operators-"))
        .iter()
        .flat_map(|c| differences(c))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
