//! Small ONNX files, made node by node.

use onnx_ir::{AttributeProto, AttributeType, GraphProto, Message, ModelProto, NodeProto};
use onnx_ir::{TensorProto, ValueInfoProto};

/// ONNX's codes of element types.
pub(crate) const FLOAT: i32 = 1;
pub(crate) const INT64: i32 = 7;
pub(crate) const FLOAT16: i32 = 10;

/// A model under construction.
pub(crate) struct Net {
    pub(crate) model: ModelProto,
}

/// The value of an attribute.
pub(crate) enum Attribute {
    Int(i64),
    Ints(Vec<i64>),
    Float(f32),
    Graph(Box<GraphProto>),
}

impl Net {
    pub(crate) fn new(opset: i64) -> Net {
        let mut model = ModelProto::new();
        model.ir_version = 8;
        model.opset_import.resize_with(1, Default::default);
        model.opset_import[0].version = opset;
        model.graph = Some(GraphProto::new()).into();
        Net { model }
    }

    pub(crate) fn graph(&mut self) -> &mut GraphProto {
        self.model.graph.mut_or_insert_default()
    }

    /// A float input; a negative length is the axis "batch".
    pub(crate) fn input(mut self, name: &str, dims: &[i64]) -> Net {
        self.graph().input.push(info(name, FLOAT, dims));
        self
    }

    pub(crate) fn typed_input(mut self, name: &str, code: i32, dims: &[i64]) -> Net {
        self.graph().input.push(info(name, code, dims));
        self
    }

    pub(crate) fn output(mut self, name: &str) -> Net {
        self.graph().output.push(info(name, FLOAT, &[]));
        // The shape of an output is left open.
        let last = self.graph().output.len() - 1;
        self.graph().output[last].type_ = None.into();
        self
    }

    pub(crate) fn floats(mut self, name: &str, dims: &[i64], values: &[f32]) -> Net {
        self.graph().initializer.push(floats(name, dims, values));
        self
    }

    pub(crate) fn ints(mut self, name: &str, values: &[i64]) -> Net {
        let mut tensor = TensorProto::new();
        tensor.name = name.into();
        tensor.data_type = INT64;
        tensor.dims = vec![values.len().try_into().expect("a length")];
        tensor.int64_data = values.to_vec();
        self.graph().initializer.push(tensor);
        self
    }

    /// A scalar constant.
    pub(crate) fn number(self, name: &str, value: f32) -> Net {
        self.floats(name, &[], &[value])
    }

    /// A node named after its output.
    pub(crate) fn node(self, op: &str, inputs: &[&str], output: &str) -> Net {
        self.with(op, inputs, &[output], Vec::new())
    }

    pub(crate) fn with(
        mut self,
        op: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: Vec<(&str, Attribute)>,
    ) -> Net {
        self.graph()
            .node
            .push(node(op, inputs, outputs, attributes));
        self
    }

    /// A dense layer of ones with this many inputs and outputs.
    pub(crate) fn dense(self, input: &str, output: &str, sizes: [i64; 2]) -> Net {
        let weight = format!("{output}.weight");
        let values: Vec<f32> = (0..sizes[0] * sizes[1])
            .map(|i| 0.01 * i as f32 - 0.1)
            .collect();
        self.floats(&weight, &sizes, &values)
            .node("MatMul", &[input, &weight], output)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.model.write_to_bytes().expect("a model encodes")
    }
}

pub(crate) fn node(
    op: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: Vec<(&str, Attribute)>,
) -> NodeProto {
    let mut node = NodeProto::new();
    let (domain, op) = op.rsplit_once("::").unwrap_or(("", op));
    node.op_type = op.into();
    node.domain = domain.into();
    node.name = outputs[0].into();
    node.input = inputs.iter().map(|name| (*name).to_string()).collect();
    node.output = outputs.iter().map(|name| (*name).to_string()).collect();
    node.attribute = attributes
        .into_iter()
        .map(|(name, value)| attribute(name, value))
        .collect();
    node
}

fn attribute(name: &str, value: Attribute) -> AttributeProto {
    let mut attribute = AttributeProto::new();
    attribute.name = name.into();
    let kind = match value {
        Attribute::Int(i) => {
            attribute.i = i;
            AttributeType::INT
        }
        Attribute::Ints(ints) => {
            attribute.ints = ints;
            AttributeType::INTS
        }
        Attribute::Float(f) => {
            attribute.f = f;
            AttributeType::FLOAT
        }
        Attribute::Graph(graph) => {
            attribute.g = Some(*graph).into();
            AttributeType::GRAPH
        }
    };
    attribute.type_ = kind.into();
    attribute
}

pub(crate) fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    let mut tensor = TensorProto::new();
    tensor.name = name.into();
    tensor.data_type = FLOAT;
    tensor.dims = dims.to_vec();
    tensor.float_data = values.to_vec();
    tensor
}

pub(crate) fn info(name: &str, code: i32, dims: &[i64]) -> ValueInfoProto {
    let mut info = ValueInfoProto::new();
    info.name = name.into();
    let tensor = info.type_.mut_or_insert_default().mut_tensor_type();
    tensor.elem_type = code;
    let shape = tensor.shape.mut_or_insert_default();
    shape.dim.resize_with(dims.len(), Default::default);
    for (dim, length) in shape.dim.iter_mut().zip(dims) {
        if *length < 0 {
            dim.set_dim_param("batch".into());
        } else {
            dim.set_dim_value(*length);
        }
    }
    info
}
