//! From a file to a checked graph.
//!
//! A model is untrusted input. Every length it claims is compared with what is there before
//! anything is allocated, every name must lead somewhere, and nothing outside its folder is read.

mod build;
mod external;
mod functions;
mod names;
mod order;
mod tensors;
mod wire;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use onnx_ir::{Message, ModelProto, TensorProto};

use crate::boundary::guard;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::tensor::Tensor;
use external::External;

/// A protobuf message cannot be larger, so no model file is.
const MAX_FILE: u64 = 1 << 31;

/// Reads a model from its file; external data is looked for beside it.
pub(crate) fn file(path: &Path) -> Result<Graph> {
    let bytes = contents(path, MAX_FILE)?;
    // An empty parent is the current folder.
    let folder = path.parent().map(|p| {
        if p.as_os_str().is_empty() {
            Path::new(".")
        } else {
            p
        }
    });
    decode(bytes, folder)
}

/// Reads a model from the bytes of its file.
pub(crate) fn bytes(bytes: &[u8]) -> Result<Graph> {
    decode(bytes.to_vec(), None)
}

/// A tensor that lies in a node, such as the fill value of a `ConstantOfShape`.
pub(crate) fn inline_tensor(proto: &TensorProto) -> Result<Tensor> {
    tensors::tensor(&mut proto.clone(), &mut External::new(None))
}

fn decode(bytes: Vec<u8>, folder: Option<&Path>) -> Result<Graph> {
    wire::check(&bytes)?;
    let mut model = guard(
        || "model".into(),
        || {
            ModelProto::parse_from_bytes(&bytes).map_err(|e| Error::NotOnnx {
                found: format!("the bytes do not decode ({e})"),
            })
        },
    )?;
    // The decoded model holds copies; the weights need not be in memory three times.
    drop(bytes);
    functions::inline(&mut model)?;
    build::graph(model, External::new(folder))
}

/// The contents of a regular file of at most `limit` bytes.
fn contents(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let fail = |cause: String| Error::File {
        path: path.display().to_string(),
        cause,
    };
    let length = regular_file(path)?;
    let too_long = || fail(format!("it has {length} bytes; expected at most {limit}"));
    if length > limit {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| fail(e.to_string()))?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| fail(e.to_string()))?;
    if bytes.len() as u64 > limit {
        Err(too_long())
    } else {
        Ok(bytes)
    }
}

/// The length of a regular file. Anything else could be endless, as a pipe or a device is.
pub(crate) fn regular_file(path: &Path) -> Result<u64> {
    let fail = |cause: String| Error::File {
        path: path.display().to_string(),
        cause,
    };
    let metadata = fs::metadata(path).map_err(|e| fail(e.to_string()))?;
    if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err(fail("it is not a file".into()))
    }
}
