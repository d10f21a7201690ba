//! A diagnosis as text, JSON and HTML, and the page of a rule.
//!
//! Every function here is pure: it takes a [`Diagnosis`](crate::Diagnosis) and returns a string.
//! Printing, colour by terminal and files are the caller's.

mod groups;
mod html;
mod json;
pub mod number;
mod rule_page;
mod summary;
mod text;

pub use self::html::{HtmlOptions, html};
pub use self::json::{SCHEMA, json};
pub use self::rule_page::rule_page;
pub use self::text::{TextOptions, explain, text};
