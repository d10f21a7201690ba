//! A network as the doctor sees it: one node and one value for each piece.

use std::sync::Arc;

use knee_doctor::network::{
    Form, Kind, Linear, Network, Node, Norm as Seen, NormForm, Port, Role, Site, SiteFunction,
    ValueId,
};

use super::net::{Activation, Net, Piece};
use super::norm::Over;

/// The network as the rules see it. Values are counted as a pass makes them; the input is 0.
pub fn describe(net: &Net) -> Network {
    let (positions, width) = net.entering;
    let port = |name: &str, positions: usize, width: usize, value| Port {
        name: name.to_owned(),
        shape: vec![None, Some(positions as u64), Some(width as u64)]
            .into_iter()
            .enumerate()
            .filter(|(axis, length)| *axis != 1 || *length != Some(1))
            .map(|(_, length)| length)
            .collect(),
        dtype: "float32".to_owned(),
        value,
    };
    let mut writer = Writer {
        net,
        network: Network {
            name: "lab".to_owned(),
            inputs: vec![port("x", positions, width, ValueId(0))],
            parameters: net.parameters() as u64,
            ..Network::default()
        },
        next: 1,
        kernel: None,
        depth: 0,
        residual: 0,
    };
    let last = writer.pieces(&net.pieces, ValueId(0), (positions, width));
    let mut network = writer.network;
    let (positions, width) = net.leaving;
    network.outputs = vec![port("y", positions, width, last)];
    roles(&mut network);
    network
}

/// What makes the output is an output; everything else is hidden.
fn roles(network: &mut Network) {
    let leaving = network.outputs[0].value;
    for site in &mut network.sites {
        let writes = &network.nodes[site.node].outputs;
        site.role = if writes.contains(&leaving) {
            Role::Output
        } else {
            Role::Hidden
        };
    }
}

struct Writer<'a> {
    net: &'a Net,
    network: Network,
    next: usize,
    /// The kernel of the convolution whose window was just opened.
    kernel: Option<u64>,
    depth: u32,
    residual: u32,
}

impl Writer<'_> {
    fn pieces(&mut self, pieces: &[Piece], mut value: ValueId, mut at: (usize, usize)) -> ValueId {
        for piece in pieces {
            value = self.piece(piece, value, &mut at);
        }
        value
    }

    fn piece(&mut self, piece: &Piece, input: ValueId, at: &mut (usize, usize)) -> ValueId {
        let mut inputs = vec![input];
        let (op, kind) = match piece {
            Piece::Dense { weight, bias } => ("Gemm", self.linear(*weight, *bias, at)),
            Piece::Activation { site, what } => {
                (self.site(*site, *what, *at), Kind::Activation(*site))
            }
            Piece::Formula(_) => ("Formula", Kind::Other),
            Piece::Window(window) => {
                self.kernel = Some(window.kernel as u64);
                at.1 *= window.kernel * window.kernel;
                ("Unfold", Kind::View)
            }
            Piece::Pool(pool) => {
                at.0 = (pool.height / 2) * (pool.width / 2);
                ("MaxPool", Kind::MaxPool)
            }
            Piece::Norm(norm) => {
                let form = if norm.over == Over::Batch {
                    NormForm::Batch
                } else {
                    NormForm::Layer
                };
                let gamma = self.net.weights[norm.gamma].values.clone();
                let beta = self.net.weights[norm.beta].values.clone();
                ("Normalization", Kind::Norm(Seen { form, gamma, beta }))
            }
            Piece::Residual(inner) => {
                self.residual += 1;
                let branch = self.pieces(inner, input, *at);
                self.residual -= 1;
                inputs.push(branch);
                ("Add", Kind::Add)
            }
            Piece::Embedding { table } => {
                at.1 = self.net.weights[*table].shape[1];
                ("Gather", Kind::Embedding)
            }
            Piece::Positions { .. } => ("Add", Kind::Affine),
            Piece::Attention(_) => ("Attention", Kind::Other),
            Piece::Lstm(lstm) => {
                *at = (1, lstm.hidden);
                (
                    "LSTM",
                    Kind::Recurrent {
                        hidden: lstm.hidden as u64,
                    },
                )
            }
            Piece::Flatten => {
                *at = (1, at.0 * at.1);
                ("Flatten", Kind::View)
            }
            Piece::Average => {
                at.0 = 1;
                ("ReduceMean", Kind::Affine)
            }
        };
        let output = ValueId(self.next);
        self.next += 1;
        let name = format!("{op}_{}", self.network.nodes.len());
        if let Kind::Activation(site) = kind {
            let node = self.network.nodes.len();
            let site = &mut self.network.sites[site];
            site.node = node;
            site.name.clone_from(&name);
        }
        self.network.nodes.push(Node {
            name,
            op: op.to_owned(),
            layer: String::new(),
            kind,
            inputs,
            outputs: vec![output],
        });
        output
    }

    fn linear(&mut self, weight: usize, bias: Option<usize>, at: &mut (usize, usize)) -> Kind {
        let weights = &self.net.weights[weight];
        let [inputs, units] = weights.shape;
        let mut rows = Vec::with_capacity(weights.values.len());
        for unit in 0..units {
            rows.extend((0..inputs).map(|input| weights.values[input * units + unit]));
        }
        at.1 = units;
        Kind::Linear(Linear {
            form: match self.kernel.take() {
                Some(kernel) => Form::Conv {
                    kernel: vec![kernel, kernel],
                    groups: 1,
                },
                None => Form::Dense,
            },
            units: units as u64,
            fan_in: inputs as u64,
            weight: rows.into(),
            bias: bias.map(|bias| Arc::from(self.net.weights[bias].values.as_slice())),
            tied: false,
            trainable: true,
        })
    }

    /// Adds a site; its operator.
    fn site(&mut self, site: usize, what: Activation, at: (usize, usize)) -> &'static str {
        let (op, function) = match what {
            Activation::Element(function) => (function.name(), SiteFunction::Element(function)),
            Activation::Prelu(slope) => {
                let slopes = self.net.weights[slope].values.clone();
                ("PRelu", SiteFunction::Prelu { slopes })
            }
            Activation::Rows(function) => (
                function.name(),
                SiteFunction::Rows {
                    function,
                    axis: -1,
                    length: Some(at.1 as u64),
                },
            ),
        };
        assert_eq!(
            site,
            self.network.sites.len(),
            "sites are counted in the order of the pieces"
        );
        self.depth += 1;
        self.network.sites.push(Site {
            name: String::new(),
            layer: String::new(),
            function,
            role: Role::Hidden,
            units: Some(at.1 as u64),
            positions: Some(at.0 as u64),
            depth: self.depth,
            node: 0,
            part: 0,
            covers: Vec::new(),
            residual_branch: self.residual > 0,
        });
        op
    }
}
