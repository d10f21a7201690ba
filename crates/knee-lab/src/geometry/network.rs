//! A network of dense layers and piecewise linear activations.

use super::error::finite;
use super::{Error, Piecewise};

/// A dense layer: weights, bias, and the activation behind them.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    name: String,
    inputs: usize,
    weights: Vec<f64>,
    bias: Vec<f64>,
    /// One for all units, or one each.
    activations: Vec<Piecewise>,
}

impl Layer {
    /// A layer of `bias.len()` units with weights `[units, inputs]`, row-major, and one activation for all units.
    pub fn new(
        inputs: usize,
        weights: Vec<f64>,
        bias: Vec<f64>,
        activation: Piecewise,
    ) -> Result<Self, Error> {
        Self::with_activations(inputs, weights, bias, vec![activation])
    }

    /// The same with one activation per unit, or one for all.
    pub fn with_activations(
        inputs: usize,
        weights: Vec<f64>,
        bias: Vec<f64>,
        activations: Vec<Piecewise>,
    ) -> Result<Self, Error> {
        let units = bias.len();
        let length = |place: &str, found: usize, expected: usize| {
            if found == expected {
                Ok(())
            } else {
                Err(Error::Length {
                    place: place.to_string(),
                    found,
                    expected,
                })
            }
        };
        if units == 0 || inputs == 0 {
            return Err(Error::Empty {
                place: format!("a layer of {units} units and {inputs} inputs"),
            });
        }
        length(
            "weights of a layer",
            weights.len(),
            units.saturating_mul(inputs),
        )?;
        if activations.len() != 1 {
            length("activations of a layer", activations.len(), units)?;
        }
        finite(&weights, |at| {
            format!("weight {} of unit {}", at % inputs, at / inputs)
        })?;
        finite(&bias, |unit| format!("bias of unit {unit}"))?;
        Ok(Self {
            name: String::new(),
            inputs,
            weights,
            bias,
            activations,
        })
    }

    /// The same layer under a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Its name; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many numbers it reads.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many units it has.
    pub fn units(&self) -> usize {
        self.bias.len()
    }

    /// The weights of one unit.
    pub fn row(&self, unit: usize) -> &[f64] {
        &self.weights[unit * self.inputs..(unit + 1) * self.inputs]
    }

    /// One number per unit.
    pub fn bias(&self) -> &[f64] {
        &self.bias
    }

    /// The activation of one unit.
    pub fn activation(&self, unit: usize) -> &Piecewise {
        &self.activations[if self.activations.len() == 1 { 0 } else { unit }]
    }

    /// The number of kinks of all its units.
    pub fn kinks(&self) -> usize {
        (0..self.units())
            .map(|unit| self.activation(unit).kinks().len())
            .sum()
    }
}

/// A chain of layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    layers: Vec<Layer>,
    pub(super) left_out: Option<String>,
}

impl Network {
    /// A network of these layers, the first nearest to the input.
    pub fn new(layers: Vec<Layer>) -> Result<Self, Error> {
        if layers.is_empty() {
            return Err(Error::Empty {
                place: "a network without layers".to_string(),
            });
        }
        for (index, pair) in layers.windows(2).enumerate() {
            if pair[1].inputs != pair[0].units() {
                return Err(Error::Length {
                    place: format!("inputs of layer {}", index + 2),
                    found: pair[1].inputs,
                    expected: pair[0].units(),
                });
            }
        }
        Ok(Self {
            layers,
            left_out: None,
        })
    }

    /// The layers, the first nearest to the input.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How many numbers it reads.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs
    }

    /// How many numbers it writes.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, Layer::units)
    }

    /// The activation of the output that was left out when the network was read, because it is not made of straight
    /// pieces: the outputs here are what enters it.
    pub fn left_out(&self) -> Option<&str> {
        self.left_out.as_deref()
    }

    /// The units of each layer that has kinks.
    pub fn hidden(&self) -> Vec<usize> {
        let bent = self.layers.iter().filter(|layer| layer.kinks() > 0);
        bent.map(Layer::units).collect()
    }

    /// The outputs at a point, computed forward.
    pub fn value(&self, x: &[f64]) -> Result<Vec<f64>, Error> {
        self.accepts(x)?;
        let mut values = x.to_vec();
        for layer in &self.layers {
            values = (0..layer.units())
                .map(|unit| {
                    let products = layer.row(unit).iter().zip(&values).map(|(w, x)| w * x);
                    layer
                        .activation(unit)
                        .value(products.sum::<f64>() + layer.bias[unit])
                })
                .collect();
        }
        Ok(values)
    }

    /// An error where a point has another length than the input, or is not finite.
    pub(super) fn accepts(&self, x: &[f64]) -> Result<(), Error> {
        if x.len() != self.inputs() {
            return Err(Error::Length {
                place: "the point".to_string(),
                found: x.len(),
                expected: self.inputs(),
            });
        }
        finite(x, |at| format!("coordinate {at} of the point"))
    }

    /// An error where a method takes another number of inputs.
    pub(super) fn takes(&self, expected: usize, method: &'static str) -> Result<(), Error> {
        match self.inputs() {
            found if found == expected => Ok(()),
            found => Err(Error::Inputs {
                method,
                expected,
                found,
            }),
        }
    }
}

/// Which piece of its activation every unit is on, layer by layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// The index of the piece, for each unit of each layer.
    pub layers: Vec<Vec<u8>>,
}

impl Pattern {
    /// The pattern as text: one sign per unit, layers separated by a blank, layers without kinks left out.
    ///
    /// `-` and `+` are the left and the right piece of an activation of two pieces; with more pieces it is the index of the
    /// piece, and `.` stands for a unit without a kink.
    pub fn text(&self, network: &Network) -> String {
        let bent = network
            .layers
            .iter()
            .zip(&self.layers)
            .filter(|(layer, _)| layer.kinks() > 0);
        let texts: Vec<String> = bent
            .map(|(layer, pieces)| {
                let units = pieces.iter().enumerate();
                units
                    .map(|(unit, &piece)| sign(piece, layer.activation(unit).slopes().len()))
                    .collect()
            })
            .collect();
        texts.join(" ")
    }
}

fn sign(piece: u8, pieces: usize) -> char {
    match (pieces, piece) {
        (1, _) => '.',
        (2, 0) => '-',
        (2, _) => '+',
        (_, piece) => char::from_digit(u32::from(piece), 36).unwrap_or('?'),
    }
}
