//! A function and its derivative.

use std::fmt::Write as _;

use knee::{Function, Monotone, Tail};

use crate::number::short;
use crate::plot::{Plot, in_words, shaded};
use crate::still::saturation_slope;
use crate::{Axis, Figure, Ink, Line, Points, Stillness, still_ranges};

/// The function and its derivative, with the ranges shaded in which it is flat or saturated.
pub fn curve(function: &Function) -> Figure {
    curve_over(function, reach(function), true)
}

/// The function between two arguments, and its derivative if asked for, with the ranges shaded in which it is flat or
/// saturated.
pub fn curve_over(function: &Function, (low, high): (f64, f64), with_slope: bool) -> Figure {
    let plot = Plot::new(function, low, high, with_slope);
    let name = function.to_string();
    let title = if with_slope {
        format!("{name} and its derivative")
    } else {
        name
    };
    let mut figure = plot
        .figure(slug("curve", function), title, "x")
        .describe(description(function, &plot));
    figure = shaded(figure, function, |range| match range.stillness {
        Stillness::Flat => "flat: f' = 0".to_string(),
        Stillness::Saturated => "saturated".to_string(),
    });
    figure = figure.with(Line {
        label: "f(x)".to_string(),
        points: plot.values.clone(),
        ink: Ink::Blue,
        markers: false,
    });
    if with_slope {
        figure = figure.with(Line {
            label: match plot.divisor {
                1.0 => "f'(x)".to_string(),
                divisor => format!("f'(x) / {}", short(divisor)),
            },
            points: plot.slopes.clone(),
            ink: Ink::Vermilion,
            markers: false,
        });
    }
    if with_slope && !plot.jumps.is_empty() {
        figure = figure.with(Points {
            label: "f' where it jumps".to_string(),
            points: plot.jumps.clone(),
            ink: Ink::Vermilion,
        });
    }
    figure.numbers = Some(plot.table(&figure.title));
    figure
}

/// Several curves in one figure, each a name and its points, between two arguments; a curve that leaves the square around
/// them is cut off there.
pub fn curves(
    slug: impl Into<String>,
    title: impl Into<String>,
    lines: Vec<(String, Vec<(f64, f64)>)>,
    (low, high): (f64, f64),
) -> Figure {
    let cap = low.abs().max(high.abs()).max(1.0);
    let heights = lines.iter().flat_map(|(_, points)| points);
    let (bottom, top) = heights
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
    let mut words = String::new();
    let y = Axis::linear("").range(bottom - margin, top + margin);
    let mut figure = Figure::new(slug, title, Axis::linear("x").range(low, high), y);
    for (index, (label, points)) in lines.into_iter().enumerate() {
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            let _ = write!(
                words,
                "{}{label} goes from {} at {} to {} at {}.",
                if words.is_empty() { "" } else { " " },
                short(first.1),
                short(first.0),
                short(last.1),
                short(last.0)
            );
        }
        figure = figure.with(Line {
            label,
            points,
            ink: Ink::series(index),
            markers: false,
        });
    }
    figure.describe(words)
}

/// The points of a curve between two arguments.
pub fn sampled((low, high): (f64, f64), f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let arguments = Plot::arguments(low, high);
    arguments.map(|x| (x, f(x))).collect()
}

/// The points of the values of a function between two arguments, its kinks among them.
pub fn values(function: &Function, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    Plot::new(function, low, high, false).values
}

/// The points of the derivative between two arguments, with a gap where it jumps.
pub fn slopes(function: &Function, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    Plot::new(function, low, high, false).slopes
}

/// Between which arguments a curve is shown: past every kink, or over a few periods.
pub fn reach(function: &Function) -> (f64, f64) {
    let facts = function.facts();
    let reach = match (facts.right, facts.lipschitz) {
        // The largest slope of sin(w x) is w.
        (Tail::Oscillates, Some(slope)) if slope > 0.0 => 6.0 / slope,
        _ => facts
            .kinks
            .iter()
            .map(|kink| (kink.at.abs() + 2.0).ceil())
            .fold(6.0, f64::max),
    };
    (-reach, reach)
}

fn slug(kind: &str, function: &Function) -> String {
    let mut slug = format!("{kind}-{}", function.name());
    for parameter in function.parameters() {
        if parameter.value != parameter.default {
            let _ = write!(slug, "-{}-{}", parameter.name, short(parameter.value));
        }
    }
    slug
}

/// What the curve shows, in words and numbers.
fn description(function: &Function, plot: &Plot) -> String {
    let facts = function.facts();
    let (value, slope): (f64, f64) = (function.value(0.0), function.derivative(0.0));
    let mut text = format!(
        "{function}: f(0) = {}, f'(0) = {}.",
        short(value),
        short(slope)
    );
    text.push_str(match facts.monotone {
        Monotone::NonDecreasing => " It never falls.",
        Monotone::NonIncreasing => " It never rises.",
        Monotone::No => " It rises and falls.",
    });
    let _ = write!(
        text,
        " Its values lie between {} and {}.",
        short(facts.range.low),
        short(facts.range.high)
    );
    match facts.lipschitz {
        Some(largest) => {
            let _ = write!(text, " Its slope is {} at most.", short(largest));
        }
        None => text.push_str(" Its slope has no bound."),
    }
    for range in still_ranges(function) {
        let place = in_words(range.low, range.high);
        let _ = match range.stillness {
            Stillness::Flat => write!(text, " Flat (slope 0) {place}."),
            Stillness::Saturated => {
                write!(
                    text,
                    " Saturated (slope below {}) {place}.",
                    short(saturation_slope(function))
                )
            }
        };
    }
    for (at, declared) in &plot.jumps {
        let _ = write!(
            text,
            " The slope jumps at {}, where it is taken as {}.",
            short(*at),
            short(*declared)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Function {
        Function::parse(name).expect("a function")
    }

    #[test]
    fn slugs_tell_parameters_apart() {
        assert_eq!(curve(&named("elu")).slug, "curve-elu");
        assert_eq!(curve(&named("elu(alpha=0.5)")).slug, "curve-elu-alpha-0.5");
    }
}
