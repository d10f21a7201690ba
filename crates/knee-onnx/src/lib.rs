//! An ONNX file as a network that runs forward and backward under observation.
//!
//! [`Model::open`] reads a file and recognises the activation functions in it, also those that
//! an exporter wrote as several primitive nodes. [`Model::network`] is what the rules of
//! `knee-doctor` see; [`Batch::open`] reads the data to run it on.
//!
//! Names of nodes are the file's own, as a viewer such as Netron shows them.

mod attributes;
mod axes;
mod boundary;
mod error;
mod examination;
pub mod graph;
mod input;
mod model;
mod need;
mod network;
mod read;
mod recognise;
pub mod run;
mod shapes;
mod tensor;
mod workbench;

pub use error::{Error, Result};
pub use examination::Examination;
pub use graph::Graph;
pub use input::Batch;
pub use model::Model;
pub use tensor::{DType, Data, Tensor};
pub use workbench::Workbench;
