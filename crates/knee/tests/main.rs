//! The properties of the whole list, one file each.

mod accuracy;
mod channels;
mod compare;
mod conformance;
mod facts;
mod foreign;
mod gated;
mod identities;
mod initialisation;
mod initializer;
mod kernels;
mod learned;
mod learned_functions;
mod losses;
mod losses_accuracy;
mod poly_norm;
mod random;
mod records;
mod registry;
mod rows;
mod rows_contract;
mod rows_gradients;
mod slices;
mod special_values;
mod support;
mod tiers;
