//! The activation sites of a node.

use knee::{Framework, Function};
use knee_doctor::network::{Kind, Network, Role, Site, SiteFunction};

use crate::attributes::Attributes;
use crate::axes::Axes;
use crate::graph::{Graph, Node, Op, ValueId};
use crate::shapes::position;
use crate::tensor::Tensor;

/// Adds the sites of the graph's node to the network, which holds the node already.
pub(super) fn add(
    network: &mut Network,
    graph: &Graph,
    axes: &Axes,
    producers: &[Option<usize>],
    index: usize,
) {
    let node = &graph.nodes[index];
    let units = node
        .input(0)
        .and_then(|x| axes.length(x))
        .or_else(|| axes.length(node.output(0)?));
    let function = match &node.op {
        Op::Activation(function) => SiteFunction::Element(*function),
        Op::Prelu { .. } => {
            let slopes = node
                .input(1)
                .and_then(|slope| stored(graph, producers, slope));
            SiteFunction::Prelu {
                slopes: slopes.map(|s| s.to_f32().to_vec()).unwrap_or_default(),
            }
        }
        Op::Rows {
            function,
            axis,
            flatten,
        } => {
            let length = node
                .input(0)
                .and_then(|x| row_length(graph, axes, x, *axis, *flatten));
            SiteFunction::Rows {
                function: *function,
                axis: *axis,
                length,
            }
        }
        Op::File(_) => return recurrent(network, graph, index),
        _ => return,
    };
    let units = match &function {
        SiteFunction::Rows { length, .. } => *length,
        _ => units,
    };
    network.nodes[index].kind = Kind::Activation(network.sites.len());
    let positions = node
        .output(0)
        .and_then(|value| axes.positions(graph, value));
    network.sites.push(Site {
        positions,
        ..site(node, index, function, units)
    });
}

/// The constant that a value is, or is a reshape of.
fn stored<'a>(graph: &'a Graph, producers: &[Option<usize>], value: ValueId) -> Option<&'a Tensor> {
    graph.constant(value).or_else(|| {
        let node = &graph.nodes[producers[value.0]?];
        graph.constant(node.input(0)?)
    })
}

fn site(node: &Node, index: usize, function: SiteFunction, units: Option<u64>) -> Site {
    Site {
        name: node.name.clone(),
        layer: node.layer.clone(),
        function,
        role: Role::Hidden,
        units,
        positions: None,
        depth: 0,
        node: index,
        part: 0,
        covers: node.covers.clone(),
        residual_branch: false,
    }
}

/// The length of a row, where the file says it or the layer before makes it.
fn row_length(graph: &Graph, axes: &Axes, x: ValueId, axis: i64, flatten: bool) -> Option<u64> {
    if flatten {
        return None;
    }
    let declared = || {
        let shape = graph.value(x).shape.as_ref()?;
        shape[position(axis, shape.len())?].known()
    };
    declared().or_else(|| {
        if axis == -1 {
            axes.last_length(x)
        } else {
            None
        }
    })
}

/// The gates of a recurrent node: for an LSTM i, o, f, the cell's candidate and its output; for a
/// GRU z, r and the candidate; an RNN has one activation.
fn recurrent(network: &mut Network, graph: &Graph, index: usize) {
    let node = &graph.nodes[index];
    let Op::File(proto) = &node.op else { return };
    let (count, defaults): (usize, &[&str]) = match (node.domain(), proto.op_type.as_str()) {
        // Which of the node's functions each part uses: f for the gates, g and h for the cell.
        ("", "LSTM") => (3, &["Sigmoid", "Sigmoid", "Sigmoid", "Tanh", "Tanh"]),
        ("", "GRU") => (2, &["Sigmoid", "Sigmoid", "Tanh"]),
        ("", "RNN") => (1, &["Tanh"]),
        _ => return,
    };
    let attributes = Attributes::of(proto);
    let given = attributes.texts("activations");
    let hidden = attributes
        .int("hidden_size")
        .and_then(|h| u64::try_from(h).ok());
    let directions = if attributes.text("direction") == Some("bidirectional") {
        2
    } else {
        1
    };
    for (part, default) in defaults.iter().enumerate() {
        let slot = match (count, part) {
            (3, 0..=2) | (2, 0..=1) | (1, _) => 0,
            (3, 3) | (2, _) => 1,
            _ => 2,
        };
        let name = given.get(slot).map_or(*default, String::as_str);
        let Some(function) = cell_function(name, attributes, slot) else {
            continue;
        };
        let element = SiteFunction::Element(function);
        let mut site = site(
            node,
            index,
            element,
            hidden.map(|h| h.saturating_mul(directions)),
        );
        site.part = part;
        site.role = if count == 1 { Role::Hidden } else { Role::Gate };
        network.sites.push(site);
    }
}

/// The function of a cell; ONNX names them as its operators, but for the affine ones.
fn cell_function(name: &str, attributes: Attributes<'_>, slot: usize) -> Option<Function> {
    let listed = |list: &str| {
        let values = attributes.floats(list)?;
        values.get(slot).map(|v| f64::from(*v))
    };
    Function::from_foreign(Framework::Onnx, name, &|attribute| match attribute {
        "alpha" => listed("activation_alpha"),
        "beta" => listed("activation_beta"),
        _ => None,
    })
}
