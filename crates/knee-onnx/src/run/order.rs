//! Operators that search, sort and reorder.

use super::call::{Answer, Call, one};
use super::compute::Compute;
use super::host::Host;
use super::shape;
use super::value::{self, Value};

pub(super) fn non_zero<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let shape = call.input(0)?.shape();
    let numbers = call.optional_numbers(0).unwrap_or_default();
    let found: Vec<Vec<usize>> = (0..numbers.len())
        .filter(|&at| numbers[at] != 0.0)
        .map(|at| shape::unravel(at, &shape))
        .collect();
    let data: Vec<i64> = (0..shape.len())
        .flat_map(|axis| found.iter().map(move |i| i[axis] as i64))
        .collect();
    one(Value::Int(Host::new(vec![shape.len(), found.len()], data)))
}

/// The largest or smallest elements of an axis, in order; ties keep the order of their indices.
pub(super) fn top_k<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(-1), from.len())?;
    let k = match call.attributes.int("k") {
        Some(k) => k,
        None => call.int(1)?.data.first().copied().unwrap_or(0),
    };
    let length = from[axis];
    let k = usize::try_from(k)
        .ok()
        .filter(|&k| k <= length)
        .ok_or_else(|| {
            call.wrong(
                format!("k = {k}"),
                format!("at most {length}, the length of the axis"),
            )
        })?;
    let largest = call.attributes.int("largest") != Some(0);
    let numbers = call.optional_numbers(0).unwrap_or_default();
    let (outer, inner): (usize, usize) = (
        from[..axis].iter().product(),
        from[axis + 1..].iter().product(),
    );
    let mut to = from.clone();
    to[axis] = k;
    let count: usize = to.iter().product();
    let (mut positions, mut indices) = (vec![0; count], vec![0_i64; count]);
    for o in 0..outer {
        for i in 0..inner {
            let at = |j: usize| (o * length + j) * inner + i;
            let mut order: Vec<usize> = (0..length).collect();
            order.sort_by(|&a, &b| {
                let ordering = numbers[at(a)].total_cmp(&numbers[at(b)]);
                if largest {
                    ordering.reverse()
                } else {
                    ordering
                }
            });
            for (rank, &j) in order[..k].iter().enumerate() {
                positions[(o * k + rank) * inner + i] = at(j);
                indices[(o * k + rank) * inner + i] = j as i64;
            }
        }
    }
    let values = call.take(0)?.take(&positions, to.clone());
    Ok(vec![values, Value::Int(Host::new(to, indices))])
}

/// The rows of an axis (or the elements of the flattened tensor) where a condition holds.
pub(super) fn compress<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let Value::Bool(condition) = call.take(1)? else {
        return Err(call.wrong("a condition that is not boolean", "booleans"));
    };
    let (mut x, mut axis) = (call.take(0)?, 0);
    if let Some(along) = call.attributes.int("axis") {
        axis = call.axis(along, x.shape().len())?;
    } else {
        let all = x.elements();
        x = x.reshape(vec![all]);
    }
    let length = x.shape()[axis];
    let kept = condition
        .data
        .iter()
        .enumerate()
        .filter(|&(_, &keep)| keep)
        .map(|(at, _)| at);
    let kept: Vec<usize> = kept.collect();
    if kept.iter().any(|&at| at >= length) {
        return Err(call.wrong(
            "a condition longer than the axis",
            format!("{length} at most"),
        ));
    }
    one(x.select(axis, &kept))
}

/// 1 at the first maximum of each row, 0 elsewhere.
pub(super) fn hardmax<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let shape = value::dims::<C>(&x);
    let flatten = call.opset < 13;
    let default = if flatten { 1 } else { -1 };
    let axis = call.axis(call.attributes.int("axis").unwrap_or(default), shape.len())?;
    let (row, inner): (usize, usize) = if flatten {
        (shape[axis..].iter().product(), 1)
    } else {
        (shape[axis], shape[axis + 1..].iter().product())
    };
    let numbers = value::as_f64(&value::on_host::<C>(&x));
    let mut chosen = vec![0.0; numbers.len()];
    for start in (0..numbers.len()).filter(|at| at / inner.max(1) % row.max(1) == 0) {
        let best = (0..row).map(|k| start + k * inner).reduce(|best, at| {
            if numbers[at] > numbers[best] {
                at
            } else {
                best
            }
        });
        if let Some(best) = best {
            chosen[best] = 1.0;
        }
    }
    one(Value::Float(value::constant_like::<C>(&x, shape, &chosen)))
}

/// Reverses each sequence of a batch over its own length.
pub(super) fn reverse_sequence<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let time = call.axis(call.attributes.int("time_axis").unwrap_or(0), from.len())?;
    let batch = call.axis(call.attributes.int("batch_axis").unwrap_or(1), from.len())?;
    let lengths = super::view::lengths(call, 1)?;
    if lengths.len() != from[batch] || lengths.iter().any(|&l| l > from[time]) {
        return Err(call.wrong(
            format!("the lengths {lengths:?}"),
            "one per sequence, within it",
        ));
    }
    let strides = shape::strides(&from);
    let count: usize = from.iter().product();
    let positions: Vec<usize> = (0..count)
        .map(|at| {
            let index = shape::unravel(at, &from);
            let (t, length) = (index[time], lengths[index[batch]]);
            let source = if t < length { length - 1 - t } else { t };
            at + source * strides[time] - t * strides[time]
        })
        .collect();
    one(call.take(0)?.take(&positions, from))
}
