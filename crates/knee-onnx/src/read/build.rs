//! From the decoded file to the graph: values by number, constants read, names checked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;

use onnx_ir::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto};

use super::external::External;
use super::{names, order, tensors};
use crate::error::{Error, Result};
use crate::graph::{Body, Capture, Dim, Graph, Node, Op, Value, ValueId};
use crate::tensor::{DType, Tensor};

/// The newest operator set that is read; PyTorch writes no newer one.
const NEWEST_OPSET: i64 = 25;

/// Builds the graph of a model whose functions are inlined.
pub(crate) fn graph(mut model: ModelProto, external: External) -> Result<Graph> {
    let Some(proto) = model.graph.take() else {
        return Err(Error::NotOnnx {
            found: "the model holds no graph".into(),
        });
    };
    let opsets = opsets(&model)?;
    let mut builder = Builder {
        external,
        opsets,
        scopes: Vec::new(),
        parameters: 0,
    };
    let mut graph = builder.scope(proto, "the graph")?.graph;
    if graph.outputs.is_empty() {
        return Err(Error::graph(
            "the graph",
            "it has no output",
            "expected at least one; export the network with its result",
        ));
    }
    graph.parameters = builder.parameters;
    graph.producer = [model.producer_name, model.producer_version]
        .join(" ")
        .trim()
        .to_string();
    graph.metadata = model
        .metadata_props
        .into_iter()
        .map(|p| (p.key, p.value))
        .collect();
    Ok(graph)
}

fn opsets(model: &ModelProto) -> Result<BTreeMap<String, i64>> {
    let mut opsets = BTreeMap::new();
    for import in &model.opset_import {
        let domain = if import.domain == "ai.onnx" {
            ""
        } else {
            import.domain.as_str()
        };
        let before = opsets.insert(domain.to_string(), import.version);
        if before.is_some_and(|version| version != import.version) {
            return Err(Error::graph(
                "opset_import",
                format!("the domain \"{domain}\" has two versions"),
                "expected one",
            ));
        }
    }
    match opsets.get("") {
        Some(version) if *version < 1 => Err(Error::graph(
            "opset_import",
            format!("operator set {version}"),
            "expected a version from 1 on",
        )),
        Some(version) if *version > NEWEST_OPSET => Err(Error::graph(
            "opset_import",
            format!("operator set {version} is newer than knee knows"),
            format!("export with opset_version={NEWEST_OPSET} or lower"),
        )),
        Some(_) => Ok(opsets),
        None => Err(Error::graph(
            "opset_import",
            "the version of ONNX's own operator set is missing",
            "expected one; the file may be truncated",
        )),
    }
}

struct Builder {
    external: External,
    opsets: BTreeMap<String, i64>,
    /// The graph being built and those around it, the outermost first.
    scopes: Vec<Scope>,
    parameters: u64,
}

/// A graph while it is built.
struct Scope {
    graph: Graph,
    names: HashMap<String, ValueId>,
    captures: Vec<Capture>,
}

impl Scope {
    fn new(name: String, opsets: BTreeMap<String, i64>) -> Scope {
        let graph = Graph {
            name,
            opsets,
            values: Vec::new(),
            nodes: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            initializers: BTreeMap::new(),
            parameters: 0,
            producer: String::new(),
            metadata: BTreeMap::new(),
        };
        Scope {
            graph,
            names: HashMap::new(),
            captures: Vec::new(),
        }
    }

    fn add(&mut self, value: Value) -> ValueId {
        let id = ValueId(self.graph.values.len());
        self.names.insert(value.name.clone(), id);
        self.graph.values.push(value);
        id
    }

    /// A new value; a name that exists already is an error.
    fn declare(&mut self, name: &str, place: &str) -> Result<ValueId> {
        if name.is_empty() {
            return Err(Error::graph(
                place,
                "a value has no name",
                "expected a name",
            ));
        }
        if self.names.contains_key(name) {
            return Err(Error::graph(
                place,
                format!("it defines the value \"{name}\", which is defined already"),
                "expected each name once",
            ));
        }
        Ok(self.add(Value {
            name: name.into(),
            dtype: None,
            shape: None,
        }))
    }

    fn describe(&mut self, info: &ValueInfoProto) {
        if let Some(id) = self.names.get(info.name.as_str()) {
            let value = &mut self.graph.values[id.0];
            if info.type_.has_tensor_type() {
                let tensor = info.type_.tensor_type();
                value.dtype = DType::from_onnx(tensor.elem_type);
                value.shape = tensor.shape.as_ref().map(|shape| {
                    let dims = shape.dim.iter().map(|d| {
                        if d.has_dim_value() {
                            u64::try_from(d.dim_value()).map_or(Dim::Unknown, Dim::Known)
                        } else if d.has_dim_param() && !d.dim_param().is_empty() {
                            Dim::Symbol(d.dim_param().into())
                        } else {
                            Dim::Unknown
                        }
                    });
                    dims.collect()
                });
            }
        }
    }

    fn set_constant(&mut self, id: ValueId, tensor: Tensor) {
        let value = &mut self.graph.values[id.0];
        value.dtype = Some(tensor.dtype);
        value.shape = Some(tensor.shape.iter().map(|d| Dim::Known(*d as u64)).collect());
        self.graph.initializers.insert(id, tensor);
    }
}

impl Builder {
    /// Builds a graph inside those that `self.scopes` holds.
    fn scope(&mut self, mut proto: GraphProto, place: &str) -> Result<Scope> {
        let scope = Scope::new(mem::take(&mut proto.name), self.opsets.clone());
        self.scopes.push(scope);
        let built = self.fill(proto, place);
        // Popped also after an error, so that the stack stays right.
        let scope = self.scopes.pop();
        built?;
        scope.ok_or_else(|| Error::graph(place, "it was not built", "report this"))
    }

    fn current(&mut self) -> &mut Scope {
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn fill(&mut self, mut proto: GraphProto, place: &str) -> Result<()> {
        if !proto.sparse_initializer.is_empty() {
            return Err(Error::graph(
                place,
                "it has sparse initializers, which knee does not read",
                "expected dense ones; convert the weights to dense and export again",
            ));
        }
        // All names come first: a file need not be sorted, and a body may read any value of the
        // graph around it.
        let running = running_statistics(&proto.node);
        let mut constants = HashSet::new();
        for tensor in &mut proto.initializer {
            let name = tensor.name.clone();
            let id = self
                .current()
                .declare(&name, &format!("initializer \"{name}\""))?;
            constants.insert(name.clone());
            let value = tensors::tensor(tensor, &mut self.external)?;
            if value.dtype.is_float() && value.rank() > 0 && !running.contains(&name) {
                self.parameters += value.len() as u64;
            }
            self.current().set_constant(id, value);
        }
        for info in &proto.input {
            // Old files list the initializers among the inputs as well.
            if !constants.contains(&info.name) {
                let place = format!("input \"{}\"", info.name);
                let scope = self.current();
                let id = scope.declare(&info.name, &place)?;
                scope.graph.inputs.push(id);
                scope.describe(info);
            }
        }
        for (index, node) in proto.node.iter().enumerate() {
            for name in node.output.iter().filter(|name| !name.is_empty()) {
                let place = format!("node \"{}\"", names::name(node, index));
                self.current().declare(name, &place)?;
            }
        }
        for info in proto.value_info.iter().chain(&proto.output) {
            if !constants.contains(&info.name) {
                self.current().describe(info);
            }
        }
        self.share_constants(&proto);
        for (index, node) in proto.node.into_iter().enumerate() {
            if let Some(node) = self.node(node, index)? {
                self.current().graph.nodes.push(node);
            }
        }
        for info in &proto.output {
            let level = self.scopes.len() - 1;
            let id = self.resolve(level, &info.name).ok_or_else(|| {
                Error::graph(
                    format!("output \"{}\"", info.name),
                    "no node, input or initializer defines it",
                    "expected a value of the graph",
                )
            })?;
            self.current().graph.outputs.push(id);
        }
        order::sort(&mut self.current().graph)
    }

    /// Lets every reader of a copied initializer read the initializer. `torch.onnx.export` stores
    /// equal weights once, and writes an Identity for each of the others.
    fn share_constants(&mut self, proto: &GraphProto) {
        let scope = self.current();
        let results: HashSet<&str> = proto.output.iter().map(|info| info.name.as_str()).collect();
        for node in proto.node.iter().filter(|node| is_copy(node)) {
            let (from, to) = (node.input[0].as_str(), node.output[0].as_str());
            let shared = scope.names.get(from).copied();
            let shared = shared.filter(|id| scope.graph.initializers.contains_key(id));
            if let Some(id) = shared.filter(|_| !results.contains(to)) {
                scope.names.insert(to.into(), id);
            }
        }
    }

    /// The value with a name, from this graph or captured from one around it.
    fn resolve(&mut self, level: usize, name: &str) -> Option<ValueId> {
        if let Some(id) = self.scopes[level].names.get(name) {
            return Some(*id);
        }
        let outer = self.resolve(level.checked_sub(1)?, name)?;
        let value = self.scopes[level - 1].graph.values[outer.0].clone();
        let scope = &mut self.scopes[level];
        let inner = scope.add(value);
        scope.captures.push(Capture { outer, inner });
        Some(inner)
    }

    /// Builds a node; a Constant becomes an initializer and leaves none.
    fn node(&mut self, mut proto: NodeProto, index: usize) -> Result<Option<Node>> {
        let name = names::name(&proto, index);
        if proto.op_type.is_empty() {
            return Err(Error::graph(
                format!("node \"{name}\""),
                "it has no operator",
                "expected the name of one in op_type",
            ));
        }
        let standard = proto.domain.is_empty() || proto.domain == "ai.onnx";
        let level = self.scopes.len() - 1;
        if standard
            && proto.op_type == "Constant"
            && let Some(id) = proto.output.first().and_then(|n| self.resolve(level, n))
            && let Some(tensor) = self.constant(&mut proto, &name)?
        {
            self.current().set_constant(id, tensor);
            return Ok(None);
        }
        let shared = is_copy(&proto) && {
            let Scope { names, graph, .. } = self.current();
            let (from, to) = (names.get(&proto.input[0]), names.get(&proto.output[0]));
            from == to && to.is_some_and(|id| graph.initializers.contains_key(id))
        };
        if shared {
            return Ok(None);
        }
        let mut inputs = Vec::with_capacity(proto.input.len());
        for input in &proto.input {
            if input.is_empty() {
                inputs.push(None);
                continue;
            }
            let id = self.resolve(level, input).ok_or_else(|| {
                Error::graph(
                    format!("node \"{name}\""),
                    format!("it reads the value \"{input}\", which nothing defines"),
                    "expected the name of an input, an initializer or another node's output",
                )
            })?;
            inputs.push(Some(id));
        }
        let outputs = proto
            .output
            .iter()
            .map(|output| self.resolve(level, output))
            .collect();
        let layer = names::layer(&proto);
        let op = match proto.op_type.as_str() {
            "If" if standard => Op::If {
                then_body: Box::new(self.body(&mut proto, "then_branch", &name)?),
                else_body: Box::new(self.body(&mut proto, "else_branch", &name)?),
            },
            "Loop" if standard => Op::Loop(Box::new(self.body(&mut proto, "body", &name)?)),
            "Scan" if standard => {
                let body = Box::new(self.body(&mut proto, "body", &name)?);
                Op::Scan {
                    node: Box::new(proto),
                    body,
                }
            }
            _ => Op::File(Box::new(proto)),
        };
        Ok(Some(Node {
            covers: vec![name.clone()],
            name,
            layer,
            op,
            inputs,
            outputs,
        }))
    }

    fn body(&mut self, proto: &mut NodeProto, attribute: &str, node: &str) -> Result<Body> {
        let found = proto.attribute.iter_mut().find(|a| a.name == attribute);
        let graph = found.and_then(|a| a.g.take()).ok_or_else(|| {
            Error::graph(
                format!("node \"{node}\""),
                format!("its attribute {attribute} is missing or no graph"),
                format!("{} needs it", proto.op_type),
            )
        })?;
        let scope = self.scope(graph, &format!("{attribute} of node \"{node}\""))?;
        Ok(Body {
            graph: scope.graph,
            captures: scope.captures,
        })
    }

    /// The value of a Constant node; `None` for strings and sparse tensors, which stay nodes.
    fn constant(&mut self, proto: &mut NodeProto, name: &str) -> Result<Option<Tensor>> {
        let Some(attribute) = proto
            .attribute
            .iter_mut()
            .find(|a| a.name.starts_with("value"))
        else {
            return Ok(None);
        };
        Ok(match attribute.name.as_str() {
            "value" => match attribute.t.as_mut() {
                Some(tensor) if !is_text(tensor) => {
                    if tensor.name.is_empty() {
                        tensor.name = name.into();
                    }
                    Some(tensors::tensor(tensor, &mut self.external)?)
                }
                _ => None,
            },
            _ => listed_constant(attribute),
        })
    }
}

/// `TensorProto.DataType.STRING`.
fn is_text(tensor: &TensorProto) -> bool {
    tensor.data_type == 8
}

/// Whether the node only gives its input another name.
fn is_copy(node: &NodeProto) -> bool {
    let standard = node.domain.is_empty() || node.domain == "ai.onnx";
    standard && node.op_type == "Identity" && node.input.len() == 1 && node.output.len() == 1
}

fn listed_constant(attribute: &mut AttributeProto) -> Option<Tensor> {
    match attribute.name.as_str() {
        "value_float" => Some(Tensor::f32(Vec::new(), vec![attribute.f])),
        "value_int" => Some(Tensor::i64(Vec::new(), vec![attribute.i])),
        "value_floats" => {
            let values = mem::take(&mut attribute.floats);
            Some(Tensor::f32(vec![values.len()], values))
        }
        "value_ints" => {
            let values = mem::take(&mut attribute.ints);
            Some(Tensor::i64(vec![values.len()], values))
        }
        _ => None,
    }
}

/// The names of the running means and variances of batch normalisation: float initializers that
/// no training step learns, so they are not parameters.
fn running_statistics(nodes: &[NodeProto]) -> HashSet<String> {
    let norms = nodes
        .iter()
        .filter(|node| node.op_type == "BatchNormalization");
    norms
        .flat_map(|node| node.input.iter().skip(3).take(2).cloned())
        .collect()
}
