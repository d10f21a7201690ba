//! Figures of knee: one description, drawn as SVG for pages and reports or in the cells of a terminal.
//!
//! A [`Figure`] holds two axes, layers, and the words and numbers for a reader who does not see it.
//! [`Figure::svg`] and [`Figure::terminal`] draw it, [`Figure::table`] gives its numbers.
//!
//! ```
//! use knee_figure::{Axis, Charset, Figure, Ink, Line};
//!
//! let points = (1..=5).map(|depth| (f64::from(depth), 0.25_f64.powi(depth))).collect();
//! let figure = Figure::new("bound", "The bound 0.25^n", Axis::linear("depth n"), Axis::log("slope"))
//!     .describe("The largest slope of n sigmoids in a row falls from 0.25 to 0.001.")
//!     .with(Line { label: "0.25^n".to_string(), points, ink: Ink::Blue, markers: true });
//! assert!(figure.svg().starts_with("<svg"));
//! assert!(figure.terminal(60, 15, Charset::Ascii, false).contains("depth n"));
//! assert_eq!(figure.table().rows[1], ["2", "0.0625"]);
//! ```

mod axis;
mod blocks;
mod canvas;
mod curve;
mod figure;
mod histogram;
mod ink;
pub mod markdown;
mod number;
pub mod page;
mod placement;
mod plot;
#[cfg(feature = "png")]
mod png;
mod polyline;
mod scene;
mod shape;
mod sites;
mod still;
mod svg;
mod table;
mod terminal;
mod text;

pub use axis::{Axis, Scale};
pub use blocks::{bar, sparkline};
pub use curve::{curve, curve_over, curves, reach, sampled, slopes, values};
pub use figure::{
    Area, At, Band, Bars, Figure, Layer, Line, Note, Points, Polygon, Polygons, Reference, Span,
};
pub use histogram::histogram_under_curve;
pub use ink::Ink;
pub use number::{percent, short};
#[cfg(feature = "png")]
pub use png::PngError;
pub use sites::{Series, bars_by_site, by_depth};
pub use still::{SATURATED, StillRange, Stillness, still_ranges};
pub use table::Table;
pub use terminal::Charset;
pub use text::clean;
