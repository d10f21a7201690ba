//! One array in NumPy's format.
//!
//! What an array claims is checked before anything of its size is allocated.

use std::io::Read;

use half::f16;

use super::MOST_BYTES;
use crate::data::error::{Error, quoted};

/// NumPy writes headers of some hundred bytes.
const MOST_HEADER: u32 = 1 << 16;

/// More axes than any framework has.
const MOST_AXES: usize = 16;

/// A longer text is no class.
const MOST_CHARACTERS: usize = 1 << 12;

/// An array in row-major order.
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Numbers(Vec<f64>),
    Text(Vec<String>),
}

/// The types of elements that are read: letter, bytes of one element.
#[derive(Clone, Copy)]
struct Kind {
    letter: u8,
    size: usize,
    big_endian: bool,
}

/// Reads an array of at most `most` elements.
pub(super) fn read(place: &str, reader: &mut impl Read, most: u64) -> Result<Array, Error> {
    let text = header(place, reader)?;
    let broken = |entry: &str| {
        Error::format(
            place,
            format!("its header has no valid {entry}"),
            "expected a NumPy array",
        )
    };
    let kind = kind(place, entry(&text, "descr").ok_or_else(|| broken("descr"))?)?;
    let fortran = match entry(&text, "fortran_order") {
        Some(order) if order.starts_with("True") => true,
        Some(order) if order.starts_with("False") => false,
        _ => return Err(broken("fortran_order")),
    };
    let shape = entry(&text, "shape")
        .and_then(|s| s.strip_prefix('(')?.split_once(')'))
        .and_then(|(inside, _)| lengths(inside))
        .ok_or_else(|| broken("shape"))?;
    let fits = |n: &u64| *n <= most && n.saturating_mul(kind.size as u64) <= MOST_BYTES;
    let count = shape
        .iter()
        .try_fold(1, |n: u64, d| n.checked_mul(*d as u64));
    let count = count.filter(fits).ok_or_else(|| Error::Limit {
        place: place.to_owned(),
        found: format!("its shape is {shape:?}"),
        expected: format!("expected at most {most} elements in {MOST_BYTES} bytes; use fewer rows"),
    })? as usize;
    let needed = count * kind.size;
    let mut bytes = Vec::new();
    // Grows with what is there. One byte more would show that there is more than the header says.
    reader
        .take(needed as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| {
            let found = format!("it cannot be read ({e})");
            Error::format(place, found, "write the file again")
        })?;
    if bytes.len() != needed {
        let amount = if bytes.len() > needed { "more" } else { "less" };
        return Err(Error::format(
            place,
            format!("it has {amount} data than its shape {shape:?} needs"),
            "write the file again",
        ));
    }
    let elements = bytes.chunks_exact(kind.size.max(1));
    let order = (fortran && count > 0).then(|| row_major(&shape));
    let content = match kind.letter {
        b'U' | b'S' => Content::Text(ordered(
            elements.map(|e| kind.text(e)).collect(),
            order.as_deref(),
        )),
        _ => Content::Numbers(ordered(
            elements.map(|e| kind.number(e)).collect(),
            order.as_deref(),
        )),
    };
    Ok(Array { shape, content })
}

/// The dictionary at the beginning, as text.
fn header(place: &str, reader: &mut impl Read) -> Result<String, Error> {
    let broken = |found: &str| Error::format(place, found, "expected what numpy.savez writes");
    let cut = |_| broken("it ends in its header, or is broken there");
    let mut start = [0; 8];
    reader.read_exact(&mut start).map_err(cut)?;
    if !start.starts_with(b"\x93NUMPY") {
        return Err(broken("it does not begin as a NumPy array does"));
    }
    let mut length = [0; 4];
    let width = if start[6] == 1 { 2 } else { 4 };
    reader.read_exact(&mut length[..width]).map_err(cut)?;
    let length = u32::from_le_bytes(length);
    if length > MOST_HEADER {
        return Err(broken(&format!("its header claims {length} bytes")));
    }
    let mut text = vec![0; length as usize];
    reader.read_exact(&mut text).map_err(cut)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The text behind a key of the dictionary.
fn entry<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("'{key}'"))?;
    rest.trim_start().strip_prefix(':').map(str::trim_start)
}

fn lengths(inside: &str) -> Option<Vec<usize>> {
    let parts = inside.split(',').map(str::trim).filter(|p| !p.is_empty());
    let lengths: Option<Vec<usize>> = parts.map(|part| part.parse().ok()).collect();
    lengths.filter(|lengths| lengths.len() <= MOST_AXES)
}

fn kind(place: &str, descr: &str) -> Result<Kind, Error> {
    let refused = |found: String| {
        Error::format(
            place,
            found,
            "expected numbers, as x.astype(numpy.float32), or labels as text",
        )
    };
    let code = descr.strip_prefix('\'').and_then(|d| d.split_once('\''));
    let (code, _) = code.ok_or_else(|| refused("it is a structured array".into()))?;
    let plain = code.trim_start_matches(['<', '>', '|', '=']);
    let unknown = || match plain.as_bytes() {
        [b'O', ..] => refused("it holds Python objects, which only pickle reads".into()),
        _ => refused(format!("its type is {}", quoted(code))),
    };
    let (letter, size) = match plain.as_bytes() {
        [letter @ (b'f' | b'i' | b'u' | b'b' | b'U' | b'S'), ..] => (*letter, &plain[1..]),
        _ => return Err(unknown()),
    };
    let size: usize = size.parse().map_err(|_| unknown())?;
    let size = match (letter, size) {
        (b'U', 1..=MOST_CHARACTERS) => 4 * size,
        (b'f', 2 | 4 | 8)
        | (b'i' | b'u', 1 | 2 | 4 | 8)
        | (b'b', 1)
        | (b'S', 1..=MOST_CHARACTERS) => size,
        _ => return Err(unknown()),
    };
    Ok(Kind {
        letter,
        size,
        big_endian: code.starts_with('>'),
    })
}

impl Kind {
    /// A number; its bytes are as many as the kind says.
    fn number(self, element: &[u8]) -> f64 {
        let mut bytes = [0; 8];
        bytes[..self.size].copy_from_slice(element);
        if self.big_endian {
            bytes[..self.size].reverse();
        }
        let bits = u64::from_le_bytes(bytes);
        match (self.letter, self.size) {
            (b'f', 2) => f16::from_bits(bits as u16).to_f64(),
            (b'f', 4) => f64::from(f32::from_bits(bits as u32)),
            (b'f', _) => f64::from_bits(bits),
            (b'i', size) => {
                let unused = 64 - 8 * size as u32;
                ((bits << unused).cast_signed() >> unused) as f64
            }
            _ => bits as f64,
        }
    }

    /// A text, without the zeros that fill it up.
    fn text(self, element: &[u8]) -> String {
        if self.letter == b'S' {
            let text = String::from_utf8_lossy(element);
            return text.trim_end_matches('\0').to_owned();
        }
        let (characters, _) = element.as_chunks();
        let code = if self.big_endian {
            u32::from_be_bytes
        } else {
            u32::from_le_bytes
        };
        let text: String = characters
            .iter()
            .map(|bytes| char::from_u32(code(*bytes)).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        text.trim_end_matches('\0').to_owned()
    }
}

fn ordered<T: Clone>(elements: Vec<T>, order: Option<&[usize]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|at| elements[*at].clone()).collect(),
        None => elements,
    }
}

/// For each element in row-major order, where it lies in column-major order.
fn row_major(shape: &[usize]) -> Vec<usize> {
    let mut order = vec![0];
    let mut stride = 1;
    for length in shape {
        order = order
            .iter()
            .flat_map(|at| (0..*length).map(move |k| at + k * stride))
            .collect();
        stride *= length;
    }
    order
}
