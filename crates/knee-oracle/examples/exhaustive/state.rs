//! What a run has done so far, in a file: a run that is interrupted is continued.

use std::collections::{BTreeMap, hash_map::DefaultHasher};
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

use knee_oracle::sweep::{Report, Tally};

/// The parts that are done, and the file that has them.
pub(crate) struct State {
    pub(crate) done: BTreeMap<u32, Report>,
    path: PathBuf,
    file: File,
}

impl State {
    /// Opens the file of a run. What another build of the program has written is not used.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, String> {
        let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(fail)?;
        let program = std::env::current_exe().and_then(fs::read).map_err(fail)?;
        let mut hash = DefaultHasher::new();
        program.hash(&mut hash);
        let file: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let path = folder.join(format!("{file}-{:016x}.tsv", hash.finish()));
        let mut done = BTreeMap::new();
        for line in fs::read_to_string(&path).unwrap_or_default().lines() {
            if let Some((part, report)) = read(line) {
                done.insert(part, report);
            }
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(fail)?;
        Ok(Self { done, path, file })
    }

    /// Keeps a part. One in which something is broken is looked at again by the next run.
    pub(crate) fn add(&mut self, part: u32, report: Report) -> Result<(), String> {
        if report.broken.is_empty() {
            let [value, slope] = &report.tallies;
            let tally = |t: &Tally| format!("{}\t{}\t{}", t.worst.to_bits(), t.at, t.misrounded);
            writeln!(
                self.file,
                "{part}\t{}\t{}\t{}\t{}\tend",
                report.inputs,
                report.asked,
                tally(value),
                tally(slope)
            )
            .map_err(|error| format!("{}: {error}", self.path.display()))?;
        }
        self.done.insert(part, report);
        Ok(())
    }

    /// A whole run needs no file any more.
    pub(crate) fn finish(self, whole: bool) -> Result<(), String> {
        if whole {
            fs::remove_file(&self.path)
                .map_err(|error| format!("{}: {error}", self.path.display()))?;
        }
        Ok(())
    }
}

/// A line that was written to its end.
fn read(line: &str) -> Option<(u32, Report)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [part, inputs, asked, a, b, c, d, e, f, "end"] = fields[..] else {
        return None;
    };
    let tally = |worst: &str, at: &str, misrounded: &str| {
        Some(Tally {
            worst: f64::from_bits(worst.parse().ok()?),
            at: at.parse().ok()?,
            misrounded: misrounded.parse().ok()?,
        })
    };
    let report = Report {
        inputs: inputs.parse().ok()?,
        asked: asked.parse().ok()?,
        tallies: [tally(a, b, c)?, tally(d, e, f)?],
        broken: Vec::new(),
    };
    Some((part.parse().ok()?, report))
}
