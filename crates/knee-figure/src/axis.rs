//! Axes: what is measured along them, over which range, and where their ticks stand.

use crate::number::{exponent, scientific, trim_zeros};

/// How positions along an axis follow from values.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scale {
    /// Equal differences are equally far apart.
    Linear,
    /// Equal ratios are equally far apart. Values that are not positive have no place on it.
    Log,
    /// One place per name; the value is the index of the name. Along y the first name is at the top.
    Categories(Vec<String>),
}

/// One axis of a [`Figure`](crate::Figure).
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured.
    pub label: String,
    /// Its unit; empty for a pure number.
    pub unit: String,
    /// How positions follow from values.
    pub scale: Scale,
    /// Lowest and highest value shown; where it is `None`, the data decide.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: String::new(),
            scale: Scale::Linear,
            range: None,
        }
    }

    /// A logarithmic axis.
    pub fn log(label: impl Into<String>) -> Self {
        Self {
            scale: Scale::Log,
            ..Self::linear(label)
        }
    }

    /// An axis with one place per name.
    pub fn categories(label: impl Into<String>, names: Vec<String>) -> Self {
        Self {
            scale: Scale::Categories(names),
            ..Self::linear(label)
        }
    }

    /// The same axis with a unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// The same axis over a fixed range. A range that is empty, reversed or not finite is ignored.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Label and unit.
    pub(crate) fn caption(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{} ({})", self.label, self.unit)
        }
    }
}

/// A tick: position between 0 and 1, and its text with and without characters beyond ASCII.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) text: String,
    pub(crate) ascii: String,
}

/// An axis whose range is settled.
#[derive(Clone, Debug)]
pub(crate) struct Projection {
    kind: Kind,
    low: f64,
    high: f64,
}

#[derive(Clone, Debug)]
enum Kind {
    Linear,
    Log,
    Categories {
        names: Vec<String>,
        /// Where in its band a category has its middle, between 0 and 1.
        middle: f64,
    },
}

/// Values beyond this are drawn at it: differences of two such values must not overflow.
const FARTHEST: f64 = 1e300;

impl Projection {
    /// Settles the range of `axis` from the `values` along it; `middle` as in [`Kind::Categories`].
    pub(crate) fn new(axis: &Axis, values: impl Iterator<Item = f64>, middle: f64) -> Self {
        let asked = axis
            .range
            .filter(|(low, high)| low.is_finite() && high.is_finite() && low < high);
        match &axis.scale {
            Scale::Linear => {
                let (low, high) = asked.unwrap_or_else(|| linear_range(values));
                Self {
                    kind: Kind::Linear,
                    low: low.max(-FARTHEST),
                    high: high.min(FARTHEST),
                }
            }
            Scale::Log => {
                let (low, high) = asked.filter(|(low, _)| *low > 0.0).map_or_else(
                    || log_range(values),
                    |(low, high)| (low.log10(), high.log10()),
                );
                Self {
                    kind: Kind::Log,
                    low,
                    high,
                }
            }
            Scale::Categories(names) => Self {
                low: 0.0,
                high: names.len().max(1) as f64,
                kind: Kind::Categories {
                    names: names.clone(),
                    middle,
                },
            },
        }
    }

    /// Position of `value`: 0 at the low end, 1 at the high end, beyond them outside, infinite for what lies
    /// infinitely far. `None` for NaN and for a negative value on a logarithmic axis.
    pub(crate) fn at(&self, value: f64) -> Option<f64> {
        let value = match &self.kind {
            Kind::Linear => value,
            Kind::Log => value.log10(),
            Kind::Categories { middle, .. } => value + middle,
        };
        let position = (value - self.low) / (self.high - self.low);
        (!position.is_nan()).then_some(position)
    }

    /// Where bars begin: at 0 where the axis has one, at its low end otherwise.
    pub(crate) fn base(&self) -> f64 {
        self.at(0.0).unwrap_or(0.0).clamp(0.0, 1.0)
    }

    /// About `wanted` ticks.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<Tick> {
        match &self.kind {
            Kind::Linear => linear_ticks(self.low, self.high, wanted.max(1)),
            Kind::Log => log_ticks(self.low, self.high, wanted.max(1)),
            Kind::Categories { names, middle } => names
                .iter()
                .enumerate()
                .map(|(index, name)| Tick {
                    at: (index as f64 + middle) / self.high,
                    text: name.clone(),
                    ascii: name.clone(),
                })
                .collect(),
        }
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .filter(|value| value.is_finite())
        .fold(None, |bounds, value| match bounds {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
}

/// The range of the data and a margin of 4 % on both sides.
fn linear_range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = bounds(values) else {
        return (0.0, 1.0);
    };
    let (low, high) = (low.max(-FARTHEST), high.min(FARTHEST));
    // A range narrower than the digits of a tick's text would have ticks that read the same.
    let narrowest = 1e-3 * low.abs().max(high.abs());
    let margin = if high - low > narrowest {
        0.04 * (high - low)
    } else if narrowest > 0.0 {
        narrowest
    } else {
        1.0
    };
    (low - margin, high + margin)
}

/// Exponents of the whole decades around the positive values.
fn log_range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = bounds(values.filter(|value| *value > 0.0)) else {
        return (-1.0, 1.0);
    };
    let floor = exponent(low);
    let ceiling =
        exponent(high) + i32::from(scientific(high, 17) != format!("1e{}", exponent(high)));
    (f64::from(floor), f64::from(ceiling.max(floor + 1)))
}

fn linear_ticks(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let rough = (high - low) / wanted as f64;
    if rough <= 0.0 || !rough.is_finite() {
        return Vec::new();
    }
    let power = exponent(rough);
    let unit = 10f64.powi(power);
    let (factor, extra) = match rough / unit {
        mantissa if mantissa <= 1.0 => (1.0, 0),
        mantissa if mantissa <= 2.0 => (2.0, 0),
        mantissa if mantissa <= 5.0 => (5.0, 0),
        _ => (10.0, 1),
    };
    let step = factor * unit;
    if step == 0.0 {
        return Vec::new();
    }
    let power = power + extra;
    let largest = exponent(low.abs().max(high.abs()));
    let text = |value: f64| {
        if value == 0.0 {
            "0".to_string()
        } else if (-4..6).contains(&largest) {
            let decimals = usize::try_from(-power).unwrap_or(0);
            trim_zeros(&format!("{value:.decimals$}"))
        } else {
            scientific(value, usize::try_from(exponent(value) - power).unwrap_or(0))
        }
    };
    // A range that ends on a tick up to rounding ends on it.
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    let count = (last - first).clamp(0.0, 2.0 * wanted as f64) as usize;
    (0..=count)
        .map(|index| {
            let multiple = first + index as f64;
            // Dividing keeps 3 * 0.1 from becoming 0.30000000000000004.
            let value = if power < 0 && power > -300 {
                multiple * factor / if extra == 1 { 10.0 } else { 1.0 } / 10f64.powi(-power)
            } else {
                multiple * step
            };
            let text = text(value);
            Tick {
                at: (value - low) / (high - low),
                ascii: text.clone(),
                text,
            }
        })
        .filter(|tick| (-1e-9..=1.0 + 1e-9).contains(&tick.at))
        .collect()
}

fn log_ticks(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let (first, last) = (low.ceil() as i32, high.floor() as i32);
    let decades = usize::try_from(last - first).unwrap_or(0);
    let step = [1, 2, 3, 5, 10, 20, 50]
        .into_iter()
        .find(|step| decades / step <= wanted)
        .unwrap_or(100);
    (first..=last)
        .step_by(step)
        .map(|power| Tick {
            at: (f64::from(power) - low) / (high - low),
            text: power_of_ten(power),
            ascii: match power {
                0 => "1".to_string(),
                1 => "10".to_string(),
                _ => format!("1e{power}"),
            },
        })
        .collect()
}

fn power_of_ten(power: i32) -> String {
    match power {
        0 => "1".to_string(),
        1 => "10".to_string(),
        _ => {
            let digits = power.to_string();
            let superscript = digits.chars().map(|digit| match digit {
                '-' => '⁻',
                '1' => '¹',
                '2' => '²',
                '3' => '³',
                '4' => '⁴',
                '5' => '⁵',
                '6' => '⁶',
                '7' => '⁷',
                '8' => '⁸',
                '9' => '⁹',
                _ => '⁰',
            });
            "10".chars().chain(superscript).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, values: &[f64], wanted: usize) -> Vec<String> {
        Projection::new(axis, values.iter().copied(), 0.5)
            .ticks(wanted)
            .into_iter()
            .map(|tick| tick.text)
            .collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers() {
        let axis = Axis::linear("z").range(-6.0, 6.0);
        assert_eq!(texts(&axis, &[], 6), ["-6", "-4", "-2", "0", "2", "4", "6"]);
        let axis = Axis::linear("share").range(0.0, 0.3);
        assert_eq!(texts(&axis, &[], 3), ["0", "0.1", "0.2", "0.3"]);
        let axis = Axis::linear("share").range(0.0, 1.0);
        assert_eq!(texts(&axis, &[], 5), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        let axis = Axis::linear("count").range(0.0, 2.4e9);
        assert_eq!(texts(&axis, &[], 4), ["0", "1e9", "2e9"]);
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        let axis = Axis::log("gradient");
        assert_eq!(texts(&axis, &[0.02, 0.9], 5), ["10⁻²", "10⁻¹", "1"]);
        assert_eq!(texts(&axis, &[1e-3, 1e3], 3), ["10⁻³", "10⁻¹", "10", "10³"]);
        assert_eq!(texts(&axis, &[1.0], 5), ["1", "10"]);
        assert_eq!(texts(&axis, &[], 5), ["10⁻¹", "1", "10"]);
    }

    #[test]
    fn ranges_survive_extreme_data() {
        for values in [
            vec![f64::MAX, f64::MIN],
            vec![0.0],
            vec![f64::NAN, f64::INFINITY],
            vec![1e16, 1e16 + 2.0],
            vec![5e-324, 1e-323],
            vec![],
        ] {
            for axis in [Axis::linear("a"), Axis::log("b")] {
                let projection = Projection::new(&axis, values.iter().copied(), 0.5);
                assert!(projection.low < projection.high, "{values:?}");
                let mut texts = texts(&axis, &values, 5);
                let all = texts.len();
                texts.dedup();
                assert_eq!(texts.len(), all, "{values:?}: {texts:?}");
            }
        }
    }

    #[test]
    fn zero_on_a_log_axis_lies_infinitely_far_down() {
        let projection = Projection::new(&Axis::log("g"), [1.0].into_iter(), 0.5);
        assert_eq!(projection.at(0.0), Some(f64::NEG_INFINITY));
        assert_eq!(projection.at(-1.0), None);
        assert_eq!(projection.at(f64::NAN), None);
    }
}
