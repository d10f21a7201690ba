//! Every function of knee in one list, whatever its kind, and what can be said about each: facts to filter by, a page, JSON,
//! figures, what the textbook formula loses, and which function to choose for a task.
//!
//! ```
//! use knee_catalogue::{Entry, Fact, all};
//!
//! let entry = Entry::parse("leaky_relu(negative_slope=0.2)")?;
//! assert_eq!(entry.name(), "leaky_relu");
//! let bounded: Vec<Entry> = all().into_iter().filter(|entry| Fact::Bounded.holds(entry)).collect();
//! assert!(bounded.iter().any(|entry| entry.name() == "tanh"));
//! # Ok::<(), knee_catalogue::Error>(())
//! ```

pub mod choose;
pub mod compare;
pub mod describe;
mod entry;
mod error;
pub mod eval;
mod exact;
mod fact;
mod figure;
mod json;
mod kind;
mod page;
mod single;
pub mod words;

pub use entry::{Entry, all};
pub use error::Error;
pub use fact::{Fact, Side};
pub use figure::{figure, reach};
pub use json::json;
pub use kind::Kind;
pub use page::{index, page};
pub use single::Single;
