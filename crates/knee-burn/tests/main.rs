//! The Burn operations as a Burn user sees them, one file per property.

mod buffers;
mod operations;
mod views;
