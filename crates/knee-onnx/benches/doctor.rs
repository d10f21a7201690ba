//! What observing costs: forward and backward with and without it, alternating in one process,
//! and beside PyTorch where its time was taken.
//!
//! `doctor FOLDER`, the folder holding `model.onnx`, `inputs.npz` and perhaps `torch.json`; without
//! a folder the embedded example of the command line. `cargo xtask bench doctor` prepares one.

use std::path::{Path, PathBuf};
use std::time::Instant;

use knee_doctor::{LossKind, Options, diagnose};
use knee_onnx::run::{Limits, Objective, Session};
use knee_onnx::{Batch, Examination, Model};
use serde_json::Value;

/// Pairs of runs; the medians are printed.
const PAIRS: usize = 3;

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with('-'))
        .map(PathBuf::from);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let (model, batch, torch) = match &folder {
        Some(folder) => (
            folder.join("model.onnx"),
            folder.join("inputs.npz"),
            std::fs::read_to_string(folder.join("torch.json")).ok(),
        ),
        None => (examples.join("sick.onnx"), examples.join("sick.npz"), None),
    };
    let model = Model::open(&model).expect("the model");
    let batch = Batch::open(&batch, model.graph()).expect("the batch");
    println!(
        "{} parameters, {} inputs",
        model.network().parameters,
        batch.samples
    );

    let (mut alone, mut observed) = (Vec::new(), Vec::new());
    let memory_before = peak_memory();
    for _ in 0..PAIRS {
        alone.push(seconds(|| forward_backward(&model, &batch)));
    }
    let memory_alone = peak_memory();
    for _ in 0..PAIRS {
        alone.push(seconds(|| forward_backward(&model, &batch)));
        observed.push(seconds(|| diagnosis(&model, &batch)));
    }
    let (alone, observed) = (median(alone), median(observed));
    println!("read only:             peak {}", mib(memory_before));
    println!(
        "forward + backward:    {alone:.3} s, peak {}",
        mib(memory_alone)
    );
    println!(
        "diagnosis:             {observed:.3} s, peak {}",
        mib(peak_memory())
    );
    println!("observing costs:       {:.3} x", observed / alone);
    let torch: Option<Value> = torch.and_then(|text| serde_json::from_str(&text).ok());
    if let Some(torch) = torch
        && let (Some(time), Some(peak)) = (torch["seconds"].as_f64(), torch["peak_rss_mb"].as_f64())
    {
        println!(
            "PyTorch {}:  {time:.3} s, peak {peak:.0} MB (its whole process), {} threads",
            torch["version"].as_str().unwrap_or(""),
            torch["threads"]
        );
        println!("diagnosis / PyTorch:   {:.2} x time", observed / time);
    }
}

/// Forward and backward in the chunks that a diagnosis uses, unobserved.
fn forward_backward(model: &Model, batch: &Batch) {
    let session = Session::new(model.graph()).expect("weights");
    let objective = Objective {
        loss: LossKind::CrossEntropy,
        output: model.network().loss_output,
    };
    let step = batch.fixed_step().unwrap_or(1);
    let size = 64 / step * step;
    let mut done = 0;
    while done < batch.samples {
        // The first chunk of a diagnosis is one step, to learn what it needs.
        let end = (done + if done == 0 { step } else { size.max(step) }).min(batch.samples);
        session
            .run(
                &batch.chunk(done..end),
                Some(objective),
                &mut (),
                &Limits::default(),
            )
            .expect("a run");
        done = end;
    }
}

fn diagnosis(model: &Model, batch: &Batch) {
    let evidence = Examination {
        loss: Some(LossKind::CrossEntropy),
        batch_size: 64,
        max_memory: 64 << 30,
        at_init: false,
    }
    .run(model, batch, &mut |_| ())
    .expect("a run");
    let found = diagnose(model.network(), Some(&evidence), &Options::default(), None);
    assert_eq!(found.samples, batch.samples as u64);
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Peak resident memory of this process in bytes, where the system says it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib << 10)
}

fn mib(bytes: Option<u64>) -> String {
    bytes.map_or_else(
        || "not known".into(),
        |bytes| format!("{} MiB", bytes >> 20),
    )
}
