//! What a site is for follows from what reads it.

use knee_doctor::network::{Kind, Role};
use knee_onnx::Model;

use crate::build::{Attribute, Net};

fn roles(net: &Net) -> Vec<(String, Role)> {
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    model
        .network()
        .sites
        .iter()
        .map(|site| (site.name.clone(), site.role))
        .collect()
}

fn start() -> Net {
    Net::new(18).input("x", &[-1, 4]).dense("x", "a", [4, 6])
}

#[test]
fn hidden_between_layers_and_output_before_the_end() {
    let net = start()
        .node("Tanh", &["a"], "hidden")
        .dense("hidden", "logits", [6, 3])
        .with(
            "Softmax",
            &["logits"],
            &["y"],
            vec![("axis", Attribute::Int(-1))],
        )
        .output("y");
    assert_eq!(
        roles(&net),
        [("hidden".into(), Role::Hidden), ("y".into(), Role::Output)]
    );
}

#[test]
fn an_output_keeps_its_role_through_views_scales_and_logarithms() {
    let net = start()
        .number("two", 2.0)
        .ints("shape", &[-1, 3, 2])
        .node("Tanh", &["a"], "act")
        .node("Mul", &["act", "two"], "scaled")
        .node("Reshape", &["scaled", "shape"], "y")
        .output("y");
    assert_eq!(roles(&net), [("act".into(), Role::Output)]);
}

#[test]
fn a_relu_before_global_pooling_is_hidden() {
    let net = start()
        .node("Relu", &["a"], "act")
        .with(
            "ReduceMean",
            &["act"],
            &["y"],
            vec![("axes", Attribute::Ints(vec![1]))],
        )
        .output("y");
    assert_eq!(roles(&net), [("act".into(), Role::Hidden)]);
}

#[test]
fn a_site_that_does_not_reach_the_loss_is_a_target() {
    let net = start()
        .dense("a", "logits", [6, 3])
        .node("Sigmoid", &["logits"], "probability")
        .output("logits")
        .output("probability");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.network().sites[0].role, Role::Target);
    let model = model.with_output("probability").expect("an output");
    assert_eq!(model.network().sites[0].role, Role::Output);
    let error = model
        .with_output("probabilities")
        .expect_err("no such output")
        .to_string();
    assert!(
        error.contains("probabilities") && error.contains("logits, probability"),
        "{error}"
    );
}

#[test]
fn glu_and_swiglu_gate() {
    let glu = start()
        .dense("x", "b", [4, 6])
        .node("Sigmoid", &["b"], "gate")
        .node("Mul", &["a", "gate"], "product")
        .dense("product", "y", [6, 3])
        .output("y");
    assert_eq!(roles(&glu), [("gate".into(), Role::Gate)]);
    let swiglu = start()
        .dense("x", "b", [4, 6])
        .node("Sigmoid", &["b"], "sigmoid")
        .node("Mul", &["b", "sigmoid"], "silu")
        .node("Mul", &["silu", "a"], "product")
        .dense("product", "y", [6, 3])
        .output("y");
    assert_eq!(roles(&swiglu), [("silu".into(), Role::Gate)]);
}

#[test]
fn in_squeeze_and_excitation_only_the_sigmoid_gates() {
    let net = start()
        .node("Relu", &["a"], "act")
        .dense("act", "squeeze", [6, 2])
        .node("Relu", &["squeeze"], "inner")
        .dense("inner", "excite", [2, 6])
        .node("Sigmoid", &["excite"], "gate")
        .node("Mul", &["act", "gate"], "product")
        .dense("product", "y", [6, 3])
        .output("y");
    let expected = [
        ("act".into(), Role::Hidden),
        ("inner".into(), Role::Hidden),
        ("gate".into(), Role::Gate),
    ];
    assert_eq!(roles(&net), expected);
}

/// Softmax of a 4-D score, a mask behind it, and the product with the values.
#[test]
fn attention_through_a_guard() {
    let net = Net::new(18)
        .input("scores", &[-1, 2, 5, 5])
        .input("values", &[-1, 2, 5, 3])
        .number("zero", 0.0)
        .node("Softmax", &["scores"], "weights")
        .node("IsNaN", &["weights"], "nan")
        .node("Where", &["nan", "zero", "weights"], "guarded")
        .node("MatMul", &["guarded", "values"], "mixed")
        .dense("mixed", "y", [3, 3])
        .output("y");
    assert_eq!(roles(&net), [("weights".into(), Role::Attention)]);
}

#[test]
fn a_router_chooses_or_weighs_experts() {
    let top = start()
        .ints("k", &[2])
        .node("Softmax", &["a"], "router")
        .with("TopK", &["router", "k"], &["best", "index"], Vec::new())
        .dense("best", "y", [2, 3])
        .output("y");
    assert_eq!(roles(&top), [("router".into(), Role::Router)]);
    let weighted = Net::new(18)
        .input("x", &[-1, 4])
        .dense("x", "scores", [4, 2])
        .dense("x", "e1", [4, 3])
        .dense("x", "e2", [4, 3])
        .ints("one", &[1])
        .ints("two", &[2])
        .node("Softmax", &["scores"], "router")
        .node("Unsqueeze", &["e1", "one"], "s1")
        .node("Unsqueeze", &["e2", "one"], "s2")
        .with(
            "Concat",
            &["s1", "s2"],
            &["stack"],
            vec![("axis", Attribute::Int(1))],
        )
        .node("Unsqueeze", &["router", "two"], "weights")
        .node("Mul", &["weights", "stack"], "product")
        .with(
            "ReduceSum",
            &["product", "one"],
            &["sum"],
            vec![("keepdims", Attribute::Int(0))],
        )
        .dense("sum", "y", [3, 3])
        .output("y");
    assert_eq!(roles(&weighted), [("router".into(), Role::Router)]);
}

#[test]
fn layers_with_their_bias_and_norms_that_are_written_out() {
    let net = Net::new(13)
        .input("x", &[-1, 5, 4])
        .floats("w", &[4, 6], &[0.5; 24])
        .floats("b", &[6], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        .number("square", 2.0)
        .number("eps", 1e-5)
        .node("MatMul", &["x", "w"], "product")
        .node("Add", &["b", "product"], "z")
        .with(
            "ReduceMean",
            &["z"],
            &["mean"],
            vec![("axes", Attribute::Ints(vec![-1]))],
        )
        .node("Sub", &["z", "mean"], "centred")
        .node("Pow", &["centred", "square"], "squared")
        .with(
            "ReduceMean",
            &["squared"],
            &["variance"],
            vec![("axes", Attribute::Ints(vec![-1]))],
        )
        .node("Add", &["variance", "eps"], "guarded")
        .node("Sqrt", &["guarded"], "deviation")
        .node("Div", &["centred", "deviation"], "normal")
        .node("Relu", &["normal"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let network = model.network();
    let links = knee_doctor::Links::new(network);
    let (layer, norm) = links.layer_of(&network.sites[0]);
    let layer = layer.expect("the product is a layer");
    assert_eq!((layer.units, layer.fan_in), (6, 4));
    assert_eq!(
        layer.bias.as_deref(),
        Some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0][..])
    );
    assert_eq!(
        norm.expect("a norm").form,
        knee_doctor::network::NormForm::Layer
    );
    assert_eq!(network.sites[0].units, Some(6));
    assert_eq!(network.sites[0].positions, Some(5));
    assert!(matches!(network.nodes[1].kind, Kind::Affine));
}

#[test]
fn weights_are_brought_to_one_order() {
    let values: Vec<f32> = (0..24).map(|i| i as f32).collect();
    let net = Net::new(18)
        .input("x", &[-1, 4])
        .floats("w", &[4, 6], &values)
        .node("MatMul", &["x", "w"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let Kind::Linear(layer) = &model.network().nodes[0].kind else {
        panic!("a layer")
    };
    assert_eq!(
        layer.row(1),
        [1.0, 7.0, 13.0, 19.0],
        "column 1 of the matrix"
    );

    // One group of 2 channels in, 2 units, kernel 3: stored [channel][unit][tap].
    let values: Vec<f32> = (0..12).map(|i| i as f32).collect();
    let net = Net::new(18)
        .input("x", &[-1, 2, 9])
        .floats("w", &[2, 2, 3], &values)
        .node("ConvTranspose", &["x", "w"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let Kind::Linear(layer) = &model.network().nodes[0].kind else {
        panic!("a layer")
    };
    assert_eq!((layer.units, layer.fan_in), (2, 6));
    assert_eq!(layer.row(0), [0.0, 1.0, 2.0, 6.0, 7.0, 8.0]);
    assert_eq!(layer.row(1), [3.0, 4.0, 5.0, 9.0, 10.0, 11.0]);
}
