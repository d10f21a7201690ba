//! Two inputs: the convex regions of a rectangle.

use std::collections::BTreeSet;

use super::affine::{Affine, Maps, beyond};
use super::error::finite;
use super::polygon::{area, cut};
use super::{Error, Layer, Network, Pattern, TOLERANCE};

/// A rectangle of the input plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Lowest and highest first input.
    pub x: (f64, f64),
    /// Lowest and highest second input.
    pub y: (f64, f64),
}

impl Window {
    /// A rectangle whose sides have a length.
    pub fn new(x: (f64, f64), y: (f64, f64)) -> Result<Self, Error> {
        for (name, (low, high)) in [("the first input", x), ("the second input", y)] {
            let size = low.abs().max(high.abs());
            if !low.is_finite() || !high.is_finite() || high - low <= 1e-9 * size || size > 1e100 {
                return Err(Error::Range { name, low, high });
            }
        }
        Ok(Self { x, y })
    }

    /// The square from `-half` to `half` in both inputs.
    pub fn square(half: f64) -> Result<Self, Error> {
        Self::new((-half, half), (-half, half))
    }

    /// Its area.
    pub fn area(&self) -> f64 {
        (self.x.1 - self.x.0) * (self.y.1 - self.y.0)
    }

    fn corners(&self) -> Vec<[f64; 2]> {
        let (x, y) = (self.x, self.y);
        vec![[x.0, y.0], [x.1, y.0], [x.1, y.1], [x.0, y.1]]
    }
}

/// A convex region on which every unit stays on one piece of its activation.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its corners, in order.
    pub corners: Vec<[f64; 2]>,
    /// Its area.
    pub area: f64,
    /// Which piece each unit is on.
    pub pattern: Pattern,
    /// The outputs on it.
    pub map: Affine,
}

/// A rectangle, cut into the regions of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    /// The rectangle.
    pub window: Window,
    /// The regions; together they fill the rectangle.
    pub regions: Vec<Region>,
    /// Cuts that were not made, because what they cut off was smaller than [`Partition::SLIVER`] of the rectangle.
    pub slivers: usize,
}

impl Partition {
    /// A part of a region with less than this share of the rectangle's area is left with its neighbour: it cannot be told
    /// from what rounding makes of two lines that meet.
    pub const SLIVER: f64 = 1e-14;

    /// The number of different affine maps among the regions, compared in nine digits: fewer than regions, where a unit
    /// switches and no output bends, or where the same map comes back elsewhere.
    pub fn distinct_maps(&self) -> usize {
        let numbers = |region: &Region| -> Vec<f64> {
            let map = &region.map;
            map.jacobian.iter().chain(&map.offset).copied().collect()
        };
        let mut largest = 0.0_f64;
        for region in &self.regions {
            largest = numbers(region)
                .iter()
                .fold(largest, |most, number| most.max(number.abs()));
        }
        if largest == 0.0 {
            return usize::from(!self.regions.is_empty());
        }
        let distinct: BTreeSet<Vec<i64>> = self
            .regions
            .iter()
            .map(|region| {
                let scaled = numbers(region).into_iter().map(|number| number / largest);
                scaled.map(|number| (number * 1e9).round() as i64).collect()
            })
            .collect();
        distinct.len()
    }
}

/// A region that has been followed through some layers.
struct Open {
    layer: usize,
    corners: Vec<[f64; 2]>,
    maps: Maps,
    pattern: Pattern,
}

/// The regions of a network of two inputs in a rectangle.
///
/// An error where the network has another number of inputs, or there are more than `limit` regions.
pub fn partition(network: &Network, window: Window, limit: usize) -> Result<Partition, Error> {
    network.takes(2, "the partition of a rectangle")?;
    let window = Window::new(window.x, window.y)?;
    let slack = slacks(network, &window)?;
    let smallest = Partition::SLIVER * window.area();
    let mut slivers = 0;
    let mut regions = Vec::new();
    let mut open = vec![Open {
        layer: 0,
        corners: window.corners(),
        maps: Maps::inputs(2),
        pattern: Pattern::default(),
    }];
    while let Some(found) = open.pop() {
        let Some(layer) = network.layers().get(found.layer) else {
            regions.push(Region {
                area: area(&found.corners),
                corners: found.corners,
                pattern: found.pattern,
                map: found.maps.affine(),
            });
            continue;
        };
        let maps = found.maps.before(layer)?;
        let mut parts = vec![(found.corners, vec![0_u8; layer.units()])];
        for unit in 0..layer.units() {
            for (kink, &slack) in slack[found.layer][unit].iter().enumerate() {
                let mut next = Vec::with_capacity(parts.len() + 1);
                for part in parts {
                    let cut = Cut {
                        layer,
                        unit,
                        kink,
                        slack,
                        smallest,
                    };
                    slivers += usize::from(cut.make(maps.row(unit), part, &mut next));
                }
                parts = next;
            }
            // Each open region gives at least one region in the end.
            if regions.len() + open.len() + parts.len() > limit {
                return Err(Error::Limit { limit });
            }
        }
        // The last in is the first out: so regions come in the order of their patterns.
        for (corners, pieces) in parts.into_iter().rev() {
            let mut pattern = found.pattern.clone();
            pattern.layers.push(pieces.clone());
            open.push(Open {
                layer: found.layer + 1,
                corners,
                maps: maps.clone().through(layer, &pieces),
                pattern,
            });
        }
    }
    Ok(Partition {
        window,
        regions,
        slivers,
    })
}

/// A cut of a part along the line where a unit meets a kink.
struct Cut<'a> {
    layer: &'a Layer,
    unit: usize,
    kink: usize,
    slack: f64,
    smallest: f64,
}

type Part = (Vec<[f64; 2]>, Vec<u8>);

impl Cut<'_> {
    /// Puts the pieces of `part` into `next`; whether a sliver was left with its neighbour.
    fn make(&self, row: &[f64], part: Part, next: &mut Vec<Part>) -> bool {
        let (corners, pieces) = part;
        // Kinks ascend: what lies below one of them lies below all that follow.
        if usize::from(pieces[self.unit]) < self.kink {
            next.push((corners, pieces));
            return false;
        }
        let kink = self.layer.activation(self.unit).kinks()[self.kink];
        let values: Vec<f64> = corners
            .iter()
            .map(|corner| row[0] * corner[0] + row[1] * corner[1] + row[2] - kink)
            .map(|value| {
                if value.abs() <= self.slack {
                    0.0
                } else {
                    value
                }
            })
            .collect();
        let raise = |mut pieces: Vec<u8>| {
            pieces[self.unit] += 1;
            pieces
        };
        let (below, above) = cut(&corners, &values);
        if above.is_empty() {
            next.push((corners, pieces));
            return false;
        }
        if below.is_empty() {
            next.push((corners, raise(pieces)));
            return false;
        }
        let (left, right) = (area(&below), area(&above));
        if left.min(right) < self.smallest {
            let pieces = if left < right { raise(pieces) } else { pieces };
            next.push((corners, pieces));
            return true;
        }
        next.push((below, pieces.clone()));
        next.push((above, raise(pieces)));
        false
    }
}

/// How far rounding may move each unit's distance from each of its kinks anywhere in the rectangle.
fn slacks(network: &Network, window: &Window) -> Result<Vec<Vec<Vec<f64>>>, Error> {
    let reach = |(low, high): (f64, f64)| low.abs().max(high.abs());
    let mut sizes = vec![reach(window.x), reach(window.y)];
    let mut slacks = Vec::new();
    for layer in network.layers() {
        let before: Vec<f64> = (0..layer.units())
            .map(|unit| {
                let terms = layer
                    .row(unit)
                    .iter()
                    .zip(&sizes)
                    .map(|(w, size)| w.abs() * size);
                terms.sum::<f64>() + layer.bias()[unit].abs()
            })
            .collect();
        finite(&before, |unit| beyond(layer, unit))?;
        let of = |(unit, size): (usize, &f64)| -> Vec<f64> {
            let kinks = layer.activation(unit).kinks().iter();
            kinks.map(|kink| TOLERANCE * (size + kink.abs())).collect()
        };
        slacks.push(before.iter().enumerate().map(of).collect());
        let behind = before.iter().enumerate();
        sizes = behind
            .map(|(unit, size)| layer.activation(unit).reach(*size))
            .collect();
    }
    Ok(slacks)
}
