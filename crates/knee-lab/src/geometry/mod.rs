//! Networks of ReLU units as what they are: piecewise affine maps, exactly.
//!
//! A dense network whose activations are made of straight pieces cuts its input space into convex regions, and on each of
//! them it is one affine map. Nothing here samples: regions follow from the weights.
//!
//! - [`pieces`]: one input, every interval with its formula, and the hinges between them.
//! - [`partition`]: two inputs, every convex region of a rectangle with its affine map.
//! - [`affine_at`]: any number of inputs, the affine map around a point, and how far it holds.
//! - [`Bounds`]: how many regions such a network can have at all.
//!
//! # Rounding
//! Everything is computed in `f64`. Beside each number runs the size of the terms that it was summed from, which bounds its
//! rounding error; what is smaller than [`TOLERANCE`] times that size counts as zero. So hinges that differ by a few units
//! in the last place are one hinge, and units that cancel leave no hinge behind.
//!
//! ```
//! use knee_lab::geometry::{Layer, Network, Piecewise, formula, pieces};
//!
//! // y = relu(x + 1) - relu(x - 1)
//! let network = Network::new(vec![
//!     Layer::new(1, vec![1.0, 1.0], vec![1.0, -1.0], Piecewise::relu())?,
//!     Layer::new(2, vec![1.0, -1.0], vec![0.0], Piecewise::identity())?,
//! ])?;
//! let found = pieces(&network, None, 1000)?;
//! let formulas: Vec<String> = found.pieces.iter().map(|piece| formula(&piece.map, 0)).collect();
//! assert_eq!(found.hinges(), [-1.0, 1.0]);
//! assert_eq!(formulas, ["y = 0", "y = x + 1", "y = 2"]);
//! # Ok::<(), knee_lab::geometry::Error>(())
//! ```

mod affine;
mod bounds;
mod decision;
mod error;
mod example;
mod figure;
mod json;
mod line;
mod local;
mod network;
mod piecewise;
mod plane;
mod polygon;
mod reading;
mod text;

pub use affine::{Affine, formula};
pub use bounds::Bounds;
pub use decision::{Part, border, classes, parts};
pub use error::Error;
pub use example::{EXAMPLES, example};
pub use figure::{figure_one, figure_two};
pub use json::{json_at, json_one, json_two};
pub use line::{Interval, Piece, Pieces, pieces};
pub use local::{Border, Local, affine_at};
pub use network::{Layer, Network, Pattern};
pub use piecewise::Piecewise;
pub use plane::{Partition, Region, Window, partition};
pub use text::{text_at, text_one, text_two};

/// What is smaller than this part of the terms that it was summed from counts as zero: 64 units of rounding of `f64`.
pub const TOLERANCE: f64 = 64.0 * f64::EPSILON;

/// More regions than this are an error, unless another limit is given.
pub const LIMIT: usize = 200_000;
