//! A function and its derivative.

use std::fmt::Write as _;

use knee::{Function, Monotone, Tail};

use crate::number::short;
use crate::plot::{Plot, in_words, shaded};
use crate::still::saturation_slope;
use crate::{Figure, Ink, Line, Points, Stillness, still_ranges};

/// The function and its derivative, with the ranges shaded in which it is flat or saturated.
pub fn curve(function: &Function) -> Figure {
    let reach = reach(function);
    let plot = Plot::new(function, -reach, reach, true);
    let name = function.to_string();
    let mut figure = plot
        .figure(
            slug("curve", function),
            format!("{name} and its derivative"),
            "x",
        )
        .describe(description(function, &plot));
    figure = shaded(figure, function, |range| match range.stillness {
        Stillness::Flat => "flat: f' = 0".to_string(),
        Stillness::Saturated => "saturated".to_string(),
    });
    figure = figure
        .with(Line {
            label: "f(x)".to_string(),
            points: plot.values.clone(),
            ink: Ink::Blue,
            markers: false,
        })
        .with(Line {
            label: match plot.divisor {
                1.0 => "f'(x)".to_string(),
                divisor => format!("f'(x) / {}", short(divisor)),
            },
            points: plot.slopes.clone(),
            ink: Ink::Vermilion,
            markers: false,
        });
    if !plot.jumps.is_empty() {
        figure = figure.with(Points {
            label: "f' where it jumps".to_string(),
            points: plot.jumps.clone(),
            ink: Ink::Vermilion,
        });
    }
    figure.numbers = Some(plot.table(&figure.title));
    figure
}

/// How far the curve is shown to both sides of 0: past every kink, or over a few periods.
fn reach(function: &Function) -> f64 {
    let facts = function.facts();
    match (facts.right, facts.lipschitz) {
        // The largest slope of sin(w x) is w.
        (Tail::Oscillates, Some(slope)) if slope > 0.0 => 6.0 / slope,
        _ => facts
            .kinks
            .iter()
            .map(|kink| (kink.at.abs() + 2.0).ceil())
            .fold(6.0, f64::max),
    }
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
