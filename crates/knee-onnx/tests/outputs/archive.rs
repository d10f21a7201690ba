//! Reads the recorded answers, and measures how far a result is from them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use npyz::{DType, NpyFile, Order, TypeChar};

/// The folders of the recorded cases whose names the test wants.
pub(crate) fn cases(wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let entries = std::fs::read_dir(root).expect("the folder of recorded cases");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.is_dir() && wanted(&name(path)))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no recorded case");
    found
}

/// The name of a case.
pub(crate) fn name(case: &Path) -> String {
    case.file_name()
        .expect("a folder")
        .to_string_lossy()
        .into_owned()
}

/// An array of the recorded answers.
#[derive(Debug)]
pub(crate) struct Array {
    /// Lengths of its axes.
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

/// The arrays of an `.npz`, by name.
pub(crate) fn arrays(path: &Path) -> BTreeMap<String, Array> {
    let mut archive =
        zip::ZipArchive::new(File::open(path).expect("a recorded file")).expect("a zip");
    let mut found = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry
            .name()
            .expect("a name")
            .trim_end_matches(".npy")
            .to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        found.insert(name, array(&bytes));
    }
    found
}

fn array(bytes: &[u8]) -> Array {
    let file = NpyFile::new(bytes).expect("an array");
    assert_eq!(file.order(), Order::C);
    let shape = file.shape().iter().map(|&n| n as usize).collect();
    let DType::Plain(kind) = file.dtype() else {
        panic!("a record array")
    };
    let (letter, size) = (kind.type_char(), kind.size_field());
    let data = &bytes[bytes.len() - file.len() as usize * size as usize..];
    let values = match (letter, size) {
        (TypeChar::Float, 2) => data
            .chunks_exact(2)
            .map(|b| f64::from(half::f16::from_le_bytes([b[0], b[1]])))
            .collect(),
        (TypeChar::Float, 4) => data
            .chunks_exact(4)
            .map(|b| f64::from(f32::from_le_bytes(b.try_into().unwrap())))
            .collect(),
        (TypeChar::Float, 8) => data
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes(b.try_into().unwrap()))
            .collect(),
        (TypeChar::Int, 8) => data
            .chunks_exact(8)
            .map(|b| i64::from_le_bytes(b.try_into().unwrap()) as f64)
            .collect(),
        (TypeChar::Int, 4) => data
            .chunks_exact(4)
            .map(|b| f64::from(i32::from_le_bytes(b.try_into().unwrap())))
            .collect(),
        (TypeChar::Uint | TypeChar::Bool, 1) => data.iter().map(|&b| f64::from(b)).collect(),
        (TypeChar::Int, 1) => data
            .iter()
            .map(|&b| f64::from(i8::from_le_bytes([b])))
            .collect(),
        other => panic!("an array of type {other:?}"),
    };
    Array { shape, values }
}

/// The relative L2 error; NaN and infinity must stand at the same places.
pub(crate) fn error(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "numbers of values");
    let (mut difference, mut size) = (0.0, 0.0);
    for (&f, &e) in found.iter().zip(expected) {
        if e.is_finite() && f.is_finite() {
            difference += (f - e) * (f - e);
            size += e * e;
        } else if !(f == e || (f.is_nan() && e.is_nan())) {
            return f64::INFINITY;
        }
    }
    if difference == 0.0 {
        0.0
    } else {
        (difference / size.max(1e-30)).sqrt()
    }
}

/// How far a case may be off: the numbers.
pub(crate) fn tolerance(case: &str) -> f64 {
    if case.ends_with("-f16") { 2e-3 } else { 1e-5 }
}

/// The values of a tensor.
pub(crate) fn numbers(tensor: &knee_onnx::Tensor) -> Vec<f64> {
    match &tensor.data {
        knee_onnx::Data::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        knee_onnx::Data::F64(v) => v.to_vec(),
        knee_onnx::Data::I64(v) => v.iter().map(|&x| x as f64).collect(),
    }
}
