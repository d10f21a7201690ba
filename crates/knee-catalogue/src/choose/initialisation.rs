//! How the weights begin: it follows from the function before them.

use knee::Initialisation;
use knee_figure::short;

use super::{Architecture, Part, Question};
use crate::{Entry, words};

/// Weights around a hidden function, or of a network without one.
pub(super) fn of(question: &Question, hidden: Option<&(Entry, Part)>) -> Part {
    let Some(function) = hidden.and_then(|(entry, _)| entry.curve()) else {
        return Part::new(
            "LeCun: variance 1 / fan_in",
            "without a hidden layer the outputs begin with the variance of the inputs",
            "zeros do as well: a linear model has no symmetry to break",
        );
    };
    let rule = function.facts().initialisation;
    let gain = short(function.gain());
    let choice = match rule {
        Initialisation::None => format!("variance {} / fan_in", short(function.gain().powi(2))),
        rule => words::initialisation(rule).to_string(),
    };
    let reason = match rule {
        Initialisation::He => format!(
            "it makes up for what the function takes away: a gain near sqrt(2) keeps the size of the values from layer to layer; that of {function} is {gain}"
        ),
        Initialisation::Glorot => {
            "between forward and backward: values and gradients both keep their size while the function is in its linear part"
                .to_string()
        }
        Initialisation::LeCun => format!(
            "{function} keeps mean 0 and variance 1 by itself if the weights add nothing; its gain is {gain}"
        ),
        Initialisation::None => {
            format!("there is no recommendation in the literature; gain {gain} keeps the size of the values")
        }
    };
    let trade_off = match question.architecture {
        Architecture::Rnn => {
            "orthogonal for the recurrent matrix, and a bias of 1 for the forget gate"
        }
        Architecture::Transformer => {
            "scale the last matrix of each residual branch by 1 / sqrt(2 * depth), so that the sum over the branches does not grow"
        }
        Architecture::Cnn => {
            "with normalisation after each convolution the exact variance matters little; fan_in counts the kernel"
        }
        Architecture::Gan => {
            "a normal distribution with standard deviation 0.02 is usual with spectral or batch normalisation"
        }
        Architecture::Mlp => {
            "biases 0; with normalisation after each layer the exact variance matters little"
        }
    };
    Part::new(choice, reason, trade_off)
}
