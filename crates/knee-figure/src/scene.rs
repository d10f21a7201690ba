//! A figure as shapes in the unit square, x to the right and y upwards: what every backend draws.

use crate::axis::{Projection, Scale, Tick};
use crate::figure::At;
use crate::number::{percent, short};
use crate::polyline::{Point, clipped, simplified};
use crate::shape::{Shape, Written};
use crate::text::clean;
use crate::{Area, Bars, Figure, Ink, Layer, Line, Polygons, Span};

/// One bin of a histogram, from the bottom up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    Span {
        left: f64,
        right: f64,
    },
    Area {
        steps: Vec<Step>,
        ink: Ink,
    },
    /// The area between two lines: what is filled, and the two lines.
    Band {
        fills: Vec<Vec<Point>>,
        edges: Vec<Vec<Point>>,
        ink: Ink,
    },
    /// Filled polygons and what is written in them.
    Polygons {
        shapes: Vec<Shape>,
        written: Vec<Written>,
    },
    /// A bar from one corner to the opposite one.
    Bar {
        from: Point,
        to: Point,
        lying: bool,
        ink: Ink,
    },
    Line {
        points: Vec<Point>,
        ink: Ink,
    },
    Dot {
        at: Point,
        ink: Ink,
    },
    Vertical(f64),
    Horizontal(f64),
    Note {
        at: Point,
        text: String,
    },
}

/// What stands for a series in the key above the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    Line { markers: bool },
    Dot,
    Fill,
    Polygon,
    Bar,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) ink: Ink,
    pub(crate) sample: Sample,
}

/// A label beside a point: at the end of a line, or above a range.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) at: Point,
    pub(crate) text: String,
    pub(crate) ink: Ink,
}

#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) title: String,
    pub(crate) x_caption: String,
    pub(crate) y_caption: String,
    pub(crate) x: Projection,
    pub(crate) y: Projection,
    /// How many lines of bars the categories along y take in all; 0 where y has no categories.
    pub(crate) rows: usize,
    pub(crate) marks: Vec<Mark>,
    pub(crate) key: Vec<Entry>,
    /// Labels at the ends of lines.
    pub(crate) ends: Vec<Label>,
    /// Labels above the plot; only their x counts.
    pub(crate) above: Vec<Label>,
}

impl Scene {
    pub(crate) fn new(figure: &Figure) -> Self {
        let bars = figure
            .layers
            .iter()
            .filter(|layer| matches!(layer, Layer::Bars(_)))
            .count();
        // Several bars per category leave one empty line before the next category.
        let (middle, lines) = if bars > 1 {
            (bars as f64 / (bars + 1) as f64 / 2.0, bars + 1)
        } else {
            (0.5, 1)
        };
        let rows = match &figure.y.scale {
            Scale::Categories(names) => names.len() * lines,
            _ => 0,
        };
        let mut scene = Self {
            title: clean(&figure.title),
            x_caption: clean(&figure.x.caption()),
            y_caption: clean(&figure.y.caption()),
            x: Projection::new(&figure.x, along_x(figure), middle),
            y: Projection::new(&figure.y, along_y(figure), middle),
            rows,
            marks: Vec::new(),
            key: Vec::new(),
            ends: Vec::new(),
            above: Vec::new(),
        };
        let mut bar = 0;
        for layer in &figure.layers {
            match layer {
                Layer::Line(line) => scene.line(line),
                Layer::Points(points) => {
                    scene.dots(&points.points, points.ink);
                    scene.entry(&points.label, points.ink, Sample::Dot);
                }
                Layer::Area(area) => scene.area(area),
                Layer::Band(band) => scene.band(band),
                Layer::Polygons(polygons) => scene.polygons(polygons),
                Layer::Bars(bars) => {
                    scene.bars(bars, &figure.x.unit, bar, lines);
                    bar += 1;
                }
                Layer::Span(span) => scene.span(span),
                Layer::Reference(reference) => scene.reference(reference.at, &reference.label),
                Layer::Note(note) => {
                    if let Some(at) = scene.point(note.at) {
                        scene.marks.push(Mark::Note {
                            at: Point {
                                x: at.x.clamp(0.0, 1.0),
                                y: at.y.clamp(0.0, 1.0),
                            },
                            text: clean(&note.text),
                        });
                    }
                }
            }
        }
        scene
    }

    /// Position along y from the bottom; categories run downwards.
    fn height(&self, y: f64) -> Option<f64> {
        let at = self.y.at(y)?;
        Some(if self.rows > 0 { 1.0 - at } else { at })
    }

    pub(crate) fn point(&self, (x, y): (f64, f64)) -> Option<Point> {
        Some(Point {
            x: self.x.at(x)?,
            y: self.height(y)?,
        })
    }

    pub(crate) fn entry(&mut self, label: &str, ink: Ink, sample: Sample) {
        if !label.is_empty() {
            self.key.push(Entry {
                text: clean(label),
                ink,
                sample,
            });
        }
    }

    fn dots(&mut self, points: &[(f64, f64)], ink: Ink) {
        let dots: Vec<Mark> = points
            .iter()
            .filter_map(|&point| self.point(point))
            .filter(|at| inside(at.x) && inside(at.y))
            .map(|at| Mark::Dot { at, ink })
            .collect();
        self.marks.extend(dots);
    }

    fn line(&mut self, line: &Line) {
        let projected: Vec<Option<Point>> =
            line.points.iter().map(|&point| self.point(point)).collect();
        let pieces: Vec<Vec<Point>> = clipped(&projected)
            .iter()
            .map(|piece| simplified(piece))
            .collect();
        let end = pieces.last().and_then(|piece| piece.last()).copied();
        let ink = line.ink;
        self.marks
            .extend(pieces.into_iter().map(|points| Mark::Line { points, ink }));
        if line.markers {
            self.dots(&line.points, ink);
        }
        // A line that runs downwards ends where the next category's name would be: it is named in the key.
        if self.rows > 0 {
            self.entry(
                &line.label,
                ink,
                Sample::Line {
                    markers: line.markers,
                },
            );
        } else if let Some(at) = end.filter(|_| !line.label.is_empty()) {
            self.ends.push(Label {
                at,
                text: clean(&line.label),
                ink,
            });
        }
    }

    fn area(&mut self, area: &Area) {
        let highest = area
            .heights
            .iter()
            .copied()
            .filter(|height| height.is_finite())
            .fold(0.0, f64::max);
        let steps: Vec<Step> = area
            .edges
            .windows(2)
            .zip(&area.heights)
            .filter(|(edges, height)| {
                edges.iter().all(|edge| edge.is_finite()) && height.is_finite()
            })
            .filter_map(|(edges, &height)| {
                let left = self.x.at(edges[0])?.clamp(0.0, 1.0);
                let right = self.x.at(edges[1])?.clamp(0.0, 1.0);
                let top = match area.own_scale {
                    Some(share) if highest > 0.0 => share * (height / highest),
                    Some(_) => 0.0,
                    None => self.y.at(height)?,
                };
                (right > left).then_some(Step {
                    left,
                    right,
                    top: top.clamp(0.0, 1.0),
                })
            })
            .collect();
        if !steps.is_empty() {
            self.marks.push(Mark::Area {
                steps,
                ink: area.ink,
            });
        }
        self.entry(&area.label, area.ink, Sample::Fill);
    }

    fn bars(&mut self, bars: &Bars, unit: &str, index: usize, lines: usize) {
        let (lying, ink) = (self.rows > 0, bars.ink);
        let width = 1.0 / lines as f64;
        for (category, &value) in bars.values.iter().enumerate() {
            let begin = category as f64 + index as f64 * width;
            if lying {
                let (top, bottom) = (
                    1.0 - begin * width_of(&self.y),
                    1.0 - (begin + width) * width_of(&self.y),
                );
                let length = self.x.at(value).map_or(0.0, |at| at.clamp(0.0, 1.0));
                if !value.is_nan() {
                    self.marks.push(Mark::Bar {
                        from: Point {
                            x: self.x.base(),
                            y: bottom,
                        },
                        to: Point { x: length, y: top },
                        lying,
                        ink,
                    });
                }
                let text = match (value.is_nan(), unit) {
                    (true, _) => "not measured".to_string(),
                    (false, "%") => percent(value / 100.0),
                    (false, "") => short(value),
                    (false, unit) => format!("{} {unit}", short(value)),
                };
                self.marks.push(Mark::Note {
                    at: Point {
                        x: length.max(self.x.base()),
                        y: f64::midpoint(top, bottom),
                    },
                    text,
                });
            } else if let (Some(left), Some(right), Some(height)) = (
                self.x.at(begin - 0.4),
                self.x.at(begin + 0.8 * width - 0.4),
                self.y.at(value),
            ) {
                self.marks.push(Mark::Bar {
                    from: Point {
                        x: left.clamp(0.0, 1.0),
                        y: self.y.base(),
                    },
                    to: Point {
                        x: right.clamp(0.0, 1.0),
                        y: height.clamp(0.0, 1.0),
                    },
                    lying,
                    ink,
                });
            }
        }
        self.entry(&bars.label, ink, Sample::Bar);
    }

    fn span(&mut self, span: &Span) {
        let (Some(left), Some(right)) = (self.x.at(span.low), self.x.at(span.high)) else {
            return;
        };
        let (left, right) = (left.clamp(0.0, 1.0), right.clamp(0.0, 1.0));
        if right <= left {
            return;
        }
        self.marks.push(Mark::Span { left, right });
        self.label_above(f64::midpoint(left, right), &span.label);
    }

    fn reference(&mut self, at: At, label: &str) {
        match at {
            At::X(x) => {
                if let Some(x) = self.x.at(x).filter(|x| inside(*x)) {
                    self.marks.push(Mark::Vertical(x));
                    self.label_above(x, label);
                }
            }
            At::Y(y) => {
                if let Some(y) = self.height(y).filter(|y| inside(*y)) {
                    self.marks.push(Mark::Horizontal(y));
                    if !label.is_empty() {
                        self.ends.push(Label {
                            at: Point { x: 1.0, y },
                            text: clean(label),
                            ink: Ink::Grey,
                        });
                    }
                }
            }
        }
    }

    fn label_above(&mut self, x: f64, label: &str) {
        if !label.is_empty() {
            self.above.push(Label {
                at: Point { x, y: 1.0 },
                text: clean(label),
                ink: Ink::Grey,
            });
        }
    }

    /// The ticks along y, from the bottom.
    pub(crate) fn y_ticks(&self, wanted: usize) -> Vec<Tick> {
        let mut ticks = self.y.ticks(wanted);
        if self.rows > 0 {
            for tick in &mut ticks {
                tick.at = 1.0 - tick.at;
            }
        }
        for tick in &mut ticks {
            tick.text = clean(&tick.text);
            tick.ascii = clean(&tick.ascii);
        }
        ticks
    }
}

/// The height of one category.
fn width_of(categories: &Projection) -> f64 {
    match (categories.at(0.0), categories.at(1.0)) {
        (Some(first), Some(second)) => second - first,
        _ => 1.0,
    }
}

fn inside(position: f64) -> bool {
    (0.0..=1.0).contains(&position)
}

/// The values along x that its range must cover.
fn along_x(figure: &Figure) -> impl Iterator<Item = f64> {
    let lying = matches!(figure.y.scale, Scale::Categories(_));
    figure.layers.iter().flat_map(move |layer| match layer {
        Layer::Line(line) => line.points.iter().map(|point| point.0).collect(),
        Layer::Points(points) => points.points.iter().map(|point| point.0).collect(),
        Layer::Area(area) => area.edges.clone(),
        Layer::Band(band) => band.points.iter().map(|point| point.0).collect(),
        Layer::Polygons(layer) => corners(layer).map(|corner| corner.0).collect(),
        Layer::Bars(bars) if lying => with_zero(&bars.values),
        Layer::Bars(bars) => vec![-0.5, bars.values.len() as f64 - 0.5],
        Layer::Reference(reference) => match reference.at {
            At::X(x) => vec![x],
            At::Y(_) => Vec::new(),
        },
        Layer::Span(_) | Layer::Note(_) => Vec::new(),
    })
}

/// The values along y that its range must cover.
fn along_y(figure: &Figure) -> impl Iterator<Item = f64> {
    figure.layers.iter().flat_map(|layer| match layer {
        Layer::Line(line) => line.points.iter().map(|point| point.1).collect(),
        Layer::Points(points) => points.points.iter().map(|point| point.1).collect(),
        Layer::Area(area) if area.own_scale.is_none() => with_zero(&area.heights),
        Layer::Band(band) => {
            let both = band.points.iter().flat_map(|point| [point.1, point.2]);
            both.collect()
        }
        Layer::Polygons(layer) => corners(layer).map(|corner| corner.1).collect(),
        Layer::Bars(bars) => with_zero(&bars.values),
        Layer::Reference(reference) => match reference.at {
            At::Y(y) => vec![y],
            At::X(_) => Vec::new(),
        },
        Layer::Area(_) | Layer::Span(_) | Layer::Note(_) => Vec::new(),
    })
}

fn corners(layer: &Polygons) -> impl Iterator<Item = &(f64, f64)> {
    layer.polygons.iter().flat_map(|polygon| &polygon.corners)
}

fn with_zero(values: &[f64]) -> Vec<f64> {
    values.iter().copied().chain(std::iter::once(0.0)).collect()
}
