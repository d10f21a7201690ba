//! Gradients against PyTorch's in float64: of weights, inputs and activations; and chunks of a
//! batch against the whole.

#[path = "outputs/archive.rs"]
mod archive;

use std::path::Path;

use archive::{Array, arrays, cases, error, name, numbers, tolerance};
use knee_doctor::evidence::{Layout, Values};
use knee_onnx::run::{Limits, Objective, Observer, Session};
use knee_onnx::{Batch, Model};

/// Keeps what a run reports of sites.
#[derive(Default)]
struct Sites {
    outputs: Vec<(usize, usize, Vec<f64>)>,
    gradients: Vec<(usize, usize, Vec<f64>)>,
}

fn widened(values: Values<'_>) -> Vec<f64> {
    match values {
        Values::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        Values::F64(v) => v.to_vec(),
    }
}

impl Observer for Sites {
    fn site(&mut self, node: usize, part: usize, z: Values<'_>, a: Values<'_>, layout: Layout) {
        assert_eq!(z.len(), layout.len());
        assert_eq!(a.len(), layout.len());
        self.outputs.push((node, part, widened(a)));
    }

    fn site_gradient(&mut self, node: usize, part: usize, da: Values<'_>, layout: Layout) {
        assert_eq!(da.len(), layout.len());
        self.gradients.push((node, part, widened(da)));
    }
}

/// A word of a case's `meta.json`.
fn word(case: &Path, key: &str) -> String {
    let text = std::fs::read_to_string(case.join("meta.json")).expect("meta.json");
    let after = text.split(&format!("\"{key}\":")).nth(1).expect("the key");
    after.split('"').nth(1).expect("a word").to_owned()
}

fn compare(case: &Path) -> Result<Vec<String>, String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let model = Model::open(case.join("model.onnx")).map_err(|e| text(&e))?;
    let graph = model.graph();
    let batch = Batch::open(case.join("inputs.npz"), graph).map_err(|e| text(&e))?;
    let session = Session::new(graph).map_err(|e| text(&e))?.with_gradients();
    let output = word(case, "output");
    let output = graph.outputs.iter().position(|&id| graph.value(id).name == output);
    let objective = Objective {
        loss: word(case, "loss").parse().map_err(|e: knee_doctor::Error| text(&e))?,
        output: output.ok_or("the output is not there")?,
    };
    let mut sites = Sites::default();
    let outcome = session
        .run(&batch, Some(objective), &mut sites, &Limits::default())
        .map_err(|e| text(&e))?;
    let expected = arrays(&case.join("expected.npz"));
    let limit = tolerance(&name(case));
    let mut wrong = Vec::new();
    let mut judge = |what: &str, found: &[f64], answer: &Array| {
        if found.len() != answer.values.len() {
            wrong.push(format!("{what}: {} values, not {}", found.len(), answer.values.len()));
            return;
        }
        let off = error(found, &answer.values);
        if off > limit || off.is_nan() {
            wrong.push(format!("{what}: relative error {off:.2e}"));
        }
    };
    for (key, answer) in &expected {
        if key == "loss" {
            judge(key, &outcome.loss.map_or_else(Vec::new, |l| vec![l]), answer);
        } else if let Some(value) = key.strip_prefix("grad:").or_else(|| key.strip_prefix("input_grad:")) {
            let gradient = graph.find(value).and_then(|id| outcome.gradients.get(&id));
            match gradient {
                Some(gradient) => judge(key, &numbers(gradient), answer),
                // A weight that the loss does not depend on has no gradient; PyTorch records zeros.
                None if answer.values.iter().all(|&g| g == 0.0) => {}
                None => judge(key, &[], answer),
            }
        } else if key.starts_with("site_grad:") {
            // Activations run in the order of the graph, which may differ from PyTorch's.
            let best = sites
                .gradients
                .iter()
                .filter(|(_, _, da)| da.len() == answer.values.len())
                .map(|(_, _, da)| (error(da, &answer.values), da))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match best {
                Some((_, da)) => judge(key, da, answer),
                None => judge(key, &[], answer),
            }
        }
    }
    Ok(wrong)
}

#[test]
fn gradients_are_pytorchs() {
    let mut wrong = Vec::new();
    for case in cases(|name| !name.starts_with("operators-")) {
        let answer = std::panic::catch_unwind(|| compare(&case));
        let found = answer.unwrap_or_else(|_| Err("it panicked".into())).unwrap_or_else(|e| vec![e]);
        wrong.extend(found.iter().map(|d| format!("{}: {d}", name(&case))));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
