//! The data of the lab: made, shipped, and a user's own.

mod csv;
mod files;
mod fuzz;
mod made;
mod npz;
mod separation;
mod shipped;
mod splits;
