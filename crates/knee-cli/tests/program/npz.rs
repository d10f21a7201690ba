//! Data files as NumPy writes them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

/// An array in NumPy's format.
pub(crate) fn npy(descr: &str, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let lengths: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let lengths = lengths.join(", ") + if shape.is_empty() { "" } else { "," };
    let header =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({lengths}), }}\n");
    let length = u16::try_from(header.len()).expect("a short header");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

/// An array of floats.
pub(crate) fn floats(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    npy("<f4", shape, &data)
}

/// An array of integers.
pub(crate) fn integers(shape: &[usize], values: &[i64]) -> Vec<u8> {
    let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    npy("<i8", shape, &data)
}

/// An archive of arrays by name.
pub(crate) fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive
            .start_file(format!("{name}.npy"), SimpleFileOptions::default())
            .expect("a file in the archive");
        archive.write_all(bytes).expect("it is written");
    }
    archive.finish().expect("an archive").into_inner()
}
