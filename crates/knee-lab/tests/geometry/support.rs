//! Random networks and points.

use knee::Function;
use knee::random::Seed;
use knee_lab::geometry::{LIMIT, Layer, Network, Piecewise, Window, formula, pieces};

/// Numbers drawn one after the other.
pub(crate) struct Draw {
    seed: Seed,
    index: u64,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed: Seed::new(seed),
            index: 0,
        }
    }

    /// Between 0 and 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.index += 1;
        self.seed.uniform(self.index)
    }

    /// Between -1 and 1.
    pub(crate) fn signed(&mut self) -> f64 {
        2.0 * self.share() - 1.0
    }
}

/// A random network with one of four activations.
pub(crate) fn random(seed: u64, widths: &[usize], which: usize) -> Network {
    let activation = match which {
        0 => Piecewise::relu(),
        1 => straight("leaky_relu(negative_slope=0.2)"),
        2 => straight("relu6"),
        _ => straight("hard_tanh"),
    };
    random_with(seed, widths, &[activation])
}

/// A random network; hidden layers take the activations in turn.
pub(crate) fn random_with(seed: u64, widths: &[usize], activations: &[Piecewise]) -> Network {
    let mut draw = Draw::new(seed);
    let last = widths.len() - 2;
    let layers = widths.windows(2).enumerate().map(|(index, pair)| {
        let (inputs, units) = (pair[0], pair[1]);
        let scale = (6.0 / inputs as f64).sqrt();
        let weights = (0..inputs * units).map(|_| scale * draw.signed()).collect();
        let bias = (0..units).map(|_| draw.signed()).collect();
        let activation = if index == last {
            Piecewise::identity()
        } else {
            activations[index % activations.len()].clone()
        };
        Layer::new(inputs, weights, bias, activation).expect("a layer")
    });
    Network::new(layers.collect()).expect("a network")
}

/// A random point inside a convex polygon.
pub(crate) fn inside(corners: &[[f64; 2]], draw: &mut Draw) -> [f64; 2] {
    let weights: Vec<f64> = corners.iter().map(|_| 0.05 + draw.share()).collect();
    let sum: f64 = weights.iter().sum();
    corners
        .iter()
        .zip(&weights)
        .fold([0.0, 0.0], |at, (corner, weight)| {
            [
                at[0] + corner[0] * weight / sum,
                at[1] + corner[1] * weight / sum,
            ]
        })
}

pub(crate) fn formulas(network: &Network) -> Vec<String> {
    let found = pieces(network, None, LIMIT).expect("pieces");
    let pieces = found.pieces.iter();
    pieces.map(|piece| formula(&piece.map, 0)).collect()
}

/// One hidden layer, and the sum of its units.
pub(crate) fn one_layer(
    inputs: usize,
    weights: &[f64],
    bias: &[f64],
    activation: Piecewise,
) -> Network {
    let units = bias.len();
    Network::new(vec![
        Layer::new(inputs, weights.to_vec(), bias.to_vec(), activation).expect("a layer"),
        Layer::new(units, vec![1.0; units], vec![0.0], Piecewise::identity()).expect("a layer"),
    ])
    .expect("a network")
}

pub(crate) fn window(half: f64) -> Window {
    Window::square(half).expect("a window")
}

pub(crate) fn straight(name: &str) -> Piecewise {
    Piecewise::of(&Function::parse(name).expect("a function")).expect("straight pieces")
}
