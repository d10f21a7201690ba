//! The function of the hidden layers: rules in order, of which the first that fits holds.

use super::Architecture::{Cnn, Gan, Rnn, Transformer};
use super::Constraint::{Bounded, Edge, Smooth};
use super::{Part, Question, Unanswerable};
use crate::Entry;

/// When a function suits, which one, and why.
struct Rule {
    fits: fn(&Question) -> bool,
    function: &'static str,
    reason: &'static str,
    trade_off: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        fits: |question| question.architecture == Rnn && question.needs(Edge),
        function: "hard_tanh",
        reason: "the state passes through it at every step, so it must stay bounded; comparisons are all it costs",
        trade_off: "beyond -1 and 1 its slope is exactly 0, so long dependencies are learned more slowly than with tanh",
    },
    Rule {
        fits: |question| question.architecture == Rnn,
        function: "tanh",
        reason: "the state passes through it at every step: bounded and with mean 0 it neither grows nor drifts",
        trade_off: "it saturates; what carries gradients over many steps is the additive path of the cell, not the function",
    },
    Rule {
        fits: |question| question.needs(Bounded) && question.needs(Edge),
        function: "relu6",
        reason: "values between 0 and 6 fit a fixed-point format, and two comparisons are all it costs",
        trade_off: "slope 0 below 0 and above 6: units can die on both sides; hard_tanh has mean 0 but the same two dead ranges",
    },
    Rule {
        fits: |question| question.needs(Bounded),
        function: "tanh",
        reason: "bounded, smooth and with mean 0: the bounded function that slows learning least",
        trade_off: "it saturates on both sides, so gradients shrink with depth: few layers, normalisation, or residual connections",
    },
    Rule {
        fits: |question| question.needs(Edge) && question.architecture == Cnn,
        function: "hard_swish",
        reason: "nearly the accuracy of silu without its exponential: comparisons and a product, exact in fixed point",
        trade_off: "no continuous second derivative, and slope 0 below -3; relu is cheaper still",
    },
    Rule {
        fits: |question| question.needs(Edge),
        function: "relu",
        reason: "one comparison per value, and half of the values are zeros that need no work",
        trade_off: "units can die; relu6 where fixed-point values need a ceiling",
    },
    Rule {
        fits: |question| question.architecture == Gan && question.needs(Smooth),
        function: "silu",
        reason: "a penalty on gradients differentiates twice, and the generator still learns through negative values",
        trade_off: "not monotone, and its slope goes to 0 on the left where leaky_relu keeps one",
    },
    Rule {
        fits: |question| question.architecture == Gan,
        function: "leaky_relu(negative_slope=0.2)",
        reason: "the generator learns only through the discriminator's gradient: the slope on the left keeps it alive",
        trade_off: "a kink at 0; silu if a gradient penalty needs second derivatives. The generator itself takes relu, and tanh at its output",
    },
    Rule {
        fits: |question| question.architecture == Transformer,
        function: "gelu",
        reason: "smooth, never dead, and what transformers of every kind were trained and compared with",
        trade_off: "an error function per value; swiglu does a little better in large language models, for a third matrix",
    },
    Rule {
        fits: |question| question.needs(Smooth),
        function: "silu",
        reason: "all derivatives are continuous and it is close to relu at a distance",
        trade_off: "an exponential per value, and not monotone: softplus is smooth and monotone, but its values are all positive",
    },
    Rule {
        fits: |question| question.architecture == Cnn,
        function: "relu",
        reason: "with normalisation before it few units die, it costs one comparison, and most pretrained networks have it",
        trade_off: "silu or gelu gain a little accuracy for an exponential per value; leaky_relu if many units die",
    },
    Rule {
        fits: Question::is_deep,
        function: "selu",
        reason: "mean and variance stay near 0 and 1 through many dense layers without normalisation",
        trade_off: "only with LeCun initialisation, standardised inputs and alpha dropout; else relu with residual connections",
    },
    Rule {
        fits: |_| true,
        function: "relu",
        reason: "for a few dense layers nothing is simpler or faster, and He initialisation keeps the variance",
        trade_off: "units can die at a high learning rate: leaky_relu or elu then; silu for a smooth fit",
    },
];

/// The function and what is said about it; none without hidden layers.
pub(super) fn of(question: &Question) -> Result<Option<(Entry, Part)>, Unanswerable> {
    if question.depth == Some(0) {
        return Ok(None);
    }
    if let Some(function) = question.hidden {
        let part = Part::new(
            function.to_string(),
            "it was given",
            "what follows from it is below; leave --hidden out to have one chosen",
        );
        return Ok(Some((function, part)));
    }
    if question.needs(Edge) && question.needs(Smooth) {
        return Err(Unanswerable(
            "--constraint edge contradicts --constraint smooth: what needs no exponential has kinks; leave one of them out"
                .to_string(),
        ));
    }
    let rule = RULES.iter().find(|rule| (rule.fits)(question));
    Ok(rule.and_then(|rule| {
        let function = Entry::parse(rule.function).ok()?;
        let part = Part::new(rule.function, rule.reason, rule.trade_off);
        Some((function, part))
    }))
}

/// The function of the gates, in a recurrent network.
pub(super) fn gates(question: &Question) -> Option<Part> {
    if question.architecture != Rnn {
        return None;
    }
    Some(if question.needs(Edge) {
        Part::new(
            "hard_sigmoid",
            "a gate lets a share between 0 and 1 pass; comparisons are all it costs",
            "a gate that is fully open or shut gets no gradient; its slope differs between ONNX and PyTorch, see `knee show hard_sigmoid`",
        )
    } else {
        Part::new(
            "sigmoid",
            "a gate lets a share between 0 and 1 pass, and the sigmoid's slope is largest where the gate is undecided",
            "it saturates by design; a bias of 1 for the forget gate keeps the cell's memory open when learning begins",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_names_a_function_of_the_catalogue() {
        for rule in RULES {
            assert!(Entry::parse(rule.function).is_ok(), "{}", rule.function);
        }
    }
}
