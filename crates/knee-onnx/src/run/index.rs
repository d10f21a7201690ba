//! Operators that pick or place elements by index.

use burn::backend::tensor::IndexingUpdateOp;

use super::call::{Answer, Call, one};
use super::compute::{Compute, Float};
use super::host::Host;
use super::shape;
use super::value::{self, Value};
use crate::error::Result;

/// Indices that may count from the end, checked.
fn checked<C: Compute>(call: &Call<C>, indices: &[i64], length: usize) -> Result<Vec<usize>> {
    indices
        .iter()
        .map(|&index| {
            shape::axis(index, length).ok_or_else(|| {
                call.wrong(
                    format!("index {index}"),
                    format!("an index into an axis of length {length}"),
                )
            })
        })
        .collect()
}

pub(super) fn gather<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), from.len())?;
    let indices = call.int(1)?.clone();
    let picked = checked(call, &indices.data, from[axis])?;
    let mut to = from[..axis].to_vec();
    to.extend_from_slice(&indices.shape);
    to.extend_from_slice(&from[axis + 1..]);
    call.reserve(&to)?;
    one(call.take(0)?.select(axis, &picked).reshape(to))
}

/// For each element of the indices: its position in a tensor of shape `from`, where the index
/// replaces the coordinate of `axis`.
fn along_axis<C: Compute>(
    call: &Call<C>,
    indices: &Host<i64>,
    from: &[usize],
    axis: usize,
) -> Result<Vec<usize>> {
    if indices.shape.len() != from.len() {
        return Err(call.wrong(
            format!(
                "indices of shape {:?} for a tensor of shape {from:?}",
                indices.shape
            ),
            "the same number of axes",
        ));
    }
    let picked = checked(call, &indices.data, from[axis])?;
    let strides = shape::strides(from);
    let steps: Vec<isize> = (0..from.len())
        .map(|a| if a == axis { 0 } else { strides[a] as isize })
        .collect();
    let bases = shape::walk(&indices.shape, 0, &steps);
    Ok(bases
        .iter()
        .zip(&picked)
        .map(|(&base, &k)| base + k * strides[axis])
        .collect())
}

pub(super) fn gather_elements<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), from.len())?;
    let indices = call.int(1)?.clone();
    call.reserve(&indices.shape)?;
    let positions = along_axis(call, &indices, &from, axis)?;
    one(call.take(0)?.take(&positions, indices.shape))
}

/// The runs that tuples of indices point at: first position of each, and the length of all.
fn tuples<C: Compute>(
    call: &Call<C>,
    indices: &Host<i64>,
    from: &[usize],
    batch: usize,
) -> Result<(Vec<usize>, usize)> {
    let depth = indices.shape.last().copied().unwrap_or(1);
    if batch + depth > from.len() || depth == 0 {
        return Err(call.wrong(
            format!("index tuples of length {depth} for a tensor of shape {from:?}"),
            "at most as many as it has axes",
        ));
    }
    let strides = shape::strides(from);
    let run: usize = from[batch + depth..].iter().product();
    let groups: usize = indices.shape[..batch].iter().product();
    let per_group = indices.data.len() / depth / groups.max(1);
    let group: usize = from[batch..].iter().product();
    let mut starts = Vec::with_capacity(indices.data.len() / depth);
    for (n, tuple) in indices.data.chunks(depth).enumerate() {
        let mut at = n.checked_div(per_group).unwrap_or(0) * group;
        for (k, &index) in tuple.iter().enumerate() {
            let axis = batch + k;
            at += checked(call, &[index], from[axis])?[0] * strides[axis];
        }
        starts.push(at);
    }
    Ok((starts, run))
}

fn runs(starts: &[usize], run: usize) -> Vec<usize> {
    starts.iter().flat_map(|&at| at..at + run).collect()
}

pub(super) fn gather_nd<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let batch = call.attributes.int("batch_dims").unwrap_or(0) as usize;
    let indices = call.int(1)?.clone();
    if batch >= indices.shape.len() {
        return Err(call.wrong(
            format!("batch_dims {batch}"),
            "less than the indices have axes",
        ));
    }
    let (starts, run) = tuples(call, &indices, &from, batch)?;
    let depth = indices.shape.last().copied().unwrap_or(1);
    let mut to = indices.shape[..indices.shape.len() - 1].to_vec();
    to.extend_from_slice(&from[batch + depth..]);
    call.reserve(&to)?;
    one(call.take(0)?.take(&runs(&starts, run), to))
}

/// Puts updates at positions of the row-major order.
fn scattered<C: Compute>(call: &mut Call<C>, positions: &[usize]) -> Answer<C> {
    let reduction = call
        .attributes
        .text("reduction")
        .unwrap_or("none")
        .to_owned();
    let shape = call.input(0)?.shape();
    call.reserve(&shape)?;
    match (call.take(0)?, call.take(2)?) {
        (Value::Float(x), Value::Float(updates)) => one(Value::Float(scattered_floats(
            call, x, updates, positions, &shape, &reduction,
        )?)),
        (Value::Int(x), Value::Int(updates)) => {
            let mut data = x.data.to_vec();
            for (&at, &u) in positions.iter().zip(updates.data.iter()) {
                data[at] = match reduction.as_str() {
                    "add" => data[at].wrapping_add(u),
                    "mul" => data[at].wrapping_mul(u),
                    "max" => data[at].max(u),
                    "min" => data[at].min(u),
                    _ => u,
                };
            }
            one(Value::Int(Host::new(shape, data)))
        }
        (Value::Bool(x), Value::Bool(updates)) => {
            let mut data = x.data.to_vec();
            for (&at, &u) in positions.iter().zip(updates.data.iter()) {
                data[at] = u;
            }
            one(Value::Bool(Host::new(shape, data)))
        }
        _ => Err(call.wrong("updates of another type than the data", "the same type")),
    }
}

fn scattered_floats<C: Compute>(
    call: &Call<C>,
    x: Float<C>,
    updates: Float<C>,
    positions: &[usize],
    to: &[usize],
    reduction: &str,
) -> Result<Float<C>> {
    let total: usize = to.iter().product();
    let indices: Vec<i64> = positions.iter().map(|&at| at as i64).collect();
    let indices = Host::vector(indices).to_flex();
    let updates = value::reshape::<C>(updates, &[positions.len()]);
    let flat = value::reshape::<C>(x, &[total]);
    let base = match reduction {
        "none" => {
            let mut replaced = vec![false; total];
            for &at in positions {
                if replaced[at] {
                    return Err(call.unsupported("two updates go to one element"));
                }
                replaced[at] = true;
            }
            C::float_mask_fill(flat, Host::vector(replaced).to_flex(), 0.0.into())
        }
        "add" => flat,
        other => return Err(call.unsupported(format!("the reduction \"{other}\" of floats"))),
    };
    let y = C::float_select_assign(base, 0, indices, updates, IndexingUpdateOp::Add);
    Ok(value::reshape::<C>(y, to))
}

pub(super) fn scatter_elements<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), from.len())?;
    let indices = call.int(1)?.clone();
    let positions = along_axis(call, &indices, &from, axis)?;
    scattered(call, &positions)
}

pub(super) fn scatter_nd<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let indices = call.int(1)?.clone();
    let (starts, run) = tuples(call, &indices, &from, 0)?;
    scattered(call, &runs(&starts, run))
}
