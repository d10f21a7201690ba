//! Archives of arrays: what NumPy wrote is read, and every refusal says why.

use std::io::{Cursor, Write};

use knee_lab::data::{Dataset, Error, Targets, own};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TEXT_LABELS: &[u8] = include_bytes!("numpy/text-labels.npz");
const NUMBERS: &[u8] = include_bytes!("numpy/numbers.npz");
const IMAGES: &[u8] = include_bytes!("numpy/images.npz");

fn read<'a>(bytes: &[u8], label: impl Into<Option<&'a str>>) -> Result<Dataset, Error> {
    own::from_npz("my.npz", bytes, label)
}

fn refusal<'a>(bytes: &[u8], label: impl Into<Option<&'a str>>) -> String {
    read(bytes, label)
        .expect_err("it must be refused")
        .to_string()
}

/// An array in NumPy's format.
fn array(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn doubles(shape: &str, values: impl IntoIterator<Item = f64>) -> Vec<u8> {
    let data: Vec<u8> = values.into_iter().flat_map(f64::to_le_bytes).collect();
    array("'<f8'", shape, &data)
}

fn archive(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let name = format!("{name}.npy");
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn parity() -> Vec<u8> {
    doubles("(20,)", (0..20).map(|n| f64::from(n % 2)))
}

#[test]
fn what_numpy_wrote_is_read() {
    let quarters: Vec<f32> = (0..60_u8).map(|n| f32::from(n) / 4.0).collect();
    let texts = read(TEXT_LABELS, "species").unwrap();
    assert_eq!((texts.inputs, texts.shape), (quarters.clone(), vec![3]));
    let other_way_round = (0..20).map(|n| 1 - n % 2).collect();
    assert_eq!(texts.targets, Targets::classes(2, other_way_round));
    assert_eq!(
        texts.notes,
        ["Label \"species\" has 2 classes: \"bee\", \"ä\"."]
    );
    let whole = read(NUMBERS, None).unwrap();
    assert_eq!(whole.inputs, quarters);
    assert_eq!(
        whole.targets,
        Targets::classes(4, (0..20).map(|n| n % 4).collect())
    );
    let Targets::Values { width, of } = read(NUMBERS, "price").unwrap().targets else {
        panic!("rows of fractions are numbers");
    };
    assert_eq!((width, &of[..3]), (2, &[0.125, 0.875, 2.375][..]));
    let images = read(IMAGES, None).unwrap();
    assert_eq!(
        (images.shape.as_slice(), images.sample(1)),
        (&[1, 2, 1][..], &[3.0, 4.0][..])
    );
    assert_eq!(
        images.targets,
        Targets::classes(2, (0..20).map(|n| (n + 1) % 2).collect())
    );
    assert!(matches!(
        read(IMAGES, "other").unwrap().targets,
        Targets::Values { .. }
    ));
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let y = parity;
    let x = || doubles("(20, 2)", (0..40).map(f64::from));
    let hole = |value| {
        doubles(
            "(20, 2)",
            (0..40).map(move |n| if n == 7 { value } else { f64::from(n) }),
        )
    };
    let expected = [
        (
            vec![("z", x()), ("y", y())],
            "my.npz: there is no array of the samples among \"z\", \"y\"; expected an array \"x\", \"X\" or \"inputs\"",
        ),
        (
            vec![("x", hole(f64::NAN)), ("y", y())],
            "my.npz, array \"x\", row 3 (counted from 0), column 1: NaN is not finite in single precision; fill it in, or remove the row or the column",
        ),
        (
            vec![("x", hole(1e300)), ("y", y())],
            "my.npz, array \"x\", row 3 (counted from 0), column 1: 1",
        ),
        (
            vec![("x", x()), ("y", doubles("(20,)", [3.0; 20]))],
            "my.npz, label \"y\": all 20 rows have the same value, \"3\"; there is nothing to learn; name another column as the label",
        ),
        (
            vec![
                ("x", x()),
                (
                    "y",
                    doubles("(20, 2)", (0..40).map(|n| f64::from(n % 2 * n))),
                ),
            ],
            "my.npz, label \"y\": all 20 rows in column 0 (counted from 0) have the same value, \"0\"",
        ),
        (
            vec![("x", x()), ("y", doubles("(19,)", [3.0; 19]))],
            "my.npz, array \"y\": its shape is [19]; expected [20], a label for each row of \"x\"",
        ),
        (
            vec![("x", y()), ("y", y())],
            "my.npz, array \"x\": its shape is [20]; expected [samples, features]; a single feature is x.reshape(-1, 1)",
        ),
        (
            vec![("x", doubles("(20, 3)", [1.0; 59])), ("y", y())],
            "my.npz, array \"x\": it has less data than its shape [20, 3] needs; write the file again",
        ),
        (
            vec![("x", doubles("(20, 3)", [1.0; 61])), ("y", y())],
            "my.npz, array \"x\": it has more data than its shape [20, 3] needs; write the file again",
        ),
        (
            vec![("x", doubles("(20, 999999999999)", [])), ("y", y())],
            "my.npz, array \"x\": its shape is [20, 999999999999]; expected at most 67108864 elements",
        ),
        (
            vec![("x", array("'<c16'", "(20, 2)", &[])), ("y", y())],
            "my.npz, array \"x\": its type is \"<c16\"; expected numbers",
        ),
        (
            vec![("x", array("'|O'", "(20, 2)", &[])), ("y", y())],
            "my.npz, array \"x\": it holds Python objects, which only pickle reads; expected numbers",
        ),
        (
            vec![("x", array("[('a', '<f8')]", "(20, 2)", &[])), ("y", y())],
            "my.npz, array \"x\": it is a structured array; expected numbers",
        ),
        (
            vec![("x", array("'|S1'", "(20, 1)", &[b'a'; 20])), ("y", y())],
            "my.npz, array \"x\": it is an array of text; expected numbers",
        ),
        (
            vec![("x", b"\x93NUMPY\x01\x00\xff".to_vec()), ("y", y())],
            "my.npz, array \"x\": it ends in its header, or is broken there; expected what numpy.savez writes",
        ),
        (
            vec![("x", b"no array".to_vec()), ("y", y())],
            "my.npz, array \"x\": it does not begin as a NumPy array does; expected what numpy.savez writes",
        ),
        (
            vec![
                ("x", doubles("(5, 1)", [1.0; 5])),
                ("y", doubles("(5,)", [1.0; 5])),
            ],
            "my.npz: it has 5 rows; expected at least 20, some to train and some to test on",
        ),
    ];
    for (arrays, message) in expected {
        let found = refusal(&archive(&arrays), None);
        assert!(found.starts_with(message), "{found}\nexpected {message}");
    }
    assert!(
        refusal(b"age,y\n1,2\n", None).starts_with("my.npz: it cannot be read as a zip archive (")
    );
}

#[test]
fn a_label_that_is_not_there_is_answered_with_those_that_are() {
    assert_eq!(
        refusal(NUMBERS, "prize"),
        "my.npz: there is no label \"prize\"; did you mean \"price\"? Expected one of \"y\", \"price\""
    );
    assert!(
        refusal(TEXT_LABELS, None).starts_with("my.npz: which column is the label was not said")
    );
    assert!(refusal(NUMBERS, "X").starts_with("my.npz: there is no label \"X\""));
}

#[test]
fn what_an_array_claims_must_be_there() {
    let claims = doubles("(8000000, 8)", []);
    let found = refusal(&archive(&[("x", claims), ("y", parity())]), None);
    assert!(found.contains("it has less data"), "{found}");
}
