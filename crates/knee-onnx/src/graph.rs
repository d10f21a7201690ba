//! The graph of an ONNX file: its nodes in the order they run, its values, its constants.
//!
//! Names are the file's own. A node that stands for several nodes of the file (a GELU that was
//! written as Div, Erf, Add, Mul, Mul) lists them all in [`Node::covers`].

use std::collections::BTreeMap;

use knee::{Function, RowFunction};
pub use knee_doctor::network::ValueId;
use onnx_ir::NodeProto;

use crate::tensor::{DType, Tensor};

/// The graph of a model, or the body of a control-flow node.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The graph's name in the file.
    pub name: String,
    /// Operator-set versions by domain; ONNX's own domain is the empty string.
    pub opsets: BTreeMap<String, i64>,
    /// Every value; a [`ValueId`] is an index into it.
    pub values: Vec<Value>,
    /// The nodes in an order in which they can run.
    pub nodes: Vec<Node>,
    /// The values that the caller supplies, in the file's order, without the initializers.
    pub inputs: Vec<ValueId>,
    /// The results, in the file's order.
    pub outputs: Vec<ValueId>,
    /// The constants: the file's initializers and the values of its Constant nodes.
    pub initializers: BTreeMap<ValueId, Tensor>,
    /// Number of elements in the file's floating-point initializers.
    pub parameters: u64,
    /// What wrote the file, as "pytorch 2.9.0"; may be empty.
    pub producer: String,
    /// The model's own metadata.
    pub metadata: BTreeMap<String, String>,
}

/// A value: what a node reads and writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The file's name for it.
    pub name: String,
    /// The element type, where the file states it and knee reads it.
    pub dtype: Option<DType>,
    /// The shape, where it is known at least in its rank.
    pub shape: Option<Vec<Dim>>,
}

/// The length of an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dim {
    /// A fixed length.
    Known(u64),
    /// A length with a name, such as "batch".
    Symbol(String),
    /// Nothing is stated.
    Unknown,
}

impl Dim {
    /// The length, where it is fixed.
    pub fn known(&self) -> Option<u64> {
        match self {
            Dim::Known(length) => Some(*length),
            Dim::Symbol(_) | Dim::Unknown => None,
        }
    }
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// The name of the file's node, as a viewer such as Netron shows it. A file node without a
    /// name is called by its operator and its place in the file: `Relu_3`.
    pub name: String,
    /// The path of the layer it belongs to, such as `blocks.0.attn`; empty when the file does
    /// not say.
    pub layer: String,
    /// What it computes.
    pub op: Op,
    /// What it reads; `None` is an optional input that is left out.
    pub inputs: Vec<Option<ValueId>>,
    /// What it writes; `None` is an optional output that is left out.
    pub outputs: Vec<Option<ValueId>>,
    /// The names of the file's nodes that this node stands for, in the order they run. The node
    /// that writes the result is the last and gives the name.
    pub covers: Vec<String>,
}

/// What a node computes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Op {
    /// An operator of the file, as it stands there.
    File(Box<NodeProto>),
    /// An element-wise activation function: one input, one output.
    Activation(Function),
    /// Parametric ReLU. Inputs: x and the slope, which is an initializer with one value, or with
    /// one value per channel.
    Prelu {
        /// How many axes of x follow the channel's axis; 0 with a single slope.
        trailing: usize,
    },
    /// A function of rows: one input, one output.
    Rows {
        /// Softmax or log-softmax.
        function: RowFunction,
        /// The axis; negative counts from the last.
        axis: i64,
        /// Whether a row runs over all axes from `axis` on (operator sets below 13), not over
        /// `axis` alone.
        flatten: bool,
    },
    /// Runs one of two bodies. Input: the condition.
    If {
        /// The body for a true condition.
        then_body: Box<Body>,
        /// The body for a false condition.
        else_body: Box<Body>,
    },
    /// Runs a body while a condition holds. Inputs: trip count, condition, carried values.
    Loop(Box<Body>),
    /// Runs a body over the slices of its inputs. The attributes stay in `node`.
    Scan {
        /// The file's node, for the attributes `num_scan_inputs`, axes and directions.
        node: Box<NodeProto>,
        /// The body.
        body: Box<Body>,
    },
}

/// The body of a control-flow node: a graph of its own that also reads outer values.
#[derive(Clone, Debug)]
pub struct Body {
    /// The nodes. A captured value is neither an input nor an initializer of this graph.
    pub graph: Graph,
    /// The values read from outside.
    pub captures: Vec<Capture>,
}

/// A value that a body reads from the graph around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The value in the graph around the body.
    pub outer: ValueId,
    /// The value in the body's graph.
    pub inner: ValueId,
}

impl Graph {
    /// The value with this index.
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// The index of the value with this name.
    pub fn find(&self, name: &str) -> Option<ValueId> {
        self.values.iter().position(|v| v.name == name).map(ValueId)
    }

    /// The version of ONNX's own operator set; 1 where the file states none.
    pub fn opset(&self) -> i64 {
        self.opsets.get("").copied().unwrap_or(1)
    }

    /// The constant behind a value.
    pub fn constant(&self, id: ValueId) -> Option<&Tensor> {
        self.initializers.get(&id)
    }

    /// For each value, the node that writes it.
    pub fn producers(&self) -> Vec<Option<usize>> {
        let mut producers = vec![None; self.values.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for output in node.outputs.iter().flatten() {
                producers[output.0] = Some(index);
            }
        }
        producers
    }

    /// For each value, the nodes that read it, in order; a node that reads it twice stands twice.
    pub fn consumers(&self) -> Vec<Vec<usize>> {
        let mut consumers = vec![Vec::new(); self.values.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for input in node.reads() {
                consumers[input.0].push(index);
            }
        }
        consumers
    }

    /// For each value, whether it depends on the data that the graph is run on. What follows from
    /// the weights or from a shape alone does not.
    pub fn varying(&self) -> Vec<bool> {
        let mut varies = vec![false; self.values.len()];
        for (index, written) in self.producers().iter().enumerate() {
            // Inputs, and what a body reads from outside.
            varies[index] = written.is_none() && self.constant(ValueId(index)).is_none();
        }
        for node in &self.nodes {
            let depends = !matches!(node.op_name(), "Shape" | "Size")
                && (node.inputs.is_empty() || node.reads().any(|value| varies[value.0]));
            for output in node.outputs.iter().flatten() {
                varies[output.0] |= depends;
            }
        }
        varies
    }
}

impl Node {
    /// Every value that the node reads: its inputs, and what its bodies capture.
    pub fn reads(&self) -> impl Iterator<Item = ValueId> + '_ {
        let captures = self.bodies().into_iter().flat_map(|body| &body.captures);
        self.inputs
            .iter()
            .flatten()
            .copied()
            .chain(captures.map(|c| c.outer))
    }

    /// The bodies of a control-flow node.
    pub fn bodies(&self) -> Vec<&Body> {
        match &self.op {
            Op::If {
                then_body,
                else_body,
            } => vec![then_body, else_body],
            Op::Loop(body) | Op::Scan { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// The operator's name in the file, or the name of the function that knee recognised.
    pub fn op_name(&self) -> &str {
        match &self.op {
            Op::File(node) => node.op_type.as_str(),
            Op::Activation(function) => function.name(),
            Op::Prelu { .. } => "prelu",
            Op::Rows { function, .. } => function.name(),
            Op::If { .. } => "If",
            Op::Loop(_) => "Loop",
            Op::Scan { .. } => "Scan",
        }
    }

    /// The operator's domain; ONNX's own is the empty string.
    pub fn domain(&self) -> &str {
        match &self.op {
            Op::File(node) if node.domain != "ai.onnx" => node.domain.as_str(),
            _ => "",
        }
    }

    /// The input at a position, where there is one.
    pub fn input(&self, index: usize) -> Option<ValueId> {
        self.inputs.get(index).copied().flatten()
    }

    /// The output at a position, where there is one.
    pub fn output(&self, index: usize) -> Option<ValueId> {
        self.outputs.get(index).copied().flatten()
    }
}
