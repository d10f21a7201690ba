//! `cargo xtask generate`: documentation written from the lists in the code.

use std::fs;
use std::path::PathBuf;

use crate::process::root;

/// One generated file: where it lies in the workspace and what it must hold.
struct Page {
    path: PathBuf,
    text: String,
}

/// Writes every page, or with `check` reports the ones that differ.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let mut stale = Vec::new();
    for page in pages() {
        let path = root().join(&page.path);
        if fs::read_to_string(&path).is_ok_and(|found| found == page.text) {
            continue;
        }
        if check {
            stale.push(page.path.display().to_string());
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        }
        fs::write(&path, &page.text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        eprintln!("wrote {}", page.path.display());
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "{} not up to date; run `cargo xtask generate`",
            stale.join(", ")
        ))
    }
}

fn pages() -> Vec<Page> {
    Vec::new()
}
