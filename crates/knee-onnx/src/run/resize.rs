//! Resizing along each axis: every output is a weighted sum of a few inputs.

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::value::{self, dims};
use crate::error::Result;

/// One tap of every output along an axis: which input, with which weight.
type Tap = (Vec<usize>, Vec<f64>);

pub(super) fn resize<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let from = dims::<C>(&x);
    let sizes_at = if call.opset < 11 { 9 } else { 3 };
    let scales_at = if call.opset < 11 { 1 } else { 2 };
    let axes = match call.attributes.ints("axes") {
        Some(axes) => axes
            .iter()
            .map(|&a| call.axis(a, from.len()))
            .collect::<Result<Vec<_>>>()?,
        None => (0..from.len()).collect(),
    };
    let scales = call.optional_numbers(scales_at).filter(|s| !s.is_empty());
    let sizes = call.optional_ints(sizes_at)?.filter(|s| !s.is_empty());
    let (mut to, mut factors) = (from.clone(), vec![1.0; from.len()]);
    match (&sizes, &scales) {
        (Some(sizes), _) if sizes.len() == axes.len() => {
            for (&axis, &size) in axes.iter().zip(sizes) {
                factors[axis] = size as f64 / from[axis] as f64;
            }
            let policy = call
                .attributes
                .text("keep_aspect_ratio_policy")
                .unwrap_or("stretch");
            if policy != "stretch" {
                let chosen = axes.iter().map(|&a| factors[a]);
                let common = if policy == "not_larger" {
                    chosen.fold(f64::INFINITY, f64::min)
                } else {
                    chosen.fold(0.0, f64::max)
                };
                for &axis in &axes {
                    factors[axis] = common;
                }
            }
            for (&axis, &size) in axes.iter().zip(sizes) {
                to[axis] = if policy == "stretch" {
                    usize::try_from(size).unwrap_or(0)
                } else {
                    (factors[axis] * from[axis] as f64 + 0.5).floor() as usize
                };
            }
        }
        (None, Some(scales)) if scales.len() == axes.len() => {
            for (&axis, &scale) in axes.iter().zip(scales) {
                factors[axis] = scale;
                to[axis] = (from[axis] as f64 * scale).floor() as usize;
            }
        }
        _ => return Err(call.wrong("neither sizes nor scales for the axes", "one of them")),
    }
    call.reserve(&to)?;
    let kind = Kind::of(call)?;
    let mut y = x;
    for axis in axes {
        if to[axis] != from[axis] || factors[axis] != 1.0 {
            let taps = kind.taps(call, from[axis], to[axis], factors[axis])?;
            y = gathered::<C>(y, axis, &taps);
        }
    }
    float(y)
}

/// Upsample, the predecessor of Resize: nearest or linear, scales only.
pub(super) fn upsample<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let scales = match call.attributes.floats("scales") {
        Some(scales) => scales.iter().map(|&s| f64::from(s)).collect(),
        None => call.optional_numbers(1).unwrap_or_default(),
    };
    let from = dims::<C>(&x);
    if scales.len() != from.len() {
        return Err(call.wrong(format!("{} scales", scales.len()), "one per axis"));
    }
    let to: Vec<usize> = from
        .iter()
        .zip(&scales)
        .map(|(&n, s)| (n as f64 * s).floor() as usize)
        .collect();
    call.reserve(&to)?;
    let mode = if call.attributes.text("mode") == Some("linear") {
        Mode::Linear
    } else {
        Mode::Nearest
    };
    let kind = Kind {
        mode,
        coordinates: "asymmetric".into(),
        nearest: "floor".into(),
        cubic: -0.75,
        exclude: false,
    };
    let mut y = x;
    for axis in 0..from.len() {
        if scales[axis] != 1.0 {
            let taps = kind.taps(call, from[axis], to[axis], scales[axis])?;
            y = gathered::<C>(y, axis, &taps);
        }
    }
    float(y)
}

/// The sum over taps of the selected inputs times their weights.
fn gathered<C: Compute>(x: Float<C>, axis: usize, taps: &[Tap]) -> Float<C> {
    let mut sum: Option<Float<C>> = None;
    for (indices, weights) in taps {
        let mut part = value::select::<C>(x.clone(), axis, indices);
        if weights.iter().any(|&w| w != 1.0) {
            let mut shape = vec![1; dims::<C>(&x).len()];
            shape[axis] = weights.len();
            let weights = value::constant_like::<C>(&part, shape, weights);
            part = C::float_mul(part, weights);
        }
        sum = Some(match sum {
            Some(sum) => C::float_add(sum, part),
            None => part,
        });
    }
    sum.unwrap_or(x)
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Nearest,
    Linear,
    Cubic,
}

struct Kind {
    mode: Mode,
    coordinates: String,
    nearest: String,
    cubic: f64,
    exclude: bool,
}

impl Kind {
    fn of<C: Compute>(call: &Call<C>) -> Result<Self> {
        if call.attributes.flag("antialias") {
            return Err(call.unsupported("antialias"));
        }
        let mode = match call.attributes.text("mode").unwrap_or("nearest") {
            "nearest" => Mode::Nearest,
            "linear" => Mode::Linear,
            "cubic" => Mode::Cubic,
            other => return Err(call.unsupported(format!("the mode \"{other}\""))),
        };
        let default = if call.opset < 11 {
            "asymmetric"
        } else {
            "half_pixel"
        };
        let text =
            |name: &str, default: &str| call.attributes.text(name).unwrap_or(default).to_owned();
        Ok(Self {
            mode,
            coordinates: text("coordinate_transformation_mode", default),
            nearest: text(
                "nearest_mode",
                if call.opset < 11 {
                    "floor"
                } else {
                    "round_prefer_floor"
                },
            ),
            cubic: call.attributes.float("cubic_coeff_a").unwrap_or(-0.75),
            exclude: call.attributes.flag("exclude_outside"),
        })
    }

    /// Where an output lies among the inputs.
    fn coordinate<C: Compute>(
        &self,
        call: &Call<C>,
        at: f64,
        from: usize,
        to: usize,
        scale: f64,
    ) -> Result<f64> {
        let (from, to) = (from as f64, to as f64);
        Ok(match self.coordinates.as_str() {
            "pytorch_half_pixel" | "align_corners" if to <= 1.0 => 0.0,
            "half_pixel" | "pytorch_half_pixel" => (at + 0.5) / scale - 0.5,
            "half_pixel_symmetric" => {
                let adjustment = to / (scale * from);
                let centre = from / 2.0;
                centre * (1.0 - adjustment) + (at + 0.5) / scale - 0.5
            }
            "align_corners" => at * (from - 1.0) / (to - 1.0),
            "asymmetric" => at / scale,
            other => return Err(call.unsupported(format!("the coordinates \"{other}\""))),
        })
    }

    fn taps<C: Compute>(
        &self,
        call: &Call<C>,
        from: usize,
        to: usize,
        scale: f64,
    ) -> Result<Vec<Tap>> {
        if from == 0 {
            return Err(call.wrong("an axis of length 0", "one element at least"));
        }
        // One axis can be long where another is empty: the result is small, its taps are not.
        call.reserve(&[to, size_of::<Tap>() / 4])?;
        let at = (0..to)
            .map(|o| self.coordinate(call, o as f64, from, to, scale))
            .collect::<Result<Vec<f64>>>()?;
        let clamp = |i: f64| i.clamp(0.0, from as f64 - 1.0) as usize;
        Ok(match self.mode {
            Mode::Nearest => {
                let round = |x: f64| match self.nearest.as_str() {
                    "floor" => x.floor(),
                    "ceil" => x.ceil(),
                    "round_prefer_ceil" => (x + 0.5).floor(),
                    _ => (x - 0.5).ceil(),
                };
                vec![(at.iter().map(|&x| clamp(round(x))).collect(), vec![1.0; to])]
            }
            Mode::Linear => {
                let low: Vec<f64> = at
                    .iter()
                    .map(|&x| x.clamp(0.0, from as f64 - 1.0))
                    .collect();
                let share: Vec<f64> = low.iter().map(|x| x - x.floor()).collect();
                vec![
                    (
                        low.iter().map(|&x| clamp(x.floor())).collect(),
                        share.iter().map(|s| 1.0 - s).collect(),
                    ),
                    (low.iter().map(|&x| clamp(x.floor() + 1.0)).collect(), share),
                ]
            }
            Mode::Cubic => self.cubic(&at, from),
        })
    }

    fn cubic(&self, at: &[f64], from: usize) -> Vec<Tap> {
        let a = self.cubic;
        let weight = |d: f64| {
            let d = d.abs();
            if d <= 1.0 {
                ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0
            } else if d < 2.0 {
                ((a * d - 5.0 * a) * d + 8.0 * a) * d - 4.0 * a
            } else {
                0.0
            }
        };
        let last = from as f64 - 1.0;
        let totals: Vec<f64> = at
            .iter()
            .map(|x| {
                let inside = |k: f64| !self.exclude || (0.0..=last).contains(&(x.floor() + k));
                (-1..=2)
                    .map(f64::from)
                    .filter(|&k| inside(k))
                    .map(|k| weight(x - x.floor() - k))
                    .sum()
            })
            .collect();
        (-1..=2)
            .map(|k| {
                let k = f64::from(k);
                let indices = at
                    .iter()
                    .map(|x| (x.floor() + k).clamp(0.0, last) as usize)
                    .collect();
                let weights = at
                    .iter()
                    .zip(&totals)
                    .map(|(x, total)| {
                        let outside = !(0.0..=last).contains(&(x.floor() + k));
                        if self.exclude && outside {
                            0.0
                        } else {
                            weight(x - x.floor() - k) / total
                        }
                    })
                    .collect();
                (indices, weights)
            })
            .collect()
    }
}
