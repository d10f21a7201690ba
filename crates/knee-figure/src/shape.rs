//! Areas of a scene that are more than bins: bands and polygons, cut off at the sides of the unit square.

use crate::polyline::{Point, clipped, simplified};
use crate::scene::{Mark, Sample, Scene};
use crate::text::clean;
use crate::{Band, Ink, Polygons};

/// A filled polygon.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) corners: Vec<Point>,
    pub(crate) ink: Ink,
}

/// Text in the middle of a polygon, and the room that it has there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    pub(crate) at: Point,
    pub(crate) text: String,
    /// Across and upwards through the middle, as shares of the plot.
    pub(crate) room: (f64, f64),
}

impl Scene {
    pub(crate) fn band(&mut self, band: &Band) {
        let mut fills = Vec::new();
        let mut edges = Vec::new();
        let mut run: Vec<(Point, Point)> = Vec::new();
        let ends = std::iter::once(None);
        for point in band.points.iter().map(Some).chain(ends) {
            let pair = point.and_then(|&(x, low, high)| {
                Some((
                    bounded(self.point((x, low))?)?,
                    bounded(self.point((x, high))?)?,
                ))
            });
            if let Some(pair) = pair {
                run.push(pair);
                continue;
            }
            let there = run.iter().map(|pair| pair.0);
            let back = run.iter().rev().map(|pair| pair.1);
            let fill = within(&there.chain(back).collect::<Vec<Point>>());
            if fill.len() > 2 {
                fills.push(fill);
            }
            let lines = [
                run.iter().map(|pair| Some(pair.0)).collect::<Vec<_>>(),
                run.iter().map(|pair| Some(pair.1)).collect(),
            ];
            for line in lines {
                edges.extend(clipped(&line).iter().map(|piece| simplified(piece)));
            }
            run.clear();
        }
        self.marks.push(Mark::Band {
            fills,
            edges,
            ink: band.ink,
        });
        self.entry(&band.label, band.ink, Sample::Fill);
    }

    pub(crate) fn polygons(&mut self, layer: &Polygons) {
        let mut shapes = Vec::new();
        let mut written = Vec::new();
        for polygon in &layer.polygons {
            let corners: Option<Vec<Point>> = polygon
                .corners
                .iter()
                .filter(|(x, y)| x.is_finite() && y.is_finite())
                .map(|&corner| bounded(self.point(corner)?))
                .collect();
            let corners = corners
                .filter(|corners| corners.len() == polygon.corners.len())
                .map_or_else(Vec::new, |corners| within(&corners));
            if corners.len() < 3 {
                continue;
            }
            if !polygon.label.is_empty() {
                let at = middle(&corners);
                written.push(Written {
                    at,
                    text: clean(&polygon.label),
                    room: room(&corners, at),
                });
            }
            shapes.push(Shape {
                corners,
                ink: polygon.ink,
            });
        }
        self.marks.push(Mark::Polygons { shapes, written });
        let ink = layer
            .polygons
            .first()
            .map_or(Ink::Grey, |polygon| polygon.ink);
        self.entry(&layer.label, ink, Sample::Polygon);
    }
}

/// A point near enough that differences of such points are numbers; infinitely far becomes far.
fn bounded(point: Point) -> Option<Point> {
    const FAR: f64 = 1e6;
    point.x.is_finite().then(|| Point {
        x: point.x.clamp(-FAR, FAR),
        y: point.y.clamp(-FAR, FAR),
    })
}

/// The part of a polygon in the unit square: Sutherland and Hodgman's clipping, one side after the other.
fn within(corners: &[Point]) -> Vec<Point> {
    let sides: [fn(&Point) -> f64; 4] = [
        |point| point.x,
        |point| 1.0 - point.x,
        |point| point.y,
        |point| 1.0 - point.y,
    ];
    let mut kept = corners.to_vec();
    for inside in sides {
        let mut next = Vec::with_capacity(kept.len() + 1);
        for (index, from) in kept.iter().enumerate() {
            let to = &kept[(index + 1) % kept.len()];
            let (here, there) = (inside(from), inside(to));
            if here >= 0.0 {
                next.push(*from);
            }
            if (here < 0.0) != (there < 0.0) {
                let share = here / (here - there);
                next.push(Point {
                    x: (from.x + share * (to.x - from.x)).clamp(0.0, 1.0),
                    y: (from.y + share * (to.y - from.y)).clamp(0.0, 1.0),
                });
            }
        }
        kept = next;
    }
    kept
}

/// The centre of mass, or the mean of the corners where there is no area.
fn middle(corners: &[Point]) -> Point {
    let first = corners[0];
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for pair in corners.windows(2) {
        let (a, b) = (
            (pair[0].x - first.x, pair[0].y - first.y),
            (pair[1].x - first.x, pair[1].y - first.y),
        );
        let cross = a.0 * b.1 - a.1 * b.0;
        area += cross;
        x += cross * (a.0 + b.0);
        y += cross * (a.1 + b.1);
    }
    if area.abs() < 1e-12 {
        let count = corners.len() as f64;
        return Point {
            x: corners.iter().map(|corner| corner.x).sum::<f64>() / count,
            y: corners.iter().map(|corner| corner.y).sum::<f64>() / count,
        };
    }
    Point {
        x: (first.x + x / (3.0 * area)).clamp(0.0, 1.0),
        y: (first.y + y / (3.0 * area)).clamp(0.0, 1.0),
    }
}

/// How far a convex polygon reaches across and upwards through a point, twice the shorter way: text stands in its middle.
fn room(corners: &[Point], at: Point) -> (f64, f64) {
    let along = |across: bool| {
        let (mut before, mut behind) = (0.0_f64, 0.0_f64);
        for (index, from) in corners.iter().enumerate() {
            let to = &corners[(index + 1) % corners.len()];
            let [from, to] = [from, to].map(|point| {
                let (x, y) = (point.x - at.x, point.y - at.y);
                if across { (x, y) } else { (y, x) }
            });
            if (from.1 < 0.0) != (to.1 < 0.0) {
                let cross = from.0 - from.1 * (to.0 - from.0) / (to.1 - from.1);
                before = before.min(cross);
                behind = behind.max(cross);
            }
        }
        2.0 * behind.min(-before)
    };
    (along(true), along(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(corners: &[(f64, f64)]) -> Vec<Point> {
        corners.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    #[test]
    fn polygons_are_cut_off_at_the_sides() {
        let beyond = points(&[(0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8)]);
        assert_eq!(
            within(&beyond),
            points(&[(0.5, 0.5), (1.0, 0.5), (1.0, 0.8), (0.5, 0.8)])
        );
        assert_eq!(within(&points(&[(2.0, 0.0), (3.0, 0.0), (2.0, 1.0)])), []);
        assert_eq!(within(&[]), []);
    }

    #[test]
    fn room_is_what_text_in_the_middle_has() {
        let square = points(&[(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]);
        let at = middle(&square);
        assert_eq!((at.x, at.y), (0.25, 0.5));
        assert_eq!(room(&square, at), (0.5, 1.0));
    }
}
