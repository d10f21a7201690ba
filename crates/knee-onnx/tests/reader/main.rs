//! Reading models and batches: what is found in them, and what is refused.

mod batches;
mod build;
mod models;
mod patterns;
mod recognised;
mod roles;
