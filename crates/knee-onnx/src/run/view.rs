//! Operators that give the same elements another shape or order, and those that ask for a shape.

use super::call::{Answer, Call, one};
use super::compute::Compute;
use super::host::Host;
use super::shape;
use super::value::Value;
use crate::error::Result;

pub(super) fn identity<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    one(call.take(0)?)
}

/// At inference dropout passes its input on; the mask says that everything was kept.
pub(super) fn dropout<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.take(0)?;
    let shape = x.shape();
    let mut answer = vec![x];
    if call.wants(1) {
        call.reserve(&shape)?;
        let kept = vec![true; shape.iter().product()];
        answer.push(Value::Bool(Host::new(shape, kept)));
    }
    Ok(answer)
}

pub(super) fn reshape<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let wanted = call
        .ints_or_input("shape", 1)?
        .ok_or_else(|| call.wrong("no shape", "a shape as the second input"))?;
    let keep_zero = call.attributes.flag("allowzero");
    let from = call.input(0)?.shape();
    let total: usize = from.iter().product();
    let mut to = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (axis, &length) in wanted.iter().enumerate() {
        match length {
            -1 if open.is_none() => {
                open = Some(axis);
                to.push(1);
            }
            0 if !keep_zero => to.push(from.get(axis).copied().unwrap_or(0)),
            length if length >= 0 => to.push(length as usize),
            _ => {
                return Err(call.wrong(
                    format!("the shape {wanted:?}"),
                    "lengths, and at most one -1",
                ));
            }
        }
    }
    let known = shape::elements(&to).unwrap_or(usize::MAX);
    if let Some(axis) = open
        && known > 0
        && total.is_multiple_of(known)
    {
        to[axis] = total / known;
    }
    if shape::elements(&to) != Some(total) {
        return Err(call.wrong(
            format!("the shape {wanted:?} for a tensor of shape {from:?}"),
            "the same number of elements",
        ));
    }
    one(call.take(0)?.reshape(to))
}

pub(super) fn flatten<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.attributes.int("axis").unwrap_or(1);
    let axis = if axis == from.len() as i64 {
        from.len()
    } else {
        call.axis(axis, from.len())?
    };
    let to = vec![from[..axis].iter().product(), from[axis..].iter().product()];
    one(call.take(0)?.reshape(to))
}

pub(super) fn squeeze<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axes = match call.ints_or_input("axes", 1)? {
        Some(axes) => call.axes(&axes, from.len())?,
        None => (0..from.len()).filter(|&a| from[a] == 1).collect(),
    };
    if let Some(&axis) = axes.iter().find(|&&a| from[a] != 1) {
        return Err(call.wrong(
            format!("axis {axis} of length {} to be squeezed", from[axis]),
            "length 1",
        ));
    }
    let to = (0..from.len())
        .filter(|a| !axes.contains(a))
        .map(|a| from[a])
        .collect();
    one(call.take(0)?.reshape(to))
}

pub(super) fn unsqueeze<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axes = call
        .ints_or_input("axes", 1)?
        .ok_or_else(|| call.wrong("no axes", "the axes to insert"))?;
    let rank = from.len() + axes.len();
    let axes = call.axes(&axes, rank)?;
    if from.len() + axes.len() != rank {
        return Err(call.wrong("an axis that is named twice", "different axes"));
    }
    let mut rest = from.into_iter();
    let to = (0..rank)
        .map(|a| {
            if axes.contains(&a) {
                1
            } else {
                rest.next().unwrap_or(1)
            }
        })
        .collect();
    one(call.take(0)?.reshape(to))
}

/// The order of axes that a Transpose asks for.
pub(super) fn permutation<C: Compute>(call: &Call<C>, rank: usize) -> Result<Vec<usize>> {
    let Some(perm) = call.attributes.ints("perm") else {
        return Ok((0..rank).rev().collect());
    };
    let axes = perm
        .iter()
        .map(|&a| call.axis(a, rank))
        .collect::<Result<Vec<_>>>()?;
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if sorted.iter().copied().ne(0..rank) {
        return Err(call.wrong(
            format!("the order {perm:?}"),
            format!("each of the {rank} axes once"),
        ));
    }
    Ok(axes)
}

pub(super) fn transpose<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let axes = permutation(call, call.input(0)?.shape().len())?;
    one(call.take(0)?.permute(&axes))
}

pub(super) fn expand<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let wanted = lengths(call, 1)?;
    let to = call.broadcast(&call.input(0)?.shape(), &wanted)?;
    one(call.take(0)?.expand(&to))
}

/// An input that holds lengths.
pub(super) fn lengths<C: Compute>(call: &Call<C>, index: usize) -> Result<Vec<usize>> {
    call.int(index)?
        .data
        .iter()
        .map(|&n| {
            usize::try_from(n).map_err(|_| call.wrong(format!("the length {n}"), "0 or more"))
        })
        .collect()
}

pub(super) fn shape<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let shape = call.input(0)?.shape();
    let rank = shape.len() as i64;
    let bound = |at: i64| (if at < 0 { at + rank } else { at }).clamp(0, rank) as usize;
    let start = bound(call.attributes.int("start").unwrap_or(0));
    let end = bound(call.attributes.int("end").unwrap_or(rank));
    let part = shape.get(start..end.max(start)).unwrap_or_default();
    one(Value::Int(Host::vector(
        part.iter().map(|&n| n as i64).collect(),
    )))
}

pub(super) fn size<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    one(Value::Int(Host::scalar(call.input(0)?.elements() as i64)))
}

pub(super) fn depth_to_space<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (from, block) = blocks(call)?;
    let [n, c, h, w] = from;
    let depth = c / (block * block);
    let crd = call.attributes.text("mode") == Some("CRD");
    let (split, axes) = if crd {
        (vec![n, depth, block, block, h, w], [0, 1, 4, 2, 5, 3])
    } else {
        (vec![n, block, block, depth, h, w], [0, 3, 4, 1, 5, 2])
    };
    if depth * block * block != c {
        return Err(call.wrong(
            format!("{c} channels"),
            format!("a multiple of {}", block * block),
        ));
    }
    let to = vec![n, depth, h * block, w * block];
    one(call.take(0)?.reshape(split).permute(&axes).reshape(to))
}

pub(super) fn space_to_depth<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (from, block) = blocks(call)?;
    let [n, c, h, w] = from;
    if !h.is_multiple_of(block) || !w.is_multiple_of(block) {
        return Err(call.wrong(
            format!("{h}x{w} positions"),
            format!("multiples of {block}"),
        ));
    }
    let split = vec![n, c, h / block, block, w / block, block];
    let to = vec![n, c * block * block, h / block, w / block];
    one(call
        .take(0)?
        .reshape(split)
        .permute(&[0, 3, 5, 1, 2, 4])
        .reshape(to))
}

fn blocks<C: Compute>(call: &Call<C>) -> Result<([usize; 4], usize)> {
    let from = call.input(0)?.shape();
    let block = call
        .attributes
        .int("blocksize")
        .and_then(|b| usize::try_from(b).ok());
    match (<[usize; 4]>::try_from(from.as_slice()), block) {
        (Ok(from), Some(block)) if block > 0 => Ok((from, block)),
        _ => Err(call.wrong(
            format!("a tensor of shape {from:?}"),
            "[N, C, H, W] and a block size",
        )),
    }
}
