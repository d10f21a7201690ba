//! The sliding windows of convolutions and pools: kernel, strides, dilations, pads.

use super::call::Call;
use super::compute::Compute;
use crate::error::Result;

/// A window over the spatial axes.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) kernel: Vec<usize>,
    pub(super) strides: Vec<usize>,
    pub(super) dilations: Vec<usize>,
    /// Pads before and after each axis.
    pub(super) pads: Vec<(usize, usize)>,
    /// The lengths of the result.
    pub(super) to: Vec<usize>,
}

fn positive<C: Compute>(call: &Call<C>, name: &str, rank: usize) -> Result<Vec<usize>> {
    let values = call.attributes.ints(name).unwrap_or_default();
    if values.is_empty() {
        return Ok(vec![1; rank]);
    }
    let found: Vec<usize> = values
        .iter()
        .filter_map(|&v| usize::try_from(v).ok())
        .filter(|&v| v > 0)
        .collect();
    if found.len() == rank {
        Ok(found)
    } else {
        Err(call.wrong(
            format!("{name} {values:?}"),
            format!("{rank} positive numbers"),
        ))
    }
}

/// The kernel that the attributes state, or the one that the weights have.
pub(super) fn kernel<C: Compute>(
    call: &Call<C>,
    weights: Option<&[usize]>,
    rank: usize,
) -> Result<Vec<usize>> {
    match weights {
        Some(lengths) => Ok(lengths.to_vec()),
        None if call.attributes.ints("kernel_shape").is_some() => {
            positive(call, "kernel_shape", rank)
        }
        None => Err(call.wrong("no kernel_shape", "one length per spatial axis")),
    }
}

/// The window that the attributes describe, over spatial axes of these lengths.
pub(super) fn window<C: Compute>(
    call: &Call<C>,
    from: &[usize],
    kernel: Vec<usize>,
) -> Result<Window> {
    let rank = from.len();
    let strides = positive(call, "strides", rank)?;
    let dilations = positive(call, "dilations", rank)?;
    if kernel.len() != rank || kernel.contains(&0) {
        return Err(call.wrong(
            format!("a kernel {kernel:?}"),
            format!("{rank} positive lengths"),
        ));
    }
    let auto = call.attributes.text("auto_pad").unwrap_or("NOTSET");
    let stated = call.attributes.ints("pads").unwrap_or_default();
    if !matches!(stated.len(), 0) && stated.len() != 2 * rank
        || stated.iter().any(|&p| !(0..1 << 32).contains(&p))
    {
        return Err(call.wrong(
            format!("pads {stated:?}"),
            format!("{} numbers from 0", 2 * rank),
        ));
    }
    let ceil = call.attributes.flag("ceil_mode");
    let mut pads = Vec::with_capacity(rank);
    let mut to = Vec::with_capacity(rank);
    for axis in 0..rank {
        let reach = (kernel[axis] - 1)
            .checked_mul(dilations[axis])
            .and_then(|n| n.checked_add(1))
            .unwrap_or(usize::MAX);
        let (length, stride) = (from[axis], strides[axis]);
        match auto {
            "SAME_UPPER" | "SAME_LOWER" => {
                let out = length.div_ceil(stride);
                let total = (out.saturating_sub(1) * stride)
                    .saturating_add(reach)
                    .saturating_sub(length);
                let (small, large) = (total / 2, total - total / 2);
                pads.push(if auto == "SAME_UPPER" {
                    (small, large)
                } else {
                    (large, small)
                });
                to.push(out);
            }
            _ => {
                let pad = |k: usize| {
                    if auto == "VALID" {
                        0
                    } else {
                        stated.get(k).map_or(0, |&p| p as usize)
                    }
                };
                let (before, after) = (pad(axis), pad(axis + rank));
                let room = (length + before + after).checked_sub(reach).ok_or_else(|| {
                    call.wrong(
                        format!("a window of {reach} over {length} elements padded by {before} and {after}"),
                        "a window that fits",
                    )
                })?;
                let mut out = if ceil {
                    room.div_ceil(stride)
                } else {
                    room / stride
                } + 1;
                // The last window starts inside the data or the pad before it.
                if ceil && (out - 1) * stride >= length + before {
                    out -= 1;
                }
                pads.push((before, after));
                to.push(out);
            }
        }
    }
    Ok(Window {
        kernel,
        strides,
        dilations,
        pads,
        to,
    })
}

impl Window {
    /// The pad after each axis that makes every window whole.
    pub(super) fn whole(&self, from: &[usize]) -> Vec<(usize, usize)> {
        (0..from.len())
            .map(|axis| {
                let reach = (self.kernel[axis] - 1) * self.dilations[axis] + 1;
                let needed = (self.to[axis] - 1) * self.strides[axis] + reach;
                let before = self.pads[axis].0;
                (before, needed.saturating_sub(from[axis] + before))
            })
            .collect()
    }
}
