//! A network as the doctor sees it, read as a chain of dense layers and piecewise linear activations.

use std::collections::HashMap;

use knee_doctor::network::{Form, Kind, Linear, Node, Role, Site, SiteFunction, ValueId};

use super::{Error, Layer, Network, Piecewise};

const SUPPORTED: &str = "geometry reads one chain of dense layers and piecewise linear activations";

impl Network {
    /// Reads a network that the doctor sees.
    ///
    /// It must be one chain from one input to the output that enters the loss: dense layers (with the sum that holds a
    /// bias), activations made of straight pieces, views that keep the order of features, dropout. An activation of the
    /// output that is not made of straight pieces, such as a sigmoid or a softmax, is left out, and
    /// [`Network::left_out`] names it.
    pub fn of(network: &knee_doctor::Network) -> Result<Self, Error> {
        let (nodes, left_out) = chain(network)?;
        let mut layers: Vec<Pending> = Vec::new();
        let mut bias_seen_in: Option<ValueId> = None;
        for node in nodes {
            let after_product = bias_seen_in
                .take()
                .is_some_and(|value| node.inputs.first() == Some(&value));
            match &node.kind {
                Kind::Linear(linear) => {
                    layers.push(Pending::dense(node, linear)?);
                    if node.op == "MatMul" && linear.bias.is_some() {
                        bias_seen_in = node.outputs.first().copied();
                    }
                }
                Kind::Activation(site) => {
                    let site = &network.sites[*site];
                    match layers.last_mut() {
                        Some(layer) if layer.function.is_none() => {
                            layer.function = Some(&site.function);
                            layer.site.clone_from(&site.name);
                        }
                        _ => layers.push(Pending {
                            name: node.name.clone(),
                            linear: None,
                            function: Some(&site.function),
                            site: site.name.clone(),
                        }),
                    }
                }
                // The sum that a product and its bias were split into: the layer has the bias already.
                Kind::Affine if node.op == "Add" && after_product => {}
                Kind::Affine if node.op == "Dropout" => {}
                Kind::View if keeps_order(&node.op) => {}
                kind => return Err(refused(node, problem(kind))),
            }
        }
        let mut built = built(&layers)?;
        built.left_out = left_out;
        Ok(built)
    }
}

/// A layer whose width may not be known yet.
struct Pending<'a> {
    name: String,
    linear: Option<&'a Linear>,
    function: Option<&'a SiteFunction>,
    site: String,
}

impl<'a> Pending<'a> {
    fn dense(node: &Node, linear: &'a Linear) -> Result<Self, Error> {
        if linear.form != Form::Dense {
            return Err(refused(
                node,
                "a convolution is dense only over all its pixels at once, and geometry reads dense layers only; \
                 examine the dense part of the network by itself",
            ));
        }
        Ok(Self {
            name: node.name.clone(),
            linear: Some(linear),
            function: None,
            site: String::new(),
        })
    }
}

/// The nodes from the input to the output that enters the loss, and an activation left out at the end.
fn chain(network: &knee_doctor::Network) -> Result<(Vec<&Node>, Option<String>), Error> {
    let graph = |problem: String| Error::Graph { problem };
    if network.inputs.len() != 1 {
        let names: Vec<&str> = network
            .inputs
            .iter()
            .map(|port| port.name.as_str())
            .collect();
        return Err(graph(format!(
            "the network has {} inputs ({}); {SUPPORTED}, from one input",
            names.len(),
            names.join(", ")
        )));
    }
    let Some(output) = network.outputs.get(network.loss_output) else {
        return Err(graph("the network has no output".to_string()));
    };
    let mut producers: HashMap<ValueId, &Node> = HashMap::new();
    for node in &network.nodes {
        producers.extend(node.outputs.iter().map(|&value| (value, node)));
    }
    let mut nodes = Vec::new();
    let mut left_out = None;
    let mut value = output.value;
    while value != network.inputs[0].value {
        let Some(&node) = producers.get(&value) else {
            return Err(graph(format!(
                "the output `{}` does not come from the input `{}` along one chain; {SUPPORTED}",
                output.name, network.inputs[0].name
            )));
        };
        let site = match &node.kind {
            Kind::Activation(site) => network.sites.get(*site),
            _ => None,
        };
        match (site, nodes.is_empty()) {
            (Some(site), true) if is_decision(site) => left_out = Some(site.function.text()),
            _ => nodes.push(node),
        }
        let [before] = node.inputs.as_slice() else {
            return Err(refused(node, problem(&node.kind)));
        };
        // An order in which nodes can run has no circle; a network made by hand may have one.
        if nodes.len() > network.nodes.len() {
            return Err(graph("the nodes of the network form a circle".to_string()));
        }
        value = *before;
    }
    nodes.reverse();
    Ok((nodes, left_out))
}

/// Whether a site only turns logits into probabilities.
fn is_decision(site: &Site) -> bool {
    site.role == Role::Output
        && match &site.function {
            SiteFunction::Element(function) => Piecewise::of(function).is_err(),
            SiteFunction::Prelu { .. } => false,
            _ => true,
        }
}

fn keeps_order(op: &str) -> bool {
    [
        "Identity",
        "Cast",
        "CastLike",
        "Flatten",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
    ]
    .contains(&op)
}

fn built(pending: &[Pending<'_>]) -> Result<Network, Error> {
    let mut layers: Vec<Layer> = Vec::new();
    // An activation without a dense layer before it is as wide as what reads it.
    let widths: Vec<Option<usize>> = pending
        .iter()
        .map(|layer| layer.linear.map(|linear| linear.fan_in as usize))
        .collect();
    for (index, layer) in pending.iter().enumerate() {
        let (inputs, weights, bias) = if let Some(linear) = layer.linear {
            let units = linear.units as usize;
            let bias = linear
                .bias
                .as_ref()
                .map(|bias| bias.iter().map(|b| f64::from(*b)).collect());
            let weights = linear.weight.iter().map(|w| f64::from(*w)).collect();
            (
                linear.fan_in as usize,
                weights,
                bias.unwrap_or_else(|| vec![0.0; units]),
            )
        } else {
            let before = layers.last().map(Layer::units);
            let Some(width) = before.or_else(|| widths[index..].iter().flatten().next().copied())
            else {
                return Err(Error::Graph {
                    problem: format!("no dense layer was found; {SUPPORTED}"),
                });
            };
            let mut identity = vec![0.0; width * width];
            identity
                .iter_mut()
                .step_by(width + 1)
                .for_each(|weight| *weight = 1.0);
            (width, identity, vec![0.0; width])
        };
        let activations = activations(layer, bias.len())?;
        let place = |error| match error {
            Error::Length {
                place,
                found,
                expected,
            } => Error::Length {
                place: format!("{}: {place}", layer.name),
                found,
                expected,
            },
            Error::NotFinite { place, found } => Error::NotFinite {
                place: format!("{}: {place}", layer.name),
                found,
            },
            other => other,
        };
        let built = Layer::with_activations(inputs, weights, bias, activations).map_err(place)?;
        layers.push(built.named(layer.name.clone()));
    }
    Network::new(layers)
}

fn activations(layer: &Pending<'_>, units: usize) -> Result<Vec<Piecewise>, Error> {
    let place = |error| match error {
        Error::NotPiecewiseLinear { function, .. } => Error::NotPiecewiseLinear {
            place: layer.site.clone(),
            function,
        },
        other => other,
    };
    match layer.function {
        None => Ok(vec![Piecewise::identity()]),
        Some(SiteFunction::Element(function)) => Ok(vec![Piecewise::of(function).map_err(place)?]),
        Some(SiteFunction::Prelu { slopes }) => {
            if slopes.len() != 1 && slopes.len() != units {
                return Err(Error::Length {
                    place: format!("{}: slopes", layer.site),
                    found: slopes.len(),
                    expected: units,
                });
            }
            slopes
                .iter()
                .map(|slope| Piecewise::leaky_relu(f64::from(*slope)))
                .collect()
        }
        Some(other) => Err(Error::NotPiecewiseLinear {
            place: layer.site.clone(),
            function: other.text(),
        }),
    }
}

fn refused(node: &Node, problem: &'static str) -> Error {
    Error::Node {
        node: node.name.clone(),
        op: node.op.clone(),
        problem,
    }
}

fn problem(kind: &Kind) -> &'static str {
    match kind {
        Kind::Norm(_) => {
            "normalisation stands between the layers; fold its scale and shift into the dense layer before it, as exporters \
             do for inference"
        }
        Kind::Add => {
            "two computed values are added, such as in a residual connection; geometry reads one chain of dense layers and \
             piecewise linear activations"
        }
        Kind::Affine => {
            "its constants are not in the layers around it; fold scale and shift into a dense layer"
        }
        Kind::View => "it moves features about; geometry reads features in one order",
        Kind::MaxPool => "a maximum over a window is not an activation of single units",
        _ => {
            "this operator is not supported; geometry reads one chain of dense layers and piecewise linear activations"
        }
    }
}
