//! Mutated model and data files through the readers and through whole runs: whatever the bytes
//! are, the answer is a value or an error, never a panic.
//!
//! `KNEE_FUZZ_READS` and `KNEE_FUZZ_RUNS` set how many files; `cargo xtask fuzz` runs many. A
//! failure prints the seed that makes the same file again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use knee_doctor::LossKind;
use knee_onnx::{Batch, Examination, Model};

/// A valid model with a batch for it.
struct Seed {
    name: String,
    model: Vec<u8>,
    batch: Vec<u8>,
}

/// A small generator with a documented sequence (`SplitMix64`), so that a seed means the same file
/// everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Changes the bytes in one of the ways files break: flipped bits, cut off, parts of another
/// file, repeated parts, lengths that are far too large.
fn mutate(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(7) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            2 if !bytes.is_empty() => bytes[at] = [0x00, 0x7F, 0x80, 0xFF][random.below(4)],
            3 => bytes.truncate(at),
            4 => {
                let from = random.below(other.len());
                let part = &other[from..(from + random.below(64)).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
            5 => {
                let part = bytes[at..(at + random.below(64)).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let huge = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
                let end = (at + huge.len()).min(bytes.len());
                bytes.splice(at..end, huge);
            }
        }
    }
    bytes
}

fn seeds() -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the recorded models")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort();
    let read = |path: PathBuf| std::fs::read(path).ok().filter(|b| b.len() < 40_000);
    let seeds: Vec<Seed> = folders
        .iter()
        .filter_map(|folder| {
            Some(Seed {
                name: folder.file_name()?.to_string_lossy().into_owned(),
                model: read(folder.join("model.onnx"))?,
                batch: read(folder.join("inputs.npz"))?,
            })
        })
        .collect();
    assert!(seeds.len() >= 10, "only {} recorded models", seeds.len());
    seeds
}

fn count(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// How the files of one pass ended.
#[derive(Default, Debug)]
struct Tally {
    files: u64,
    read: u64,
    ran: u64,
}

fn read_only(model: &[u8], batch: &[u8], tally: &mut Tally) {
    if let Ok(model) = Model::from_bytes(model) {
        tally.read += 1;
        let _ = Batch::from_npz(batch, model.graph());
        assert!(model.network().sites.len() <= 100_000);
    }
}

fn run(model: &[u8], batch: &[u8], tally: &mut Tally) {
    let Ok(model) = Model::from_bytes(model) else {
        return;
    };
    tally.read += 1;
    let Ok(batch) = Batch::from_npz(batch, model.graph()) else {
        return;
    };
    let examination = Examination {
        loss: Some(LossKind::CrossEntropy),
        batch_size: 4,
        max_memory: 64 << 20,
        at_init: true,
    };
    if examination
        .run(&model, &batch.evenly_spaced(4), &mut |_| ())
        .is_ok()
    {
        tally.ran += 1;
    }
}

fn pass(
    files: u64,
    salt: u64,
    mutated_batches: bool,
    mut step: impl FnMut(&[u8], &[u8], &mut Tally),
) -> Tally {
    let seeds = seeds();
    let mut tally = Tally::default();
    for number in 0..files {
        let mut random = Random(number ^ salt);
        let seed = &seeds[random.below(seeds.len())];
        let other = &seeds[random.below(seeds.len())];
        let (mut model, mut batch) = (seed.model.clone(), seed.batch.clone());
        if mutated_batches && number % 8 == 0 {
            batch = mutate(&batch, &other.batch, &mut random);
        } else {
            model = mutate(&model, &other.model, &mut random);
        }
        tally.files += 1;
        let outcome = catch_unwind(AssertUnwindSafe(|| step(&model, &batch, &mut tally)));
        assert!(
            outcome.is_ok(),
            "panic on file {number} of salt {salt:#x}, made from {}",
            seed.name
        );
    }
    tally
}

#[test]
fn mutated_files_are_read_without_a_panic() {
    let tally = pass(count("KNEE_FUZZ_READS", 4000), 0x5eed, true, read_only);
    println!("reads: {tally:?}");
    assert!(tally.read > 0, "no mutated file could be read: {tally:?}");
}

#[test]
fn mutated_files_run_without_a_panic() {
    let tally = pass(count("KNEE_FUZZ_RUNS", 1000), 0xca11, true, run);
    println!("runs: {tally:?}");
    assert!(tally.ran > 0, "no mutated file could be run: {tally:?}");
}
