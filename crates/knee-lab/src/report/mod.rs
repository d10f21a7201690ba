//! What was measured, for people and for programs.

mod compare;
mod docket;
mod html;
mod json;
mod markdown;
mod summary;
mod tables;
mod text;
mod words;

pub use compare::{Comparison, compare};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use summary::{Summary, default_seeds, summaries};
pub use text::{Look, list, table, text};
