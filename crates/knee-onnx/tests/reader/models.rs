//! Model files that are refused, and what the message says.

use std::fs;
use std::path::PathBuf;

use knee_onnx::graph::Op;
use knee_onnx::{DType, Data, Error, Model};
use onnx_ir::{Message, TensorProto};

use crate::build::{self, Attribute, Net};

fn small() -> Net {
    Net::new(18)
        .input("x", &[-1, 4])
        .floats("w", &[4, 3], &[0.5; 12])
        .node("MatMul", &["x", "w"], "z")
        .node("Relu", &["z"], "y")
        .output("y")
}

fn refusal(net: &Net) -> String {
    match Model::from_bytes(&net.bytes()) {
        Ok(_) => panic!("the model was accepted"),
        Err(error) => error.to_string(),
    }
}

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("knee-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A tensor whose data lies in another file.
fn external(name: &str, dims: &[i64], entries: &[(&str, &str)]) -> TensorProto {
    // The field for the place of the data, with the value for another file.
    let mut tensor = TensorProto::parse_from_bytes(&[0x70, 0x01]).expect("one field");
    tensor.name = name.into();
    tensor.data_type = build::FLOAT;
    tensor.dims = dims.to_vec();
    tensor
        .external_data
        .resize_with(entries.len(), Default::default);
    for (entry, (key, value)) in tensor.external_data.iter_mut().zip(entries) {
        entry.key = (*key).into();
        entry.value = (*value).into();
    }
    tensor
}

fn with_external(entries: &[(&str, &str)]) -> Net {
    let mut net = Net::new(18)
        .input("x", &[-1, 4])
        .node("MatMul", &["x", "w"], "y")
        .output("y");
    net.graph()
        .initializer
        .push(external("w", &[4, 3], entries));
    net
}

#[test]
fn what_is_not_onnx_is_named() {
    for (bytes, word) in [
        (b"".to_vec(), "empty"),
        (b"PK\x03\x04 and more".to_vec(), "zip"),
        (
            b"this is a text about networks".to_vec(),
            "not an ONNX model",
        ),
        (vec![0xff; 100], "not an ONNX model"),
        (vec![0; 100], "not an ONNX model"),
    ] {
        let error = Model::from_bytes(&bytes).expect_err("no model").to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_model_cut_off_at_any_byte_is_refused_or_whole() {
    let whole = small().bytes();
    let mut accepted = Vec::new();
    for end in 0..whole.len() {
        if let Ok(model) = Model::from_bytes(&whole[..end]) {
            accepted.push((end, model.graph().nodes.len()));
        }
    }
    // Only the end of the last field can be missing without a trace, and there is none here:
    // the operator set comes last.
    assert_eq!(
        accepted,
        [],
        "accepted {accepted:?} of {} bytes",
        whole.len()
    );
}

#[test]
fn a_missing_graph_output_or_operator_set() {
    let mut net = small();
    net.model.opset_import.clear();
    assert!(refusal(&net).contains("opset_import"));
    let mut net = small();
    net.model.opset_import[0].version = 99;
    let message = refusal(&net);
    assert!(
        message.contains("99") && message.contains("opset_version="),
        "{message}"
    );
    let mut net = small();
    net.graph().output.clear();
    assert!(refusal(&net).contains("no output"));
    let mut net = small();
    net.model.graph = None.into();
    assert!(refusal(&net).contains("no graph"));
}

#[test]
fn a_cycle_names_its_nodes() {
    let net = Net::new(18)
        .input("x", &[2])
        .node("Add", &["x", "second"], "first")
        .node("Relu", &["first"], "second")
        .node("Relu", &["second"], "y")
        .output("y");
    let message = refusal(&net);
    assert!(
        message.contains("first") && message.contains("second"),
        "{message}"
    );
    assert!(message.contains("cycle"), "{message}");
}

#[test]
fn nodes_in_any_order_are_sorted() {
    let net = Net::new(18)
        .input("x", &[2])
        .node("Relu", &["middle"], "y")
        .node("Tanh", &["x"], "middle")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let names: Vec<&str> = model
        .graph()
        .nodes
        .iter()
        .map(|n| n.name.as_str())
        .collect();
    assert_eq!(names, ["middle", "y"]);
}

#[test]
fn names_that_lead_nowhere_or_stand_twice() {
    let message = refusal(
        &Net::new(18)
            .input("x", &[2])
            .node("Relu", &["missing"], "y")
            .output("y"),
    );
    assert!(
        message.contains("\"y\"") && message.contains("\"missing\""),
        "{message}"
    );
    let message = refusal(
        &Net::new(18)
            .input("x", &[2])
            .node("Relu", &["x"], "y")
            .output("z"),
    );
    assert!(message.contains("output \"z\""), "{message}");
    let twice = Net::new(18)
        .input("x", &[2])
        .node("Relu", &["x"], "y")
        .node("Tanh", &["x"], "y");
    assert!(refusal(&twice.output("y")).contains("defined already"));
    let input = Net::new(18)
        .input("x", &[2])
        .input("x", &[2])
        .node("Relu", &["x"], "y")
        .output("y");
    assert!(refusal(&input).contains("input \"x\""));
    let weight = small().floats("w", &[1], &[1.0]);
    assert!(refusal(&weight).contains("initializer \"w\""));
    let overwritten = Net::new(18)
        .input("x", &[2])
        .node("Relu", &["x"], "x")
        .output("x");
    assert!(refusal(&overwritten).contains("defined already"));
}

#[test]
fn nodes_without_a_name_are_called_by_operator_and_place() {
    let mut net = small();
    for node in &mut net.graph().node {
        node.name.clear();
    }
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.network().sites[0].name, "Relu_1");
}

#[test]
fn a_tensor_that_claims_more_than_it_has() {
    let mut net = small();
    net.graph().initializer[0].dims = vec![1 << 30, 1 << 30];
    let message = refusal(&net);
    assert!(
        message.contains("\"w\"") && message.contains("12 values"),
        "{message}"
    );
    net.graph().initializer[0].dims = vec![i64::MAX, i64::MAX];
    assert!(refusal(&net).contains("more elements than any memory"));
    net.graph().initializer[0].dims = vec![-4, 3];
    assert!(refusal(&net).contains("[-4, 3]"));
    net.graph().initializer[0].dims = vec![4, 4];
    assert!(refusal(&net).contains("needs 16 values"));
    let tensor = &mut net.graph().initializer[0];
    tensor.float_data.clear();
    tensor.raw_data = vec![0; 47].into();
    tensor.dims = vec![4, 3];
    let message = refusal(&net);
    assert!(
        message.contains("47 bytes") && message.contains("48 bytes"),
        "{message}"
    );
}

#[test]
fn types_that_are_not_read_are_named() {
    for (code, word) in [
        (8, "string"),
        (14, "complex"),
        (17, "float of 8 bits"),
        (22, "below 8 bits"),
        (77, "code 77"),
    ] {
        let mut net = small();
        net.graph().initializer[0].data_type = code;
        let message = refusal(&net);
        assert!(
            message.contains("\"w\"") && message.contains(word),
            "{message}"
        );
    }
}

#[test]
fn every_type_is_read_from_raw_bytes() {
    for (code, raw, expected) in [
        (1, 1.5f32.to_le_bytes().to_vec(), 1.5),
        (2, vec![200], 200.0),
        (3, vec![200], -56.0),
        (4, vec![1, 2], 513.0),
        (5, vec![0xff, 0xff], -1.0),
        (6, (-7i32).to_le_bytes().to_vec(), -7.0),
        (7, 9i64.to_le_bytes().to_vec(), 9.0),
        (9, vec![1], 1.0),
        (10, vec![0x00, 0xbc], -1.0),
        (11, 0.1f64.to_le_bytes().to_vec(), 0.1),
        (12, vec![1, 0, 0, 0x80], 2_147_483_649.0),
        (13, 5u64.to_le_bytes().to_vec(), 5.0),
        (16, vec![0x80, 0x3f], 1.0),
    ] {
        let mut net = Net::new(18)
            .input("x", &[1])
            .node("Identity", &["c"], "y")
            .output("y");
        let mut tensor = TensorProto::new();
        tensor.name = "c".into();
        tensor.data_type = code;
        tensor.raw_data = raw.into();
        net.graph().initializer.push(tensor);
        let model = Model::from_bytes(&net.bytes()).expect("a valid model");
        let graph = model.graph();
        let id = graph.find("c").expect("the constant");
        let tensor = graph.constant(id).expect("the constant");
        assert_eq!(tensor.scalar(), Some(expected), "type {code}");
        assert_eq!(Some(tensor.dtype), DType::from_onnx(code));
    }
}

#[test]
fn constants_are_initializers_and_leave_no_node() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .with(
            "Constant",
            &[],
            &["two"],
            vec![("value_float", Attribute::Float(2.0))],
        )
        .with(
            "Constant",
            &[],
            &["axes"],
            vec![("value_ints", Attribute::Ints(vec![1]))],
        )
        .node("Mul", &["x", "two"], "scaled")
        .node("Unsqueeze", &["scaled", "axes"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.graph().nodes.len(), 2);
    let axes = model
        .graph()
        .find("axes")
        .and_then(|id| model.graph().constant(id))
        .expect("axes");
    assert_eq!(axes.data, Data::I64(vec![1].into()));
    // Written by the exporter, not learned.
    assert_eq!(model.graph().parameters, 0);
}

#[test]
fn copies_of_an_initializer_are_the_initializer() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .floats("w", &[2, 2], &[0.5; 4])
        .floats("first", &[2], &[0.25; 2])
        .node("Identity", &["first"], "second")
        .node("Identity", &["second"], "third")
        .node("MatMul", &["x", "w"], "z")
        .node("PRelu", &["z", "second"], "a")
        .node("MatMul", &["a", "w"], "b")
        .node("PRelu", &["b", "third"], "y")
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.graph().nodes.len(), 4);
    let names: Vec<&str> = model
        .network()
        .sites
        .iter()
        .map(|site| site.name.as_str())
        .collect();
    assert_eq!(names, ["a", "y"]);
    assert_eq!(model.graph().parameters, 6);
}

#[test]
fn a_copy_that_is_a_result_stays_a_node() {
    let net = Net::new(18)
        .input("x", &[-1, 2])
        .floats("first", &[2], &[0.25; 2])
        .node("Identity", &["first"], "copy")
        .node("Relu", &["x"], "y")
        .output("y")
        .output("copy");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.graph().nodes.len(), 2);
}

#[test]
fn parameters_are_counted_without_running_statistics() {
    let net = Net::new(18)
        .input("x", &[-1, 3, 2, 2])
        .floats("scale", &[3], &[1.0; 3])
        .floats("bias", &[3], &[0.0; 3])
        .floats("mean", &[3], &[0.0; 3])
        .floats("variance", &[3], &[1.0; 3])
        .node(
            "BatchNormalization",
            &["x", "scale", "bias", "mean", "variance"],
            "y",
        )
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    assert_eq!(model.network().parameters, 6);
}

#[test]
fn external_data_is_read_from_the_folder_of_the_model() {
    let folder = Folder::new("inside");
    let values: Vec<u8> = (0..12u8).flat_map(|i| f32::from(i).to_le_bytes()).collect();
    let mut data = vec![0xee; 8];
    data.extend(&values);
    fs::write(folder.0.join("weights.bin"), data).expect("written");
    let net = with_external(&[
        ("location", "weights.bin"),
        ("offset", "8"),
        ("length", "48"),
    ]);
    let path = folder.0.join("model.onnx");
    fs::write(&path, net.bytes()).expect("written");
    let model = Model::open(&path).expect("a valid model");
    let id = model.graph().find("w").expect("the weight");
    let tensor = model.graph().constant(id).expect("the weight");
    assert_eq!(tensor.to_f32()[..3], [0.0, 1.0, 2.0]);
    assert_eq!(model.network().path.as_deref(), path.to_str());
    // The same model as bytes has no folder.
    let error = Model::from_bytes(&net.bytes())
        .expect_err("no folder")
        .to_string();
    assert!(
        error.contains("weights.bin") && error.contains("\"w\""),
        "{error}"
    );
}

#[test]
fn external_data_outside_the_folder_is_refused() {
    let folder = Folder::new("outside");
    let inner = folder.0.join("inner");
    fs::create_dir_all(inner.join("sub")).expect("a folder");
    fs::write(folder.0.join("secret"), [0; 48]).expect("written");
    fs::write(inner.join("short"), [0; 40]).expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.0.join("secret"), inner.join("link")).expect("a link");
    let absolute = folder.0.join("secret");
    let absolute = absolute.to_str().expect("a path");
    for (location, word) in [
        ("../secret", "outside the model's folder"),
        ("sub/../../secret", "outside the model's folder"),
        (absolute, "outside the model's folder"),
        ("..\\secret", "outside the model's folder"),
        #[cfg(unix)]
        ("link", "outside the model's folder"),
        ("nowhere", "cannot be read"),
        ("sub", "not a file"),
        ("", "no location"),
        ("short", "40 bytes"),
    ] {
        let path = inner.join("model.onnx");
        fs::write(&path, with_external(&[("location", location)]).bytes()).expect("written");
        let error = Model::open(&path).expect_err("refused");
        assert!(matches!(error, Error::External { .. }), "{error}");
        assert!(error.to_string().contains(word), "{location}: {error}");
    }
    for entries in [
        [("location", "short"), ("offset", "-1")],
        [("location", "short"), ("offset", "18446744073709551615")],
        [("location", "short"), ("length", "47")],
    ] {
        let path = inner.join("model.onnx");
        fs::write(&path, with_external(&entries).bytes()).expect("written");
        assert!(matches!(Model::open(&path), Err(Error::External { .. })));
    }
}

#[test]
fn many_tensors_on_the_same_bytes_are_refused() {
    let folder = Folder::new("shared");
    fs::write(folder.0.join("weights.bin"), [0; 48]).expect("written");
    let mut net = with_external(&[("location", "weights.bin")]);
    for index in 0..50 {
        let name = format!("copy{index}");
        net.graph()
            .initializer
            .push(external(&name, &[4, 3], &[("location", "weights.bin")]));
    }
    let path = folder.0.join("model.onnx");
    fs::write(&path, net.bytes()).expect("written");
    let error = Model::open(&path).expect_err("refused").to_string();
    assert!(error.contains("overlap"), "{error}");
}

#[test]
fn what_is_no_file_is_not_opened() {
    let error = Model::open(std::env::temp_dir())
        .expect_err("a folder")
        .to_string();
    assert!(error.contains("not a file"), "{error}");
    let error = Model::open("no/such/model.onnx")
        .expect_err("nothing")
        .to_string();
    assert!(error.contains("no/such/model.onnx"), "{error}");
}

#[test]
fn bodies_capture_values_and_are_recognised() {
    let mut body = onnx_ir::GraphProto::new();
    body.node
        .push(build::node("Sigmoid", &["z"], &["s"], Vec::new()));
    body.node
        .push(build::node("Mul", &["z", "s"], &["t"], Vec::new()));
    body.output.push(build::info("t", build::FLOAT, &[]));
    let mut other = onnx_ir::GraphProto::new();
    other
        .node
        .push(build::node("Identity", &["z"], &["e"], Vec::new()));
    other.output.push(build::info("e", build::FLOAT, &[]));
    let net = Net::new(18)
        .input("x", &[-1, 4])
        .typed_input("flag", 9, &[])
        .node("Tanh", &["x"], "z")
        .with(
            "If",
            &["flag"],
            &["y"],
            vec![
                ("then_branch", Attribute::Graph(Box::new(body))),
                ("else_branch", Attribute::Graph(Box::new(other))),
            ],
        )
        .output("y");
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let Op::If { then_body, .. } = &model.graph().nodes[1].op else {
        panic!("an If")
    };
    assert_eq!(then_body.captures.len(), 1);
    assert_eq!(Some(then_body.captures[0].outer), model.graph().find("z"));
    assert_eq!(then_body.graph.nodes.len(), 1);
    assert_eq!(then_body.graph.nodes[0].op_name(), "silu");
    // What runs many times or not at all is no site.
    assert_eq!(model.network().sites.len(), 1);
}

#[test]
fn functions_of_the_model_are_inlined() {
    let mut net = Net::new(18).input("x", &[-1, 4]).output("y");
    let mut call = build::node(
        "local::scaled",
        &["x"],
        &["y"],
        vec![("factor", Attribute::Float(3.0))],
    );
    call.name = "call".into();
    net.graph().node.push(call);
    net.model.functions.resize_with(1, Default::default);
    let function = &mut net.model.functions[0];
    function.domain = "local".into();
    function.name = "scaled".into();
    function.input.push("a".into());
    function.output.push("b".into());
    let mut constant = build::node(
        "Constant",
        &[],
        &["c"],
        vec![("value_float", Attribute::Float(0.0))],
    );
    constant.attribute[0].ref_attr_name = "factor".into();
    function.node.push(constant);
    function
        .node
        .push(build::node("Mul", &["a", "c"], &["m"], Vec::new()));
    function
        .node
        .push(build::node("Relu", &["m"], &["b"], Vec::new()));
    let model = Model::from_bytes(&net.bytes()).expect("a valid model");
    let names: Vec<&str> = model
        .graph()
        .nodes
        .iter()
        .map(|n| n.name.as_str())
        .collect();
    assert_eq!(names, ["call/m", "call/b"]);
    let constant = model.graph().nodes[0]
        .input(1)
        .and_then(|id| model.graph().constant(id));
    assert_eq!(constant.and_then(knee_onnx::Tensor::scalar), Some(3.0));
}

#[test]
fn functions_that_call_themselves_or_multiply_are_refused() {
    let chain = |length: usize, last_calls: usize| {
        let mut net = Net::new(18)
            .input("x", &[2])
            .node("local::f0", &["x"], "y")
            .output("y");
        net.model.functions.resize_with(length, Default::default);
        for (index, function) in net.model.functions.iter_mut().enumerate() {
            function.domain = "local".into();
            function.name = format!("f{index}");
            function.input.push("a".into());
            function.output.push("b".into());
            let next = if index + 1 < length {
                index + 1
            } else {
                last_calls
            };
            let next = format!("local::f{next}");
            function
                .node
                .push(build::node(&next, &["a"], &["m"], Vec::new()));
            function
                .node
                .push(build::node(&next, &["m"], &["b"], Vec::new()));
        }
        net
    };
    assert!(refusal(&chain(1, 0)).contains("calls itself"));
    assert!(refusal(&chain(3, 0)).contains("calls itself"));
    // The last one calls a function that does not exist, so it is an operator.
    assert!(refusal(&chain(40, 1000)).contains("expand"));
}

#[test]
fn graphs_nested_too_deep_are_refused() {
    let mut inner = onnx_ir::GraphProto::new();
    inner.output.push(build::info("x", build::FLOAT, &[]));
    for _ in 0..60 {
        let mut outer = onnx_ir::GraphProto::new();
        outer.node.push(build::node(
            "If",
            &["flag"],
            &["y"],
            vec![
                ("then_branch", Attribute::Graph(Box::new(inner.clone()))),
                ("else_branch", Attribute::Graph(Box::default())),
            ],
        ));
        inner = outer;
    }
    let mut net = small();
    net.graph().node.extend(inner.node);
    assert!(refusal(&net).contains("deep"));
}
