//! Training steps of the lab's networks: what `knee lab run` spends its time on.
//!
//! `bench/python/lab_networks.py` has the same networks. The program of this package times the steps where Python is not asked; a
//! Python program loads the library and times the same steps beside PyTorch's.

pub mod boundary;
mod networks;

pub use networks::{Training, training};
