//! One array in NumPy's format.
//!
//! The header is a Python dictionary of three entries. It is read here, and not by a crate, so
//! that its length, its nesting and the number of elements it claims are bounded before anything
//! is allocated.

use std::io::Read;

use half::f16;

use crate::error::{Error, Result};
use crate::tensor::{DType, Data, Tensor};

/// NumPy writes headers of some hundred bytes.
const MAX_HEADER: u32 = 1 << 16;

/// More axes than any framework has.
const MAX_RANK: usize = 64;

/// What the header of an array says.
pub(super) struct Header {
    pub(super) dtype: DType,
    pub(super) shape: Vec<usize>,
    big_endian: bool,
    fortran: bool,
    /// Bytes of data that the type and the shape need.
    pub(super) bytes: u64,
}

/// Reads the header; `name` is what messages call the array.
pub(super) fn header(name: &str, reader: &mut impl Read) -> Result<Header> {
    let cut = || {
        Error::batch(
            name,
            "the array ends in its header",
            "expected a NumPy array",
        )
    };
    let mut start = [0u8; 8];
    reader.read_exact(&mut start).map_err(|_| cut())?;
    if !start.starts_with(b"\x93NUMPY") {
        return Err(Error::batch(
            name,
            "it does not start as a NumPy array does",
            "expected what numpy.save or numpy.savez writes",
        ));
    }
    let mut length = [0u8; 4];
    let width = if start[6] == 1 { 2 } else { 4 };
    reader.read_exact(&mut length[..width]).map_err(|_| cut())?;
    let length = u32::from_le_bytes(length);
    if length > MAX_HEADER {
        return Err(Error::batch(
            name,
            format!("its header claims {length} bytes"),
            format!("expected at most {MAX_HEADER}"),
        ));
    }
    let mut text = vec![0u8; length as usize];
    reader.read_exact(&mut text).map_err(|_| cut())?;
    parse(name, &String::from_utf8_lossy(&text))
}

fn parse(name: &str, text: &str) -> Result<Header> {
    let broken = |entry: &str| {
        Error::batch(
            name,
            format!("its header has no valid {entry}"),
            "expected a NumPy array",
        )
    };
    let descr = entry(text, "descr").ok_or_else(|| broken("descr"))?;
    let (dtype, big_endian) = dtype(name, descr)?;
    let order = entry(text, "fortran_order").ok_or_else(|| broken("fortran_order"))?;
    let fortran = match order {
        _ if order.starts_with("True") => true,
        _ if order.starts_with("False") => false,
        _ => return Err(broken("fortran_order")),
    };
    let shape = entry(text, "shape")
        .and_then(|s| s.strip_prefix('(')?.split_once(')'))
        .and_then(|(inside, _)| lengths(inside))
        .ok_or_else(|| broken("shape"))?;
    let count = shape
        .iter()
        .try_fold(dtype.size() as u64, |n, d| n.checked_mul(*d as u64));
    let bytes = count
        .filter(|n| usize::try_from(*n).is_ok())
        .ok_or_else(|| {
            Error::batch(
                name,
                format!("its shape {shape:?} has more elements than any memory"),
                "expected the shape of the data in the file",
            )
        })?;
    Ok(Header {
        dtype,
        shape,
        big_endian,
        fortran,
        bytes,
    })
}

/// The text behind a key of the dictionary.
fn entry<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let quoted = [format!("'{key}'"), format!("\"{key}\"")];
    let at = quoted
        .iter()
        .find_map(|q| text.find(q.as_str()).map(|at| at + q.len()))?;
    text.get(at..)?
        .trim_start()
        .strip_prefix(':')
        .map(str::trim_start)
}

fn lengths(inside: &str) -> Option<Vec<usize>> {
    let parts = inside
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    // Python 2 wrote long integers with an L.
    let lengths: Option<Vec<usize>> = parts
        .map(|p| p.trim_end_matches('L').parse().ok())
        .collect();
    lengths.filter(|l| l.len() <= MAX_RANK)
}

/// The type behind `descr`, and whether its bytes are in big-endian order.
fn dtype(name: &str, descr: &str) -> Result<(DType, bool)> {
    let refuse = |found: &str| {
        Error::batch(
            name,
            found,
            "expected float16, float32, float64, bool or an integer type of 8 to 64 bits",
        )
    };
    if descr.starts_with(['[', '(', '{']) {
        return Err(refuse("it is a structured array"));
    }
    let quote = descr.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let code = quote.and_then(|q| descr[1..].split(q).next());
    let code = code.ok_or_else(|| refuse("its header has no valid descr"))?;
    let order = code.chars().next().unwrap_or('|');
    let plain = code.trim_start_matches(['<', '>', '|', '=']);
    let dtype = match plain {
        "f2" => DType::F16,
        "f4" => DType::F32,
        "f8" => DType::F64,
        "i1" => DType::I8,
        "i2" => DType::I16,
        "i4" => DType::I32,
        "i8" => DType::I64,
        "u1" => DType::U8,
        "u2" => DType::U16,
        "u4" => DType::U32,
        "u8" => DType::U64,
        "b1" => DType::Bool,
        _ if plain.starts_with('O') => {
            return Err(refuse(
                "it is an array of Python objects, which only pickle reads and which may run code",
            ));
        }
        _ if plain.starts_with(['U', 'S']) => return Err(refuse("it is an array of text")),
        _ => return Err(refuse(&format!("its type is \"{}\"", code.escape_debug()))),
    };
    Ok((dtype, order == '>'))
}

/// Reads the data behind a header that was checked.
pub(super) fn data(name: &str, header: Header, reader: &mut impl Read) -> Result<Tensor> {
    let mut bytes = Vec::new();
    // Grows with what is there, so that a false claim costs nothing. One byte more would show
    // that the file holds more than its header says.
    reader
        .take(header.bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| {
            Error::batch(
                name,
                format!("it cannot be read: {e}"),
                "write the file again",
            )
        })?;
    if bytes.len() as u64 != header.bytes {
        let more = bytes.len() as u64 > header.bytes;
        let found = if more {
            "more".into()
        } else {
            bytes.len().to_string()
        };
        return Err(Error::batch(
            name,
            format!("it has {found} bytes of data"),
            format!(
                "its shape {:?} of {} needs {}",
                header.shape, header.dtype, header.bytes
            ),
        ));
    }
    let order = if header.fortran {
        row_major(&header.shape)
    } else {
        None
    };
    let data = decode(header.dtype, header.big_endian, &bytes, order.as_deref());
    Ok(Tensor {
        dtype: header.dtype,
        shape: header.shape,
        data,
    })
}

/// For each element in row-major order, where it lies in column-major order; `None` where the
/// orders are the same.
fn row_major(shape: &[usize]) -> Option<Vec<usize>> {
    if shape.iter().filter(|d| **d > 1).count() < 2 {
        return None;
    }
    let mut order = vec![0usize];
    let mut stride = 1;
    let mut strides = Vec::with_capacity(shape.len());
    for length in shape {
        strides.push(stride);
        stride *= length;
    }
    for (length, stride) in shape.iter().zip(strides) {
        order = order
            .iter()
            .flat_map(|at| (0..*length).map(move |k| at + k * stride))
            .collect();
    }
    Some(order)
}

fn decode(dtype: DType, big: bool, bytes: &[u8], order: Option<&[usize]>) -> Data {
    fn each<const N: usize, T>(
        bytes: &[u8],
        big: bool,
        order: Option<&[usize]>,
        read: impl Fn([u8; N]) -> T,
    ) -> std::sync::Arc<[T]> {
        let chunks = bytes.as_chunks::<N>().0;
        let read = |chunk: &[u8; N]| {
            let mut chunk = *chunk;
            if big {
                chunk.reverse();
            }
            read(chunk)
        };
        match order {
            Some(order) => order.iter().map(|at| read(&chunks[*at])).collect(),
            None => chunks.iter().map(read).collect(),
        }
    }
    macro_rules! integers {
        ($type:ty) => {
            Data::I64(each(bytes, big, order, |b| {
                i64::from(<$type>::from_le_bytes(b))
            }))
        };
    }
    match dtype {
        DType::F16 | DType::Bf16 => {
            Data::F32(each(bytes, big, order, |b| f16::from_le_bytes(b).to_f32()))
        }
        DType::F32 => Data::F32(each(bytes, big, order, f32::from_le_bytes)),
        DType::F64 => Data::F64(each(bytes, big, order, f64::from_le_bytes)),
        DType::I8 => integers!(i8),
        DType::I16 => integers!(i16),
        DType::I32 => integers!(i32),
        DType::I64 => Data::I64(each(bytes, big, order, i64::from_le_bytes)),
        DType::U8 => integers!(u8),
        DType::U16 => integers!(u16),
        DType::U32 => integers!(u32),
        DType::U64 => Data::I64(each(bytes, big, order, |b| {
            u64::from_le_bytes(b).cast_signed()
        })),
        DType::Bool => Data::I64(each(bytes, big, order, |[b]: [u8; 1]| i64::from(b != 0))),
    }
}
