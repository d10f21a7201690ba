//! Convolutions.

use burn::backend::ops::{ConvOptions, ConvTransposeOptions};

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::value::{self, Value, dims};
use super::window::{self, Window};
use crate::error::Result;

fn padded_options<const N: usize>(w: &Window, groups: usize) -> ConvOptions<N> {
    ConvOptions {
        stride: std::array::from_fn(|i| w.strides[i]),
        padding: std::array::from_fn(|i| w.pads[i]),
        dilation: std::array::from_fn(|i| w.dilations[i]),
        groups,
    }
}

/// Input, weights, and the number of groups, checked against one another.
fn operands<C: Compute>(
    call: &mut Call<C>,
    transposed: bool,
) -> Result<(Float<C>, Float<C>, usize)> {
    let (x, w) = (call.float(0)?, call.float(1)?);
    let (dx, dw) = (dims::<C>(&x), dims::<C>(&w));
    let groups = usize::try_from(call.attributes.int("group").unwrap_or(1)).unwrap_or(0);
    let fits = dx.len() >= 3
        && dx.len() == dw.len()
        && groups > 0
        && if transposed {
            dw[0] == dx[1] && dw[0] % groups == 0
        } else {
            dw[1] * groups == dx[1] && dw[0] % groups == 0
        };
    if fits {
        Ok((x, w, groups))
    } else {
        Err(call.wrong(
            format!("an input of shape {dx:?}, weights of shape {dw:?} and {groups} groups"),
            "channels that fit",
        ))
    }
}

pub(super) fn conv<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (x, w, groups) = operands(call, false)?;
    let bias = call.optional_float(2)?;
    let (dx, dw) = (dims::<C>(&x), dims::<C>(&w));
    let window = window::window(call, &dx[2..], dw[2..].to_vec())?;
    let mut to = vec![dx[0], dw[0]];
    to.extend_from_slice(&window.to);
    call.reserve(&to)?;
    float(match dx.len() {
        3 => C::conv1d(x, w, bias, padded_options::<1>(&window, groups)),
        4 => C::conv2d(x, w, bias, padded_options::<2>(&window, groups)),
        5 => C::conv3d(x, w, bias, padded_options::<3>(&window, groups)),
        rank => return Err(call.unsupported(format!("a convolution over {} axes", rank - 2))),
    })
}

pub(super) fn conv_transpose<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (x, w, groups) = operands(call, true)?;
    let bias = call.optional_float(2)?;
    let (dx, dw) = (dims::<C>(&x), dims::<C>(&w));
    let rank = dx.len() - 2;
    let plan = Transposed::of(call, &dx[2..], &dw[2..])?;
    let mut to = vec![dx[0], dw[1] * groups];
    to.extend_from_slice(&plan.to);
    call.reserve(&to)?;
    // Burn pads both sides alike. Where ONNX does not, the unpadded result is cropped.
    let alike = plan.pads.iter().all(|(before, after)| before == after)
        && plan.extra.iter().zip(&plan.strides).all(|(e, s)| e < s);
    let pads: Vec<usize> = plan
        .pads
        .iter()
        .map(|p| if alike { p.0 } else { 0 })
        .collect();
    if !alike {
        let mut full = to.clone();
        for (axis, (before, after)) in plan.pads.iter().enumerate() {
            full[axis + 2] += before + after;
        }
        call.reserve(&full)?;
    }
    let mut y = Value::<C>::Float(match rank {
        1 => C::conv_transpose1d(x, w, bias, plan.options::<1>(&pads, groups)),
        2 => C::conv_transpose2d(x, w, bias, plan.options::<2>(&pads, groups)),
        3 => C::conv_transpose3d(x, w, bias, plan.options::<3>(&pads, groups)),
        _ => return Err(call.unsupported(format!("a transposed convolution over {rank} axes"))),
    });
    if !alike {
        for axis in 0..rank {
            y = y.narrow(axis + 2, plan.pads[axis].0, plan.to[axis]);
        }
    }
    let Value::Float(y) = y else {
        unreachable!("narrowing keeps the kind")
    };
    float(value::reshape::<C>(y, &to))
}

/// What a transposed convolution does to each spatial axis.
struct Transposed {
    strides: Vec<usize>,
    dilations: Vec<usize>,
    pads: Vec<(usize, usize)>,
    /// Elements added at the end.
    extra: Vec<usize>,
    to: Vec<usize>,
}

impl Transposed {
    fn of<C: Compute>(call: &Call<C>, from: &[usize], kernel: &[usize]) -> Result<Self> {
        let rank = from.len();
        let numbers = |name: &str, default: usize| -> Result<Vec<usize>> {
            let stated = call.attributes.ints(name).unwrap_or_default();
            let found: Vec<usize> = stated
                .iter()
                .filter_map(|&v| usize::try_from(v).ok())
                .collect();
            match stated.len() {
                0 => Ok(vec![default; rank]),
                n if n == rank && found.len() == rank && found.iter().all(|&v| v < 1 << 32) => {
                    Ok(found)
                }
                _ => Err(call.wrong(format!("{name} {stated:?}"), format!("{rank} numbers"))),
            }
        };
        let (strides, dilations) = (numbers("strides", 1)?, numbers("dilations", 1)?);
        let extra = numbers("output_padding", 0)?;
        if strides.contains(&0)
            || dilations.contains(&0)
            || from.contains(&0)
            || kernel.contains(&0)
        {
            return Err(call.wrong("a length, stride or dilation of 0", "positive numbers"));
        }
        let wanted = call.attributes.ints("output_shape");
        let auto = call.attributes.text("auto_pad").unwrap_or("NOTSET");
        let stated = call.attributes.ints("pads").unwrap_or_default();
        let (mut pads, mut to) = (Vec::new(), Vec::new());
        for axis in 0..rank {
            let reach = (kernel[axis] - 1).saturating_mul(dilations[axis]) + 1;
            let full = (from[axis] - 1)
                .saturating_mul(strides[axis])
                .saturating_add(reach + extra[axis]);
            let target = match wanted {
                Some(shape) => shape
                    .get(shape.len().saturating_sub(rank) + axis)
                    .map(|&n| n as usize),
                None if auto.starts_with("SAME") => Some(from[axis] * strides[axis]),
                None => None,
            };
            let (before, after) = match target {
                Some(target) => {
                    let total = full.saturating_sub(target);
                    let half = total / 2;
                    if auto == "SAME_UPPER" {
                        (half, total - half)
                    } else {
                        (total - half, half)
                    }
                }
                None if auto == "VALID" => (0, 0),
                None => {
                    let pad = |k: usize| {
                        stated
                            .get(k)
                            .map_or(0, |&p| usize::try_from(p).unwrap_or(0))
                    };
                    (pad(axis), pad(axis + rank))
                }
            };
            let length = full
                .checked_sub(before + after)
                .filter(|&n| n > 0)
                .ok_or_else(|| {
                    call.wrong(
                        format!("pads {before} and {after} of {full} elements"),
                        "less",
                    )
                })?;
            pads.push((before, after));
            to.push(length);
        }
        Ok(Self {
            strides,
            dilations,
            pads,
            extra,
            to,
        })
    }

    fn options<const N: usize>(&self, pads: &[usize], groups: usize) -> ConvTransposeOptions<N> {
        ConvTransposeOptions {
            stride: std::array::from_fn(|i| self.strides[i]),
            padding: std::array::from_fn(|i| pads[i]),
            padding_out: std::array::from_fn(|i| self.extra[i]),
            dilation: std::array::from_fn(|i| self.dilations[i]),
            groups,
        }
    }
}
