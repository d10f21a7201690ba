//! Reductions over axes.

use super::call::{Answer, Call, one};
use super::compute::{Compute, Float};
use super::host::Host;
use super::shape;
use super::value::{self, Value, dims};
use crate::error::Result;

/// The axes to reduce: an attribute in older operator sets, an input in newer ones. No axes means
/// all, or none with `noop_with_empty_axes`.
pub(super) fn axes<C: Compute>(call: &Call<C>, rank: usize) -> Result<Vec<usize>> {
    match call.ints_or_input("axes", 1)? {
        Some(axes) if !axes.is_empty() => call.axes(&axes, rank),
        _ if call.attributes.flag("noop_with_empty_axes") => Ok(Vec::new()),
        _ => Ok((0..rank).collect()),
    }
}

pub(super) fn keeps<C: Compute>(call: &Call<C>) -> bool {
    call.attributes.int("keepdims") != Some(0)
}

/// The shape after a reduction.
fn reduced(from: &[usize], axes: &[usize], keep: bool) -> Vec<usize> {
    (0..from.len())
        .filter(|a| keep || !axes.contains(a))
        .map(|a| if axes.contains(&a) { 1 } else { from[a] })
        .collect()
}

/// One reduction per axis, the axes staying with length 1.
pub(super) fn along<C: Compute>(
    mut x: Float<C>,
    axes: &[usize],
    reduce: impl Fn(Float<C>, usize) -> Float<C>,
) -> Float<C> {
    for &axis in axes {
        x = reduce(x, axis);
    }
    x
}

/// The mean over several axes: adjacent ones are merged, so that most tensors are read once.
pub(super) fn mean_of<C: Compute>(x: Float<C>, axes: &[usize]) -> Float<C> {
    merged::<C>(x, axes, C::float_mean_dim)
}

pub(super) fn sum_of<C: Compute>(x: Float<C>, axes: &[usize]) -> Float<C> {
    merged::<C>(x, axes, C::float_sum_dim)
}

fn merged<C: Compute>(
    x: Float<C>,
    axes: &[usize],
    reduce: fn(Float<C>, usize) -> Float<C>,
) -> Float<C> {
    let from = dims::<C>(&x);
    let (Some(&first), Some(&last)) = (axes.first(), axes.last()) else {
        return x;
    };
    if axes.len() > 1 && last - first + 1 == axes.len() {
        let mut joined = from[..first].to_vec();
        joined.push(from[first..=last].iter().product());
        joined.extend_from_slice(&from[last + 1..]);
        let y = reduce(value::reshape::<C>(x, &joined), first);
        return value::reshape::<C>(y, &reduced(&from, axes, true));
    }
    along::<C>(x, axes, reduce)
}

fn reduce<C: Compute>(
    call: &mut Call<C>,
    floats: impl Fn(Float<C>, &[usize]) -> Float<C>,
    ints: fn(&[i64]) -> i64,
) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axes = axes(call, from.len())?;
    let to = reduced(&from, &axes, keeps(call));
    match call.take(0)? {
        Value::Float(x) => {
            let y = if axes.is_empty() && from.is_empty() {
                let y = floats(value::reshape::<C>(x, &[1]), &[0]);
                value::reshape::<C>(y, &[])
            } else {
                floats(x, &axes)
            };
            one(Value::Float(value::reshape::<C>(y, &to)))
        }
        Value::Int(x) => one(Value::Int(reduced_ints(&x, &axes, to, ints))),
        Value::Bool(_) => Err(call.wrong("a boolean operand", "numbers")),
    }
}

fn reduced_ints(x: &Host<i64>, axes: &[usize], to: Vec<usize>, f: fn(&[i64]) -> i64) -> Host<i64> {
    let kept: Vec<usize> = (0..x.shape.len()).filter(|a| !axes.contains(a)).collect();
    let order: Vec<usize> = kept.iter().chain(axes).copied().collect();
    let run: usize = axes.iter().map(|&a| x.shape[a]).product();
    let moved: Vec<i64> = shape::permute_positions(&x.shape, &order)
        .iter()
        .map(|&at| x.data[at])
        .collect();
    if run == 0 {
        return Host::new(to.clone(), vec![0; to.iter().product()]);
    }
    Host::new(to, moved.chunks(run).map(f).collect::<Vec<_>>())
}

pub(super) fn sum<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(call, sum_of::<C>, |v| v.iter().sum())
}

pub(super) fn mean<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(call, mean_of::<C>, |v| {
        v.iter().sum::<i64>() / v.len() as i64
    })
}

pub(super) fn max<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| along::<C>(x, axes, C::float_max_dim),
        |v| v.iter().copied().max().unwrap_or_default(),
    )
}

pub(super) fn min<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| along::<C>(x, axes, C::float_min_dim),
        |v| v.iter().copied().min().unwrap_or_default(),
    )
}

pub(super) fn prod<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| along::<C>(x, axes, C::float_prod_dim),
        |v| v.iter().product(),
    )
}

pub(super) fn sum_square<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| sum_of::<C>(C::float_mul(x.clone(), x), axes),
        |v| v.iter().map(|i| i * i).sum(),
    )
}

pub(super) fn l1<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| sum_of::<C>(C::float_abs(x), axes),
        |v| v.iter().map(|i| i.abs()).sum(),
    )
}

pub(super) fn l2<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| C::float_sqrt(sum_of::<C>(C::float_mul(x.clone(), x), axes)),
        |v| (v.iter().map(|i| i * i).sum::<i64>() as f64).sqrt() as i64,
    )
}

pub(super) fn log_sum<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| C::float_log(sum_of::<C>(x, axes)),
        |v| (v.iter().sum::<i64>() as f64).ln() as i64,
    )
}

/// In the stable form: the maximum is taken out, without a gradient of its own.
pub(super) fn log_sum_exp<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    reduce(
        call,
        |x, axes| {
            let top = along::<C>(C::detached(&x), axes, C::float_max_dim);
            let shifted = C::float_exp(C::float_sub(x, top.clone()));
            C::float_add(C::float_log(sum_of::<C>(shifted, axes)), top)
        },
        |v| v.iter().map(|&i| (i as f64).exp()).sum::<f64>().ln() as i64,
    )
}

fn extreme_index<C: Compute>(call: &mut Call<C>, largest: bool) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.axis(call.attributes.int("axis").unwrap_or(0), from.len())?;
    let last = call.attributes.flag("select_last_index");
    let numbers = call.optional_numbers(0).unwrap_or_default();
    let (length, inner) = (from[axis], from[axis + 1..].iter().product::<usize>());
    let outer: usize = from[..axis].iter().product();
    if length == 0 {
        return Err(call.wrong(format!("axis {axis} of length 0"), "one element at least"));
    }
    let mut indices = Vec::with_capacity(outer * inner);
    for o in 0..outer {
        for i in 0..inner {
            let at = |k: usize| numbers[(o * length + k) * inner + i];
            let mut best = 0;
            for k in 1..length {
                let better = if largest {
                    at(k) > at(best)
                } else {
                    at(k) < at(best)
                };
                if better || (last && at(k) == at(best)) {
                    best = k;
                }
            }
            indices.push(best as i64);
        }
    }
    let to = reduced(&from, &[axis], keeps(call));
    one(Value::Int(Host::new(to, indices)))
}

pub(super) fn arg_max<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    extreme_index(call, true)
}

pub(super) fn arg_min<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    extreme_index(call, false)
}

/// A running sum along an axis.
pub(super) fn cum_sum<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let from = call.input(0)?.shape();
    let axis = call.optional_number(1)?.unwrap_or(0.0) as i64;
    let axis = call.axis(axis, from.len())?;
    let length = from[axis];
    let backwards: Vec<usize> = (0..length).rev().collect();
    let reverse = call.attributes.flag("reverse");
    let exclusive = call.attributes.flag("exclusive");
    let x = call.take(0)?;
    let x = if reverse {
        x.select(axis, &backwards)
    } else {
        x
    };
    let y = match x {
        Value::Float(x) => {
            let sums = C::float_cumsum(x.clone(), axis);
            Value::Float(if exclusive {
                C::float_sub(sums, x)
            } else {
                sums
            })
        }
        Value::Int(x) => {
            let inner: usize = from[axis + 1..].iter().product();
            let mut sums = x.data.to_vec();
            for at in 0..sums.len() {
                if !(at / inner).is_multiple_of(length) {
                    sums[at] += sums[at - inner];
                }
            }
            if exclusive {
                sums.iter_mut()
                    .zip(x.data.iter())
                    .for_each(|(s, x)| *s -= x);
            }
            Value::Int(Host::new(from, sums))
        }
        Value::Bool(_) => return Err(call.wrong("a boolean operand", "numbers")),
    };
    one(if reverse {
        y.select(axis, &backwards)
    } else {
        y
    })
}
