//! What knee's results are measured with: the true value of a function at a number, and how far a result is from it.
//!
//! The formula in the documentation of a function is the formula of the oracle. [`Truth::of`] reads it (see [`formula`]),
//! differentiates it, and evaluates both in as many digits as the cancellations in it need: every operation carries a bound of
//! its error, and where the bound of the result is too large the evaluation is repeated with more digits. Nothing of knee's own
//! arithmetic is used.
//!
//! ```
//! use knee::Function;
//! use knee_oracle::{Truth, ulps};
//!
//! let gelu = Function::parse("gelu").unwrap();
//! let truth = Truth::of(&gelu).unwrap();
//! assert!(ulps(gelu.value(-10.0_f32), &truth.value(-10.0)) <= 0.51);
//! assert!(ulps(-7.619853e-23_f64, &truth.value(-10.0)) > 1e6, "that has the digits of an f32");
//! ```

mod ball;
mod big;
pub mod formula;
mod judge;
mod piecewise;
mod quick;
mod ruler;
pub mod sweep;
mod truth;

pub use big::Big;
pub use formula::FormulaError;
pub use judge::{Judge, Quantity};
pub use ruler::{Measured, distance, same, ulps};
pub use truth::Truth;
