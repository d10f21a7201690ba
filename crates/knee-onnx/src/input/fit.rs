//! Whether arrays fit the inputs of a graph: names, types, ranks, lengths, number of samples.

use std::collections::BTreeMap;

use knee_doctor::Labels;

use super::Batch;
use crate::axes::batch_axes;
use crate::error::{Error, Result};
use crate::graph::{Dim, Graph, Value};
use crate::tensor::{DType, Data, Tensor};

/// The name under which an archive holds what the network should answer.
const LABELS: &str = "labels";

/// Makes a batch of the arrays of a file.
pub(super) fn fit(
    place: &str,
    mut arrays: BTreeMap<String, Tensor>,
    graph: &Graph,
) -> Result<Batch> {
    let wanted: Vec<&Value> = graph.inputs.iter().map(|id| graph.value(*id)).collect();
    names(place, &arrays, &wanted)?;
    let axes = batch_axes(graph);
    let mut lengths: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    let mut samples: Option<(usize, &str)> = None;
    let mut step = None;
    let mut inputs = Vec::with_capacity(wanted.len());
    for (value, axis) in wanted.iter().zip(&axes) {
        let Some(tensor) = arrays.remove(&value.name) else {
            continue;
        };
        let place = format!("{place}, array \"{}\"", value.name);
        dtype(&place, &tensor, value)?;
        rank(&place, &tensor, value)?;
        for (at, dim) in value.shape.iter().flatten().enumerate() {
            let length = tensor.shape[at];
            match dim {
                // A fixed number of samples at a time: several times as many run in turn.
                Dim::Known(fixed) if Some(at) == *axis => {
                    let fixed = usize::try_from(*fixed).unwrap_or(usize::MAX);
                    if fixed == 0 || length == 0 || !length.is_multiple_of(fixed) {
                        return Err(wrong_shape(&place, &tensor, value));
                    }
                    step = Some(fixed);
                }
                Dim::Known(fixed) if *fixed != length as u64 => {
                    return Err(wrong_shape(&place, &tensor, value));
                }
                Dim::Symbol(symbol) => {
                    let first = *lengths
                        .entry(symbol.as_str())
                        .or_insert((length, &value.name));
                    if first.0 != length {
                        return Err(Error::batch(
                            place,
                            format!("its \"{symbol}\" is {length}"),
                            format!("expected {}, as in array \"{}\"", first.0, first.1),
                        ));
                    }
                }
                Dim::Known(_) | Dim::Unknown => {}
            }
        }
        if tensor.is_empty() {
            return Err(Error::batch(
                place,
                format!("its shape is {:?}: it holds no value", tensor.shape),
                "expected at least one sample",
            ));
        }
        if let Some(axis) = *axis {
            let Some(length) = tensor.shape.get(axis).copied() else {
                return Err(Error::batch(
                    place,
                    "it is a single number",
                    "expected an array whose first axis counts samples",
                ));
            };
            match samples {
                Some((count, first)) if count != length => {
                    return Err(Error::batch(
                        place,
                        format!("it has {length} samples"),
                        format!("expected {count}, as in array \"{first}\""),
                    ));
                }
                _ => samples = Some((length, &value.name)),
            }
        }
        inputs.push((value.name.clone(), tensor));
    }
    let samples = samples.map_or(1, |(count, _)| count);
    let labels = arrays
        .remove(LABELS)
        .map(|tensor| labels(place, &tensor, samples))
        .transpose()?;
    Ok(Batch {
        inputs,
        labels,
        samples,
        axes,
        step,
    })
}

fn names(place: &str, arrays: &BTreeMap<String, Tensor>, wanted: &[&Value]) -> Result<()> {
    let names: Vec<&str> = wanted.iter().map(|value| value.name.as_str()).collect();
    let found = || {
        let names: Vec<&str> = arrays.keys().map(String::as_str).collect();
        if names.is_empty() {
            "no array".into()
        } else {
            names.join(", ")
        }
    };
    let expected = || format!("expected {} and perhaps {LABELS}", names.join(", "));
    if let Some(missing) = names.iter().find(|name| !arrays.contains_key(**name)) {
        return Err(Error::batch(
            place,
            format!(
                "there is no array for the input \"{missing}\"; the file holds {}",
                found()
            ),
            expected(),
        ));
    }
    let unknown = arrays
        .keys()
        .find(|name| *name != LABELS && !names.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(Error::batch(
            place,
            format!(
                "the array \"{}\" is no input of the network",
                name.escape_debug()
            ),
            expected(),
        )),
        None => Ok(()),
    }
}

fn dtype(place: &str, tensor: &Tensor, value: &Value) -> Result<()> {
    match value.dtype {
        // NumPy has no bfloat16; float32 holds every value of it.
        Some(DType::Bf16) if tensor.dtype == DType::F32 => Ok(()),
        Some(expected) if expected != tensor.dtype => Err(Error::batch(
            place,
            format!("its type is {}", tensor.dtype),
            format!("the network takes {expected}; convert it with .astype(\"{expected}\")"),
        )),
        _ => Ok(()),
    }
}

fn rank(place: &str, tensor: &Tensor, value: &Value) -> Result<()> {
    match &value.shape {
        Some(shape) if shape.len() != tensor.rank() => Err(wrong_shape(place, tensor, value)),
        _ => Ok(()),
    }
}

fn wrong_shape(place: &str, tensor: &Tensor, value: &Value) -> Error {
    let dims: Vec<String> = value
        .shape
        .iter()
        .flatten()
        .map(|dim| match dim {
            Dim::Known(length) => length.to_string(),
            Dim::Symbol(symbol) => symbol.clone(),
            Dim::Unknown => "?".into(),
        })
        .collect();
    Error::batch(
        place,
        format!("its shape is {:?}", tensor.shape),
        format!("the network takes [{}]", dims.join(", ")),
    )
}

/// Integers are class indices; floats and booleans are values.
fn labels(place: &str, tensor: &Tensor, samples: usize) -> Result<Labels> {
    let count = tensor.shape.first().copied().unwrap_or(0);
    if count != samples {
        return Err(Error::batch(
            format!("{place}, array \"{LABELS}\""),
            format!("its shape is {:?}", tensor.shape),
            format!("expected one row for each of the {samples} samples"),
        ));
    }
    Ok(match &tensor.data {
        Data::I64(classes) if tensor.dtype != DType::Bool => Labels::Classes(classes.to_vec()),
        _ => Labels::Rows {
            width: tensor.len() / samples.max(1),
            values: tensor.to_f32().to_vec(),
        },
    })
}
