//! Looks over the bytes of a model before they are decoded.
//!
//! An empty message takes two bytes in a file and half a kilobyte once decoded, so a small file
//! could ask for a lot of memory. This walk counts the messages without building them, and tells
//! a truncated model from bytes that were never one.

use crate::error::{Error, Result};

/// A model of a hundred thousand nodes has about a million messages.
const MAX_MESSAGES: u64 = 2_000_000;

/// Fields that are not messages cost less; inputs and outputs of nodes are most of them.
const MAX_FIELDS: u64 = 32_000_000;

/// The decoder's own limit on messages within messages.
const MAX_DEPTH: u32 = 100;

/// A message type of ONNX, as far as it matters which of its fields are messages.
#[derive(Clone, Copy)]
enum Kind {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    ValueInfo,
    Type,
    TensorType,
    SequenceType,
    MapType,
    Shape,
    Function,
    Training,
    Leaf,
}

impl Kind {
    /// The type of the message in a field; `None` for fields that are no messages.
    fn nested(self, field: u64) -> Option<Kind> {
        Some(match (self, field) {
            (Kind::Model, 7) | (Kind::Attribute, 6 | 11) | (Kind::Training, 1 | 2) => Kind::Graph,
            (Kind::Model, 20) => Kind::Training,
            (Kind::Model, 25) => Kind::Function,
            (Kind::Graph, 1) | (Kind::Function, 7) => Kind::Node,
            (Kind::Graph, 5) | (Kind::Attribute, 5 | 10) | (Kind::SparseTensor, 1 | 2) => {
                Kind::Tensor
            }
            (Kind::Graph, 15) | (Kind::Attribute, 22 | 23) => Kind::SparseTensor,
            (Kind::Graph, 11..=13) | (Kind::Function, 12) => Kind::ValueInfo,
            (Kind::Node, 5) | (Kind::Function, 11) => Kind::Attribute,
            (Kind::Type, 1 | 8) => Kind::TensorType,
            (Kind::Type, 4 | 9) => Kind::SequenceType,
            (Kind::Type, 5) => Kind::MapType,
            (Kind::TensorType, 2) => Kind::Shape,
            (Kind::ValueInfo | Kind::MapType, 2)
            | (Kind::Attribute, 14 | 15)
            | (Kind::SequenceType, 1) => Kind::Type,
            (Kind::Model, 8 | 14 | 26)
            | (Kind::Graph, 14 | 16)
            | (Kind::Node, 9 | 10)
            | (Kind::Tensor, 3 | 13 | 16)
            | (Kind::ValueInfo, 4)
            | (Kind::Shape, 1)
            | (Kind::Function, 9 | 14)
            | (Kind::Training, 3 | 4) => Kind::Leaf,
            _ => return None,
        })
    }

    /// The highest field number that ONNX defines in this message.
    fn last_field(self) -> u64 {
        match self {
            Kind::Model => 26,
            Kind::Attribute => 23,
            _ => 32,
        }
    }
}

/// Checks that the bytes are whole messages all the way down and not too many.
pub(crate) fn check(bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Err(Error::NotOnnx {
            found: "the file is empty".into(),
        });
    }
    if let Some(found) = known_format(bytes) {
        return Err(Error::NotOnnx {
            found: found.into(),
        });
    }
    let mut walk = Walk {
        messages: 0,
        fields: 0,
    };
    walk.message(bytes, Kind::Model, 0)
}

/// What the file is, where its first bytes say so.
fn known_format(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    Some(if starts(b"PK\x03\x04") {
        "the file is a zip archive (a PyTorch checkpoint or an .npz?)"
    } else if starts(b"\x80\x02") || starts(b"\x80\x04") || starts(b"\x80\x05") {
        "the file is a Python pickle"
    } else if starts(b"\x89HDF") {
        "the file is HDF5 (a Keras model?)"
    } else if starts(b"\x93NUMPY") {
        "the file is a NumPy array"
    } else if starts(b"version https://git-lfs") {
        "the file is a Git LFS pointer, not the model itself (run git lfs pull)"
    } else if bytes.get(4..8) == Some(b"TFL3") {
        "the file is a TensorFlow Lite model"
    } else if bytes.get(4..8) == Some(b"ORTM") {
        "the file is an onnxruntime model (.ort)"
    } else if starts(b"GGUF") {
        "the file is a GGUF model"
    } else {
        return None;
    })
}

struct Walk {
    messages: u64,
    fields: u64,
}

impl Walk {
    fn message(&mut self, mut bytes: &[u8], kind: Kind, depth: u32) -> Result<()> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            return Err(too_many(MAX_MESSAGES, "messages"));
        }
        if depth > MAX_DEPTH {
            return Err(Error::limit(
                "model",
                format!("messages lie more than {MAX_DEPTH} deep within each other"),
                "graphs may not be nested so deep",
            ));
        }
        while !bytes.is_empty() {
            self.fields += 1;
            if self.fields > MAX_FIELDS {
                return Err(too_many(MAX_FIELDS, "fields"));
            }
            let key = varint(&mut bytes, depth)?;
            let field = key >> 3;
            if field == 0 || (depth == 0 && field > kind.last_field()) {
                return Err(not_a_field(field));
            }
            match key & 7 {
                0 => drop(varint(&mut bytes, depth)?),
                1 => drop(take(&mut bytes, 8, depth)?),
                5 => drop(take(&mut bytes, 4, depth)?),
                2 => {
                    let length = varint(&mut bytes, depth)?;
                    let body = take(&mut bytes, length, depth)?;
                    if let Some(nested) = kind.nested(field) {
                        self.message(body, nested, depth + 1)?;
                    }
                }
                _ => return Err(not_a_field(field)),
            }
        }
        Ok(())
    }
}

fn too_many(limit: u64, what: &str) -> Error {
    Error::limit(
        "model",
        format!("more than {limit} {what}"),
        "no network needs so many",
    )
}

fn not_a_field(field: u64) -> Error {
    Error::NotOnnx {
        found: format!("the bytes hold a field {field} that ONNX does not have"),
    }
}

fn varint(bytes: &mut &[u8], depth: u32) -> Result<u64> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or_else(|| cut_off(depth))?;
        *bytes = rest;
        // The tenth byte has one significant bit; the decoder drops the others as well.
        value |= u64::from(first & 0x7f).checked_shl(shift).unwrap_or(0);
        if first & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Error::NotOnnx {
        found: "the bytes hold a number of more than ten bytes".into(),
    })
}

fn take<'a>(bytes: &mut &'a [u8], length: u64, depth: u32) -> Result<&'a [u8]> {
    let length = usize::try_from(length).ok().filter(|l| *l <= bytes.len());
    let (body, rest) = bytes.split_at(length.ok_or_else(|| cut_off(depth))?);
    *bytes = rest;
    Ok(body)
}

fn cut_off(depth: u32) -> Error {
    let found = if depth == 0 {
        "the file ends in the middle of a field (truncated, or no ONNX model at all)"
    } else {
        "a field is longer than the message it lies in"
    };
    Error::NotOnnx {
        found: found.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_million_empty_nodes_are_refused() {
        // Model field 7 (graph) with nothing but empty nodes (field 1).
        let nodes = [0x0a, 0x00].repeat(10_000_000);
        let mut bytes = vec![0x3a];
        let mut length = nodes.len();
        while length >= 0x80 {
            bytes.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend(nodes);
        assert!(matches!(check(&bytes), Err(Error::Limit { .. })));
    }

    #[test]
    fn text_is_not_onnx() {
        let message = check(b"hello, world, this is text")
            .unwrap_err()
            .to_string();
        assert!(message.contains("not an ONNX model"), "{message}");
    }

    #[test]
    fn other_formats_are_named() {
        for (bytes, word) in [
            (&b"PK\x03\x04rest"[..], "zip"),
            (b"\x80\x02rest", "pickle"),
            (b"", "empty"),
            (b"version https://git-lfs.github.com/spec/v1", "LFS"),
        ] {
            let message = check(bytes).unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
    }
}
