//! Figures of the catalogue's functions, of whatever kind.

use knee_figure::{Figure, curve_over, curves, sampled, slopes, values};

use crate::{Entry, Kind};

/// A line of a figure: its name and its points.
type Line = (String, Vec<(f64, f64)>);

/// The other elements of the row whose first element is drawn along the axis.
const ROW: [f64; 2] = [1.0, 0.0];

/// Between which arguments a function of a whole row is shown.
const ROW_REACH: (f64, f64) = (-6.0, 6.0);

impl Entry {
    /// The figure of its page and its card: for a function of one number the curve, its derivative and the ranges shaded
    /// in which it is flat or saturated; for a function of rows the results over the first element.
    pub fn figure(&self) -> Option<Figure> {
        figure(&[*self], None, self.moments().is_some())
    }

    /// Between which arguments it is shown unless asked otherwise.
    fn reach(&self) -> (f64, f64) {
        self.curve()
            .map_or(ROW_REACH, |function| knee_figure::reach(&function))
    }

    /// The results over the first element of the input.
    fn row_lines(&self, range: (f64, f64)) -> Vec<Line> {
        let results = |x: f64| {
            let row = [x, ROW[0], ROW[1]];
            let input = match self.kind() {
                Kind::Gated | Kind::Channels => &row[..2],
                _ => &row[..],
            };
            self.of_row(input).unwrap_or_default()
        };
        let name = self.to_string();
        let count = results(0.0).len();
        let line = |index: usize| {
            let points = sampled(range, |x| results(x)[index]);
            let label = match (count, self.kind()) {
                (1, _) => name.clone(),
                (_, Kind::Row | Kind::Random) => {
                    let element = ["x".to_string(), ROW[0].to_string(), ROW[1].to_string()];
                    format!("{name} for {}", element[index])
                }
                _ => format!("{name} {}", index + 1),
            };
            (label, points)
        };
        (0..count).map(line).collect()
    }

    /// What is drawn of it beside other functions.
    fn lines(&self, range: (f64, f64), derivative: bool) -> Vec<Line> {
        let name = self.to_string();
        match (self, self.curve()) {
            (_, Some(function)) if derivative => {
                vec![(format!("{name}'"), slopes(&function, range))]
            }
            (_, Some(function)) => vec![(name, values(&function, range))],
            (Self::Learned(learned), None) if derivative => {
                vec![(
                    format!("{name}'"),
                    sampled(range, |x| learned.derivative(x)),
                )]
            }
            (Self::Learned(learned), None) => vec![(name, sampled(range, |x| learned.value(x)))],
            _ if !derivative => self.row_lines(range),
            _ => Vec::new(),
        }
    }
}

/// What a figure of one function says of the input of which one element is drawn along the axis.
fn input(kind: Kind) -> String {
    let [second, third] = ROW;
    match kind {
        Kind::Gated => format!("of the gate x and {second}"),
        Kind::Channels => format!("of the channels (x, {second})"),
        Kind::Random => format!("of the row (x, {second}, {third}), with seed 0"),
        _ => format!("of the row (x, {second}, {third})"),
    }
}

/// Between which arguments functions are shown together unless asked otherwise.
pub fn reach(entries: &[Entry]) -> (f64, f64) {
    let reaches = entries.iter().map(Entry::reach);
    reaches.fold((0.0, 0.0), |(low, high), reach| {
        (reach.0.min(low), reach.1.max(high))
    })
}

/// Several functions in one figure, between two arguments or those that suit them.
///
/// One function of one number is drawn with its still ranges shaded and, if asked for, with its derivative; of several the
/// values are drawn, or else the derivatives. `None` if there is nothing to draw.
pub fn figure(entries: &[Entry], range: Option<(f64, f64)>, derivative: bool) -> Option<Figure> {
    let range = range.unwrap_or_else(|| reach(entries));
    if let [entry] = entries
        && let Some(function) = entry.curve()
    {
        let mut figure = curve_over(&function, range, derivative);
        figure.title = figure
            .title
            .replace(&function.to_string(), &entry.to_string());
        figure.slug = figure.slug.replace(function.name(), entry.name());
        return Some(figure);
    }
    let mut lines: Vec<Line> = match entries {
        // Beside its values, as for a function with facts.
        [entry @ Entry::Learned(_)] if derivative => {
            let [values, slopes] = [false, true].map(|derivative| entry.lines(range, derivative));
            let both = values.into_iter().chain(slopes);
            both.zip(["f(x)", "f'(x)"])
                .map(|((_, points), label)| (label.to_string(), points))
                .collect()
        }
        _ => entries
            .iter()
            .flat_map(|entry| entry.lines(range, derivative))
            .collect(),
    };
    if lines.is_empty() {
        return None;
    }
    let names: Vec<String> = entries.iter().map(Entry::to_string).collect();
    let names = names.join(", ");
    let title = match entries {
        [entry] if entry.moments().is_none() => {
            for (label, _) in &mut lines {
                *label = label.replace(&format!("{names} "), "");
            }
            format!("{names} {}", input(entry.kind()))
        }
        [Entry::Learned(_)] if derivative => format!("{names} and its derivative"),
        _ if derivative => format!("Derivatives of {names}"),
        _ => names.clone(),
    };
    let slug = format!("curves-{}", names.replace(", ", "-"));
    Some(curves(slug, title, lines, range))
}
