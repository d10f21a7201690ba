//! Model-local functions: a call of one is replaced by the nodes of its body.

use std::collections::HashMap;
use std::mem;

use onnx_ir::{AttributeProto, GraphProto, ModelProto, NodeProto};

use super::names;
use crate::error::{Error, Result};

/// Functions that call functions multiply: thirty of them in a chain of double calls would make
/// a billion nodes.
const MAX_NODES: usize = 200_000;

/// Functions in functions; exporters write two or three levels.
const MAX_DEPTH: usize = 64;

/// Domain, name and overload, which together say which function a node calls.
type Key = (String, String, String);

struct Function {
    inputs: Vec<String>,
    outputs: Vec<String>,
    nodes: Vec<NodeProto>,
    defaults: Vec<AttributeProto>,
}

struct Inliner {
    functions: HashMap<Key, Function>,
    /// The functions that are being expanded, to find one that calls itself.
    stack: Vec<Key>,
    calls: usize,
    nodes: usize,
}

/// Replaces every call in the model's graph and takes the functions out of the model.
pub(crate) fn inline(model: &mut ModelProto) -> Result<()> {
    if model.functions.is_empty() {
        return Ok(());
    }
    let functions = mem::take(&mut model.functions).into_iter().map(|f| {
        let body = Function {
            inputs: f.input,
            outputs: f.output,
            nodes: f.node,
            defaults: f.attribute_proto,
        };
        ((domain(&f.domain), f.name, f.overload), body)
    });
    let functions = functions.collect();
    let mut inliner = Inliner {
        functions,
        stack: Vec::new(),
        calls: 0,
        nodes: 0,
    };
    match model.graph.as_mut() {
        Some(graph) => inliner.graph(graph),
        None => Ok(()),
    }
}

fn domain(name: &str) -> String {
    if name == "ai.onnx" {
        String::new()
    } else {
        name.into()
    }
}

impl Inliner {
    fn graph(&mut self, graph: &mut GraphProto) -> Result<()> {
        graph.node = self.nodes(mem::take(&mut graph.node))?;
        Ok(())
    }

    fn nodes(&mut self, nodes: Vec<NodeProto>) -> Result<Vec<NodeProto>> {
        let mut out = Vec::with_capacity(nodes.len());
        for (index, mut node) in nodes.into_iter().enumerate() {
            for attribute in &mut node.attribute {
                if let Some(body) = attribute.g.as_mut() {
                    self.graph(body)?;
                }
                for body in &mut attribute.graphs {
                    self.graph(body)?;
                }
            }
            let key = (
                domain(&node.domain),
                node.op_type.clone(),
                node.overload.clone(),
            );
            if self.functions.contains_key(&key) {
                node.name = names::name(&node, index);
                let body = self.call(&node, &key)?;
                out.extend(body);
            } else {
                self.nodes += 1;
                out.push(node);
            }
            if self.nodes > MAX_NODES {
                return Err(Error::limit(
                    "model",
                    format!("its functions expand to more than {MAX_NODES} nodes"),
                    "no network needs so many",
                ));
            }
        }
        Ok(out)
    }

    /// The body of a function for one call, with the caller's names and attributes in it.
    fn call(&mut self, call: &NodeProto, key: &Key) -> Result<Vec<NodeProto>> {
        if self.stack.contains(key) {
            return Err(Error::graph(
                format!("node \"{}\"", call.name),
                format!("the function {} calls itself", key.1),
                "expected functions that end",
            ));
        }
        if self.stack.len() == MAX_DEPTH {
            return Err(Error::limit(
                format!("node \"{}\"", call.name),
                format!("functions call each other more than {MAX_DEPTH} deep"),
                "no network needs so many",
            ));
        }
        self.calls += 1;
        let prefix = format!("{}#{}/", call.name, self.calls);
        let function = &self.functions[key];
        let mut renames: HashMap<String, String> = HashMap::new();
        let mut passed = Vec::new();
        for (index, formal) in function.outputs.iter().enumerate() {
            if let Some(actual) = call.output.get(index).filter(|name| !name.is_empty()) {
                renames.insert(formal.clone(), actual.clone());
            }
        }
        for (index, formal) in function.inputs.iter().enumerate() {
            let actual = call.input.get(index).cloned().unwrap_or_default();
            if let Some(output) = renames.insert(formal.clone(), actual.clone()) {
                passed.push((actual, output));
            }
        }
        let scope = CallScope {
            call,
            prefix,
            renames,
            defaults: &function.defaults,
        };
        let mut body: Vec<NodeProto> = Vec::with_capacity(function.nodes.len());
        for (index, node) in function.nodes.iter().enumerate() {
            let mut node = node.clone();
            node.name = format!("{}/{}", call.name, names::name(&node, index));
            scope.node(&mut node);
            body.push(node);
        }
        // An output that is also an input of the function has no node of its own.
        for (input, output) in passed {
            let mut node = NodeProto::new();
            node.op_type = "Identity".into();
            node.name = format!("{}/{output}", call.name);
            node.input.push(input);
            node.output.push(output);
            body.push(node);
        }
        self.stack.push(key.clone());
        let body = self.nodes(body);
        self.stack.pop();
        body
    }
}

/// What the names and attributes of a function's body mean in one call.
struct CallScope<'a> {
    call: &'a NodeProto,
    prefix: String,
    renames: HashMap<String, String>,
    defaults: &'a [AttributeProto],
}

impl CallScope<'_> {
    fn rename(&self, name: &mut String) {
        if name.is_empty() {
            return;
        }
        *name = match self.renames.get(name.as_str()) {
            Some(actual) => actual.clone(),
            None => format!("{}{name}", self.prefix),
        };
    }

    fn node(&self, node: &mut NodeProto) {
        node.input
            .iter_mut()
            .chain(&mut node.output)
            .for_each(|name| self.rename(name));
        let attributes = mem::take(&mut node.attribute);
        node.attribute = attributes
            .into_iter()
            .filter_map(|a| self.attribute(a))
            .collect();
    }

    /// An attribute that refers to one of the call becomes it, or the function's default; with
    /// neither it is left out.
    fn attribute(&self, mut attribute: AttributeProto) -> Option<AttributeProto> {
        if !attribute.ref_attr_name.is_empty() {
            let mut given = self.call.attribute.iter().chain(self.defaults);
            let mut actual = given.find(|a| a.name == attribute.ref_attr_name)?.clone();
            actual.name = attribute.name;
            return Some(actual);
        }
        if let Some(body) = attribute.g.as_mut() {
            self.graph(body);
        }
        attribute
            .graphs
            .iter_mut()
            .for_each(|body| self.graph(body));
        Some(attribute)
    }

    fn graph(&self, graph: &mut GraphProto) {
        graph.node.iter_mut().for_each(|node| self.node(node));
        graph
            .initializer
            .iter_mut()
            .for_each(|tensor| self.rename(&mut tensor.name));
        let infos = graph
            .input
            .iter_mut()
            .chain(&mut graph.output)
            .chain(&mut graph.value_info);
        infos.for_each(|info| self.rename(&mut info.name));
    }
}
