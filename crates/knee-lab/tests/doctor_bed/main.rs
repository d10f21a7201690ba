//! The doctor on networks whose state is known: sick ones get the finding of their illness, healthy ones none that matters.

mod bed;
mod healthy;
mod sick;
