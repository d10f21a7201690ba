//! What a run reports, where it stops, and what it says then.

#[path = "reader/build.rs"]
#[expect(dead_code, reason = "the readers' tests use the rest")]
mod build;

use std::collections::BTreeMap;

use build::{Attribute, Net};
use knee_doctor::Labels::{self, Classes, Rows};
use knee_doctor::evidence::{Cause, Layout, NonFinite, Values};
use knee_onnx::run::{Limits, Objective, Observer, Session};
use knee_onnx::{Batch, Error, Model};
use onnx_ir::{AttributeProto, AttributeType, GraphProto};

/// An `.npy` of f32 values.
fn npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let dims: Vec<String> = shape.iter().map(|d| format!("{d}, ")).collect();
    let dims = dims.concat();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({dims}), }}");
    header += &" ".repeat(63 - (header.len() + 10) % 64);
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

#[derive(Default)]
struct Seen {
    sites: Vec<(usize, usize, Vec<f32>, Layout)>,
    gradients: BTreeMap<usize, Vec<f32>>,
    broken: Vec<(usize, NonFinite)>,
}

impl Observer for Seen {
    fn site(&mut self, node: usize, part: usize, z: Values<'_>, a: Values<'_>, layout: Layout) {
        let (Values::F32(z), Values::F32(a)) = (z, a) else {
            panic!("f32 networks")
        };
        assert_eq!((z.len(), a.len()), (layout.len(), layout.len()));
        self.sites.push((node, part, z.to_vec(), layout));
    }

    fn site_gradient(&mut self, node: usize, _: usize, da: Values<'_>, _: Layout) {
        let Values::F32(da) = da else {
            panic!("f32 networks")
        };
        self.gradients.insert(node, da.to_vec());
    }

    fn nonfinite(&mut self, node: usize, seen: &NonFinite) {
        self.broken.push((node, seen.clone()));
    }
}

fn model(net: &Net) -> Model {
    Model::from_bytes(&net.bytes()).expect("a valid model")
}

fn run(net: &Net, shape: &[usize], values: &[f32], limits: &Limits) -> Result<Seen, Error> {
    let model = model(net);
    let batch = Batch::from_npy(&npy(shape, values), model.graph())?;
    let mut seen = Seen::default();
    Session::new(model.graph())?.run(&batch, None, &mut seen, limits)?;
    Ok(seen)
}

fn message(net: &Net, shape: &[usize], values: &[f32], limits: &Limits) -> String {
    match run(net, shape, values, limits) {
        Ok(_) => panic!("the run ended well"),
        Err(error) => error.to_string(),
    }
}

fn free() -> Limits {
    Limits::default()
}

#[test]
fn a_site_is_reported_before_and_after_the_function() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .node("Relu", &["x"], "y")
        .output("y");
    let seen = run(&net, &[3, 2], &[-1.0, 2.0, 3.0, -4.0, 5.0, 6.0], &free()).expect("a run");
    let (node, part, z, layout) = &seen.sites[0];
    assert_eq!((*node, *part, *layout), (0, 0, Layout::dense(3, 2)));
    assert_eq!(z, &[-1.0, 2.0, 3.0, -4.0, 5.0, 6.0]);
}

#[test]
fn the_gradient_of_a_site_is_that_of_the_summed_loss() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .node("Relu", &["x"], "y")
        .output("y");
    let model = model(&net);
    let mut batch =
        Batch::from_npy(&npy(&[2, 2], &[-1.0, 2.0, 3.0, 4.0]), model.graph()).expect("a batch");
    batch.labels = Some(Rows {
        values: vec![0.0, 0.0, 1.0, 1.0],
        width: 2,
    });
    let objective = Objective {
        loss: "mse".parse().expect("a loss"),
        output: 0,
    };
    let mut seen = Seen::default();
    let session = Session::new(model.graph()).expect("a session");
    let outcome = session
        .run(&batch, Some(objective), &mut seen, &free())
        .expect("a run");
    // Squares of 0, 2, 2 and 3, and twice the differences.
    assert_eq!(outcome.loss, Some(17.0));
    assert_eq!(seen.gradients[&0], [0.0, 4.0, 4.0, 6.0]);
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    let net = Net::new(18)
        .input("x", &[-1, 3])
        .node("Relu", &["x"], "y")
        .output("y");
    let model = model(&net);
    let batch = Batch::from_npy(&npy(&[2, 3], &[1.0; 6]), model.graph()).expect("a batch");
    let session = Session::new(model.graph()).expect("a session");
    let with = |loss: &str, labels: Option<Labels>| {
        let mut batch = batch.clone();
        batch.labels = labels;
        let objective = Objective {
            loss: loss.parse().expect("a loss"),
            output: 0,
        };
        let result = session.run(&batch, Some(objective), &mut (), &free());
        result.expect_err("refused").to_string()
    };
    for (loss, labels, words) in [
        ("cross-entropy", None, "no labels"),
        (
            "cross-entropy",
            Some(Classes(vec![0, 3])),
            "input 1 has the class 3",
        ),
        (
            "nll",
            Some(Classes(vec![-1, 0])),
            "input 0 has the class -1",
        ),
        (
            "cross-entropy",
            Some(Classes(vec![0, 1, 2])),
            "3 integers for 2 inputs",
        ),
        (
            "mse",
            Some(Classes(vec![0, 1])),
            "1 integer per input, but an output of 3",
        ),
        (
            "bce",
            Some(Rows {
                values: vec![2.0; 6],
                width: 3,
            }),
            "the label 2",
        ),
        (
            "mse",
            Some(Rows {
                values: vec![1.0, 1.0, 1.0, f32::NAN, 1.0, 1.0],
                width: 3,
            }),
            "input 1 has the label NaN",
        ),
    ] {
        let said = with(loss, labels);
        assert!(said.contains(words), "{loss}: {said}");
    }
}

#[test]
fn an_unsupported_operator_is_named() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .node("my.domain::Wonder", &["x"], "y")
        .output("y");
    let said = message(&net, &[1, 2], &[0.0; 2], &free());
    for word in ["\"y\"", "Wonder", "my.domain", "still work"] {
        assert!(said.contains(word), "{said}");
    }
}

/// A body that adds 1 to what it carries and goes on for ever.
fn endless() -> Box<GraphProto> {
    let mut body = Net::new(18)
        .typed_input("turn", build::INT64, &[])
        .typed_input("go", 9, &[])
        .input("carried", &[-1, 2])
        .node("Identity", &["go"], "again")
        .node("Add", &["carried", "carried"], "sum")
        .output("again")
        .output("sum");
    Box::new(std::mem::take(body.graph()))
}

#[test]
fn a_loop_without_end_is_stopped() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .with(
            "Loop",
            &["", "", "x"],
            &["y"],
            vec![("body", Attribute::Graph(endless()))],
        )
        .output("y");
    let limits = Limits {
        max_steps: 1000,
        ..Limits::default()
    };
    let said = message(&net, &[1, 2], &[0.0; 2], &limits);
    assert!(said.contains("1000 steps"), "{said}");
}

#[test]
fn memory_is_refused_before_it_is_taken() {
    let wide = Net::new(18)
        .input("x", &[-1, 2])
        .ints("shape", &[1 << 20, 1 << 20, 1, 2])
        .node("Expand", &["x", "shape"], "y")
        .output("y");
    let limits = Limits {
        max_memory: Some(1 << 30),
        ..Limits::default()
    };
    let said = message(&wide, &[1, 2], &[0.0; 2], &limits);
    assert!(
        said.contains("\"y\"") && said.contains("--max-memory"),
        "{said}"
    );
    // Beyond any memory, without a limit.
    let vast = Net::new(18)
        .input("x", &[-1, 2])
        .ints("shape", &[1 << 40, 1 << 40, 1, 2])
        .node("Expand", &["x", "shape"], "y")
        .output("y");
    let said = message(&vast, &[1, 2], &[0.0; 2], &free());
    assert!(said.contains("cannot be held"), "{said}");
}

#[test]
fn a_resize_to_a_giant_axis_beside_an_empty_one_is_refused_and_not_worked_out() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .ints("sizes", &[0, 1 << 44])
        .node("Resize", &["x", "", "", "sizes"], "y")
        .output("y");
    let said = message(&net, &[1, 2], &[0.0; 2], &free());
    assert!(
        said.contains("\"y\"") && said.contains("cannot be held"),
        "{said}"
    );
}

fn cause(op: &str, values: [f32; 2]) -> Vec<(usize, Cause)> {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .node("Identity", &["x"], "z")
        .node(op, &["z"], "y")
        .node("Neg", &["y"], "w")
        .output("w");
    let seen = run(&net, &[1, 2], &values, &free()).expect("a run");
    seen.broken
        .into_iter()
        .map(|(node, broken)| (node, broken.cause))
        .collect()
}

#[test]
fn the_first_node_that_breaks_is_named_with_its_cause() {
    assert_eq!(cause("Log", [1.0, 0.0]), [(1, Cause::LogOfZero)]);
    assert_eq!(cause("Log", [1.0, -1.0]), [(1, Cause::LogOfNegative)]);
    assert_eq!(cause("Sqrt", [1.0, -1.0]), [(1, Cause::SqrtOfNegative)]);
    assert_eq!(cause("Exp", [1.0, 1000.0]), [(1, Cause::ExpOverflow)]);
    assert_eq!(
        cause("Reciprocal", [1.0, 0.0]),
        [(1, Cause::DivisionByZero)]
    );
    assert_eq!(cause("Relu", [1.0, 2.0]), []);
    // NaN in the data: the first node that computes with it.
    assert_eq!(cause("Abs", [1.0, f32::NAN]), [(1, Cause::Input)]);
}

#[test]
fn a_mask_of_minus_infinity_is_no_fault() {
    let net = Net::new(18)
        .input("x", &[-1, 3])
        .floats("mask", &[1, 3], &[0.0, 0.0, f32::NEG_INFINITY])
        .node("Add", &["x", "mask"], "scores")
        .with(
            "Softmax",
            &["scores"],
            &["y"],
            vec![("axis", Attribute::Int(-1))],
        )
        .output("y");
    let seen = run(&net, &[2, 3], &[0.5; 6], &free()).expect("a run");
    assert!(seen.broken.is_empty(), "{:?}", seen.broken);
    // A row without any visible entry has no softmax.
    let all = Net::new(18)
        .input("x", &[-1, 3])
        .floats("mask", &[1, 3], &[f32::NEG_INFINITY; 3])
        .node("Add", &["x", "mask"], "scores")
        .with(
            "Softmax",
            &["scores"],
            &["y"],
            vec![("axis", Attribute::Int(-1))],
        )
        .output("y");
    let seen = run(&all, &[2, 3], &[0.5; 6], &free()).expect("a run");
    assert_eq!(seen.broken.len(), 1);
    assert_eq!(
        (seen.broken[0].1.cause, seen.broken[0].1.inputs),
        (Cause::ZeroByZero, 2)
    );
}

#[test]
fn what_the_weights_alone_make_infinite_is_judged_where_it_meets_the_data() {
    let joined = |op: &str, table: [f32; 2], other: &str| {
        let net = Net::new(18)
            .input("x", &[-1, 2])
            .floats("table", &[2], &table)
            .number("floor", -4.0)
            .node("Abs", &["table"], "sizes")
            .node(op, &["sizes"], "values")
            .node("Max", &["values", "floor"], "bounded")
            .node("Add", &["x", other], "y")
            .output("y");
        run(&net, &[2, 2], &[0.5; 4], &free())
            .expect("a run")
            .broken
    };
    // The logarithm of the distance 0 in a table of positions, which is then not used.
    assert_eq!(joined("Log", [0.0, 1.0], "bounded"), []);
    let broken = joined("Exp", [1000.0, 1.0], "values");
    let seen: Vec<(usize, Cause)> = broken.iter().map(|(at, b)| (*at, b.cause)).collect();
    assert_eq!(seen, [(3, Cause::Constant)]);
}

#[test]
fn a_broken_weight_is_told_from_a_broken_sum() {
    let weight = |values: &[f32; 4]| {
        Net::new(18)
            .input("x", &[-1, 2])
            .floats("w", &[2, 2], values)
            .node("MatMul", &["x", "w"], "y")
            .output("y")
    };
    let broken = run(
        &weight(&[1.0, f32::NAN, 1.0, 1.0]),
        &[1, 2],
        &[1.0; 2],
        &free(),
    )
    .expect("a run");
    assert_eq!(broken.broken[0].1.cause, Cause::Weight);
    let large = run(&weight(&[3e38; 4]), &[1, 2], &[1.0; 2], &free()).expect("a run");
    assert_eq!(large.broken[0].1.cause, Cause::Overflow);
}

#[test]
fn gates_of_both_directions_are_units_of_one_site() {
    let (hidden, features) = (2, 3);
    let numbers = |n: usize| {
        (0..n)
            .map(|i| (i as f32 * 0.7).sin() * 0.5)
            .collect::<Vec<f32>>()
    };
    let mut net = Net::new(18)
        .input("x", &[4, -1, features])
        .floats("w", &[2, 4 * hidden, features], &numbers(48))
        .floats("r", &[2, 4 * hidden, hidden], &numbers(32))
        .with(
            "LSTM",
            &["x", "w", "r"],
            &["y"],
            vec![("hidden_size", Attribute::Int(hidden))],
        )
        .output("y");
    let mut direction = AttributeProto::new();
    direction.name = "direction".into();
    direction.s = b"bidirectional".to_vec().into();
    direction.type_ = AttributeType::STRING.into();
    net.graph().node[0].attribute.push(direction);
    let model = model(&net);
    let batch = Batch::from_npy(&npy(&[4, 1, 3], &numbers(12)), model.graph()).expect("a batch");
    let mut seen = Seen::default();
    let session = Session::new(model.graph()).expect("a session");
    session
        .run(&batch, None, &mut seen, &free())
        .expect("a run");
    let parts: Vec<usize> = seen.sites.iter().map(|site| site.1).collect();
    assert_eq!(parts, [0, 1, 2, 3, 4]);
    for (_, _, z, layout) in &seen.sites {
        assert_eq!(layout.units, 4);
        assert_eq!(z.len(), 16);
    }
}

#[test]
fn the_list_of_operators_is_sorted_and_supported() {
    let list = knee_onnx::run::OPERATORS;
    assert!(list.is_sorted());
    assert!(
        list.iter()
            .all(|(domain, name)| knee_onnx::run::supported(domain, name))
    );
    assert!(knee_onnx::run::supported("", "Gelu"));
    assert!(!knee_onnx::run::supported("", "StringSplit"));
}
