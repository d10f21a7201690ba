//! How weights begin.

use knee::random::Seed;
use knee::{Distribution, Fan, Function, Initializer};

/// What the variance of the weights follows from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// `2 / fan_in`, whatever the function.
    He,
    /// `2 / (fan_in + fan_out)`.
    Glorot,
    /// `1 / fan_in`.
    LeCun,
    /// `gain^2 / fan_in` with the exact gain of the function that feeds the layer; `1 / fan_in` for the first layer.
    Exact,
    /// What PyTorch's layers begin with: `1 / (3 fan_in)`, uniform, biases as well.
    Framework,
    /// This variance times `1 / fan_in`.
    Scaled(f64),
    /// Normal with this standard deviation, whatever the fan.
    Deviation(f64),
}

/// How the layers of a network begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Init {
    /// The variance.
    pub rule: Rule,
    /// The shape.
    pub distribution: Distribution,
    /// What all biases begin with.
    pub bias: f32,
}

impl Init {
    /// Normal weights of a rule, biases 0.
    pub fn new(rule: Rule) -> Self {
        Self {
            rule,
            distribution: if rule == Rule::Framework {
                Distribution::Uniform
            } else {
                Distribution::Normal
            },
            bias: 0.0,
        }
    }

    /// The same with another start of the biases.
    #[must_use]
    pub fn with_bias(self, bias: f32) -> Self {
        Self { bias, ..self }
    }

    /// The variance of the weights of a layer that is fed by a function, or by the data.
    pub fn variance(&self, fan_in: usize, fan_out: usize, fed_by: Option<Function>) -> f64 {
        let fan = Fan::dense(fan_in, fan_out);
        match self.rule {
            Rule::He => fan.he(),
            Rule::Glorot => fan.glorot(),
            Rule::LeCun => fan.lecun(),
            Rule::Exact => fan.variance(fed_by.map_or(1.0, |function| function.gain())),
            Rule::Framework => fan.lecun() / 3.0,
            Rule::Scaled(factor) => fan.lecun() * factor,
            Rule::Deviation(deviation) => deviation * deviation,
        }
    }

    /// Weights.
    pub(super) fn weights(
        &self,
        shape: [usize; 2],
        fed_by: Option<Function>,
        seed: Seed,
    ) -> Vec<f32> {
        self.draw(
            shape[0] * shape[1],
            self.variance(shape[0], shape[1], fed_by),
            seed,
        )
    }

    /// Biases of a layer with this fan-in.
    pub(super) fn biases(&self, fan_in: usize, units: usize, seed: Seed) -> Vec<f32> {
        if self.rule == Rule::Framework {
            self.draw(units, 1.0 / (3.0 * fan_in as f64), seed)
        } else {
            vec![self.bias; units]
        }
    }

    fn draw(&self, count: usize, variance: f64, seed: Seed) -> Vec<f32> {
        let mut weights = vec![0.0; count];
        let initializer = Initializer {
            distribution: self.distribution,
            variance,
        };
        initializer
            .fill(&mut weights, seed)
            .expect("the variance of a layer with inputs is finite");
        weights
    }
}
