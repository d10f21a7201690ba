//! Words for the initialisation that fits an activation.

use knee::{Function, Initialisation};

/// The fix "initialise so", with the exact gain of the function and the name it goes by.
pub(crate) fn initialise(function: &Function) -> String {
    let gain = function.gain();
    let name = match function.facts().initialisation {
        Initialisation::He => " (He)",
        Initialisation::Glorot => " (Glorot)",
        Initialisation::LeCun => " (LeCun)",
        Initialisation::None => "",
    };
    format!(
        "initialise the weights before {function} with standard deviation {gain:.3} / sqrt(fan_in){name}: \
         {gain:.3} is the gain that keeps the scale of signals through {function}"
    )
}

/// The fix "lower the learning rate".
pub(crate) fn lower_the_rate() -> String {
    "lower the learning rate, or warm it up: one step that is too large moves whole units away \
     from all inputs"
        .to_owned()
}

/// The fix "normalise before it".
pub(crate) fn normalise(function: &Function) -> String {
    format!("put a normalising layer before {function}, so that its pre-activations stay near 0")
}

/// The fix "another function", by what the function does on the left.
pub(crate) fn keep_a_slope(function: &Function) -> String {
    format!(
        "use a function whose slope does not vanish instead of {function}: leaky_relu or gelu, \
         with the initialisation that fits it"
    )
}
