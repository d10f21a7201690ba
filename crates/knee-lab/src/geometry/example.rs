//! Small networks to look at.

use super::{Error, Layer, Network, Piecewise};

/// The examples: a name, and what is to be seen.
pub const EXAMPLES: [(&str, &str); 3] = [
    (
        "hinges",
        "two ReLU units of one input with kinks at -1 and 1: three formulas",
    ),
    (
        "tent",
        "three layers that fold the line: two units each, eight pieces between 0 and 1",
    ),
    (
        "lines",
        "eight ReLU units of two inputs in one layer: 37 regions",
    ),
];

/// The example of this name.
pub fn example(name: &str) -> Result<Network, Error> {
    match name {
        "hinges" => hinges(),
        "tent" => tent(),
        "lines" => lines(),
        _ => Err(Error::UnknownExample {
            given: name.to_string(),
        }),
    }
}

/// `relu(x + 1) - relu(x - 1)`.
fn hinges() -> Result<Network, Error> {
    Network::new(vec![
        Layer::new(1, vec![1.0, 1.0], vec![1.0, -1.0], Piecewise::relu())?,
        Layer::new(2, vec![1.0, -1.0], vec![0.0], Piecewise::identity())?,
    ])
}

/// The tent map `2 relu(x) - 4 relu(x - 1/2)` three times over: each layer doubles the pieces, as in Telgarsky 2015,
/// Representation benefits of deep feedforward networks.
fn tent() -> Result<Network, Error> {
    let folded = || {
        Layer::new(
            2,
            vec![2.0, -4.0, 2.0, -4.0],
            vec![0.0, -0.5],
            Piecewise::relu(),
        )
    };
    Network::new(vec![
        Layer::new(1, vec![1.0, 1.0], vec![0.0, -0.5], Piecewise::relu())?,
        folded()?,
        folded()?,
        Layer::new(2, vec![2.0, -4.0], vec![0.0], Piecewise::identity())?,
    ])
}

/// Eight lines of which each two cross at a point of their own, at most 2 away from the origin.
fn lines() -> Result<Network, Error> {
    let offsets = [0.31, -0.12, 0.24, -0.4, 0.05, 0.37, -0.22, 0.15];
    let mut weights = Vec::new();
    for unit in 0..8_u32 {
        // Rounded, so that the numbers are the same on every machine.
        let angle = std::f64::consts::PI * f64::from(unit) / 8.0;
        weights.extend([angle.cos(), angle.sin()].map(|w| (w * 1e4).round() / 1e4));
    }
    let heights = vec![1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
    Network::new(vec![
        Layer::new(2, weights, offsets.to_vec(), Piecewise::relu())?,
        Layer::new(8, heights, vec![0.0], Piecewise::identity())?,
    ])
}
