//! Networks without an illness, before and after training.

use knee::random::Seed;
use knee_lab::data;
use knee_lab::engine::{Builder, Gates, Init, Loss, Rule};

use super::bed::{
    assert_healthy, assert_healthy_throughout, classifier, digits, examine, function, odd_digits,
    stack,
};

/// A classifier of handwritten digits that learns them.
#[track_caller]
fn assert_healthy_classifier(depth: usize, name: &str, rule: Rule) {
    let net = classifier(depth, name, rule);
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.002, 4), 0.3);
}

#[test]
fn relu_with_he() {
    assert_healthy_classifier(3, "relu", Rule::He);
}

#[test]
fn three_layers_begin_with_the_defaults_of_a_framework() {
    let net = classifier(3, "relu", Rule::Framework);
    let diagnosis = examine(&net, &digits(), Loss::CrossEntropy, true);
    assert_healthy(&diagnosis, "before training");
}

#[test]
fn ten_layers_of_leaky_relu_with_its_exact_gain() {
    assert_healthy_classifier(10, "leaky_relu", Rule::Exact);
}

#[test]
fn leaky_relu_with_its_exact_gain() {
    assert_healthy_classifier(3, "leaky_relu", Rule::Exact);
}

#[test]
fn gelu_with_its_exact_gain() {
    assert_healthy_classifier(3, "gelu", Rule::Exact);
}

#[test]
fn six_layers_of_silu_with_its_exact_gain() {
    assert_healthy_classifier(6, "silu", Rule::Exact);
}

#[test]
fn selu_with_lecun() {
    assert_healthy_classifier(6, "selu", Rule::LeCun);
}

#[test]
fn shallow_tanh_with_glorot() {
    assert_healthy_classifier(2, "tanh", Rule::Glorot);
}

#[test]
fn four_layers_of_tanh_with_glorot() {
    assert_healthy_classifier(4, "tanh", Rule::Glorot);
}

#[test]
fn one_layer_of_sigmoid() {
    let net = classifier(1, "sigmoid", Rule::Glorot);
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.01, 4), 0.3);
}

#[test]
fn a_parametric_relu() {
    let init = Init::new(Rule::He);
    let net = Builder::new(64, Seed::new(7))
        .dense(64, init)
        .prelu(0.25)
        .dense(64, init)
        .prelu(0.25);
    let net = net.dense(10, init).build();
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.002, 4), 0.3);
}

#[test]
fn residual_blocks() {
    let init = Init::new(Rule::He);
    let mut builder = Builder::new(64, Seed::new(7)).dense(64, init);
    for _ in 0..5 {
        builder = builder.residual(|branch| {
            let branch = branch
                .layer_norm()
                .dense(64, init)
                .activation(function("relu"));
            branch.dense(64, Init::new(Rule::Scaled(0.2)))
        });
    }
    let net = builder
        .layer_norm()
        .dense(10, Init::new(Rule::LeCun))
        .build();
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.002, 4), 0.3);
}

#[test]
fn batch_normalisation() {
    let init = Init::new(Rule::He);
    let mut builder = Builder::new(64, Seed::new(7));
    for _ in 0..4 {
        builder = builder
            .dense(64, init)
            .batch_norm()
            .activation(function("relu"));
    }
    let net = builder.dense(10, Init::new(Rule::LeCun)).build();
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.002, 4), 0.3);
}

#[test]
fn a_small_convolutional_network() {
    let init = Init::new(Rule::He);
    let builder = Builder::image(8, 8, Seed::new(7))
        .convolution(8, 3, init)
        .activation(function("relu"));
    let builder = builder
        .max_pool()
        .convolution(16, 3, init)
        .activation(function("relu"));
    let net = builder
        .max_pool()
        .flatten()
        .dense(10, Init::new(Rule::LeCun))
        .build();
    assert_healthy_throughout(net, &digits(), Loss::CrossEntropy, (0.005, 4), 0.4);
}

#[test]
fn one_logit_for_two_classes() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init).dense(1, init).build();
    assert_healthy_throughout(net, &odd_digits(), Loss::BceWithLogits, (0.002, 4), 0.2);
}

#[test]
fn a_probability_into_a_loss_of_probabilities() {
    let init = Init::new(Rule::He);
    let net = stack(64, 2, 64, "relu", init)
        .dense(1, Init::new(Rule::LeCun))
        .activation(function("sigmoid"));
    assert_healthy_throughout(net.build(), &odd_digits(), Loss::Bce, (0.002, 4), 0.2);
}

#[test]
fn one_logit_for_each_label() {
    let labels = data::multilabel(1200, 8, 5, 0.0, Seed::new(3));
    let init = Init::new(Rule::He);
    let net = stack(8, 2, 32, "gelu", init).dense(5, init).build();
    assert_healthy_throughout(net, &labels, Loss::BceWithLogits, (0.01, 6), 0.25);
}

#[test]
fn a_curve_with_a_linear_output() {
    let packet = data::regression::curve(1200, data::regression::Curve::Packet, 0.02, Seed::new(3));
    let init = Init::new(Rule::Exact);
    let net = stack(1, 3, 32, "gelu", init).dense(1, init).build();
    assert_healthy_throughout(net, &packet, Loss::Mse, (0.01, 10), 0.02);
}

#[test]
fn a_small_transformer() {
    let init = Init::new(Rule::LeCun);
    let text = data::text::sentences(300, 16, Seed::new(3));
    let symbols = data::text::ALPHABET.len();
    let net = Builder::sequence(16, 1, Seed::new(7))
        .embedding(symbols, 32, 0.5)
        .positions(0.1)
        .residual(|branch| branch.layer_norm().attention(4, init))
        .residual(|branch| {
            let branch = branch
                .layer_norm()
                .dense(64, init)
                .activation(function("gelu"));
            branch.dense(32, init)
        })
        .layer_norm()
        .dense(symbols, init)
        .build();
    assert_healthy_throughout(net, &text, Loss::CrossEntropy, (0.005, 4), 1.5);
}

#[test]
fn a_recurrent_network() {
    let recall = data::memory::recall(1000, 5, 4, Seed::new(3));
    let init = Init::new(Rule::LeCun);
    let gates = Gates {
        gate: function("sigmoid"),
        candidate: function("tanh"),
    };
    let net = Builder::sequence(5, 5, Seed::new(7))
        .lstm(16, gates, init)
        .dense(4, init)
        .build();
    assert_healthy_throughout(net, &recall, Loss::CrossEntropy, (0.02, 6), 0.3);
}
