//! Bands and polygons of an SVG.

use std::fmt::Write as _;

use super::Svg;
use super::layout::{LINE, SAMPLE, SIZE};
use super::style::stripes;
use crate::Ink;
use crate::number::pixels;
use crate::polyline::Point;
use crate::shape::{Shape, Written};
use crate::text::estimated_pixels;

/// More polygons than this get thin and faint outlines.
const CROWD: usize = 1000;

impl Svg {
    /// Closed shapes in one ink, with thin edges.
    pub(super) fn filled<'a>(&mut self, shapes: impl Iterator<Item = &'a [Point]>, ink: Ink) {
        let path = self.closed(shapes);
        if !path.is_empty() {
            let _ = writeln!(
                self.out,
                "<path class=\"kf-area kf-{}\" d=\"{path}\"/>",
                ink.class()
            );
        }
    }

    /// Polygons, in one path per ink, and what is written in those that have the room.
    pub(super) fn polygons(&mut self, shapes: &[Shape], written: &[Written]) {
        for ink in inks(shapes) {
            let own = shapes.iter().filter(|shape| shape.ink == ink);
            let path = self.closed(own.map(|shape| shape.corners.as_slice()));
            // Outlines of very many polygons would cover what they fill.
            let outline = if shapes.len() > CROWD {
                " stroke-width=\"0.5\" stroke-opacity=\"0.5\""
            } else {
                ""
            };
            let paint = self.paint(ink);
            let _ = writeln!(self.out, "<path{paint}{outline} d=\"{path}\"/>");
        }
        let (wide, high) = (
            self.layout.right - self.layout.left,
            self.layout.bottom - self.layout.top,
        );
        for text in written {
            let needed = estimated_pixels(&text.text, SIZE);
            if text.room.0 * wide >= needed + 2.0 * SAMPLE / 3.0 && text.room.1 * high >= LINE {
                let (x, y) = (self.layout.x(text.at.x), self.layout.y(text.at.y) + 4.5);
                self.anchored(x, y, "kf-text kf-note kf-middle", &text.text);
            }
        }
    }

    /// The sample of a polygon in the key.
    pub(super) fn swatch(&mut self, x: f64, y: f64, ink: Ink) {
        let _ = writeln!(
            self.out,
            "<path{} d=\"M{} {}h{SAMPLE}v10h-{SAMPLE}z\"/>",
            self.paint(ink),
            pixels(x),
            pixels(y - 5.0)
        );
    }

    /// A faint fill that differs in more than its colour, and a thin outline.
    fn paint(&self, ink: Ink) -> String {
        let class = ink.class();
        match stripes(ink) {
            Some(_) => format!(
                " class=\"kf-{class}\" fill=\"url(#{}-{class})\" fill-opacity=\"0.35\"",
                self.id
            ),
            None => format!(" class=\"kf-plain kf-{class}\" fill-opacity=\"0.28\""),
        }
    }

    fn closed<'a>(&self, shapes: impl Iterator<Item = &'a [Point]>) -> String {
        let mut path = String::new();
        for corners in shapes {
            for (index, corner) in corners.iter().enumerate() {
                let command = if index == 0 { 'M' } else { 'L' };
                let _ = write!(path, "{command}{} {}", self.px(corner.x), self.py(corner.y));
            }
            path.push('Z');
        }
        path
    }
}

/// The inks of polygons, in the order in which they come.
pub(super) fn inks(shapes: &[Shape]) -> Vec<Ink> {
    let mut inks = Vec::new();
    for shape in shapes {
        if !inks.contains(&shape.ink) {
            inks.push(shape.ink);
        }
    }
    inks
}
