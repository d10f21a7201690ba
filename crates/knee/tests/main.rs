//! The properties of the whole list, one file each.

mod accuracy;
mod compare;
mod facts;
mod special_values;
mod support;
