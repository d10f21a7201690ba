//! The functions that knee owns, as operators.

use knee::learned::Channels;
use knee::{Framework, Function, RowFunction};

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::value::{self, dims};
use crate::error::Result;

/// The element-wise function that an operator of ONNX is, with its parameters.
pub(super) fn function<C: Compute>(call: &Call<C>) -> Option<Function> {
    if !call.domain.is_empty() && call.domain != "com.microsoft" {
        return None;
    }
    if call.op == "Gelu" && call.attributes.text("approximate") == Some("tanh") {
        return Function::parse("gelu_tanh").ok();
    }
    Function::from_foreign(Framework::Onnx, call.op, &|name| {
        call.attributes.float(name)
    })
}

/// Rows along an axis; `flatten` joins all axes from there on into one row.
pub(super) fn rows<C: Compute>(
    x: Float<C>,
    function: RowFunction,
    axis: usize,
    flatten: bool,
) -> Float<C> {
    let shape = dims::<C>(&x);
    if flatten {
        let row: usize = shape[axis..].iter().product();
        let outer: usize = shape[..axis].iter().product();
        let y = C::knee_rows(value::reshape::<C>(x, &[outer, row]), function, 1);
        return value::reshape::<C>(y, &shape);
    }
    C::knee_rows(x, function, axis)
}

/// PReLU, whose slope stands for the axis that `trailing` axes follow.
pub(super) fn prelu<C: Compute>(call: &mut Call<C>, trailing: usize) -> Result<Float<C>> {
    let (x, slope) = (call.float(0)?, call.float(1)?);
    let shape = dims::<C>(&x);
    let count: usize = dims::<C>(&slope).iter().product();
    let at = shape.len().checked_sub(trailing + 1);
    let channels = match at {
        _ if count == 1 => Channels {
            count: 1,
            inner: shape.iter().product::<usize>().max(1),
        },
        Some(axis) if shape[axis] == count => Channels {
            count,
            inner: shape[axis + 1..].iter().product(),
        },
        _ => {
            return Err(call.wrong(
                format!("{count} slopes for a tensor of shape {shape:?}"),
                "one slope, or one per channel",
            ));
        }
    };
    call.reserve(&shape)?;
    Ok(C::knee_prelu(
        x,
        value::reshape::<C>(slope, &[count]),
        channels,
    ))
}

/// `Softmax` and `LogSoftmax` where the file's node was kept as it stands.
pub(super) fn softmax<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    file_rows(call, RowFunction::Softmax)
}

pub(super) fn log_softmax<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    file_rows(call, RowFunction::LogSoftmax)
}

fn file_rows<C: Compute>(call: &mut Call<C>, function: RowFunction) -> Answer<C> {
    let x = call.float(0)?;
    let flatten = call.opset < 13;
    let default = if flatten { 1 } else { -1 };
    let axis = call.axis(
        call.attributes.int("axis").unwrap_or(default),
        dims::<C>(&x).len(),
    )?;
    call.reserve(&dims::<C>(&x))?;
    float(rows::<C>(x, function, axis, flatten))
}

/// PReLU where the slope is computed, or has a shape of its own: `max(x, 0) + slope * min(x, 0)`.
pub(super) fn file_prelu<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (x, slope) = (call.float(0)?, call.float(1)?);
    let shape = dims::<C>(&x);
    let to = call.broadcast(&shape, &dims::<C>(&slope))?;
    if to != shape {
        return Err(call.wrong(
            "a slope larger than the input",
            "one that broadcasts to the input",
        ));
    }
    let positive = C::float_clamp_min(x.clone(), 0.0.into());
    let negative = C::float_clamp_max(x, 0.0.into());
    let slope = value::expand::<C>(slope, &shape);
    float(C::float_add(positive, C::float_mul(negative, slope)))
}

pub(super) fn softsign<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let base = C::float_add_scalar(C::float_abs(x.clone()), 1.0.into());
    float(C::float_div(x, base))
}

pub(super) fn thresholded_relu<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let alpha = call.attributes.float("alpha").unwrap_or(1.0);
    let host = value::on_host::<C>(&x);
    let below: Vec<bool> = value::as_f64(&host).iter().map(|&v| v <= alpha).collect();
    let mask = super::host::Host::new(dims::<C>(&x), below).to_flex();
    float(C::float_mask_fill(x, mask, 0.0.into()))
}
