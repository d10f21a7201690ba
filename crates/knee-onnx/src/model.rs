//! A model: its file, its graph and the network that the rules see.

use std::path::Path;

use knee_doctor::Network;

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::network::network;
use crate::read;
use crate::recognise::recognise;
use crate::shapes;

/// A model, read, checked and with its activation functions recognised.
#[derive(Clone, Debug)]
pub struct Model {
    path: Option<String>,
    graph: Graph,
    network: Network,
}

impl Model {
    /// Reads a model from its file. Data outside the file is looked for in the file's folder.
    pub fn open(path: impl AsRef<Path>) -> Result<Model> {
        let path = path.as_ref();
        Ok(Model::of(
            read::file(path)?,
            Some(path.display().to_string()),
        ))
    }

    /// Reads a model from the bytes of its file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        Ok(Model::of(read::bytes(bytes)?, None))
    }

    fn of(mut graph: Graph, path: Option<String>) -> Model {
        shapes::infer(&mut graph);
        recognise(&mut graph);
        let network = network(&graph, path.clone(), 0);
        Model {
            path,
            graph,
            network,
        }
    }

    /// The same model with another of its outputs entering the loss.
    pub fn with_output(self, name: &str) -> Result<Model> {
        let outputs = &self.graph.outputs;
        let names: Vec<&str> = outputs
            .iter()
            .map(|v| self.graph.value(*v).name.as_str())
            .collect();
        let Some(index) = names.iter().position(|output| *output == name) else {
            return Err(Error::graph(
                "outputs",
                format!("there is no output \"{name}\""),
                format!("expected one of {}", names.join(", ")),
            ));
        };
        let network = network(&self.graph, self.path.clone(), index);
        Ok(Model { network, ..self })
    }

    /// The graph, with every activation as one node.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// What the rules see: layers, weights and activation sites.
    pub fn network(&self) -> &Network {
        &self.network
    }
}
