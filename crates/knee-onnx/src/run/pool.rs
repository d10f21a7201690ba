//! Pools: maximum, average and norm over windows.

use burn::backend::DType;

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::reduce;
use super::value::{self, dims};
use super::window::{self, Window};
use crate::error::Result;

/// The input as images `[N, C, H, W]` (a single spatial axis becomes W) with its window, and the
/// shape of the result.
fn images<C: Compute>(call: &mut Call<C>) -> Result<(Float<C>, Window, Vec<usize>)> {
    let x = call.float(0)?;
    let from = dims::<C>(&x);
    if !(3..=4).contains(&from.len()) {
        return Err(call.unsupported(format!("a pool over {} axes", from.len().saturating_sub(2))));
    }
    let kernel = window::kernel(call, None, from.len() - 2)?;
    let mut window = window::window(call, &from[2..], kernel)?;
    let mut to = from[..2].to_vec();
    to.extend_from_slice(&window.to);
    call.reserve(&to)?;
    if from.len() == 4 {
        return Ok((x, window, to));
    }
    for lengths in [
        &mut window.kernel,
        &mut window.strides,
        &mut window.dilations,
        &mut window.to,
    ] {
        lengths.insert(0, 1);
    }
    window.pads.insert(0, (0, 0));
    let x = value::reshape::<C>(x, &[from[0], from[1], 1, from[2]]);
    Ok((x, window, to))
}

/// The two spatial pads, filled.
fn filled<C: Compute>(
    call: &Call<C>,
    x: Float<C>,
    pads: &[(usize, usize)],
    fill: f64,
) -> Result<Float<C>> {
    let mut padded = dims::<C>(&x);
    for (k, (before, after)) in pads.iter().enumerate() {
        padded[k + 2] += before + after;
    }
    call.reserve(&padded)?;
    let mut x = x;
    for (k, &(before, after)) in pads.iter().enumerate() {
        let block = |length: usize, like: &Float<C>| {
            let mut shape = dims::<C>(like);
            shape[k + 2] = length;
            let count = shape.iter().product();
            value::constant_like::<C>(like, shape, &vec![fill; count])
        };
        let mut parts = Vec::new();
        if before > 0 {
            parts.push(block(before, &x));
        }
        parts.push(x.clone());
        if after > 0 {
            parts.push(block(after, &x));
        }
        if parts.len() > 1 {
            x = C::float_cat(parts, k + 2);
        }
    }
    Ok(x)
}

fn pair(values: &[usize]) -> [usize; 2] {
    [values[0], values[1]]
}

pub(super) fn max_pool<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    if call.wants(1) {
        return Err(call.unsupported("the indices of the maxima are asked for"));
    }
    let (x, window, to) = images(call)?;
    let whole = window.whole(&dims::<C>(&x)[2..]);
    let alike = window
        .pads
        .iter()
        .zip(&whole)
        .all(|(&(before, after), &(_, needed))| before == after && needed <= after);
    let small = window
        .pads
        .iter()
        .zip(&window.kernel)
        .all(|(p, &k)| p.0 <= k / 2);
    // Burn pads both sides alike; every other case pads with -inf first, which never is a maximum.
    let (x, padding) = if alike && small {
        (x, [window.pads[0].0, window.pads[1].0])
    } else {
        (filled(call, x, &whole, f64::NEG_INFINITY)?, [0, 0])
    };
    let y = C::max_pool2d(
        x,
        pair(&window.kernel),
        pair(&window.strides),
        padding,
        pair(&window.dilations),
        false,
    );
    float(value::reshape::<C>(y, &to))
}

/// The sum over each window, as the mean of a padded input times the window's size.
fn means<C: Compute>(call: &Call<C>, x: Float<C>, window: &Window) -> Result<Float<C>> {
    let whole = window.whole(&dims::<C>(&x)[2..]);
    let x = filled(call, x, &whole, 0.0)?;
    Ok(C::avg_pool2d(
        x,
        pair(&window.kernel),
        pair(&window.strides),
        [0, 0],
        true,
        false,
    ))
}

pub(super) fn average_pool<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let padded_count = call.attributes.flag("count_include_pad");
    let (x, window, to) = images(call)?;
    if window.dilations.iter().any(|&d| d != 1) {
        return Err(call.unsupported("an average pool with dilations"));
    }
    let from = dims::<C>(&x)[2..].to_vec();
    let size = window.kernel.iter().product::<usize>() as f64;
    // How many elements each window averages; the mean above divides by all of it.
    let counts: Vec<Vec<f64>> = (0..2)
        .map(|axis| {
            let (before, after) = window.pads[axis];
            let length = from[axis] as i64;
            let (low, high) = if padded_count {
                (-(before as i64), length + after as i64)
            } else {
                (0, length)
            };
            (0..window.to[axis])
                .map(|o| {
                    let start = (o * window.strides[axis]) as i64 - before as i64;
                    let end = start + window.kernel[axis] as i64;
                    (end.min(high) - start.max(low)).max(1) as f64
                })
                .collect()
        })
        .collect();
    let factors: Vec<f64> = counts[0]
        .iter()
        .flat_map(|h| counts[1].iter().map(move |w| size / (h * w)))
        .collect();
    let mut y = means(call, x, &window)?;
    if factors.iter().any(|&f| f != 1.0) {
        let shape = vec![1, 1, window.to[0], window.to[1]];
        let factors = value::constant_like::<C>(&y, shape, &factors);
        y = C::float_mul(y, factors);
    }
    float(value::reshape::<C>(y, &to))
}

pub(super) fn lp_pool<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let p = call.attributes.int("p").unwrap_or(2) as f64;
    let (x, window, to) = images(call)?;
    let size = window.kernel.iter().product::<usize>() as f64;
    let powers = C::float_powf_scalar(C::float_abs(x), p.into());
    let sums = C::float_mul_scalar(means(call, powers, &window)?, size.into());
    let y = C::float_powf_scalar(sums, (1.0 / p).into());
    float(value::reshape::<C>(y, &to))
}

/// The spatial axes of a channels-first tensor.
fn spatial<C: Compute>(call: &Call<C>, x: &Float<C>) -> Result<Vec<usize>> {
    let rank = dims::<C>(x).len();
    if rank < 3 {
        return Err(call.wrong(format!("a tensor with {rank} axes"), "[N, C, ...]"));
    }
    Ok((2..rank).collect())
}

pub(super) fn global_average_pool<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let axes = spatial(call, &x)?;
    float(reduce::mean_of::<C>(x, &axes))
}

pub(super) fn global_max_pool<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let axes = spatial(call, &x)?;
    debug_assert!(matches!(
        burn::backend::TensorMetadata::dtype(&x),
        DType::F32 | DType::F64
    ));
    float(reduce::along::<C>(x, &axes, C::float_max_dim))
}
