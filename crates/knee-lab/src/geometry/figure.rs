//! What was found, drawn.

use std::fmt::Write as _;

use knee_figure::{Axis, Figure, Ink, Line, Points, Polygon, Polygons, Table, percent, short};

use super::decision::{border, classes, parts};
use super::text::{bounds_in_words, cut_short, formulas};
use super::{Bounds, Network, Partition, Pieces};

/// More outputs than this are not drawn.
const OUTPUTS: usize = 4;
/// Regions are labelled where there are at most so many.
const LABELLED: usize = 64;
/// Rows of a table that stands for a figure.
const ROWS: usize = 40;

/// The outputs of a network of one input as lines, with their hinges marked.
///
/// Where the pieces go to infinity, the figure reaches beyond the outermost hinges by half of their distance.
pub fn figure_one(slug: &str, title: &str, network: &Network, found: &Pieces) -> Figure {
    let (low, high) = shown(found);
    let hinges = found.hinges();
    let outputs = network.outputs();
    let mut figure = Figure::new(
        slug,
        title,
        Axis::linear("x").range(low, high),
        Axis::linear(""),
    )
    .describe(describe_one(network, found));
    let arguments: Vec<f64> = std::iter::once(low)
        .chain(hinges.iter().copied().filter(|x| *x > low && *x < high))
        .chain(std::iter::once(high))
        .collect();
    for output in 0..outputs.min(OUTPUTS) {
        let at = |x: f64| (x, found.piece_at(x).map.output(output, &[x]));
        figure = figure.with(Line {
            label: if outputs == 1 {
                "y".to_string()
            } else {
                format!("y{}", output + 1)
            },
            points: arguments.iter().map(|x| at(*x)).collect(),
            ink: Ink::series(output),
            markers: false,
        });
        figure = figure.with(Points {
            label: if output == 0 && !hinges.is_empty() {
                "hinges".to_string()
            } else {
                String::new()
            },
            points: hinges.iter().map(|x| at(*x)).collect(),
            ink: Ink::series(output),
        });
    }
    figure.numbers = Some(Table {
        caption: title.to_string(),
        header: ["from", "to", "output", "units"]
            .map(str::to_string)
            .to_vec(),
        rows: found
            .pieces
            .iter()
            .take(ROWS)
            .map(|piece| {
                let first = &found.intervals[piece.intervals.start];
                vec![
                    short(piece.low),
                    short(piece.high),
                    formulas(&piece.map),
                    cut_short(&first.pattern.text(network)),
                ]
            })
            .collect(),
    });
    figure
}

/// The range to draw: the range itself, or what lies around the hinges.
fn shown(found: &Pieces) -> (f64, f64) {
    let (low, high) = found.range;
    if low.is_finite() && high.is_finite() {
        return (low, high);
    }
    let hinges = found.hinges();
    match (hinges.first(), hinges.last()) {
        (Some(first), Some(last)) => {
            let margin = if last > first {
                (last - first) / 2.0
            } else {
                first.abs().max(1.0)
            };
            (first - margin, last + margin)
        }
        _ => (-1.0, 1.0),
    }
}

fn describe_one(network: &Network, found: &Pieces) -> String {
    let hinges: Vec<String> = found.hinges().into_iter().take(12).map(short).collect();
    let more = if found.pieces.len() > 13 { ", .." } else { "" };
    let at = if hinges.is_empty() {
        String::new()
    } else {
        format!(" at {}{more}", hinges.join(", "))
    };
    format!(
        "{} affine pieces and {} hinges{at}; {} intervals of one activation pattern each. Bounds: {}.",
        found.pieces.len(),
        found.pieces.len() - 1,
        found.intervals.len(),
        bounds_in_words(&Bounds::of(network))
    )
}

/// The regions of a network of two inputs.
///
/// With up to four outputs they are coloured by the decision (which output is the greatest; with one output, whether it is
/// above 0), and a line stands where it changes. With more outputs, or where the last layer bends as well, they are coloured
/// in turn by how many units are on, so that neighbours differ. Where there are few, each is labelled by which units
/// are on.
pub fn figure_two(slug: &str, title: &str, network: &Network, found: &Partition) -> Figure {
    let window = found.window;
    let mut figure = Figure::new(
        slug,
        title,
        Axis::linear("x1").range(window.x.0, window.x.1),
        Axis::linear("x2").range(window.y.0, window.y.1),
    );
    let bent = network
        .layers()
        .last()
        .is_some_and(|layer| layer.kinks() > 0);
    let by_decision = network.outputs() <= OUTPUTS && !bent;
    let (layers, shares) = if by_decision {
        by_class(network, found)
    } else {
        (by_count(network, found), String::new())
    };
    for layer in layers {
        figure = figure.with(layer);
    }
    if by_decision {
        let gap = (f64::NAN, f64::NAN);
        let points = border(found)
            .into_iter()
            .flat_map(|[from, to]| [(from[0], from[1]), (to[0], to[1]), gap])
            .collect();
        figure = figure.with(Line {
            label: String::new(),
            points,
            ink: Ink::Grey,
            markers: false,
        });
    }
    figure.numbers = Some(table(title, network, found));
    figure.describe(format!(
        "{} convex regions and {} different affine maps in the rectangle.{shares} Bounds: {}.",
        found.regions.len(),
        found.distinct_maps(),
        bounds_in_words(&Bounds::of(network))
    ))
}

/// Regions by the decision, and in words how much of the rectangle each class has.
fn by_class(network: &Network, found: &Partition) -> (Vec<Polygons>, String) {
    let parts = parts(found);
    // A region that is cut by the decision has its label once: in its largest part.
    let mut largest: Vec<Option<usize>> = vec![None; found.regions.len()];
    for (index, part) in parts.iter().enumerate() {
        let best = &mut largest[part.region];
        if best.is_none_or(|best| parts[best].area < part.area) {
            *best = Some(index);
        }
    }
    let mut words = String::new();
    let layers = (0..classes(network.outputs()))
        .map(|class| {
            let name = match (network.outputs(), class) {
                (1, 0) => "output at most 0".to_string(),
                (1, _) => "output above 0".to_string(),
                _ => format!("y{} greatest", class + 1),
            };
            let own = || {
                parts
                    .iter()
                    .enumerate()
                    .filter(move |(_, part)| part.class == class)
            };
            let area: f64 = own().map(|(_, part)| part.area).sum();
            let share = percent(area / found.window.area());
            let _ = write!(words, " {}: {share} of the area.", capital(&name));
            let polygons = own().map(|(index, part)| Polygon {
                corners: points(&part.corners),
                label: if largest[part.region] == Some(index) {
                    label(network, found, part.region)
                } else {
                    String::new()
                },
                // Neither class is the lesser: the first ink is for what is above 0.
                ink: Ink::series(if network.outputs() == 1 {
                    1 - class
                } else {
                    class
                }),
            });
            Polygons {
                label: name,
                polygons: polygons.collect(),
            }
        })
        .filter(|layer| !layer.polygons.is_empty())
        .collect();
    (layers, words)
}

/// Regions in four inks by how many units are on.
fn by_count(network: &Network, found: &Partition) -> Vec<Polygons> {
    let polygons = found.regions.iter().enumerate().map(|(index, region)| {
        let on: usize = region
            .pattern
            .layers
            .iter()
            .flatten()
            .map(|piece| usize::from(*piece))
            .sum();
        Polygon {
            corners: points(&region.corners),
            label: label(network, found, index),
            ink: Ink::series(on),
        }
    });
    vec![Polygons {
        label: String::new(),
        polygons: polygons.collect(),
    }]
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

fn points(corners: &[[f64; 2]]) -> Vec<(f64, f64)> {
    corners
        .iter()
        .map(|corner| (corner[0], corner[1]))
        .collect()
}

fn label(network: &Network, found: &Partition, region: usize) -> String {
    if found.regions.len() <= LABELLED {
        found.regions[region].pattern.text(network)
    } else {
        String::new()
    }
}

fn table(title: &str, network: &Network, found: &Partition) -> Table {
    let mut order: Vec<usize> = (0..found.regions.len()).collect();
    order.sort_by(|&a, &b| found.regions[b].area.total_cmp(&found.regions[a].area));
    Table {
        caption: title.to_string(),
        header: ["units", "share of the area", "output"]
            .map(str::to_string)
            .to_vec(),
        rows: order
            .iter()
            .take(ROWS)
            .map(|&index| {
                let region = &found.regions[index];
                vec![
                    cut_short(&region.pattern.text(network)),
                    percent(region.area / found.window.area()),
                    formulas(&region.map),
                ]
            })
            .collect(),
    }
}
