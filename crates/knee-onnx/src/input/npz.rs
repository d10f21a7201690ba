//! Several arrays in a zip archive, as `numpy.savez` writes them.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::npy;
use crate::boundary::guard;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Arrays in one archive.
const MAX_ARRAYS: usize = 4096;

/// Bytes that all arrays may have together. A larger set belongs into several files.
pub(super) const MAX_BYTES: u64 = 4 << 30;

/// Data that is compressed more than this, and large, is a bomb: what networks are fed
/// compresses a few times, masks and zeros some hundred times.
const MAX_RATIO: u64 = 300;

/// Below this size the ratio does not matter.
const SMALL: u64 = 64 << 20;

/// Reads every array, by name.
pub(super) fn arrays(
    place: &str,
    source: impl Read + Seek,
    length: u64,
) -> Result<BTreeMap<String, Tensor>> {
    guard(|| place.to_string(), move || read(place, source, length))
}

fn read(place: &str, source: impl Read + Seek, length: u64) -> Result<BTreeMap<String, Tensor>> {
    let broken =
        |found: String| Error::batch(place, found, "expected an archive as numpy.savez writes it");
    let mut archive =
        ZipArchive::new(source).map_err(|e| broken(format!("it is no zip archive ({e})")))?;
    if archive.len() > MAX_ARRAYS {
        return Err(broken(format!("it holds {} files", archive.len())));
    }
    let mut arrays = BTreeMap::new();
    let mut total = 0u64;
    for index in 0..archive.len() {
        let mut file = archive
            .by_index(index)
            .map_err(|e| broken(format!("file {index}: {e}")))?;
        let name = file
            .name()
            .map_err(|e| broken(format!("file {index}: {e}")))?
            .into_owned();
        let Some(array) = name.strip_suffix(".npy") else {
            return Err(broken(format!(
                "it holds \"{}\", which is no array",
                name.escape_debug()
            )));
        };
        let array = array.to_string();
        let place = format!("{place}, array \"{array}\"");
        // The archive's own claim, the array's claim, and what is really there must all agree
        // and stay within the limits; the last is checked while reading.
        let header = npy::header(&place, &mut file)?;
        total = total.saturating_add(header.bytes.max(file.size()));
        if total > MAX_BYTES || (total > SMALL && total / length.max(1) > MAX_RATIO) {
            return Err(Error::limit(
                place,
                format!("the arrays of a file of {length} bytes claim {total} bytes"),
                format!(
                    "expected at most {MAX_BYTES} bytes, and at most {MAX_RATIO} times the file; \
                     use fewer samples, or numpy.savez instead of savez_compressed"
                ),
            ));
        }
        let tensor = npy::data(&place, header, &mut file)?;
        if arrays.insert(array, tensor).is_some() {
            return Err(broken(format!(
                "it holds \"{}\" twice",
                name.escape_debug()
            )));
        }
    }
    Ok(arrays)
}
