//! Steps along the gradient, on the host.

use super::net::Weights;

/// How weights follow their gradients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimizer {
    /// Stochastic gradient descent: `v = momentum v + g`, `w = w - rate v`.
    Sgd {
        /// The learning rate.
        rate: f64,
        /// The share of the last step that is kept.
        momentum: f64,
    },
    /// Adam with the moments 0.9 and 0.999.
    Adam {
        /// The learning rate.
        rate: f64,
    },
}

impl Optimizer {
    /// The learning rate.
    pub fn rate(self) -> f64 {
        match self {
            Self::Sgd { rate, .. } | Self::Adam { rate } => rate,
        }
    }

    /// The same with another learning rate.
    #[must_use]
    pub fn with_rate(self, rate: f64) -> Self {
        match self {
            Self::Sgd { momentum, .. } => Self::Sgd { rate, momentum },
            Self::Adam { .. } => Self::Adam { rate },
        }
    }
}

/// What an optimizer remembers between steps.
#[derive(Clone, Debug, Default)]
pub struct State {
    first: Vec<Vec<f32>>,
    second: Vec<Vec<f32>>,
    steps: i32,
}

const FIRST: f64 = 0.9;
const SECOND: f64 = 0.999;
const EPSILON: f32 = 1e-8;

impl State {
    /// One step.
    pub fn step(&mut self, optimizer: Optimizer, weights: &mut [Weights], gradients: &[Vec<f32>]) {
        if self.first.is_empty() {
            let zeros = || {
                gradients
                    .iter()
                    .map(|gradient| vec![0.0; gradient.len()])
                    .collect()
            };
            self.first = zeros();
            if matches!(optimizer, Optimizer::Adam { .. }) {
                self.second = zeros();
            }
        }
        self.steps += 1;
        match optimizer {
            Optimizer::Sgd { rate, momentum } => {
                let (rate, momentum) = (rate as f32, momentum as f32);
                for ((weights, gradient), velocity) in
                    weights.iter_mut().zip(gradients).zip(&mut self.first)
                {
                    for ((w, g), v) in weights.values.iter_mut().zip(gradient).zip(velocity) {
                        *v = momentum * *v + g;
                        *w -= rate * *v;
                    }
                }
            }
            Optimizer::Adam { rate } => {
                let correction = (1.0 - SECOND.powi(self.steps)).sqrt();
                let rate = (rate * correction / (1.0 - FIRST.powi(self.steps))) as f32;
                let epsilon = EPSILON * correction as f32;
                let (first, second) = (FIRST as f32, SECOND as f32);
                let moments = self.first.iter_mut().zip(&mut self.second);
                for ((weights, gradient), (m, v)) in weights.iter_mut().zip(gradients).zip(moments)
                {
                    let moments = m.iter_mut().zip(v);
                    for ((w, g), (m, v)) in weights.values.iter_mut().zip(gradient).zip(moments) {
                        *m += (1.0 - first) * (g - *m);
                        *v += (1.0 - second) * (g * g - *v);
                        *w -= rate * *m / (v.sqrt() + epsilon);
                    }
                }
            }
        }
    }
}
