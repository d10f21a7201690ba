//! Normalisation.

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::reduce;
use super::value::{self, Value, dims};
use crate::error::Result;

const EPSILON: f64 = 1e-5;

fn epsilon<C: Compute>(call: &Call<C>) -> f64 {
    call.attributes.float("epsilon").unwrap_or(EPSILON)
}

/// One value per channel as `[1, C, 1, ...]`.
fn per_channel<C: Compute>(x: Float<C>, rank: usize) -> Float<C> {
    let mut shape = vec![1; rank];
    shape[1] = dims::<C>(&x).iter().product();
    value::reshape::<C>(x, &shape)
}

/// `1 / sqrt(x + epsilon)`.
fn inverse_root<C: Compute>(x: Float<C>, epsilon: f64) -> Float<C> {
    C::float_recip(C::float_sqrt(C::float_add_scalar(x, epsilon.into())))
}

pub(super) fn batch_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    if call.attributes.flag("training_mode") {
        return Err(call.unsupported("training mode; export the network in evaluation mode"));
    }
    let x = call.float(0)?;
    let rank = dims::<C>(&x).len();
    if rank < 2 {
        return Err(call.wrong(format!("a tensor with {rank} axes"), "[N, C, ...]"));
    }
    let channels = dims::<C>(&x)[1];
    let mut parameters = Vec::new();
    for index in 1..5 {
        let parameter = call.float(index)?;
        if dims::<C>(&parameter) != [channels] {
            return Err(call.wrong(
                format!("input {index} of shape {:?}", dims::<C>(&parameter)),
                format!("[{channels}], one value per channel"),
            ));
        }
        parameters.push(parameter);
    }
    let [gamma, beta, mean, variance] = <[_; 4]>::try_from(parameters)
        .map_err(|_| call.wrong("missing parameters", "scale, shift, mean and variance"))?;
    call.reserve(&dims::<C>(&x))?;
    // One scale and one shift per channel: x is read once.
    let scale = C::float_mul(gamma, inverse_root::<C>(variance, epsilon(call)));
    let shift = C::float_sub(beta, C::float_mul(mean, scale.clone()));
    let y = C::float_mul(x, per_channel::<C>(scale, rank));
    float(C::float_add(y, per_channel::<C>(shift, rank)))
}

/// `x - mean(x)` over some axes, and the inverse standard deviation.
fn standardised<C: Compute>(
    x: Float<C>,
    axes: &[usize],
    epsilon: f64,
) -> (Float<C>, Float<C>, Float<C>) {
    let mean = reduce::mean_of::<C>(x.clone(), axes);
    let centred = C::float_sub(x, mean.clone());
    let variance = reduce::mean_of::<C>(C::float_mul(centred.clone(), centred.clone()), axes);
    let inverse = inverse_root::<C>(variance, epsilon);
    (C::float_mul(centred, inverse.clone()), mean, inverse)
}

/// Multiplies by a scale and adds a shift, both broadcast from the last axes.
fn affine<C: Compute>(
    call: &Call<C>,
    x: Float<C>,
    scale: Option<Float<C>>,
    shift: Option<Float<C>>,
) -> Result<Float<C>> {
    let to = dims::<C>(&x);
    let fit = |p: Float<C>| -> Result<Float<C>> {
        let shape = dims::<C>(&p);
        if super::shape::broadcast(&shape, &to).as_ref() != Some(&to) {
            return Err(call.wrong(
                format!("a parameter of shape {shape:?}"),
                format!("one that broadcasts to {to:?}"),
            ));
        }
        Ok(value::reshape::<C>(
            p,
            &super::shape::padded(&shape, to.len()),
        ))
    };
    let mut y = x;
    if let Some(scale) = scale {
        y = C::float_mul(y, fit(scale)?);
    }
    if let Some(shift) = shift {
        y = C::float_add(y, fit(shift)?);
    }
    Ok(y)
}

/// The axes from `axis` on.
fn trailing<C: Compute>(call: &Call<C>, rank: usize) -> Result<Vec<usize>> {
    let first = call.axis(call.attributes.int("axis").unwrap_or(-1), rank)?;
    Ok((first..rank).collect())
}

pub(super) fn layer_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let scale = call.optional_float(1)?;
    let shift = call.optional_float(2)?;
    normalised_layer(call, x, scale, shift)
}

fn normalised_layer<C: Compute>(
    call: &Call<C>,
    x: Float<C>,
    scale: Option<Float<C>>,
    shift: Option<Float<C>>,
) -> Answer<C> {
    let shape = dims::<C>(&x);
    call.reserve(&shape)?;
    call.keeps(&x, 3);
    let axes = trailing(call, shape.len())?;
    let (y, mean, inverse) = standardised::<C>(x, &axes, epsilon(call));
    let y = affine(call, y, scale, shift)?;
    Ok(vec![
        Value::Float(y),
        Value::Float(mean),
        Value::Float(inverse),
    ])
}

fn root_mean_square<C: Compute>(x: Float<C>, axes: &[usize], epsilon: f64) -> Float<C> {
    let squares = reduce::mean_of::<C>(C::float_mul(x.clone(), x.clone()), axes);
    C::float_mul(x, inverse_root::<C>(squares, epsilon))
}

pub(super) fn rms_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let scale = call.optional_float(1)?;
    let shape = dims::<C>(&x);
    call.reserve(&shape)?;
    call.keeps(&x, 2);
    let axes = trailing(call, shape.len())?;
    let y = root_mean_square::<C>(x, &axes, epsilon(call));
    float(affine(call, y, scale, None)?)
}

/// onnxruntime's fusion of a residual sum and a layer normalisation.
pub(super) fn skip_layer_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (x, skip) = (call.float(0)?, call.float(1)?);
    let (scale, shift, bias) = (
        call.optional_float(2)?,
        call.optional_float(3)?,
        call.optional_float(4)?,
    );
    let sum = affine(call, x, None, Some(skip))?;
    let sum = affine(call, sum, None, bias)?;
    let mut answer = normalised_layer(call, sum.clone(), scale, shift)?;
    answer.push(Value::Float(sum));
    Ok(answer)
}

/// Normalises groups of channels; `[N, C, ...]` seen as `[N, groups, rest]`.
fn grouped<C: Compute>(call: &Call<C>, x: Float<C>, groups: usize) -> Result<Float<C>> {
    let shape = dims::<C>(&x);
    if shape.len() < 2 || groups == 0 || !shape[1].is_multiple_of(groups) {
        return Err(call.wrong(
            format!("a tensor of shape {shape:?} and {groups} groups"),
            "groups that divide the channels",
        ));
    }
    call.reserve(&shape)?;
    call.keeps(&x, 3);
    let rest = shape[1] / groups * shape[2..].iter().product::<usize>();
    let x = value::reshape::<C>(x, &[shape[0], groups, rest]);
    let (y, _, _) = standardised::<C>(x, &[2], epsilon(call));
    Ok(value::reshape::<C>(y, &shape))
}

pub(super) fn instance_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let (scale, shift) = (call.float(1)?, call.float(2)?);
    let shape = dims::<C>(&x);
    let channels = shape.get(1).copied().unwrap_or(0);
    let y = grouped(call, x, channels)?;
    let scale = per_channel::<C>(scale, shape.len());
    let shift = per_channel::<C>(shift, shape.len());
    float(affine(call, y, Some(scale), Some(shift))?)
}

/// Scale and shift are per group below operator set 21 and per channel from there on.
pub(super) fn group_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let (scale, shift) = (call.float(1)?, call.float(2)?);
    let shape = dims::<C>(&x);
    let groups = call
        .attributes
        .int("num_groups")
        .and_then(|g| usize::try_from(g).ok())
        .unwrap_or(0);
    let y = grouped(call, x, groups)?;
    let channels = shape[1];
    let fit = |p: Float<C>| {
        let count: usize = dims::<C>(&p).iter().product();
        let p = if count == groups && groups != channels {
            let p = value::reshape::<C>(p, &[groups, 1]);
            value::expand::<C>(p, &[groups, channels / groups])
        } else {
            p
        };
        per_channel::<C>(p, shape.len())
    };
    float(affine(call, y, Some(fit(scale)), Some(fit(shift)))?)
}

pub(super) fn mean_variance_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let rank = dims::<C>(&x).len();
    let axes = call.axes(call.attributes.ints("axes").unwrap_or(&[0, 2, 3]), rank)?;
    // The operator adds its epsilon to the standard deviation, not to the variance.
    let mean = reduce::along::<C>(x.clone(), &axes, C::float_mean_dim);
    let centred = C::float_sub(x, mean);
    let squares = C::float_mul(centred.clone(), centred.clone());
    let variance = reduce::along::<C>(squares, &axes, C::float_mean_dim);
    let deviation = C::float_add_scalar(C::float_sqrt(variance), 1e-9.into());
    float(C::float_div(centred, deviation))
}

pub(super) fn lp_normalization<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let axis = call.axis(
        call.attributes.int("axis").unwrap_or(-1),
        dims::<C>(&x).len(),
    )?;
    let norm = if call.attributes.int("p") == Some(1) {
        C::float_sum_dim(C::float_abs(x.clone()), axis)
    } else {
        C::float_sqrt(C::float_sum_dim(C::float_mul(x.clone(), x.clone()), axis))
    };
    float(C::float_div(x, norm))
}

/// Local response normalisation over neighbouring channels.
pub(super) fn lrn<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let shape = dims::<C>(&x);
    if shape.len() < 2 {
        return Err(call.wrong(format!("a tensor of shape {shape:?}"), "[N, C, ...]"));
    }
    let size = call
        .attributes
        .int("size")
        .and_then(|s| usize::try_from(s).ok())
        .unwrap_or(1)
        .max(1);
    let alpha = call.attributes.float("alpha").unwrap_or(1e-4);
    let beta = call.attributes.float("beta").unwrap_or(0.75);
    let bias = call.attributes.float("bias").unwrap_or(1.0);
    call.reserve(&shape)?;
    call.reserve(&[shape[1], shape[1]])?;
    call.keeps(&x, 4);
    let channels = shape[1];
    let squares = C::float_mul(x.clone(), x.clone());
    let (before, after) = ((size - 1) / 2, size - 1 - (size - 1) / 2);
    // The sum over a window of channels is a product with a band matrix.
    let band: Vec<f64> = (0..channels * channels)
        .map(|at| {
            let (c, k) = (at / channels, at % channels);
            f64::from(u8::from(k + before >= c && k <= c + after))
        })
        .collect();
    let inner: usize = shape[2..].iter().product();
    let band = value::constant_like::<C>(&x, vec![1, channels, channels], &band);
    let band = value::expand::<C>(band, &[shape[0], channels, channels]);
    let sums = C::float_matmul(
        band,
        value::reshape::<C>(squares, &[shape[0], channels, inner]),
    );
    let sums = value::reshape::<C>(sums, &shape);
    let base = C::float_add_scalar(
        C::float_mul_scalar(sums, (alpha / size as f64).into()),
        bias.into(),
    );
    float(C::float_div(x, C::float_powf_scalar(base, beta.into())))
}
