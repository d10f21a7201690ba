//! Who writes a value and who reads it: the walks over the graph that rules share.

use std::collections::{HashMap, HashSet};

use crate::network::{Kind, Linear, Network, Node, Norm, Site, ValueId};

/// Producers and consumers of every value of a network.
#[derive(Clone, Debug)]
pub struct Links<'a> {
    network: &'a Network,
    producer: HashMap<ValueId, usize>,
    consumers: HashMap<ValueId, Vec<usize>>,
}

impl<'a> Links<'a> {
    /// Reads the links of `network` once.
    pub fn new(network: &'a Network) -> Self {
        let mut producer = HashMap::new();
        let mut consumers: HashMap<ValueId, Vec<usize>> = HashMap::new();
        for (index, node) in network.nodes.iter().enumerate() {
            for &output in &node.outputs {
                producer.insert(output, index);
            }
            for &input in &node.inputs {
                let list = consumers.entry(input).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        Self {
            network,
            producer,
            consumers,
        }
    }

    /// The node that writes `value`; `None` for an input of the network.
    pub fn producer(&self, value: ValueId) -> Option<usize> {
        self.producer.get(&value).copied()
    }

    /// The nodes that read `value`, each once.
    pub fn consumers(&self, value: ValueId) -> &[usize] {
        self.consumers.get(&value).map_or(&[], Vec::as_slice)
    }

    /// The nodes that read any output of `node`.
    pub fn successors(&self, node: usize) -> Vec<usize> {
        let outputs = &self.network.nodes[node].outputs;
        let mut list: Vec<usize> = outputs
            .iter()
            .flat_map(|&value| self.consumers(value))
            .copied()
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    /// The nodes that write what `node` reads.
    pub fn predecessors(&self, node: usize) -> Vec<usize> {
        let inputs = &self.network.nodes[node].inputs;
        inputs
            .iter()
            .filter_map(|&value| self.producer(value))
            .collect()
    }

    /// The node that computes `value`, seen through views.
    pub fn origin(&self, value: ValueId) -> Option<usize> {
        self.producer(self.source(Some(value))?)
    }

    /// The value that `value` shows, seen through views.
    pub fn source(&self, value: Option<ValueId>) -> Option<ValueId> {
        let mut value = value?;
        while let Some(node) = self.producer(value).map(|node| &self.network.nodes[node]) {
            match (&node.kind, node.inputs.first()) {
                (Kind::View, Some(&before)) => value = before,
                _ => break,
            }
        }
        Some(value)
    }

    /// The node that computes what `node` reads first, seen through views.
    pub fn before(&self, node: usize) -> Option<usize> {
        self.origin(*self.network.nodes[node].inputs.first()?)
    }

    /// The nodes that read what `node` writes, seen through views.
    pub fn after(&self, node: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open = self.successors(node);
        let mut seen = HashSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            if matches!(self.network.nodes[next].kind, Kind::View) {
                open.extend(self.successors(next));
            } else {
                found.push(next);
            }
        }
        found.sort_unstable();
        found
    }

    /// The layer with weights that makes the pre-activation of `site`, seen through views,
    /// element-wise scaling and normalisation, and the normalisation on the way.
    pub fn layer_of(&self, site: &Site) -> (Option<&'a Linear>, Option<&'a Norm>) {
        let mut norm = None;
        let mut at = self.before(site.node);
        while let Some(index) = at {
            let node: &'a Node = &self.network.nodes[index];
            match &node.kind {
                Kind::Linear(linear) => return (Some(linear), norm),
                Kind::Norm(found) => norm = norm.or(Some(found)),
                Kind::Affine => {}
                _ => break,
            }
            at = self.before(index);
        }
        (None, norm)
    }

    /// The site that makes what enters the loss, where an activation does.
    pub fn output_site(&self) -> Option<usize> {
        let port = self.network.outputs.get(self.network.loss_output)?;
        match self.network.nodes[self.origin(port.value)?].kind {
            Kind::Activation(site) => Some(site),
            _ => None,
        }
    }

    /// What enters the last layer with weights before the loss, seen through views and
    /// element-wise scaling; what enters the loss, where no such layer stands there.
    pub fn enters_head(&self) -> Option<ValueId> {
        let value = self.network.outputs.get(self.network.loss_output)?.value;
        let mut at = self.origin(value);
        while let Some(index) = at {
            let node = &self.network.nodes[index];
            match node.kind {
                Kind::Linear(_) => return node.inputs.first().copied(),
                Kind::Affine => at = self.before(index),
                _ => break,
            }
        }
        Some(value)
    }

    /// Whether what a node computes depends on an input of the network.
    pub fn depends_on_input(&self, node: usize) -> bool {
        let inputs: HashSet<ValueId> = self.network.inputs.iter().map(|port| port.value).collect();
        let mut open = vec![node];
        let mut seen = HashSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            if self.network.nodes[next]
                .inputs
                .iter()
                .any(|value| inputs.contains(value))
            {
                return true;
            }
            open.extend(self.predecessors(next));
        }
        false
    }

    /// The layer with weights that makes the pre-activation of a site, as the index of its node.
    pub fn layer_before(&self, site: &Site) -> Option<usize> {
        let mut at = self.before(site.node)?;
        loop {
            match self.network.nodes[at].kind {
                Kind::Linear(_) => return Some(at),
                Kind::Norm(_) | Kind::Affine => at = self.before(at)?,
                _ => return None,
            }
        }
    }

    /// Whether a value leaves the network, seen through views.
    pub fn leaves(&self, node: usize) -> bool {
        let mut outputs = self.network.outputs.iter().map(|port| port.value);
        outputs.any(|value| self.origin(value) == Some(node))
    }
}
