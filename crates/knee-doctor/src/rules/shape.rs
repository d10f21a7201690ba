//! Shapes of functions that several rules ask for, read from the facts that each function declares.

use knee::{Facts, Function, Tail};

fn limits(facts: &Facts) -> [Option<f64>; 2] {
    [facts.left, facts.right].map(|tail| match tail {
        Tail::Saturates { limit } => Some(limit),
        _ => None,
    })
}

/// Whether a function is constant for all negative arguments, as ReLU is.
pub(crate) fn cuts_off(function: Function) -> bool {
    let facts = function.facts();
    facts
        .flat
        .iter()
        .any(|flat| flat.low == f64::NEG_INFINITY && flat.high >= 0.0)
}

/// Whether a function levels off on both sides of its bend, as sigmoid and tanh do. A ReLU with a
/// ceiling is none of them: half of its arguments are meant to be flat.
pub(crate) fn squashes(function: Function) -> bool {
    limits(&function.facts()).iter().all(Option::is_some) && !cuts_off(function)
}

/// Whether a function levels off at 0 on one side and at 1 on the other and stays between.
pub(crate) fn gives_probabilities(function: Function) -> bool {
    let facts = function.facts();
    let inside = facts.range.low >= 0.0 && facts.range.high <= 1.0;
    let mut limits = limits(&facts);
    limits.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    inside && limits == [Some(0.0), Some(1.0)]
}

/// Whether a function is exactly constant on both sides.
pub(crate) fn clips(function: Function) -> bool {
    let facts = function.facts();
    let flat = |edge: f64| {
        facts
            .flat
            .iter()
            .any(|flat| flat.low == edge || flat.high == edge)
    };
    flat(f64::NEG_INFINITY) && flat(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_shape(shape: fn(Function) -> bool, with: &[&str], without: &[&str]) {
        for (names, expected) in [(with, true), (without, false)] {
            for name in names {
                let function = Function::parse(name).expect("a function");
                assert_eq!(shape(function), expected, "{name}");
            }
        }
    }

    #[test]
    fn functions_that_cut_off() {
        assert_shape(
            cuts_off,
            &["relu", "relu6"],
            &["leaky_relu", "elu", "hard_sigmoid", "hard_tanh", "gelu"],
        );
    }

    #[test]
    fn functions_that_squash() {
        assert_shape(
            squashes,
            &["sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "erf"],
            &["relu6", "sine", "softplus", "silu", "elu"],
        );
    }

    #[test]
    fn functions_that_give_probabilities() {
        assert_shape(
            gives_probabilities,
            &["sigmoid", "hard_sigmoid", "hard_sigmoid_02"],
            &["tanh", "relu6", "erf", "relu"],
        );
    }

    #[test]
    fn functions_that_clip() {
        assert_shape(
            clips,
            &["relu6", "hard_sigmoid", "hard_tanh"],
            &["relu", "sigmoid", "tanh", "hard_swish"],
        );
    }
}
