//! Broken, hostile and unusual networks through the program: exit code 2 and one message that names
//! the file, or a report that says what could not be checked.

#[path = "../../knee-onnx/tests/reader/build.rs"]
#[expect(dead_code, reason = "the reader's tests use more of it")]
mod build;
#[path = "program/npz.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod npz;
mod program;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use build::{Attribute, Net};
use program::{Ran, folder, knee_in};

/// Far more than any of these takes; far less than an endless run.
const PATIENCE: Duration = Duration::from_mins(1);

/// `knee doctor model.onnx` in a folder that holds the model and `x.npy`, eight inputs of length 4.
fn doctor(test: &str, net: &Net, more: &[&str]) -> Ran {
    doctor_on_bytes(test, &net.bytes(), more)
}

fn doctor_on_bytes(test: &str, model: &[u8], more: &[&str]) -> Ran {
    let folder = prepared(test, model);
    let mut words = vec!["doctor", "model.onnx"];
    words.extend(more);
    let start = Instant::now();
    let ran = knee_in(&folder, &words);
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

fn prepared(test: &str, model: &[u8]) -> PathBuf {
    let folder = folder(&format!("bad_network_{test}"));
    std::fs::write(folder.join("model.onnx"), model).expect("a model");
    let values: Vec<f32> = (0_u8..32).map(|i| f32::from(i) / 16.0 - 1.0).collect();
    std::fs::write(folder.join("x.npy"), npz::floats(&[8, 4], &values)).expect("data");
    folder
}

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 2, "out: {}\nerr: {}", ran.out, ran.err);
    assert_eq!(ran.out, "", "nothing but the message");
    assert!(ran.err.starts_with("error: model.onnx: "), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "one message: {}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "no `{word}` in: {}", ran.err);
    }
}

/// A network with the input `x` of four features.
fn net() -> Net {
    Net::new(18).input("x", &[-1, 4])
}

fn mlp() -> Net {
    net()
        .dense("x", "z", [4, 8])
        .node("Relu", &["z"], "a")
        .dense("a", "y", [8, 3])
        .output("y")
}

const RUN: [&str; 2] = ["--input", "x.npy"];

#[test]
fn every_message_names_the_file() {
    let cycle = net()
        .node("Add", &["x", "b"], "a")
        .node("Relu", &["a"], "b")
        .output("b");
    refused(&doctor("cycle", &cycle, &[]), &["\"a\"", "cycle"]);
    let dangling = net().node("Add", &["x", "ghost"], "y").output("y");
    refused(&doctor("dangling", &dangling, &[]), &["ghost", "expected"]);
    let twice = net()
        .node("Relu", &["x"], "y")
        .node("Tanh", &["x"], "y")
        .output("y");
    refused(&doctor("twice", &twice, &[]), &["\"y\"", "already"]);
    let claim = net()
        .floats("w", &[1 << 30, 1 << 30], &[])
        .node("MatMul", &["x", "w"], "y")
        .output("y");
    refused(
        &doctor("claim", &claim, &[]),
        &["\"w\"", "1152921504606846976"],
    );
    refused(
        &doctor("no_output", &net().node("Relu", &["x"], "y"), &[]),
        &["no output"],
    );
    let nameless = net().node("", &["x"], "y").output("y");
    refused(
        &doctor("nameless", &nameless, &[]),
        &["\"y\"", "no operator"],
    );
}

#[test]
fn a_model_cut_off_at_any_byte() {
    let bytes = net().node("Relu", &["x"], "y").output("y").bytes();
    for end in 0..bytes.len() {
        let ran = doctor_on_bytes("cut", &bytes[..end], &[]);
        // What is cut off behind the last field is a whole model.
        assert!(matches!(ran.code, 0 | 2), "{end}: {}", ran.err);
        if ran.code == 2 {
            refused(&ran, &[]);
        }
    }
}

#[test]
fn a_loop_without_end() {
    let mut body = Net::new(18)
        .typed_input("turn", build::INT64, &[])
        .typed_input("go", 9, &[])
        .input("carried", &[-1, 4])
        .node("Identity", &["go"], "again")
        .node("Identity", &["carried"], "kept")
        .output("again")
        .output("kept");
    let body = Attribute::Graph(Box::new(std::mem::take(body.graph())));
    let net = net()
        .with("Loop", &["", "", "x"], &["y"], vec![("body", body)])
        .output("y");
    refused(&doctor("loop", &net, &RUN), &["\"y\"", "steps", "Loop"]);
}

#[test]
fn a_loop_that_grows() {
    let mut body = Net::new(18)
        .typed_input("turn", build::INT64, &[])
        .typed_input("go", 9, &[])
        .input("carried", &[-1, 4])
        .node("Identity", &["go"], "again")
        .with(
            "Concat",
            &["carried", "carried"],
            &["wider"],
            vec![("axis", Attribute::Int(1))],
        )
        .output("again")
        .output("wider");
    let body = Attribute::Graph(Box::new(std::mem::take(body.graph())));
    let net = net()
        .with("Loop", &["", "", "x"], &["y"], vec![("body", body)])
        .output("y");
    let mut words = RUN.to_vec();
    words.extend(["--max-memory", "64MiB"]);
    refused(
        &doctor("grows", &net, &words),
        &["64.0 MiB", "--max-memory"],
    );
}

#[test]
fn results_larger_than_the_memory_allowed() {
    let expand = net()
        .ints("to", &[1 << 15, 1 << 15, 1, 4])
        .node("Expand", &["x", "to"], "y")
        .output("y");
    refused(&doctor("expand", &expand, &RUN), &["\"y\"", "--max-memory"]);
    let tile = net()
        .ints("times", &[1, 1 << 34])
        .node("Tile", &["x", "times"], "y")
        .output("y");
    refused(&doctor("tile", &tile, &RUN), &["\"y\"", "--max-memory"]);
    let product = net()
        .ints("tall", &[200_000, 8])
        .ints("wide", &[8, 200_000])
        .node("ConstantOfShape", &["tall"], "a")
        .node("ConstantOfShape", &["wide"], "b")
        .node("MatMul", &["a", "b"], "ab")
        .node("ReduceMean", &["ab"], "m")
        .node("Add", &["x", "m"], "y")
        .output("y");
    refused(
        &doctor("product", &product, &RUN),
        &["\"ab\"", "--max-memory"],
    );
    let image = net()
        .ints("shape", &[-1, 1, 2, 2])
        .floats("scales", &[4], &[1.0, 1.0, 40_000.0, 40_000.0])
        .node("Reshape", &["x", "shape"], "image")
        .node("Resize", &["image", "", "scales"], "y")
        .output("y");
    refused(&doctor("resize", &image, &RUN), &["\"y\"", "--max-memory"]);
    let up = net()
        .ints("shape", &[-1, 1, 2, 2])
        .floats("w", &[1, 1, 1, 1], &[1.0])
        .node("Reshape", &["x", "shape"], "image")
        .with(
            "ConvTranspose",
            &["image", "w"],
            &["y"],
            vec![("strides", Attribute::Ints(vec![90_000, 90_000]))],
        )
        .output("y");
    refused(&doctor("transposed", &up, &RUN), &["\"y\"", "--max-memory"]);
}

#[test]
fn a_graph_whose_shapes_need_more_than_allowed_is_refused_before_it_runs() {
    // Forty doublings: the largest result is known from the shapes alone.
    let mut net = net();
    let mut last = "x".to_owned();
    for i in 0..40 {
        let next = format!("c{i}");
        net = net.with(
            "Concat",
            &[&last, &last],
            &[&next],
            vec![("axis", Attribute::Int(1))],
        );
        last = next;
    }
    let net = net.node("Relu", &[&last], "y").output("y");
    let start = Instant::now();
    refused(
        &doctor("doubling", &net, &RUN),
        &["\"c31\"", "16.0 GiB", "--max-memory"],
    );
    assert!(start.elapsed() < Duration::from_secs(10), "nothing ran");
}

#[test]
fn values_that_no_operator_takes() {
    let clash = net()
        .floats("w", &[7, 3], &[0.0; 21])
        .node("MatMul", &["x", "w"], "y")
        .output("y");
    refused(
        &doctor("clash", &clash, &RUN),
        &["MatMul", "[7, 3]", "expected"],
    );
    let axis = net()
        .with("Softmax", &["x"], &["y"], vec![("axis", Attribute::Int(9))])
        .output("y");
    refused(
        &doctor("axis", &axis, &RUN),
        &["\"y\"", "axis 9", "expected"],
    );
    let few = net().node("Gemm", &["x"], "y").output("y");
    refused(&doctor("few", &few, &RUN), &["Gemm", "input 1 is missing"]);
}

#[test]
fn networks_without_something() {
    let nothing = net().output("x");
    let linear = net().dense("x", "y", [4, 3]).output("y");
    let empty = net()
        .floats("w", &[4, 0], &[])
        .node("MatMul", &["x", "w"], "z")
        .node("Relu", &["z"], "a")
        .floats("v", &[0, 3], &[])
        .node("MatMul", &["a", "v"], "y")
        .output("y");
    for (test, net) in [("no_node", nothing), ("linear", linear), ("empty", empty)] {
        for words in [&[][..], &RUN] {
            let ran = doctor(test, &net, words);
            assert_eq!(ran.code, 0, "{test}: {}", ran.err);
            assert!(
                ran.out.starts_with("knee doctor: model.onnx"),
                "{}",
                ran.out
            );
        }
    }
}

#[test]
fn a_chain_of_twenty_thousand_nodes() {
    let mut net = net();
    let mut last = "x".to_owned();
    for i in 0..20_000 {
        let next = format!("c{i}");
        net = net.node(if i % 2 == 0 { "Neg" } else { "Relu" }, &[&last], &next);
        last = next;
    }
    let ran = doctor("chain", &net.output(&last), &RUN);
    assert!(matches!(ran.code, 0 | 1), "{}", ran.err);
}

#[test]
fn an_operator_that_is_not_supported_leaves_the_static_rules() {
    let net = net()
        .dense("x", "z", [4, 8])
        .node("com.acme::Fancy", &["z"], "f")
        .node("Relu", &["f"], "a")
        .node("Relu", &["a"], "b")
        .dense("b", "y", [8, 3])
        .output("y");
    let ran = doctor("unsupported", &net, &RUN);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for word in ["Fancy", "com.acme", "\"f\"", "still work"] {
        assert!(ran.err.contains(word), "no `{word}` in: {}", ran.err);
    }
    assert!(ran.out.contains("redundant-activation"), "{}", ran.out);
    // The same finding decides the exit code.
    let mut words = RUN.to_vec();
    words.extend(["--fail-on", "warn"]);
    assert_eq!(doctor("unsupported_fails", &net, &words).code, 1);
}

#[test]
fn a_name_cannot_drive_the_terminal() {
    let hostile = "evil\u{1b}[2J";
    let missing = net().node("Add", &["x", hostile], "y").output("y");
    let ran = doctor("hostile_error", &missing, &[]);
    refused(&ran, &["evil"]);
    assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
    let fancy = net()
        .node("Fancy", &["x"], hostile)
        .node("Relu", &[hostile], "y")
        .output("y");
    let ran = doctor("hostile_note", &fancy, &RUN);
    assert!(!ran.err.contains('\u{1b}') && !ran.out.contains('\u{1b}'));
}

#[test]
fn data_beside_the_model_must_stay_there() {
    let mut net = mlp();
    let weight = &mut net.graph().initializer[0];
    // The field for the place of the data, with the value for another file.
    let outside = <onnx_ir::TensorProto as onnx_ir::Message>::parse_from_bytes(&[0x70, 0x01]);
    let mut outside = outside.expect("one field");
    outside.name.clone_from(&weight.name);
    outside.data_type = weight.data_type;
    outside.dims.clone_from(&weight.dims);
    outside.external_data.resize_with(1, Default::default);
    outside.external_data[0].key = "location".into();
    *weight = outside;
    for (location, words) in [
        ("missing.bin", ["cannot be read", "beside the model"]),
        ("/etc/hostname", ["outside", "refused"]),
        ("../x.bin", ["outside", "refused"]),
    ] {
        net.graph().initializer[0].external_data[0].value = location.into();
        let ran = doctor("external", &net, &[]);
        refused(&ran, &words);
        refused(&ran, &["z.weight", location]);
    }
}
