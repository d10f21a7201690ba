//! A function sampled for a figure.

use knee::{Function, Tail};

use crate::number::short;
use crate::still::StillRange;
use crate::{Axis, Figure, Span, Table, still_ranges};

/// Slopes beyond this are drawn divided by their largest.
const LARGE_SLOPE: f64 = 8.0;

/// A function sampled over a range.
pub(crate) struct Plot {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Lowest and highest value along y.
    pub(crate) bottom: f64,
    pub(crate) top: f64,
    pub(crate) values: Vec<(f64, f64)>,
    /// The slope, with a gap where it jumps.
    pub(crate) slopes: Vec<(f64, f64)>,
    /// By what slopes are divided, so that they fit beside the values: 1, unless they are very large.
    pub(crate) divisor: f64,
    /// The declared slope where it jumps.
    pub(crate) jumps: Vec<(f64, f64)>,
    pub(crate) function: Function,
}

impl Plot {
    const SAMPLES: u32 = 960;

    pub(crate) fn new(function: &Function, low: f64, high: f64, with_slopes: bool) -> Self {
        let facts = function.facts();
        let mut arguments: Vec<f64> = Self::arguments(low, high)
            .chain(
                facts
                    .kinks
                    .iter()
                    .map(|kink| kink.at)
                    .filter(|at| (low..=high).contains(at)),
            )
            .collect();
        arguments.sort_by(f64::total_cmp);
        arguments.dedup();
        let divisor = facts
            .lipschitz
            .filter(|slope| with_slopes && *slope > LARGE_SLOPE)
            .unwrap_or(1.0);
        let slope = |z: f64| function.derivative(z) / divisor;
        let (mut values, mut slopes, mut jumps) = (Vec::new(), Vec::new(), Vec::new());
        for z in arguments {
            values.push((z, function.value(z)));
            let beside = 1e-9 * z.abs().max(1.0);
            let (before, declared, after) = (slope(z - beside), slope(z), slope(z + beside));
            let at_kink = facts.kinks.iter().any(|kink| kink.at == z);
            if at_kink && (before - after).abs() > 1e-6 {
                slopes.extend([(z, before), (z, f64::NAN), (z, after)]);
                jumps.push((z, declared));
            } else {
                slopes.push((z, declared));
            }
        }
        let limits = [facts.left, facts.right]
            .into_iter()
            .map(|tail| match tail {
                Tail::Saturates { limit } => limit.abs(),
                _ => 0.0,
            });
        // What grows faster than its argument leaves the figure through the top.
        let cap = limits.fold(low.abs().max(high.abs()).max(1.0), f64::max);
        let shown = values
            .iter()
            .chain(if with_slopes { slopes.as_slice() } else { &[] });
        let (bottom, top) = shown
            .map(|point| point.1)
            .filter(|y| y.is_finite())
            .fold((0.0_f64, 0.0_f64), |(bottom, top), y| {
                (bottom.min(y.max(-cap)), top.max(y.min(cap)))
            });
        let margin = if top > bottom {
            0.05 * (top - bottom)
        } else {
            1.0
        };
        Self {
            low,
            high,
            bottom: bottom - margin,
            top: top + margin,
            values,
            slopes,
            divisor,
            jumps,
            function: *function,
        }
    }

    /// Arguments at even distances, from one end to the other.
    pub(crate) fn arguments(low: f64, high: f64) -> impl Iterator<Item = f64> {
        (0..=Self::SAMPLES)
            .map(move |index| low + (high - low) * f64::from(index) / f64::from(Self::SAMPLES))
    }

    pub(crate) fn figure(&self, slug: String, title: String, variable: &str) -> Figure {
        let x = Axis::linear(variable).range(self.low, self.high);
        Figure::new(
            slug,
            title,
            x,
            Axis::linear("").range(self.bottom, self.top),
        )
    }

    /// Values and slopes at round arguments.
    pub(crate) fn table(&self, caption: &str) -> Table {
        const ROWS: u32 = 24;
        let step = (self.high - self.low) / f64::from(ROWS);
        Table {
            caption: caption.to_string(),
            header: ["x", "f(x)", "f'(x)"].map(str::to_string).to_vec(),
            rows: (0..=ROWS)
                .map(|index| {
                    let z = self.low + f64::from(index) * step;
                    vec![
                        short(z),
                        short(self.function.value(z)),
                        short(self.function.derivative(z)),
                    ]
                })
                .collect(),
        }
    }
}

/// The figure with the still ranges of the function shaded.
pub(crate) fn shaded(
    mut figure: Figure,
    function: &Function,
    mut label: impl FnMut(&StillRange) -> String,
) -> Figure {
    for range in still_ranges(function) {
        figure = figure.with(Span {
            label: label(&range),
            low: range.low,
            high: range.high,
        });
    }
    figure
}

/// A range after the verb, as in "it lies below 3".
pub(crate) fn in_words(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("between {} and {}", short(low), short(high)),
        (false, true) => format!("below {}", short(high)),
        (true, false) => format!("above {}", short(low)),
        (false, false) => "anywhere".to_string(),
    }
}
