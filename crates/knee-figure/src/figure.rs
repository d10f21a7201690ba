//! What a figure shows, before anything is drawn.

use crate::{Axis, Ink, Table};

/// A figure: two axes and the layers between them, with the words that a reader needs who does not see it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Figure {
    /// What the figure is called in ids; unique among the figures of one page.
    pub slug: String,
    /// One line above the figure.
    pub title: String,
    /// What is to be seen, in sentences with numbers.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn, the first at the bottom.
    pub layers: Vec<Layer>,
    /// The numbers, where a better table can be had than the one derived from the layers.
    pub numbers: Option<Table>,
}

impl Figure {
    /// An empty figure.
    pub fn new(slug: impl Into<String>, title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self {
            slug: slug.into(),
            title: title.into(),
            description: String::new(),
            x,
            y,
            layers: Vec::new(),
            numbers: None,
        }
    }

    /// The same figure with a description.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same figure with one more layer on top.
    #[must_use]
    pub fn with(mut self, layer: impl Into<Layer>) -> Self {
        self.layers.push(layer.into());
        self
    }

    /// The numbers of the figure: what a reader gets who cannot see it, and whoever wants to compute with them.
    pub fn table(&self) -> Table {
        self.numbers.clone().unwrap_or_else(|| Table::derived(self))
    }
}

/// One thing drawn between the axes. Coordinates are the data's own; what is not finite is left out, and lines break there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// A line through points.
    Line(Line),
    /// Points without a line.
    Points(Points),
    /// A histogram.
    Area(Area),
    /// The area between two lines.
    Band(Band),
    /// Filled polygons.
    Polygons(Polygons),
    /// One bar per category.
    Bars(Bars),
    /// A shaded range of x over the whole height.
    Span(Span),
    /// A straight line across the whole figure.
    Reference(Reference),
    /// A note.
    Note(Note),
}

/// A line through points, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Written at the end of the line; empty for none.
    pub label: String,
    /// x and y.
    pub points: Vec<(f64, f64)>,
    /// Its look.
    pub ink: Ink,
    /// Whether each point gets a marker as well.
    pub markers: bool,
}

/// Points without a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Written above the figure; empty for none.
    pub label: String,
    /// x and y.
    pub points: Vec<(f64, f64)>,
    /// Their look.
    pub ink: Ink,
}

/// A histogram: `heights[i]` over the range from `edges[i]` to `edges[i + 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Written above the figure; empty for none.
    pub label: String,
    /// The edges of the bins, ascending; one more than heights.
    pub edges: Vec<f64>,
    /// The heights of the bins.
    pub heights: Vec<f64>,
    /// Its look.
    pub ink: Ink,
    /// `None`: heights are values of the y axis. `Some(share)`: the highest bin takes this share of the figure's height,
    /// whatever the y axis measures.
    pub own_scale: Option<f64>,
}

/// The area between two lines, such as from the least to the greatest of several runs. It breaks where a number is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Written above the figure; empty for none: then the band belongs to the line of its ink.
    pub label: String,
    /// x, the lower line and the upper line there.
    pub points: Vec<(f64, f64, f64)>,
    /// Its look.
    pub ink: Ink,
}

/// Filled polygons, such as the regions of a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygons {
    /// Written above the figure, in the ink of the first polygon; empty for none.
    pub label: String,
    /// The polygons.
    pub polygons: Vec<Polygon>,
}

/// One convex polygon of a layer of [`Polygons`].
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    /// Its corners, in order. With one that is not finite the polygon is left out.
    pub corners: Vec<(f64, f64)>,
    /// Written in its middle where there is room; empty for none.
    pub label: String,
    /// Its look.
    pub ink: Ink,
}

/// One bar per category, side by side with the bars of other layers.
///
/// With categories along y the bars lie, otherwise they stand, with the index as x.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Written above the figure; empty for none.
    pub label: String,
    /// The length for each category; NaN where it was not measured.
    pub values: Vec<f64>,
    /// Their look.
    pub ink: Ink,
}

/// A shaded range of x over the whole height.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Written above the range; empty for none.
    pub label: String,
    /// Where it begins; may be infinite.
    pub low: f64,
    /// Where it ends; may be infinite.
    pub high: f64,
}

/// Which way a reference line runs, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// A vertical line at this x.
    X(f64),
    /// A horizontal line at this y.
    Y(f64),
}

/// A straight line across the whole figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Written at its end; empty for none.
    pub label: String,
    /// Where it stands.
    pub at: At,
}

/// A note that begins at a point. A coordinate outside the axes, or infinite, means their edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// x and y.
    pub at: (f64, f64),
}

macro_rules! layers {
    ($($name:ident),*) => {$(
        impl From<$name> for Layer {
            fn from(layer: $name) -> Self {
                Self::$name(layer)
            }
        }
    )*};
}
layers!(
    Line, Points, Area, Band, Polygons, Bars, Span, Reference, Note
);
