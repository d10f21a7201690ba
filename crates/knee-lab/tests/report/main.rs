//! What the reports say of recorded runs.

mod compared;
mod fixture;
mod html;
mod markdown;
mod records;
mod summaries;
