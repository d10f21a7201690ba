//! Where the embedded examples lie.

use std::path::{Path, PathBuf};

/// A file of the embedded examples.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name)
}
