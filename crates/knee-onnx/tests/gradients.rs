//! Gradients against PyTorch's in float64: of weights, inputs and activations; and chunks of a
//! batch against the whole.

#[path = "outputs/archive.rs"]
mod archive;

use std::collections::BTreeMap;
use std::path::Path;

use archive::{Array, arrays, cases, error, name, numbers, tolerance};
use knee_doctor::evidence::{Layout, Values};
use knee_onnx::run::{Limits, Objective, Observer, Session};
use knee_onnx::{Batch, Model, Tensor};

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

/// A gradient that is 0 by symmetry (a key's bias under softmax) comes out as the rounding of the
/// others. Such a one is judged against the largest gradient of its case.
const ZERO: f64 = 1e-9;

/// Initializers of which the exporter folded a copy into another constant: an unrolled RNN's first
/// step, whose hidden state is 0. The gradients of both add up to the parameter's.
const COPIED: [(&str, &str); 2] = [
    ("rnn-dynamo-op20", "grad:rnn.bias_hh_l0"),
    ("rnn-dynamo-op20", "grad:rnn.bias_hh_l1"),
];

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
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
    let output = graph
        .outputs
        .iter()
        .position(|&id| graph.value(id).name == output);
    let objective = Objective {
        loss: word(case, "loss")
            .parse()
            .map_err(|e: knee_doctor::Error| text(&e))?,
        output: output.ok_or("the output is not there")?,
    };
    let mut sites = Sites::default();
    let outcome = session
        .run(&batch, Some(objective), &mut sites, &Limits::default())
        .map_err(|e| text(&e))?;
    let expected = arrays(&case.join("expected.npz"));
    let limit = tolerance(&name(case));
    let gradients = || expected.iter().filter(|(key, _)| key.contains("grad:"));
    let largest = gradients()
        .map(|(_, a)| norm(&a.values))
        .fold(0.0, f64::max);
    let mut wrong = Vec::new();
    let mut judge = |what: &str, found: &[f64], answer: &Array| {
        if found.len() != answer.values.len() {
            wrong.push(format!(
                "{what}: {} values, not {}",
                found.len(),
                answer.values.len()
            ));
            return;
        }
        if norm(&answer.values) < ZERO * largest && norm(found) <= limit * largest {
            return;
        }
        let off = error(found, &answer.values);
        if off > limit || off.is_nan() {
            wrong.push(format!("{what}: relative error {off:.2e}"));
        }
    };
    for (key, answer) in &expected {
        if key == "loss" {
            judge(
                key,
                &outcome.loss.map_or_else(Vec::new, |l| vec![l]),
                answer,
            );
        } else if let Some(value) = key
            .strip_prefix("grad:")
            .or_else(|| key.strip_prefix("input_grad:"))
        {
            let gradient = graph.find(value).and_then(|id| outcome.gradients.get(&id));
            match gradient {
                Some(gradient) if COPIED.contains(&(&name(case), key)) => {
                    let one = numbers(gradient);
                    // A copy may have been spread over the rows of a batch.
                    let added = |other: &Tensor| -> Vec<f64> {
                        let mut sum = one.clone();
                        let values = numbers(other).into_iter().enumerate();
                        values.for_each(|(at, v)| sum[at % one.len()] += v);
                        sum
                    };
                    let copies = outcome.gradients.iter().filter(|(id, other)| {
                        let known = format!("grad:{}", graph.value(**id).name);
                        other.len() % one.len() == 0 && !expected.contains_key(&known)
                    });
                    let off = |sum: &Vec<f64>| error(sum, &answer.values);
                    let best = copies
                        .map(|(_, other)| added(other))
                        .min_by(|a, b| off(a).total_cmp(&off(b)));
                    judge(key, &best.unwrap_or(one), answer);
                }
                Some(gradient) => {
                    assert_eq!(gradient.shape, answer.shape, "{key}");
                    judge(key, &numbers(gradient), answer);
                }
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
        let found = answer
            .unwrap_or_else(|_| Err("it panicked".into()))
            .unwrap_or_else(|e| vec![e]);
        wrong.extend(found.iter().map(|d| format!("{}: {d}", name(&case))));
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The loss, the gradients of sites by node and part, the gradients of weights.
type Sums = (f64, Vec<(usize, usize, Vec<f64>)>, Vec<Vec<f64>>);

/// What a run reports, added up over chunks of this many samples.
fn in_chunks(case: &Path, chunk: usize) -> Sums {
    let model = Model::open(case.join("model.onnx")).expect("a recorded model");
    let graph = model.graph();
    let batch = Batch::open(case.join("inputs.npz"), graph).expect("its batch");
    let session = Session::new(graph).expect("a session").with_gradients();
    let objective = Objective {
        loss: word(case, "loss").parse().expect("a loss"),
        output: 0,
    };
    let mut loss = 0.0;
    let mut sites: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
    let mut weights: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut start = 0;
    while start < batch.samples {
        let end = (start + chunk).min(batch.samples);
        let mut seen = Sites::default();
        let part = batch.chunk(start..end);
        let outcome = session
            .run(&part, Some(objective), &mut seen, &Limits::default())
            .expect("a run");
        loss += outcome.loss.expect("a loss");
        for (node, part, da) in seen.gradients {
            sites.entry((node, part)).or_default().extend(da);
        }
        for (id, gradient) in &outcome.gradients {
            if graph.initializers.contains_key(id) {
                let sum = weights.entry(graph.value(*id).name.clone()).or_default();
                let values = numbers(gradient);
                sum.resize(values.len(), 0.0);
                sum.iter_mut().zip(values).for_each(|(s, v)| *s += v);
            }
        }
        start = end;
    }
    let sites = sites
        .into_iter()
        .map(|((node, part), da)| (node, part, da))
        .collect();
    (loss, sites, weights.into_values().collect())
}

#[test]
fn chunks_add_up_to_the_whole() {
    // Batch-first networks: the gradients of a site follow one another in the order of samples.
    for case in cases(|name| {
        name.contains("-dynamic") && (name.starts_with("cnn") || name.starts_with("vit"))
    }) {
        let (loss, sites, weights) = in_chunks(&case, usize::MAX);
        let (loss_1, sites_1, weights_1) = in_chunks(&case, 1);
        let place = name(&case);
        assert!(
            (loss - loss_1).abs() <= 1e-6 * loss.abs(),
            "{place}: loss {loss} and {loss_1}"
        );
        assert_eq!(sites.len(), sites_1.len(), "{place}");
        for ((node, part, whole), (node_1, part_1, chunked)) in sites.iter().zip(&sites_1) {
            assert_eq!((node, part), (node_1, part_1));
            assert!(error(chunked, whole) < 1e-5, "{place}: node {node}");
        }
        for (whole, chunked) in weights.iter().zip(&weights_1) {
            let largest = weights.iter().map(|w| norm(w)).fold(0.0, f64::max);
            let off = norm(
                &whole
                    .iter()
                    .zip(chunked)
                    .map(|(a, b)| a - b)
                    .collect::<Vec<_>>(),
            );
            assert!(
                off <= 1e-5 * norm(whole) || norm(whole) < 1e-6 * largest,
                "{place}"
            );
        }
    }
}
