//! A network: its pieces and its weights.

use knee::{Function, RowFunction};

use super::attention::Attention;
use super::formula::Formula;
use super::lstm::Lstm;
use super::norm::Norm;
use super::window::{Pool, Window};

/// A matrix of weights; a bias is a matrix with one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Where it belongs, such as `2.weight`.
    pub name: String,
    /// Rows and columns: a layer multiplies from the right, so `[inputs, units]`.
    pub shape: [usize; 2],
    /// The numbers, row by row.
    pub values: Vec<f32>,
}

/// What an activation computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// A function of single numbers.
    Element(Function),
    /// A parametric ReLU; its slopes are the weights of this index.
    Prelu(usize),
    /// A function of the units of a position.
    Rows(RowFunction),
}

/// A part of a network.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Weights and perhaps biases, by index.
    Dense { weight: usize, bias: Option<usize> },
    /// An activation, with the index of its site.
    Activation { site: usize, what: Activation },
    /// A function that a search put together. The doctor does not judge it.
    Formula(Formula),
    /// The neighbours of each pixel beside one another: what a convolution multiplies.
    Window(Window),
    /// The largest of two by two pixels.
    Pool(Pool),
    /// A normalising layer.
    Norm(Norm),
    /// What the pieces make is added to what they were given.
    Residual(Vec<Piece>),
    /// Rows of a table by token.
    Embedding { table: usize },
    /// A vector for each position is added.
    Positions { table: usize },
    /// Every position reads the positions before it.
    Attention(Attention),
    /// A recurrent layer; its last state.
    Lstm(Lstm),
    /// All positions of a sample become one.
    Flatten,
    /// The mean over positions.
    Average,
}

/// A network that is put together at run time; [`Builder`](super::Builder) makes one.
#[derive(Clone, Debug)]
pub struct Net {
    pub(super) pieces: Vec<Piece>,
    /// All weights, in the order in which they were made.
    pub weights: Vec<Weights>,
    /// Running means and variances of batch normalisation, which no gradient reaches.
    pub(super) running: Vec<[Vec<f32>; 2]>,
    pub(super) sites: usize,
    /// Positions of a sample that enters, and numbers of a position.
    pub(super) entering: (usize, usize),
    /// Positions of a sample that leaves, and numbers of a position.
    pub(super) leaving: (usize, usize),
}

impl Net {
    /// Numbers that training changes.
    pub fn parameters(&self) -> usize {
        self.weights
            .iter()
            .map(|weights| weights.values.len())
            .sum()
    }

    /// Activations.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Outputs of a position.
    pub fn outputs(&self) -> usize {
        self.leaving.1
    }

    /// The weights of this name.
    pub fn named(&self, name: &str) -> Option<&Weights> {
        self.weights.iter().find(|weights| weights.name == name)
    }

    /// The weight matrices of the dense layers and convolutions, from the input to the output; not those inside of attention
    /// and recurrent layers.
    pub fn matrices(&self) -> Vec<&Weights> {
        fn collect<'a>(net: &'a Net, pieces: &[Piece], into: &mut Vec<&'a Weights>) {
            for piece in pieces {
                match piece {
                    Piece::Dense { weight, .. } => into.push(&net.weights[*weight]),
                    Piece::Residual(inner) => collect(net, inner, into),
                    _ => {}
                }
            }
        }
        let mut found = Vec::new();
        collect(self, &self.pieces, &mut found);
        found
    }

    /// The same network with another function at every site of `old`.
    #[must_use]
    pub fn swapped(&self, old: Function, new: Function) -> Self {
        fn swap(pieces: &mut [Piece], old: Function, new: Function) {
            for piece in pieces {
                match piece {
                    Piece::Activation {
                        what: Activation::Element(function),
                        ..
                    } if *function == old => {
                        *function = new;
                    }
                    Piece::Residual(inner) => swap(inner, old, new),
                    _ => {}
                }
            }
        }
        let mut net = self.clone();
        swap(&mut net.pieces, old, new);
        net
    }
}
