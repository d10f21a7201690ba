//! Numbers as JSON: what is not finite is a string, so that nothing is lost.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in JSON, finite or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            x if x.is_nan() => to.serialize_str("nan"),
            f64::INFINITY => to.serialize_str("inf"),
            f64::NEG_INFINITY => to.serialize_str("-inf"),
            x => to.serialize_f64(x),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Text(String),
        }
        match Form::deserialize(from)? {
            Form::Number(x) => Ok(Self(x)),
            Form::Text(text) => match text.as_str() {
                "nan" => Ok(Self(f64::NAN)),
                "inf" => Ok(Self(f64::INFINITY)),
                "-inf" => Ok(Self(f64::NEG_INFINITY)),
                _ => Err(D::Error::custom(format!("\"{text}\" is no number"))),
            },
        }
    }
}

/// A list of numbers, for `#[serde(with = ..)]`.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, Number, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(numbers: &[f64], to: S) -> Result<S::Ok, S::Error> {
        let numbers: Vec<Number> = numbers.iter().map(|x| Number(*x)).collect();
        numbers.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        let numbers = Vec::<Number>::deserialize(from)?;
        Ok(numbers.into_iter().map(|number| number.0).collect())
    }
}

/// Numbers by name, for `#[serde(with = ..)]`.
pub(crate) mod map {
    use std::collections::BTreeMap;

    use super::{Deserialize, Deserializer, Number, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        numbers: &BTreeMap<String, f64>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let numbers: BTreeMap<&str, Number> = numbers
            .iter()
            .map(|(name, x)| (name.as_str(), Number(*x)))
            .collect();
        numbers.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<String, f64>, D::Error> {
        let numbers = BTreeMap::<String, Number>::deserialize(from)?;
        Ok(numbers
            .into_iter()
            .map(|(name, number)| (name, number.0))
            .collect())
    }
}
