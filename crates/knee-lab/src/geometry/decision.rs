//! Which output decides where: the regions of a rectangle, cut once more where the decision changes.

use super::polygon::{area, cut, middle};
use super::{Partition, Region};

/// A convex part of a region on which one class is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which of the [`Partition::regions`] it belongs to.
    pub region: usize,
    /// The class: the greatest output; with a single output 0 where it is at most 0, and 1 above.
    pub class: usize,
    /// Its corners, in order.
    pub corners: Vec<[f64; 2]>,
    /// Its area.
    pub area: f64,
}

/// The number of classes that a network with so many outputs decides among.
pub fn classes(outputs: usize) -> usize {
    outputs.max(2)
}

/// All regions, cut where the decision changes. Where two outputs agree on a whole region, the first of them decides.
pub fn parts(partition: &Partition) -> Vec<Part> {
    let smallest = Partition::SLIVER * partition.window.area();
    let mut parts = Vec::new();
    for (index, region) in partition.regions.iter().enumerate() {
        for class in 0..classes(region.map.offset.len()) {
            let mut corners = region.corners.clone();
            for other in (0..classes(region.map.offset.len())).filter(|other| *other != class) {
                let values: Vec<f64> = corners
                    .iter()
                    .map(|corner| lead(region, class, other, corner))
                    .collect();
                // A tie all over belongs to the first.
                corners = if values.iter().all(|value| *value == 0.0) {
                    if class < other { corners } else { Vec::new() }
                } else {
                    cut(&corners, &values).1
                };
            }
            let area = area(&corners);
            if area > smallest {
                parts.push(Part {
                    region: index,
                    class,
                    corners,
                    area,
                });
            }
        }
    }
    parts
}

/// The lines on which the decision changes inside regions, as pairs of points. Where it changes from region to region there
/// is none: the network is continuous, so that happens only where outputs agree on a whole region.
pub fn border(partition: &Partition) -> Vec<[[f64; 2]; 2]> {
    let mut lines = Vec::new();
    for part in parts(partition) {
        let region = &partition.regions[part.region];
        let outputs = classes(region.map.offset.len());
        let next = part.corners.iter().cycle().skip(1);
        for (from, to) in part.corners.iter().zip(next) {
            let is_tie = |other: usize| {
                let at = |corner: &[f64; 2]| lead(region, part.class, other, corner).abs();
                let inside = at(&middle(&part.corners));
                inside > 0.0 && at(from).max(at(to)) <= 1e-9 * inside
            };
            // Each line once: from the side of the lower class.
            if (part.class + 1..outputs).any(is_tie) {
                lines.push([*from, *to]);
            }
        }
    }
    lines
}

/// By how much one class leads another at a point; within rounding of 0 it is 0.
fn lead(region: &Region, class: usize, other: usize, at: &[f64; 2]) -> f64 {
    let map = &region.map;
    let row = |output: usize| [map.row(output)[0], map.row(output)[1], map.offset[output]];
    let (one, two) = if map.offset.len() == 1 {
        if class == 1 {
            (row(0), [0.0; 3])
        } else {
            ([0.0; 3], row(0))
        }
    } else {
        (row(class), row(other))
    };
    let terms = [at[0], at[1], 1.0];
    let (mut lead, mut size) = (0.0, 0.0);
    for ((one, two), term) in one.iter().zip(two).zip(terms) {
        lead += (one - two) * term;
        size += (one.abs() + two.abs()) * term.abs();
    }
    if lead.abs() <= super::TOLERANCE * size {
        0.0
    } else {
        lead
    }
}
