//! Networks with an illness.

use knee::RowFunction;
use knee::random::Seed;
use knee_doctor::Severity::{Error, Warn};
use knee_lab::data;
use knee_lab::engine::{Builder, Init, Loss, Net, Optimizer, Rule};

use super::bed::{
    assert_finds, classifier, digits, examine, examine_outputs, function, odd_digits, stack, train,
};

fn softmax() -> RowFunction {
    RowFunction::parse("softmax").expect("a name of knee")
}

/// Sets all numbers of a tensor of weights.
fn set(net: &mut Net, name: &str, value: f32) {
    let weights = net.weights.iter_mut().find(|weights| weights.name == name);
    weights.expect("a name of the network").values.fill(value);
}

#[test]
fn units_die_of_a_rate_that_is_too_large() {
    let digits = digits();
    let mut net = classifier(3, "relu", Rule::He);
    train(
        &mut net,
        &digits,
        Loss::CrossEntropy,
        Optimizer::Sgd {
            rate: 0.3,
            momentum: 0.9,
        },
        2,
    );
    let diagnosis = examine(&net, &digits, Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "dead-units", Warn);
}

#[test]
fn units_whose_biases_are_far_below_zero_are_dead() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init.with_bias(-5.0))
        .dense(10, init)
        .build();
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "dead-units", Error);
}

#[test]
fn a_layer_whose_biases_are_out_of_reach_is_dead() {
    let init = Init::new(Rule::He);
    let mut net = stack(64, 3, 64, "relu", init).dense(10, init).build();
    set(&mut net, "1.bias", -100.0);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "dead-layer", Error);
}

#[test]
fn units_of_a_deep_stack_without_biases_are_born_dead() {
    let net = classifier(10, "relu", Rule::He);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "dead-units", Warn);
}

#[test]
fn units_behind_a_single_input_without_biases_are_born_dead() {
    let packet = data::regression::curve(1200, data::regression::Curve::Packet, 0.02, Seed::new(3));
    let init = Init::new(Rule::He);
    let net = stack(1, 3, 32, "relu", init).dense(1, init).build();
    assert_finds(&examine(&net, &packet, Loss::Mse, true), "dead-units", Warn);
}

#[test]
fn a_shift_after_normalisation_kills() {
    let init = Init::new(Rule::He);
    let builder = Builder::new(64, Seed::new(7)).dense(64, init).batch_norm();
    let mut net = builder.activation(function("relu")).dense(10, init).build();
    set(&mut net, "norm2.beta", -8.0);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "dead-by-norm", Warn);
    assert_finds(&diagnosis, "dead-layer", Error);
}

#[test]
fn the_gradient_vanishes_in_twenty_sigmoid_layers() {
    let net = classifier(20, "sigmoid", Rule::Glorot);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "vanishing-gradient", Error);
    assert_finds(&diagnosis, "hidden-squash", Warn);
}

#[test]
fn the_gradient_explodes_with_three_times_the_weights() {
    let net = classifier(8, "relu", Rule::Scaled(18.0));
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "exploding-gradient", Warn);
    assert_finds(&diagnosis, "init-gain", Warn);
}

#[test]
fn the_defaults_of_a_framework_lose_the_signal_in_ten_layers() {
    let net = classifier(10, "relu", Rule::Framework);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "init-gain", Warn);
}

#[test]
fn tanh_saturates_with_large_weights() {
    let net = classifier(3, "tanh", Rule::Scaled(50.0));
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "saturated-units", Warn);
    assert_finds(&diagnosis, "hidden-squash", Warn);
}

#[test]
fn tanh_saturates_with_large_biases() {
    let init = Init::new(Rule::Glorot);
    let net = stack(64, 2, 64, "tanh", init.with_bias(6.0))
        .dense(10, init)
        .build();
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "saturated-units", Warn);
    assert_finds(&diagnosis, "off-centre", Warn);
}

#[test]
fn a_softmax_stands_between_layers() {
    let init = Init::new(Rule::He);
    let net = stack(64, 1, 64, "relu", init)
        .dense(64, init)
        .rows(softmax())
        .dense(10, init)
        .build();
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "hidden-squash", Warn);
}

#[test]
fn softmax_is_applied_twice() {
    let init = Init::new(Rule::He);
    let digits = digits();
    let mut net = stack(64, 2, 64, "relu", init)
        .dense(10, init)
        .rows(softmax())
        .build();
    assert_finds(
        &examine(&net, &digits, Loss::CrossEntropy, true),
        "double-softmax",
        Error,
    );
    train(
        &mut net,
        &digits,
        Loss::CrossEntropy,
        Optimizer::Adam { rate: 0.003 },
        2,
    );
    assert_finds(
        &examine(&net, &digits, Loss::CrossEntropy, false),
        "double-softmax",
        Error,
    );
}

#[test]
fn sigmoid_is_applied_twice() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init)
        .dense(1, init)
        .activation(function("sigmoid"))
        .build();
    let diagnosis = examine(&net, &odd_digits(), Loss::BceWithLogits, false);
    assert_finds(&diagnosis, "double-sigmoid", Error);
}

#[test]
fn relu_cuts_the_logits() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init)
        .dense(10, init)
        .activation(function("relu"))
        .build();
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "relu-on-logits", Error);
}

#[test]
fn probabilities_are_missing() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init).dense(1, init).build();
    let diagnosis = examine_outputs(&net, &odd_digits(), Loss::Bce);
    assert_finds(&diagnosis, "missing-output-activation", Error);
}

#[test]
fn softmax_answers_independent_labels() {
    let labels = data::multilabel(1200, 8, 5, 0.0, Seed::new(3));
    let init = Init::new(Rule::He);
    let net = stack(8, 2, 32, "relu", init).dense(5, init).build();
    let diagnosis = examine(&net, &labels, Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "softmax-on-multilabel", Error);
}

#[test]
fn softmax_runs_over_a_single_output() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init)
        .dense(1, init)
        .rows(softmax())
        .build();
    let diagnosis = examine(&net, &odd_digits(), Loss::Bce, false);
    assert_finds(&diagnosis, "softmax-over-one", Error);
}

#[test]
fn the_output_cannot_reach_the_targets() {
    let sine = data::regression::curve(1200, data::regression::Curve::Sine, 0.05, Seed::new(3));
    let init = Init::new(Rule::He);
    let net = stack(1, 2, 32, "relu", init)
        .dense(1, init)
        .activation(function("relu"))
        .build();
    assert_finds(
        &examine(&net, &sine, Loss::Mse, false),
        "output-range",
        Error,
    );
}

#[test]
fn two_layers_have_nothing_between_them() {
    let init = Init::new(Rule::He);
    let net = stack(64, 1, 64, "relu", init)
        .dense(64, init)
        .dense(64, init)
        .activation(function("relu"));
    let diagnosis = examine(
        &net.dense(10, init).build(),
        &digits(),
        Loss::CrossEntropy,
        false,
    );
    assert_finds(&diagnosis, "linear-collapse", Warn);
}

#[test]
fn relu_follows_relu() {
    let init = Init::new(Rule::He);
    let net = stack(64, 1, 64, "relu", init)
        .activation(function("relu"))
        .dense(10, init)
        .build();
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "redundant-activation", Warn);
}

#[test]
fn all_units_begin_the_same() {
    let init = Init::new(Rule::He);
    let mut net = stack(64, 2, 64, "relu", init).dense(10, init).build();
    set(&mut net, "1.weight", 0.05);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_finds(&diagnosis, "symmetric-init", Error);
}

#[test]
fn weights_that_overflowed_are_named() {
    let mut net = classifier(3, "relu", Rule::He);
    set(&mut net, "1.weight", f32::MAX);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, false);
    assert_finds(&diagnosis, "first-nonfinite", Error);
}
