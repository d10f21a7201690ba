//! Puts a network together, piece by piece.

use knee::random::Seed;
use knee::{Function, RowFunction};

use super::attention::Attention;
use super::formula::Formula;
use super::init::Init;
use super::lstm::{Gates, Lstm};
use super::net::{Activation, Net, Piece, Weights};
use super::norm::{Norm, Over};
use super::window::{Pool, Window};

/// Puts a network together, piece by piece; every tensor of weights has a stream of the seed of its own.
///
/// ```
/// use knee::Function;
/// use knee::random::Seed;
/// use knee_lab::engine::{Builder, Init, Rule};
///
/// let relu = Function::parse("relu").unwrap();
/// let init = Init::new(Rule::He);
/// let net = Builder::new(2, Seed::new(7)).dense(16, init).activation(relu).dense(1, init).build();
/// assert_eq!(net.parameters(), 2 * 16 + 16 + 16 + 1);
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    net: Net,
    /// One list of pieces for each residual branch that is open; the first is the network's own.
    open: Vec<Vec<Piece>>,
    seed: Seed,
    /// Positions, and numbers of a position.
    at: (usize, usize),
    /// Height and width, where positions are pixels.
    pixels: (usize, usize),
    fed_by: Option<Function>,
    layers: usize,
}

impl Builder {
    /// A network that reads so many numbers of a sample.
    pub fn new(inputs: usize, seed: Seed) -> Self {
        Self::entering((1, inputs), (1, 1), seed)
    }

    /// A network that reads grey images.
    pub fn image(height: usize, width: usize, seed: Seed) -> Self {
        Self::entering((height * width, 1), (height, width), seed)
    }

    /// A network that reads sequences of so many positions with so many numbers each.
    pub fn sequence(length: usize, width: usize, seed: Seed) -> Self {
        Self::entering((length, width), (length, 1), seed)
    }

    fn entering(at: (usize, usize), pixels: (usize, usize), seed: Seed) -> Self {
        let net = Net {
            pieces: Vec::new(),
            weights: Vec::new(),
            running: Vec::new(),
            sites: 0,
            entering: at,
            leaving: at,
        };
        Self {
            net,
            open: vec![Vec::new()],
            seed,
            at,
            pixels,
            fed_by: None,
            layers: 0,
        }
    }

    fn push(&mut self, piece: Piece) {
        self.open
            .last_mut()
            .expect("the list of the network itself is never closed")
            .push(piece);
    }

    /// Keeps weights and returns their index.
    fn keep(&mut self, name: String, shape: [usize; 2], values: Vec<f32>) -> usize {
        self.net.weights.push(Weights {
            name,
            shape,
            values,
        });
        self.net.weights.len() - 1
    }

    fn next_seed(&self) -> Seed {
        self.seed.stream(self.net.weights.len() as u64)
    }

    /// The layer's matrix and its biases.
    fn matrix(&mut self, name: &str, shape: [usize; 2], init: Init) -> (usize, usize) {
        let values = init.weights(shape, self.fed_by, self.next_seed());
        let weight = self.keep(format!("{name}.weight"), shape, values);
        let values = init.biases(shape[0], shape[1], self.next_seed());
        let bias = self.keep(format!("{name}.bias"), [1, shape[1]], values);
        (weight, bias)
    }

    fn layer(&mut self) -> String {
        self.layers += 1;
        (self.layers - 1).to_string()
    }

    /// A dense layer, the same for every position.
    #[must_use]
    pub fn dense(mut self, units: usize, init: Init) -> Self {
        let name = self.layer();
        let (weight, bias) = self.matrix(&name, [self.at.1, units], init);
        self.push(Piece::Dense {
            weight,
            bias: Some(bias),
        });
        self.at.1 = units;
        self
    }

    /// A convolution with a square kernel of odd width over the pixels, padded with zeros to the same size.
    #[must_use]
    pub fn convolution(mut self, channels: usize, kernel: usize, init: Init) -> Self {
        let (height, width) = self.pixels;
        self.push(Piece::Window(Window {
            height,
            width,
            kernel,
        }));
        self.at.1 *= kernel * kernel;
        self.dense(channels, init)
    }

    /// Halves height and width: the largest of two by two pixels.
    #[must_use]
    pub fn max_pool(mut self) -> Self {
        let (height, width) = self.pixels;
        self.push(Piece::Pool(Pool { height, width }));
        self.pixels = (height / 2, width / 2);
        self.at.0 = self.pixels.0 * self.pixels.1;
        self
    }

    fn site(mut self, what: Activation) -> Self {
        let site = self.net.sites;
        self.net.sites += 1;
        self.push(Piece::Activation { site, what });
        self
    }

    /// An activation.
    #[must_use]
    pub fn activation(mut self, function: Function) -> Self {
        self.fed_by = Some(function);
        self.site(Activation::Element(function))
    }

    /// A function that a search put together. [`Rule::Exact`](super::Rule::Exact) knows no gain of it.
    #[must_use]
    pub fn formula(mut self, formula: Formula) -> Self {
        self.fed_by = None;
        self.push(Piece::Formula(formula));
        self
    }

    /// A parametric ReLU with one slope for each unit, all of them beginning with `slope`.
    #[must_use]
    pub fn prelu(mut self, slope: f32) -> Self {
        let name = format!("{}.slope", self.net.sites);
        let index = self.keep(name, [1, self.at.1], vec![slope; self.at.1]);
        let leaky = Function::parse("leaky_relu").ok();
        self.fed_by = leaky.and_then(|leaky| leaky.with("negative_slope", f64::from(slope)).ok());
        self.site(Activation::Prelu(index))
    }

    /// A function of the units of each position, such as softmax.
    #[must_use]
    pub fn rows(self, function: RowFunction) -> Self {
        self.site(Activation::Rows(function))
    }

    fn norm(mut self, over: Over) -> Self {
        let units = self.at.1;
        let name = format!("norm{}", self.net.weights.len());
        let gamma = self.keep(format!("{name}.gamma"), [1, units], vec![1.0; units]);
        let beta = self.keep(format!("{name}.beta"), [1, units], vec![0.0; units]);
        let running = self.net.running.len();
        if over == Over::Batch {
            self.net.running.push([vec![0.0; units], vec![1.0; units]]);
        }
        self.push(Piece::Norm(Norm {
            over,
            gamma,
            beta,
            running,
        }));
        self
    }

    /// Batch normalisation.
    #[must_use]
    pub fn batch_norm(self) -> Self {
        self.norm(Over::Batch)
    }

    /// Layer normalisation.
    #[must_use]
    pub fn layer_norm(self) -> Self {
        self.norm(Over::Units)
    }

    /// A branch whose result is added to what it was given; it must keep the width.
    #[must_use]
    pub fn residual(mut self, branch: impl FnOnce(Self) -> Self) -> Self {
        self.open.push(Vec::new());
        let mut inner = branch(self);
        let pieces = inner.open.pop().unwrap_or_default();
        inner.push(Piece::Residual(pieces));
        inner
    }

    /// Reads tokens and gives each the row of a table.
    #[must_use]
    pub fn embedding(mut self, tokens: usize, width: usize, deviation: f64) -> Self {
        let init = Init::new(super::init::Rule::Deviation(deviation));
        let values = init.weights([tokens, width], None, self.next_seed());
        let table = self.keep("embedding".to_owned(), [tokens, width], values);
        self.push(Piece::Embedding { table });
        self.at.1 = width;
        self
    }

    /// Adds a learned vector to each position.
    #[must_use]
    pub fn positions(mut self, deviation: f64) -> Self {
        let init = Init::new(super::init::Rule::Deviation(deviation));
        let shape = [self.at.0, self.at.1];
        let values = init.weights(shape, None, self.next_seed());
        let table = self.keep("positions".to_owned(), shape, values);
        self.push(Piece::Positions { table });
        self
    }

    /// Attention in which each position reads those before it and itself.
    #[must_use]
    pub fn attention(mut self, heads: usize, init: Init) -> Self {
        let name = format!("attention{}", self.net.weights.len());
        let width = self.at.1;
        let mut projection =
            |part: &str| self.matrix(&format!("{name}.{part}"), [width, width], init);
        let (query, key) = (projection("query"), projection("key"));
        let (value, out) = (projection("value"), projection("out"));
        self.push(Piece::Attention(Attention {
            heads,
            query,
            key,
            value,
            out,
            length: self.at.0,
        }));
        self
    }

    /// A recurrent layer with the functions of its gates; its last state leaves.
    #[must_use]
    pub fn lstm(mut self, hidden: usize, gates: Gates, init: Init) -> Self {
        let name = format!("lstm{}", self.net.weights.len());
        let (length, width) = self.at;
        let (input, bias) = self.matrix(&format!("{name}.input"), [width, 4 * hidden], init);
        let values = init.weights([hidden, 4 * hidden], None, self.next_seed());
        let state = self.keep(format!("{name}.state"), [hidden, 4 * hidden], values);
        self.push(Piece::Lstm(Lstm {
            hidden,
            length,
            gates,
            input,
            bias,
            state,
        }));
        self.at = (1, hidden);
        self.pixels = (1, 1);
        self.fed_by = None;
        self
    }

    /// All positions of a sample become one.
    #[must_use]
    pub fn flatten(mut self) -> Self {
        self.push(Piece::Flatten);
        self.at = (1, self.at.0 * self.at.1);
        self.pixels = (1, 1);
        self
    }

    /// The mean over the positions of a sample.
    #[must_use]
    pub fn average(mut self) -> Self {
        self.push(Piece::Average);
        self.at.0 = 1;
        self.pixels = (1, 1);
        self
    }

    /// The network.
    pub fn build(mut self) -> Net {
        self.net.pieces = self.open.pop().unwrap_or_default();
        self.net.leaving = self.at;
        self.net
    }
}
