//! Facts about functions in words.

use knee::{
    Attribute, Centre, Foreign, Initialisation, Interval, Kink, Meaning, Monotone, Smoothness, Tail,
};
use knee_figure::short;

/// Documentation as it reads without its markup: no back quotes, no angle brackets around addresses.
pub fn plain(markdown: &str) -> String {
    let mut text = markdown.replace('`', "");
    while let Some(begin) = text.find("<http") {
        let Some(length) = text[begin..].find('>') else {
            break;
        };
        text.remove(begin + length);
        text.remove(begin);
    }
    text
}

/// A number as it is debugged, without `.0` at its end: `-8`, `4.9e-15`.
pub fn shortest(number: &str) -> String {
    number
        .strip_suffix(".0")
        .unwrap_or(number)
        .replace(".0e", "e")
}

/// The text with a small first letter.
pub fn uncapitalised(text: &str) -> String {
    let mut text = text.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// `[0, inf)`
pub fn interval(interval: &Interval) -> String {
    let open = if interval.low_closed { '[' } else { '(' };
    let close = if interval.high_closed { ']' } else { ')' };
    format!(
        "{open}{}, {}{close}",
        short(interval.low),
        short(interval.high)
    )
}

/// Where a range lies: `below 0`, `between -3 and 3`.
pub fn place(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("between {} and {}", short(low), short(high)),
        (false, true) => format!("below {}", short(high)),
        (true, false) => format!("above {}", short(low)),
        (false, false) => "everywhere".to_string(),
    }
}

/// Whether order is kept.
pub fn monotone(monotone: Monotone) -> &'static str {
    match monotone {
        Monotone::NonDecreasing => "non-decreasing",
        Monotone::NonIncreasing => "non-increasing",
        Monotone::No => "not monotone",
    }
}

/// Where the slope jumps, and which slope is taken there.
pub fn kink(kink: &Kink) -> String {
    let (at, slope) = (short(kink.at), short(kink.slope));
    if kink.jax == kink.slope {
        format!("at {at}, where f' is taken as {slope}")
    } else {
        let jax = short(kink.jax);
        format!("at {at}, where f' is taken as {slope}, as in PyTorch; JAX takes {jax}")
    }
}

/// How many derivatives are continuous.
pub fn smoothness(smoothness: Smoothness) -> String {
    match smoothness {
        Smoothness::Infinite => "smooth".to_string(),
        Smoothness::Times(0) => "continuous".to_string(),
        Smoothness::Times(times) => format!("{times} times continuously differentiable"),
        Smoothness::Discontinuous => "discontinuous".to_string(),
    }
}

/// Where the values lie about zero.
pub fn centre(centre: Centre) -> &'static str {
    match centre {
        Centre::Odd => "odd",
        Centre::BothSigns => "both signs",
        Centre::OneSided => "one sign",
    }
}

/// What happens towards an infinity.
pub fn tail(tail: Tail) -> String {
    match tail {
        Tail::Saturates { limit } => format!("approaches {}", short(limit)),
        Tail::Linear { slope } => format!("a line of slope {}", short(slope)),
        Tail::Grows => "grows faster than any line".to_string(),
        Tail::Sublinear => "grows slower than any line".to_string(),
        Tail::Oscillates => "oscillates".to_string(),
    }
}

/// The recommended initialisation.
pub fn initialisation(initialisation: Initialisation) -> &'static str {
    match initialisation {
        Initialisation::He => "He: variance 2 / fan_in",
        Initialisation::Glorot => "Glorot: variance 2 / (fan_in + fan_out)",
        Initialisation::LeCun => "LeCun: variance 1 / fan_in",
        Initialisation::None => "no recommendation",
    }
}

/// An operator of another framework, with what its attributes mean: `LeakyRelu (alpha = negative_slope)`.
pub fn foreign(foreign: &Foreign) -> String {
    let mut notes: Vec<String> = foreign.attributes.iter().map(attribute).collect();
    notes.extend(
        foreign
            .fixed
            .iter()
            .map(|(name, value)| format!("fixed {name} = {}", short(*value))),
    );
    match foreign.opsets {
        (1, u32::MAX) => {}
        (first, u32::MAX) => notes.push(format!("from opset {first}")),
        (1, last) => notes.push(format!("to opset {last}")),
        (first, last) => notes.push(format!("opsets {first} to {last}")),
    }
    if notes.is_empty() {
        foreign.op.to_string()
    } else {
        format!("{} ({})", foreign.op, notes.join(", "))
    }
}

fn attribute(attribute: &Attribute) -> String {
    let (name, default) = (attribute.name, short(attribute.default));
    match attribute.meaning {
        Meaning::Parameter(parameter) if parameter == name => format!("{name}, default {default}"),
        Meaning::Parameter(parameter) => format!("{name} is {parameter}, default {default}"),
        Meaning::Required(value) => {
            let value = match (name, value) {
                ("approximate", 0.0) => "none".to_string(),
                ("approximate", 1.0) => "tanh".to_string(),
                _ => short(value),
            };
            format!("only {name} = {value}")
        }
    }
}

/// `text` in lines of at most `width` characters, broken at blanks; a longer word keeps its line to itself.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_kept_whole() {
        assert_eq!(
            wrapped("an unbreakable w o r d", 5),
            ["an", "unbreakable", "w o r", "d"]
        );
    }

    #[test]
    fn markup_is_taken_out() {
        assert_eq!(
            plain("`x` if `x > 0`, see <https://a.org/b>."),
            "x if x > 0, see https://a.org/b."
        );
        assert_eq!(plain("a < b, <http"), "a < b, <http");
    }
}
