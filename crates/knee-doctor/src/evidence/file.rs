//! The file form of evidence: JSON with a version.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Evidence;
use crate::error::Error;

/// The version of the file format. It changes when a field is removed or changes its meaning.
pub const FORMAT: u64 = 1;

#[derive(Serialize)]
struct Written<'a> {
    knee_evidence: u64,
    knee: &'static str,
    evidence: &'a Evidence,
}

#[derive(Deserialize)]
struct Header {
    knee_evidence: u64,
}

#[derive(Deserialize)]
struct Read {
    evidence: Evidence,
}

impl Evidence {
    /// Writes the evidence as JSON. Every number is read back with the same bits.
    ///
    /// # Panics
    ///
    /// Never: evidence has no map key and no number that JSON lacks.
    pub fn to_json(&self) -> String {
        let written = Written {
            knee_evidence: FORMAT,
            knee: env!("CARGO_PKG_VERSION"),
            evidence: self,
        };
        serde_json::to_string(&written).expect("evidence is plain data")
    }

    /// Reads what [`Evidence::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let refused = |problem: String| Error::NotEvidence { problem };
        let header: Header = serde_json::from_str(text).map_err(|e| refused(e.to_string()))?;
        if header.knee_evidence != FORMAT {
            return Err(Error::EvidenceVersion {
                found: header.knee_evidence,
                expected: FORMAT,
            });
        }
        let tree: Value = serde_json::from_str(text).map_err(|e| refused(e.to_string()))?;
        if !counts_add_up(&tree) {
            return Err(refused("a count is larger than 2^53".to_owned()));
        }
        let read: Read = serde_json::from_value(tree).map_err(|e| refused(e.to_string()))?;
        if !read
            .evidence
            .sites
            .iter()
            .all(super::SiteEvidence::is_valid)
        {
            return Err(refused(
                "a site's lists have lengths that do not belong together".into(),
            ));
        }
        Ok(read.evidence)
    }
}

/// Whether the counts of a file can be added to others without overflow. No real count comes near.
fn counts_add_up(tree: &Value) -> bool {
    match tree {
        Value::Number(number) => number.as_u64().is_none_or(|count| count <= 1 << 53),
        Value::Array(list) => list.iter().all(counts_add_up),
        Value::Object(map) => map.values().all(counts_add_up),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// A number that may be infinite or NaN, which JSON's numbers cannot be: then it is a string.
pub(super) mod number {
    use serde::de::{Error, Unexpected};
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Finite(f64),
        Word(String),
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands out references"
    )]
    pub(in crate::evidence) fn serialize<S: Serializer>(
        value: &f64,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            to.serialize_f64(*value)
        } else if value.is_nan() {
            to.serialize_str("NaN")
        } else {
            to.serialize_str(if *value > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            })
        }
    }

    pub(in crate::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<f64, D::Error> {
        match Form::deserialize(from)? {
            Form::Finite(value) => Ok(value),
            Form::Word(word) => match word.as_str() {
                "NaN" => Ok(f64::NAN),
                "Infinity" => Ok(f64::INFINITY),
                "-Infinity" => Ok(f64::NEG_INFINITY),
                _ => Err(D::Error::invalid_value(Unexpected::Str(&word), &"a number")),
            },
        }
    }
}
