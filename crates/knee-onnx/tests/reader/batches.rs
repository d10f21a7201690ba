//! Batch files: what is read, and what is refused with which message.

use std::io::{Cursor, Write};

use knee_doctor::Labels;
use knee_onnx::{Batch, Data, Graph, Model};
use zip::write::SimpleFileOptions;

use crate::build::{self, Net};

/// An array in NumPy's format.
fn npy(descr: &str, fortran: bool, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let dims: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let dims = if dims.is_empty() {
        String::new()
    } else {
        dims.join(", ") + ","
    };
    let mut header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': ({dims}), }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn floats(shape: &[usize]) -> Vec<u8> {
    let count = shape.iter().product::<usize>();
    let data: Vec<u8> = (0..count).flat_map(|i| (i as f32).to_le_bytes()).collect();
    npy("'<f4'", false, shape, &data)
}

fn classes(values: &[i64]) -> Vec<u8> {
    let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    npy("'<i8'", false, &[values.len()], &data)
}

fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive
            .start_file(format!("{name}.npy"), SimpleFileOptions::default())
            .expect("a file");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn graph() -> Graph {
    graph_of(
        &Net::new(18)
            .input("x", &[-1, 3])
            .node("Relu", &["x"], "y")
            .output("y"),
    )
}

fn graph_of(net: &Net) -> Graph {
    Model::from_bytes(&net.bytes())
        .expect("a valid model")
        .graph()
        .clone()
}

fn refusal(bytes: &[u8]) -> String {
    Batch::from_npz(bytes, &graph())
        .expect_err("refused")
        .to_string()
}

#[test]
fn arrays_and_labels_by_name() {
    let bytes = npz(&[("x", floats(&[2, 3])), ("labels", classes(&[1, 0]))]);
    let batch = Batch::from_npz(&bytes, &graph()).expect("a batch");
    assert_eq!(batch.samples, 2);
    assert_eq!(batch.inputs[0].0, "x");
    assert_eq!(
        batch.inputs[0].1.data,
        Data::F32(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0].into())
    );
    assert_eq!(batch.labels, Some(Labels::Classes(vec![1, 0])));
    let rows = npz(&[("x", floats(&[2, 3])), ("labels", floats(&[2, 2]))]);
    let batch = Batch::from_npz(&rows, &graph()).expect("a batch");
    assert_eq!(
        batch.labels,
        Some(Labels::Rows {
            values: vec![0.0, 1.0, 2.0, 3.0],
            width: 2
        })
    );
}

#[test]
fn a_single_array_serves_a_single_input() {
    let batch = Batch::from_npy(&floats(&[4, 3]), &graph()).expect("a batch");
    assert_eq!((batch.samples, batch.labels), (4, None));
    let two = Net::new(18)
        .input("a", &[-1, 3])
        .input("b", &[-1, 3])
        .node("Add", &["a", "b"], "y");
    let error = Batch::from_npy(&floats(&[4, 3]), &graph_of(&two.output("y"))).expect_err("two");
    assert!(error.to_string().contains("a, b"), "{error}");
}

#[test]
fn every_byte_order_and_axis_order() {
    let graph = graph();
    let little: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
    let big: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_be_bytes()).collect();
    let read = |bytes: &[u8]| {
        Batch::from_npy(bytes, &graph).expect("a batch").inputs[0]
            .1
            .to_f32()
    };
    let row_major = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    assert_eq!(read(&npy("'<f4'", false, &[2, 3], &little))[..], row_major);
    assert_eq!(read(&npy("'>f4'", false, &[2, 3], &big))[..], row_major);
    assert_eq!(
        read(&npy("'<f4'", true, &[2, 3], &little))[..],
        [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]
    );
}

#[test]
fn every_integer_type_is_a_label() {
    for (descr, data) in [
        ("'|i1'", vec![1u8, 2]),
        ("'|u1'", vec![1, 2]),
        ("'<i2'", vec![1, 0, 2, 0]),
        ("'>u4'", vec![0, 0, 0, 1, 0, 0, 0, 2]),
    ] {
        let bytes = npz(&[
            ("x", floats(&[2, 3])),
            ("labels", npy(descr, false, &[2], &data)),
        ]);
        let batch = Batch::from_npz(&bytes, &graph()).expect("a batch");
        assert_eq!(batch.labels, Some(Labels::Classes(vec![1, 2])), "{descr}");
    }
}

#[test]
fn nan_is_data() {
    let data: Vec<u8> = [f32::NAN, f32::INFINITY, 0.0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let batch = Batch::from_npy(&npy("'<f4'", false, &[1, 3], &data), &graph()).expect("a batch");
    assert!(batch.inputs[0].1.to_f32()[0].is_nan());
}

#[test]
fn wrong_names_types_ranks_and_lengths_say_what_is_expected() {
    for (arrays, words) in [
        (
            vec![("input", floats(&[2, 3]))],
            vec!["\"x\"", "holds input"],
        ),
        (vec![], vec!["\"x\"", "no array"]),
        (
            vec![("x", floats(&[2, 3])), ("label", classes(&[0, 1]))],
            vec!["\"label\"", "expected x"],
        ),
        (vec![("x", floats(&[2, 4]))], vec!["[2, 4]", "[batch, 3]"]),
        (vec![("x", floats(&[6]))], vec!["[6]", "[batch, 3]"]),
        (
            vec![("x", npy("'<f8'", false, &[1, 3], &[0; 24]))],
            vec!["float64", "float32", "astype"],
        ),
        (
            vec![("x", npy("'<i8'", false, &[1, 3], &[0; 24]))],
            vec!["int64", "float32"],
        ),
        (vec![("x", floats(&[0, 3]))], vec!["[0, 3]", "at least one"]),
        (
            vec![("x", floats(&[2, 3])), ("labels", classes(&[1, 0, 1]))],
            vec!["labels", "[3]", "2 samples"],
        ),
        (
            vec![
                ("x", floats(&[2, 3])),
                ("labels", npy("'<i8'", false, &[], &[0; 8])),
            ],
            vec!["labels", "[]"],
        ),
    ] {
        let message = refusal(&npz(&arrays));
        for word in words {
            assert!(message.contains(word), "{message} should contain {word}");
        }
    }
}

#[test]
fn arrays_that_are_broken_or_of_another_kind() {
    let array = |bytes: Vec<u8>| refusal(&npz(&[("x", bytes)]));
    assert!(array(npy("'|O'", false, &[1, 3], b"\x80\x04")).contains("Python objects"));
    assert!(array(npy("'<U4'", false, &[1, 3], &[0; 48])).contains("text"));
    assert!(array(npy("[('a', '<f4')]", false, &[1, 3], &[0; 12])).contains("structured"));
    assert!(array(npy("'<c8'", false, &[1, 3], &[0; 24])).contains("\"<c8\""));
    assert!(array(npy("'<f4'", false, &[1, 3], &[0; 11])).contains("11 bytes"));
    assert!(array(npy("'<f4'", false, &[1, 3], &[0; 13])).contains("more bytes"));
    assert!(array(b"no array".to_vec()).contains("NumPy"));
    assert!(array(Vec::new()).contains("header"));
    let shape = format!("{}", u64::MAX);
    let huge = npy("'<f4'", false, &[1, 3], &[0; 12]);
    let huge = String::from_utf8_lossy(&huge[10..]).replace("(1, 3,)", &format!("({shape}, 3,)"));
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((huge.len() as u16).to_le_bytes());
    bytes.extend(huge.as_bytes());
    assert!(array(bytes).contains("shape"));
    // A header that claims four gigabytes.
    let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
    bytes.extend([0xff; 4]);
    assert!(array(bytes).contains("4294967295"));
}

#[test]
fn what_is_no_archive() {
    assert!(refusal(b"hello, I am no archive").contains("zip"));
    assert!(refusal(b"").contains("zip"));
    let whole = npz(&[("x", floats(&[2, 3])), ("labels", classes(&[1, 0]))]);
    for end in 0..whole.len() {
        assert!(
            Batch::from_npz(&whole[..end], &graph()).is_err(),
            "{end} of {}",
            whole.len()
        );
    }
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    // 1.2 GB of zeros in about a megabyte: the file says so, and is believed.
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("x.npy", SimpleFileOptions::default())
        .expect("a file");
    let mut header = npy("'<f4'", false, &[100_000_000, 3], &[]);
    header.resize(header.len() + (1 << 20), 0);
    archive.write_all(&header).expect("written");
    let bytes = archive.finish().expect("an archive").into_inner();
    assert!(refusal(&bytes).contains("claim"), "{}", refusal(&bytes));
    // The array says little, and the archive holds more.
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("x.npy", SimpleFileOptions::default())
        .expect("a file");
    archive.write_all(&floats(&[2, 3])).expect("written");
    for _ in 0..80 {
        archive.write_all(&vec![0; 1 << 20]).expect("written");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    assert!(bytes.len() < 1 << 18);
    assert!(refusal(&bytes).contains("claim"), "{}", refusal(&bytes));
}

#[test]
fn inputs_share_their_samples_along_the_axis_of_that_name() {
    let net = Net::new(18)
        .input("x", &[-1, 3])
        .input("state", &[1, -1, 2])
        .input("mask", &[1, 3])
        .node("Relu", &["x"], "y")
        .output("y");
    let graph = graph_of(&net);
    let bytes = npz(&[
        ("x", floats(&[4, 3])),
        ("state", floats(&[1, 4, 2])),
        ("mask", floats(&[1, 3])),
    ]);
    let batch = Batch::from_npz(&bytes, &graph).expect("a batch");
    let part = batch.chunk(1..3);
    assert_eq!(part.samples, 2);
    assert_eq!(
        part.inputs[0].1.to_f32()[..],
        [3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    );
    assert_eq!(part.inputs[1].1.shape, [1, 2, 2]);
    assert_eq!(part.inputs[1].1.to_f32()[..], [2.0, 3.0, 4.0, 5.0]);
    assert_eq!(part.inputs[2].1.shape, [1, 3]);
    let bytes = npz(&[
        ("x", floats(&[4, 3])),
        ("state", floats(&[1, 5, 2])),
        ("mask", floats(&[1, 3])),
    ]);
    let error = Batch::from_npz(&bytes, &graph)
        .expect_err("5 and 4")
        .to_string();
    assert!(
        error.contains("\"state\"") || error.contains("\"x\""),
        "{error}"
    );
    assert!(error.contains("batch"), "{error}");
}

#[test]
fn chunks_take_their_labels_along() {
    let bytes = npz(&[("x", floats(&[4, 3])), ("labels", classes(&[7, 8, 9, 10]))]);
    let batch = Batch::from_npz(&bytes, &graph()).expect("a batch");
    assert_eq!(batch.chunk(2..4).labels, Some(Labels::Classes(vec![9, 10])));
    let spaced = batch.evenly_spaced(2);
    assert_eq!(spaced.labels, Some(Labels::Classes(vec![7, 9])));
    assert_eq!(spaced.inputs[0].1.shape, [2, 3]);
    assert_eq!(batch.evenly_spaced(9).samples, 4);
    assert_eq!(batch.evenly_spaced(0).samples, 1);
}

#[test]
fn a_fixed_number_of_samples_runs_several_times() {
    let graph = graph_of(
        &Net::new(18)
            .input("x", &[2, 3])
            .node("Relu", &["x"], "y")
            .output("y"),
    );
    let batch = Batch::from_npy(&floats(&[6, 3]), &graph).expect("a batch");
    assert_eq!((batch.samples, batch.fixed_step()), (6, Some(2)));
    assert_eq!(batch.evenly_spaced(5).samples, 4);
    assert_eq!(batch.evenly_spaced(1).samples, 2);
    let error = Batch::from_npy(&floats(&[5, 3]), &graph)
        .expect_err("5 of 2")
        .to_string();
    assert!(
        error.contains("[5, 3]") && error.contains("[2, 3]"),
        "{error}"
    );
}

#[test]
fn a_number_for_an_input_without_a_declared_shape_is_refused() {
    let mut net = Net::new(18)
        .input("x", &[2])
        .node("Relu", &["x"], "y")
        .output("y");
    net.graph().input[0].type_ = None.into();
    let graph = graph_of(&net);
    let error = Batch::from_npy(&npy("'<f4'", false, &[], &[0; 4]), &graph).expect_err("a number");
    assert!(error.to_string().contains("single number"), "{error}");
    let batch = Batch::from_npy(&floats(&[2, 3]), &graph).expect("a batch");
    assert_eq!(batch.samples, 2);
}

#[test]
fn sixteen_bit_inputs_are_widened() {
    let net = Net::new(18)
        .typed_input("x", build::FLOAT16, &[-1, 1])
        .node("Relu", &["x"], "y");
    let graph = graph_of(&net.output("y"));
    let bytes = npy("'<f2'", false, &[2, 1], &[0x00, 0x3c, 0x00, 0xc0]);
    let batch = Batch::from_npy(&bytes, &graph).expect("a batch");
    assert_eq!(batch.inputs[0].1.to_f32()[..], [1.0, -2.0]);
}
