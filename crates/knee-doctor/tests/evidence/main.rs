//! Evidence: the definitions word for word, and the same result however the inputs arrive.

#[expect(dead_code, reason = "the tests of the rules use the rest of it")]
#[path = "../support/mod.rs"]
mod support;

mod alive;
mod counts;
mod file;
mod histogram;
mod merging;
mod output;
mod statistics;
