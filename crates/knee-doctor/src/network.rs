//! What the rules see of a network: its nodes, its weights and its activation sites.
//!
//! Nothing here knows a framework or a file format. Whoever reads one builds a [`Network`].

use std::sync::Arc;

use knee::{Function, RowFunction};
use serde::{Deserialize, Serialize};

use crate::links::Links;

/// Identifies a value (what one node writes and others read).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ValueId(pub usize);

/// A network as the rules see it.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The file it was read from, if it came from one.
    pub path: Option<String>,
    /// The name of the graph.
    pub name: String,
    /// What the caller supplies.
    pub inputs: Vec<Port>,
    /// The results.
    pub outputs: Vec<Port>,
    /// Which of the outputs enters the loss.
    pub loss_output: usize,
    /// Numbers stored in the weights.
    pub parameters: u64,
    /// Version of ONNX's default operator set, where there is one.
    pub opset: Option<u64>,
    /// The type that the network computes in.
    pub precision: Precision,
    /// The nodes, in an order in which they can run.
    pub nodes: Vec<Node>,
    /// Every call of an activation, in the order of the nodes.
    pub sites: Vec<Site>,
    /// Operators that cannot be run, so that no values can be seen.
    pub unsupported: Vec<Unsupported>,
}

/// An input or an output of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Lengths of its axes; `None` where a length is not fixed.
    pub shape: Vec<Option<u64>>,
    /// Its element type, such as `float32`.
    pub dtype: String,
    /// The value that it names.
    pub value: ValueId,
}

/// The floating-point type that a network computes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Precision {
    /// IEEE binary16.
    F16,
    /// IEEE binary32.
    #[default]
    F32,
    /// IEEE binary64.
    F64,
}

/// An operator that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The operator.
    pub op: String,
    /// The operator's domain; empty for ONNX's own.
    pub domain: String,
    /// The node that uses it.
    pub node: String,
}

/// A node of the network.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name, as a viewer of the file shows it.
    pub name: String,
    /// The operator, such as `Conv`.
    pub op: String,
    /// The path of the layer it belongs to, such as `blocks.0.attn`; may be empty.
    pub layer: String,
    /// What it does, as far as the rules care.
    pub kind: Kind,
    /// The computed values that it reads (constants are part of its kind).
    pub inputs: Vec<ValueId>,
    /// The values that it writes.
    pub outputs: Vec<ValueId>,
}

/// What a node does, as far as the rules care.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A layer with stored weights: dense or convolution.
    Linear(Linear),
    /// A normalising layer.
    Norm(Norm),
    /// An activation: an index into [`Network::sites`].
    Activation(usize),
    /// Element-wise scale and shift by constants, average pooling, dropout at inference.
    Affine,
    /// The same values in another shape or type: reshape, transpose, cast, squeeze, identity.
    View,
    /// The sum of two computed values, such as a residual connection.
    Add,
    /// The product of two computed values, such as a gate.
    Multiply,
    /// The matrix product of two computed values, such as attention.
    MatMul,
    /// Several values beside one another.
    Concat,
    /// A part of a value: slice, gather, split.
    Select,
    /// Maximum over a window or an axis. Not linear.
    MaxPool,
    /// A table looked up by index.
    Embedding,
    /// An LSTM, a GRU or another recurrent layer.
    Recurrent {
        /// Units of the hidden state.
        hidden: u64,
    },
    /// A constant.
    Constant,
    /// Anything else; the rules see through none of it.
    Other,
}

/// The form of a layer with weights.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// A matrix product.
    Dense,
    /// A convolution.
    Conv {
        /// Lengths of the kernel's axes.
        kernel: Vec<u64>,
        /// Groups of channels that do not see one another.
        groups: u64,
    },
    /// A transposed convolution.
    ConvTranspose {
        /// Lengths of the kernel's axes.
        kernel: Vec<u64>,
        /// Groups of channels that do not see one another.
        groups: u64,
    },
}

/// A layer with stored weights.
#[derive(Clone, Debug)]
pub struct Linear {
    /// Dense or convolution.
    pub form: Form,
    /// Output features or channels.
    pub units: u64,
    /// Numbers that one output is computed from.
    pub fan_in: u64,
    /// Weights, row-major `[units, fan_in]`. Where the file stores another order they are
    /// brought to this one.
    pub weight: Arc<[f32]>,
    /// One number per unit, where there is a bias.
    pub bias: Option<Arc<[f32]>>,
    /// Whether another node uses the same stored weights.
    pub tied: bool,
    /// Whether training changes the weights. A file does not say; then it is true.
    pub trainable: bool,
}

impl Linear {
    /// The weights of one unit.
    pub fn row(&self, unit: usize) -> &[f32] {
        let fan_in = self.fan_in as usize;
        &self.weight[unit * fan_in..(unit + 1) * fan_in]
    }

    /// Whether every weight is exactly 0, as in a zero-initialised head or a pruned layer.
    pub fn is_zero(&self) -> bool {
        self.weight.iter().all(|&w| w == 0.0)
    }
}

/// The form of a normalising layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NormForm {
    /// Batch normalisation.
    Batch,
    /// Layer normalisation.
    Layer,
    /// Division by the root mean square.
    Rms,
    /// Group normalisation.
    Group,
    /// Instance normalisation.
    Instance,
    /// Local response normalisation.
    Lrn,
}

/// A normalising layer.
#[derive(Clone, Debug)]
pub struct Norm {
    /// What is normalised over.
    pub form: NormForm,
    /// Scale per unit; may be empty.
    pub gamma: Vec<f32>,
    /// Shift per unit; may be empty.
    pub beta: Vec<f32>,
}

/// The function of a site.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SiteFunction {
    /// The same element-wise function for every unit.
    Element(Function),
    /// Parametric ReLU: a learned slope for negative inputs.
    Prelu {
        /// One slope for all units, or one per unit.
        slopes: Vec<f32>,
    },
    /// A function of rows, such as softmax.
    Rows {
        /// Which function.
        function: RowFunction,
        /// The axis that a row runs over; negative counts from the last.
        axis: i64,
        /// The length of a row, where it is known.
        length: Option<u64>,
    },
}

impl SiteFunction {
    /// The element-wise function of one unit; `None` for a function of rows.
    pub fn of_unit(&self, unit: usize) -> Option<Function> {
        match self {
            Self::Element(function) => Some(*function),
            Self::Prelu { slopes } => {
                let slope = if slopes.len() == 1 {
                    slopes.first()
                } else {
                    slopes.get(unit)
                };
                Function::parse("leaky_relu")
                    .ok()?
                    .with("negative_slope", f64::from(*slope?))
                    .ok()
            }
            Self::Rows { .. } => None,
        }
    }

    /// The element-wise function that stands for all units: the function itself, or for a
    /// parametric ReLU the leaky ReLU of its first slope.
    pub fn element(&self) -> Option<Function> {
        self.of_unit(0)
    }

    /// The text that reports show, such as `leaky_relu(negative_slope=0.02)`.
    pub fn text(&self) -> String {
        match self {
            Self::Element(function) => function.to_string(),
            Self::Prelu { slopes } => match slopes.as_slice() {
                [slope] => format!("prelu(slope={slope})"),
                _ => "prelu".to_owned(),
            },
            Self::Rows { function, .. } => function.name().to_owned(),
        }
    }
}

/// What a site is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// An ordinary activation between layers.
    Hidden,
    /// It makes what leaves the network.
    Output,
    /// Its result multiplies another value: GLU, squeeze-and-excite, LSTM and GRU gates.
    Gate,
    /// A softmax whose result weighs values in a matrix product.
    Attention,
    /// A softmax that chooses among experts.
    Router,
    /// It lies on a branch that does not reach the loss.
    Target,
}

impl Role {
    /// The word that reports show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Output => "output",
            Self::Gate => "gate",
            Self::Attention => "attention",
            Self::Router => "router",
            Self::Target => "target",
        }
    }
}

/// One call of an activation.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name of the node, as a viewer of the file shows it.
    pub name: String,
    /// The path of the layer it belongs to.
    pub layer: String,
    /// What is computed.
    pub function: SiteFunction,
    /// What it is for.
    pub role: Role,
    /// Channels of a convolution, features of a dense layer or token, where known.
    pub units: Option<u64>,
    /// Positions of one unit for one input (pixels, tokens), where the shapes say.
    pub positions: Option<u64>,
    /// Longest path from an input to this site, counted in sites.
    pub depth: u32,
    /// Index of its node in [`Network::nodes`].
    pub node: usize,
    /// Which gate of a recurrent node; 0 elsewhere.
    pub part: usize,
    /// The names of the file's nodes that were recognised as this one site.
    pub covers: Vec<String>,
    /// Whether it lies inside a branch that is added back to its own input.
    pub residual_branch: bool,
}

impl Network {
    /// The values whose variation across inputs shows how the initialisation scales signals: the
    /// inputs, both sides of every normalising layer, and what enters the last layer.
    pub fn watched(&self) -> Vec<ValueId> {
        let mut values: Vec<ValueId> = self.inputs.iter().map(|port| port.value).collect();
        for node in &self.nodes {
            if matches!(node.kind, Kind::Norm(_)) {
                values.extend(node.inputs.first());
                values.extend(node.outputs.first());
            }
        }
        values.extend(Links::new(self).enters_head());
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The weights of a node, where it is a layer with weights.
    pub fn linear(&self, node: usize) -> Option<&Linear> {
        match &self.nodes[node].kind {
            Kind::Linear(linear) => Some(linear),
            _ => None,
        }
    }
}
