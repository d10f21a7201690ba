//! The properties of the whole list, one file each.

mod accuracy;
mod compare;
mod support;
