//! Activations that are written as several nodes, and nodes that only look like one.

use knee_doctor::network::SiteFunction;
use knee_onnx::Model;

use crate::build::{Attribute, Net};

/// The functions of all sites, in order.
fn sites(net: &Net) -> Vec<String> {
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let sites = model.network().sites.iter();
    sites
        .map(|site| match &site.function {
            SiteFunction::Rows { function, axis, .. } => format!("{}({axis})", function.name()),
            other => other.text(),
        })
        .collect()
}

/// A network `x -> dense z -> pattern -> y`.
fn after_layer(pattern: impl FnOnce(Net) -> Net) -> Vec<String> {
    let net = Net::new(18).input("x", &[-1, 4]).dense("x", "z", [4, 6]);
    sites(&pattern(net).output("y"))
}

#[test]
fn gelu_in_each_order_of_its_factors() {
    for (first, second) in [(["z", "half"], "inner"), (["half", "z"], "inner")] {
        let found = after_layer(|net| {
            net.number("half", 0.5)
                .number("one", 1.0)
                .number("root", std::f32::consts::SQRT_2)
                .node("Div", &["z", "root"], "scaled")
                .node("Erf", &["scaled"], "erf")
                .node("Add", &["one", "erf"], second)
                .node("Mul", &first, "halved")
                .node("Mul", &["inner", "halved"], "y")
        });
        assert_eq!(found, ["gelu"]);
    }
}

#[test]
fn gelu_with_constants_of_sixteen_bits() {
    let half = |net: Net, name: &str, bits: i32| {
        let mut net = net;
        let mut tensor = onnx_ir::TensorProto::new();
        tensor.name = name.into();
        tensor.data_type = crate::build::FLOAT16;
        tensor.int32_data = vec![bits];
        net.graph().initializer.push(tensor);
        net
    };
    let found = after_layer(|net| {
        // 0.70703125, the nearest to the root of one half, then 1 and 0.5.
        let net = half(
            half(half(net, "root", 0x39A8), "one", 0x3C00),
            "half",
            0x3800,
        );
        net.node("Mul", &["z", "root"], "scaled")
            .node("Erf", &["scaled"], "erf")
            .node("Add", &["erf", "one"], "inner")
            .node("Mul", &["z", "inner"], "product")
            .node("Mul", &["product", "half"], "y")
    });
    assert_eq!(found, ["gelu"]);
}

#[test]
fn elu_and_celu_by_where_and_by_bounds() {
    let elu = after_layer(|net| {
        net.number("zero", 0.0)
            .number("one", 1.0)
            .number("alpha", 0.3)
            .node("Exp", &["z"], "exp")
            .node("Sub", &["exp", "one"], "expm1")
            .node("Mul", &["expm1", "alpha"], "left")
            .node("Greater", &["z", "zero"], "positive")
            .node("Where", &["positive", "z", "left"], "y")
    });
    assert_eq!(elu, ["elu(alpha=0.3)"]);
    let celu = after_layer(|net| {
        net.number("zero", 0.0)
            .number("one", 1.0)
            .number("alpha", 2.0)
            .node("Div", &["z", "alpha"], "scaled")
            .node("Exp", &["scaled"], "exp")
            .node("Sub", &["exp", "one"], "expm1")
            .node("Mul", &["alpha", "expm1"], "left")
            .node("Min", &["left", "zero"], "below")
            .node("Max", &["z", "zero"], "above")
            .node("Add", &["above", "below"], "y")
    });
    assert_eq!(celu, ["celu(alpha=2)"]);
}

#[test]
fn selu_written_out() {
    let found = after_layer(|net| {
        net.number("zero", 0.0)
            .number("one", 1.0)
            .number("alpha", 1.673_263_2)
            .number("scale", 1.050_701)
            .node("Exp", &["z"], "exp")
            .node("Sub", &["exp", "one"], "expm1")
            .node("Mul", &["expm1", "alpha"], "left")
            .node("Less", &["z", "zero"], "negative")
            .node("Where", &["negative", "left", "z"], "elu")
            .node("Mul", &["scale", "elu"], "y")
    });
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("selu"), "{found:?}");
}

#[test]
fn softplus_of_a_maximum_and_a_logarithm() {
    let found = after_layer(|net| {
        net.number("zero", 0.0)
            .number("one", 1.0)
            .node("Abs", &["z"], "abs")
            .node("Neg", &["abs"], "negative")
            .node("Exp", &["negative"], "exp")
            .node("Add", &["exp", "one"], "sum")
            .node("Log", &["sum"], "log")
            .node("Max", &["z", "zero"], "positive")
            .node("Add", &["positive", "log"], "y")
    });
    assert_eq!(found, ["softplus"]);
}

#[test]
fn tanh_of_exponentials() {
    let found = after_layer(|net| {
        net.node("Neg", &["z"], "negative")
            .node("Exp", &["z"], "up")
            .node("Exp", &["negative"], "down")
            .node("Sub", &["up", "down"], "difference")
            .node("Add", &["up", "down"], "sum")
            .node("Div", &["difference", "sum"], "y")
    });
    assert_eq!(found, ["tanh"]);
}

#[test]
fn relu6_as_a_bounded_relu() {
    let found = after_layer(|net| {
        net.number("six", 6.0)
            .node("Relu", &["z"], "positive")
            .node("Min", &["positive", "six"], "y")
    });
    assert_eq!(found, ["relu6"]);
    let clipped = after_layer(|net| {
        net.number("zero", 0.0)
            .number("six", 6.0)
            .node("Relu", &["z"], "positive")
            .node("Clip", &["positive", "zero", "six"], "y")
    });
    assert_eq!(clipped, ["relu6"]);
}

#[test]
fn hard_sigmoid_of_both_slopes() {
    for (slope, name) in [(1.0 / 6.0, "hard_sigmoid"), (0.2, "hard_sigmoid_02")] {
        let found = after_layer(|net| {
            net.number("zero", 0.0)
                .number("one", 1.0)
                .number("half", 0.5)
                .number("slope", slope)
                .node("Mul", &["z", "slope"], "scaled")
                .node("Add", &["scaled", "half"], "shifted")
                .node("Clip", &["shifted", "zero", "one"], "y")
        });
        assert_eq!(found, [name]);
    }
}

#[test]
fn a_sine_takes_its_frequency_along() {
    let found = after_layer(|net| {
        net.number("frequency", 30.0)
            .node("Mul", &["z", "frequency"], "scaled")
            .node("Sin", &["scaled"], "y")
    });
    assert_eq!(found, ["sine"], "30 is the default");
}

#[test]
fn contributed_operators_of_onnxruntime() {
    assert_eq!(
        after_layer(|net| net.node("com.microsoft::Gelu", &["z"], "y")),
        ["gelu"]
    );
    assert_eq!(
        after_layer(|net| net.node("com.microsoft::FastGelu", &["z"], "y")),
        ["gelu_tanh"]
    );
    let quick = after_layer(|net| {
        net.with(
            "com.microsoft::QuickGelu",
            &["z"],
            &["y"],
            vec![("alpha", Attribute::Float(1.702))],
        )
    });
    assert_eq!(quick, ["quick_gelu"]);
}

#[test]
fn softmax_and_log_softmax_written_out() {
    let reduced = |net: Net, op: &str, input: &str, output: &str| {
        net.with(
            op,
            &[input, "axes"],
            &[output],
            vec![("keepdims", Attribute::Int(1))],
        )
    };
    let softmax = sites(&{
        let net = Net::new(18)
            .input("x", &[-1, 4])
            .dense("x", "z", [4, 6])
            .ints("axes", &[-1]);
        let net = net.node("Exp", &["z"], "exp");
        reduced(net, "ReduceSum", "exp", "sum")
            .node("Reciprocal", &["sum"], "inverse")
            .node("Mul", &["inverse", "exp"], "y")
            .output("y")
    });
    assert_eq!(softmax, ["softmax(-1)"]);
    let log = sites(&{
        let net = Net::new(18)
            .input("x", &[-1, 4])
            .dense("x", "z", [4, 6])
            .ints("axes", &[-1]);
        let net = net.with(
            "ReduceMax",
            &["z"],
            &["max"],
            vec![
                ("axes", Attribute::Ints(vec![-1])),
                ("keepdims", Attribute::Int(1)),
            ],
        );
        let net = net
            .node("Sub", &["z", "max"], "shifted")
            .node("Exp", &["shifted"], "exp");
        reduced(net, "ReduceSum", "exp", "sum")
            .node("Log", &["sum"], "log")
            .node("Sub", &["shifted", "log"], "y")
            .output("y")
    });
    assert_eq!(log, ["log_softmax(-1)"]);
}

#[test]
fn old_softmax_runs_over_all_axes_behind_its_own() {
    let net = |axis: i64, dims: &[i64]| {
        let attributes = vec![("axis", Attribute::Int(axis))];
        Net::new(11)
            .input("x", dims)
            .with("Softmax", &["x"], &["y"], attributes)
            .output("y")
    };
    let last = Model::from_bytes(&net(1, &[-1, 5]).bytes()).expect("a valid model");
    let middle = Model::from_bytes(&net(1, &[-1, 5, 7]).bytes()).expect("a valid model");
    let flatten = |model: &Model| match model.graph().nodes[0].op {
        knee_onnx::graph::Op::Rows { axis, flatten, .. } => (axis, flatten),
        _ => panic!("softmax is a function of rows"),
    };
    assert_eq!(flatten(&last), (-1, false));
    assert_eq!(flatten(&middle), (1, true));
}

#[test]
fn two_activations_in_a_row_stay_two() {
    let twice = after_layer(|net| {
        net.node("Relu", &["z"], "once")
            .node("Relu", &["once"], "y")
    });
    assert_eq!(twice, ["relu", "relu"]);
    let other = after_layer(|net| {
        net.node("Sigmoid", &["z"], "once")
            .node("Relu", &["once"], "y")
    });
    assert_eq!(other, ["sigmoid", "relu"]);
}

#[test]
fn a_value_that_is_read_elsewhere_is_not_swallowed() {
    let net = Net::new(18)
        .input("x", &[-1, 4])
        .dense("x", "z", [4, 6])
        .node("Sigmoid", &["z"], "gate")
        .node("Mul", &["z", "gate"], "y")
        .output("y")
        .output("gate");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.network().sites.len(), 1);
    assert_eq!(model.network().sites[0].name, "gate");
    assert_eq!(model.network().sites[0].function.text(), "sigmoid");
}

#[test]
fn clips_that_guard_a_range_are_no_activations() {
    for (low, high) in [(0.0, 1.0), (1e-6, 1e6), (-100.0, 100.0), (1e-12, f32::MAX)] {
        let found = after_layer(|net| {
            net.number("low", low)
                .number("high", high)
                .node("Clip", &["z", "low", "high"], "y")
        });
        assert!(found.is_empty(), "Clip({low}, {high}): {found:?}");
    }
}

#[test]
fn exponentials_and_sines_of_positions_are_no_activations() {
    let net = Net::new(18)
        .typed_input("positions", crate::build::INT64, &[-1, 4])
        .floats("frequencies", &[4, 3], &[0.1; 12])
        .with(
            "Cast",
            &["positions"],
            &["float"],
            vec![("to", Attribute::Int(1))],
        )
        .node("MatMul", &["float", "frequencies"], "angles")
        .node("Exp", &["angles"], "y")
        .output("y");
    assert!(sites(&net).is_empty());
}

#[test]
fn a_sine_of_given_times_is_no_activation() {
    let net = Net::new(18)
        .input("times", &[-1, 1])
        .floats("frequencies", &[1, 3], &[1.0, 0.1, 0.01])
        .node("Mul", &["times", "frequencies"], "angles")
        .node("Sin", &["angles"], "y")
        .output("y");
    assert!(sites(&net).is_empty());
}

#[test]
fn functions_of_weights_and_shapes_alone_are_no_activations() {
    let net = Net::new(18)
        .input("x", &[-1, 4])
        .dense("x", "z", [4, 4])
        .floats("rate", &[4], &[0.5, 1.0, 1.5, 2.0])
        .node("Sigmoid", &["rate"], "decay")
        .node("Mul", &["z", "decay"], "decayed")
        .node("Shape", &["z"], "lengths")
        .with(
            "Cast",
            &["lengths"],
            &["float"],
            vec![("to", Attribute::Int(1))],
        )
        .node("Tanh", &["float"], "scale")
        .node("ReduceMax", &["scale"], "largest")
        .node("Mul", &["decayed", "largest"], "y")
        .output("y");
    assert!(sites(&net).is_empty(), "{:?}", sites(&net));
}

#[test]
fn arithmetic_is_no_activation() {
    let found = after_layer(|net| {
        net.number("two", 2.0)
            .number("three", 3.0)
            .node("Mul", &["z", "two"], "scaled")
            .node("Add", &["scaled", "three"], "shifted")
            .node("Mul", &["shifted", "shifted"], "square")
            .node("Sqrt", &["square"], "y")
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_dead_end_behind_a_pattern_is_dropped_with_it() {
    // The zeros in the shape of z are only there for the maximum.
    let net = Net::new(18)
        .input("x", &[-1, 4])
        .dense("x", "z", [4, 6])
        .node("Shape", &["z"], "shape")
        .node("ConstantOfShape", &["shape"], "zeros")
        .node("Max", &["z", "zeros"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let nodes: Vec<&str> = model
        .graph()
        .nodes
        .iter()
        .map(|n| n.name.as_str())
        .collect();
    assert_eq!(nodes, ["z", "y"]);
    assert_eq!(model.network().sites[0].function.text(), "relu");
}
