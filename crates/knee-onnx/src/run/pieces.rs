//! Operators that cut tensors into pieces, join them, repeat them and pad them.

use super::call::{Answer, Call, one};
use super::compute::Compute;
use super::host::Host;
use super::value::{self, Value};
use crate::error::Result;

/// Starts, ends, axes and steps are attributes below operator set 10 and inputs from there on.
pub(super) fn slice<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let missing = || call.wrong("no starts or ends", "both");
    let starts = call.ints_or_input("starts", 1)?.ok_or_else(missing)?;
    let ends = call.ints_or_input("ends", 2)?.ok_or_else(missing)?;
    let axes = call
        .ints_or_input("axes", 3)?
        .unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = call
        .optional_ints(4)?
        .unwrap_or_else(|| vec![1; starts.len()]);
    if ends.len() != starts.len() || axes.len() != starts.len() || steps.len() != starts.len() {
        return Err(call.wrong(
            "starts, ends, axes and steps of different lengths",
            "one of each",
        ));
    }
    let mut x = call.take(0)?;
    for (((&start, &end), &axis), &step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let axis = call.axis(axis, from.len())?;
        let length = from[axis] as i64;
        if length == 0 {
            continue;
        }
        if step == 0 {
            return Err(call.wrong("a step of 0", "any other step"));
        }
        let wrap = |at: i64| {
            if at < 0 {
                at.saturating_add(length)
            } else {
                at
            }
        };
        let (low, high) = if step > 0 {
            (0, length)
        } else {
            (-1, length - 1)
        };
        let start = wrap(start).clamp(low.max(0), high.max(0));
        let end = if end < -length && step < 0 {
            -1
        } else {
            wrap(end).clamp(low, high)
        };
        if step == 1 {
            x = x.narrow(axis, start as usize, (end - start).max(0) as usize);
            continue;
        }
        let mut indices = Vec::new();
        let mut at = start;
        while if step > 0 { at < end } else { at > end } {
            indices.push(at as usize);
            at += step;
        }
        x = x.select(axis, &indices);
    }
    one(x)
}

pub(super) fn split<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), from.len())?;
    let length = from[axis];
    let lengths: Vec<usize> = if let Some(stated) = call.ints_or_input("split", 1)? {
        let known = stated.iter().map(|&l| usize::try_from(l).unwrap_or(0));
        known.collect()
    } else {
        let outputs = call.attributes.int("num_outputs");
        let parts = outputs
            .map_or(call.wanted.len(), |n| n.max(1) as usize)
            .max(1);
        let each = length.div_ceil(parts);
        (0..parts)
            .map(|k| each.min(length.saturating_sub(k * each)))
            .collect()
    };
    if lengths.iter().sum::<usize>() != length {
        return Err(call.wrong(
            format!("parts of lengths {lengths:?}"),
            format!("lengths that add up to {length}"),
        ));
    }
    let x = call.take(0)?;
    let mut start = 0;
    Ok(lengths
        .iter()
        .map(|&part| {
            let value = x.clone().narrow(axis, start, part);
            start += part;
            value
        })
        .collect())
}

pub(super) fn concat<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let first = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), first.len())?;
    let mut to = first.clone();
    to[axis] = 0;
    let mut parts = Vec::with_capacity(call.inputs.len());
    for index in 0..call.inputs.len() {
        let part = call.take(index)?;
        let shape = part.shape();
        let fits = shape.len() == first.len()
            && (0..first.len()).all(|a| a == axis || shape[a] == first[a]);
        if !fits {
            return Err(call.wrong(
                format!("input {index} of shape {shape:?} beside {first:?}"),
                format!("equal lengths but for axis {axis}"),
            ));
        }
        to[axis] += shape[axis];
        // Empty parts are dropped, but the result keeps one when there is nothing else.
        if shape[axis] > 0 || (index + 1 == call.inputs.len() && parts.is_empty()) {
            parts.push(part);
        }
    }
    call.reserve(&to)?;
    let joined = Value::concat(parts, axis);
    one(joined.ok_or_else(|| call.wrong("inputs of different types", "the same type for all"))?)
}

pub(super) fn tile<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let repeats = super::view::lengths(call, 1)?;
    if repeats.len() != from.len() {
        return Err(call.wrong(format!("{} repeats", repeats.len()), "one per axis"));
    }
    let to: Option<Vec<usize>> = from
        .iter()
        .zip(&repeats)
        .map(|(&n, &r)| n.checked_mul(r))
        .collect();
    call.reserve(&to.unwrap_or_else(|| vec![usize::MAX]))?;
    let mut x = call.take(0)?;
    for (axis, &times) in repeats.iter().enumerate() {
        if times != 1 {
            let indices: Vec<usize> = (0..times).flat_map(|_| 0..from[axis]).collect();
            x = x.select(axis, &indices);
        }
    }
    one(x)
}

/// Pads, which may be negative (then they crop). Attributes below operator set 11.
pub(super) fn pad<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let rank = from.len();
    let pads = call
        .ints_or_input("pads", 1)?
        .ok_or_else(|| call.wrong("no pads", "two numbers per axis"))?;
    let axes = match call.optional_ints(3)? {
        Some(axes) => axes
            .iter()
            .map(|&a| call.axis(a, rank))
            .collect::<Result<Vec<_>>>()?,
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(call.wrong(
            format!("{} pads", pads.len()),
            format!("{}", 2 * axes.len()),
        ));
    }
    let fill = match call.attributes.float("value") {
        Some(fill) => fill,
        None => call.optional_number(2)?.unwrap_or(0.0),
    };
    let mode = call
        .attributes
        .text("mode")
        .unwrap_or("constant")
        .to_owned();
    let mut x = call.take(0)?;
    for (k, &axis) in axes.iter().enumerate() {
        let (before, after) = (pads[k], pads[k + axes.len()]);
        if (before, after) == (0, 0) {
            continue;
        }
        let mut to = x.shape();
        let length = to[axis] as i64;
        let total = length.saturating_add(before).saturating_add(after);
        let Ok(padded) = usize::try_from(total) else {
            return Err(call.wrong(
                format!("pads {before} and {after}"),
                "a length that stays positive",
            ));
        };
        to[axis] = padded;
        call.reserve(&to)?;
        x = if mode == "constant" {
            filled(x, axis, before, after, fill)
        } else {
            let indices: Option<Vec<usize>> = (0..total)
                .map(|at| reflected(at - before, length, &mode))
                .collect();
            let indices = indices
                .ok_or_else(|| call.unsupported(format!("the mode \"{mode}\" with these pads")))?;
            x.select(axis, &indices)
        };
    }
    one(x)
}

/// Which element a padded position repeats.
fn reflected(at: i64, length: i64, mode: &str) -> Option<usize> {
    if length == 0 {
        return None;
    }
    let at = match mode {
        "edge" => at.clamp(0, length - 1),
        "wrap" => at.rem_euclid(length),
        "reflect" if length == 1 => 0,
        "reflect" => {
            let period = 2 * (length - 1);
            let at = at.rem_euclid(period);
            at.min(period - at)
        }
        _ => return None,
    };
    usize::try_from(at).ok()
}

/// A constant before and after; negative numbers crop.
fn filled<C: Compute>(x: Value<C>, axis: usize, before: i64, after: i64, fill: f64) -> Value<C> {
    let shape = x.shape();
    let crop = |n: i64| usize::try_from(-n).unwrap_or(0);
    let kept = shape[axis].saturating_sub(crop(before) + crop(after));
    let x = x.narrow(axis, crop(before), kept);
    let block = |n: i64, like: &Value<C>| {
        let length = usize::try_from(n).ok().filter(|&n| n > 0)?;
        let mut shape = like.shape();
        shape[axis] = length;
        let count: usize = shape.iter().product();
        Some(match like {
            Value::Float(x) => {
                Value::Float(value::constant_like::<C>(x, shape, &vec![fill; count]))
            }
            Value::Int(_) => Value::Int(Host::new(shape, vec![fill as i64; count])),
            Value::Bool(_) => Value::Bool(Host::new(shape, vec![fill != 0.0; count])),
        })
    };
    let (first, last) = (block(before, &x), block(after, &x));
    let parts: Vec<Value<C>> = first.into_iter().chain([x.clone()]).chain(last).collect();
    Value::concat(parts, axis).unwrap_or(x)
}
