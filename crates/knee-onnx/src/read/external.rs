//! Tensor data outside the model file.
//!
//! A model names files, and a model is untrusted. Only a file inside the model's own folder is
//! read: no absolute path, no `..`, and no symbolic link that leaves.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// Reads external data for one model.
pub(crate) struct External {
    /// The model's folder; `None` when the model came as bytes.
    folder: Option<PathBuf>,
    /// For each file, how many bytes were asked for.
    asked: HashMap<PathBuf, u64>,
}

/// Where the bytes of a tensor lie.
pub(crate) struct Place<'a> {
    /// The tensor's name.
    pub(crate) name: &'a str,
    /// The pairs of the tensor's `external_data`.
    pub(crate) entries: Vec<(&'a str, &'a str)>,
    /// How many bytes the tensor's type and shape need.
    pub(crate) needed: u64,
}

impl External {
    pub(crate) fn new(folder: Option<&Path>) -> External {
        External {
            folder: folder.map(Path::to_path_buf),
            asked: HashMap::new(),
        }
    }

    /// The bytes of a tensor.
    pub(crate) fn read(&mut self, place: &Place<'_>) -> Result<Vec<u8>> {
        let find = |key: &str| place.entries.iter().find(|e| e.0 == key).map(|e| e.1);
        let location = find("location").unwrap_or_default();
        let fail = |cause: String| Error::External {
            name: place.name.into(),
            location: location.into(),
            cause,
        };
        let number = |key: &str| match find(key) {
            None => Ok(None),
            Some(text) => text
                .parse::<u64>()
                .map(Some)
                .map_err(|_| fail(format!("has {key} \"{text}\"; expected a number of bytes"))),
        };
        let offset = number("offset")?.unwrap_or(0);
        if let Some(length) = number("length")?
            && length != place.needed
        {
            return Err(fail(format!(
                "is said to have {length} bytes; its type and shape need {}",
                place.needed
            )));
        }
        let path = self.resolve(location).map_err(fail)?;
        let mut file = File::open(&path).map_err(|e| fail(format!("cannot be read: {e}")))?;
        let length = file
            .metadata()
            .map_err(|e| fail(format!("cannot be read: {e}")))?
            .len();
        if offset
            .checked_add(place.needed)
            .is_none_or(|end| end > length)
        {
            return Err(fail(format!(
                "has {length} bytes; expected {} bytes from byte {offset} on",
                place.needed
            )));
        }
        // Tensors share a file, but not bytes: many that claim the same large region would need
        // more memory than the files have.
        let asked = self.asked.entry(path).or_default();
        *asked = asked.saturating_add(place.needed);
        if *asked > length.saturating_mul(2) {
            return Err(fail(format!(
                "has {length} bytes, and the model's tensors claim {asked} of them; \
                 expected tensors that do not overlap"
            )));
        }
        let mut bytes = vec![0; usize::try_from(place.needed).map_err(|e| fail(e.to_string()))?];
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|e| fail(format!("cannot be read: {e}")))?;
        Ok(bytes)
    }

    /// The real path of a location, if it lies in the model's folder.
    fn resolve(&self, location: &str) -> std::result::Result<PathBuf, String> {
        let Some(folder) = &self.folder else {
            return Err("is needed, but the model was given as bytes; \
                        open it from its file instead"
                .into());
        };
        if location.is_empty() {
            return Err("has no location".into());
        }
        let outside = "points outside the model's folder, which is refused; \
                       keep the data beside the model";
        // A backslash separates folders on one system and is part of a name on another.
        let plain = Path::new(location)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !plain || location.contains(['\\', '\0']) {
            return Err(outside.into());
        }
        let missing = |e: std::io::Error| format!("cannot be read: {e}; keep it beside the model");
        let root = fs::canonicalize(folder).map_err(missing)?;
        let path = fs::canonicalize(root.join(location)).map_err(missing)?;
        if !path.starts_with(&root) {
            return Err(outside.into());
        }
        if !path.is_file() {
            return Err("is not a file".into());
        }
        Ok(path)
    }
}
