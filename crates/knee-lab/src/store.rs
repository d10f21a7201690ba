//! A folder of results: one line of JSON for each finished run, written the moment it is finished.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::record::{FORMAT, Key, Record};

/// The file of the records.
pub const RECORDS: &str = "runs.jsonl";

/// The records while they are written again.
const AGAIN: &str = "runs.jsonl.new";

/// What a folder of results may hold.
const OURS: [&str; 3] = [RECORDS, AGAIN, "report.html"];

/// A folder that results are written to.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    finished: BTreeMap<Key, Record>,
}

impl Store {
    /// Opens a folder, or makes it. One that holds something else is refused; one that holds results is continued if `resume`
    /// says so, and refused otherwise. A last line that was cut off by a kill is dropped; its run is made again.
    pub fn open(folder: &Path, resume: bool) -> Result<Self, Error> {
        let place = folder.display().to_string();
        let failed = |error: &std::io::Error| Error::Results {
            path: place.clone(),
            found: error.to_string(),
            advice: "name a folder that can be written".to_owned(),
        };
        let path = folder.join(RECORDS);
        let mut finished = BTreeMap::new();
        if folder.exists() {
            if !folder.is_dir() {
                return Err(refused(&place, "it is a file", "name a folder"));
            }
            let entries = fs::read_dir(folder).map_err(|error| failed(&error))?;
            let foreign = entries
                .filter_map(Result::ok)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| !OURS.contains(&name.as_str()))
                .min();
            if let Some(foreign) = foreign {
                return Err(refused(
                    &place,
                    &format!("the folder holds \"{foreign}\", which is no result of the lab"),
                    "name an empty folder, or one that does not exist",
                ));
            }
            if path.exists() {
                let read = read(&path)?;
                if !resume && !read.records.is_empty() {
                    return Err(refused(
                        &place,
                        &format!("it holds {} finished runs", read.records.len()),
                        "pass --resume to go on with them, or name another folder",
                    ));
                }
                if read.cut {
                    repair(&path, &read.records).map_err(|error| failed(&error))?;
                }
                finished.extend(
                    read.records
                        .into_iter()
                        .map(|record| (record.key(), record)),
                );
            }
        } else {
            fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| failed(&error))?;
        Ok(Self {
            path: folder.to_owned(),
            file,
            finished,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A run that is finished.
    pub fn get(&self, key: &Key) -> Option<&Record> {
        self.finished.get(key)
    }

    /// Adds a finished run, on the disk at once.
    pub fn add(&mut self, record: Record) -> Result<(), Error> {
        let line = line(&record);
        let length = self.file.metadata().map(|data| data.len());
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line would hide the lines after it.
            if let Ok(length) = length {
                let _ = self.file.set_len(length);
            }
            return Err(Error::Results {
                path: self.path.join(RECORDS).display().to_string(),
                found: error.to_string(),
                advice: format!(
                    "{} finished runs are kept there; make room and go on with --resume",
                    self.finished.len()
                ),
            });
        }
        self.finished.insert(record.key(), record);
        Ok(())
    }

    /// Writes a file beside the records.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, Error> {
        let path = self.path.join(name);
        fs::write(&path, text).map_err(|error| Error::Results {
            path: path.display().to_string(),
            found: error.to_string(),
            advice: "the runs are kept; `knee lab report` writes the report again".to_owned(),
        })?;
        Ok(path)
    }
}

fn refused(path: &str, found: &str, advice: &str) -> Error {
    Error::Results {
        path: path.to_owned(),
        found: found.to_owned(),
        advice: advice.to_owned(),
    }
}

/// A record as its line.
///
/// # Panics
///
/// Never: all names in a record are text.
pub fn line(record: &Record) -> String {
    let json = serde_json::to_string(record).expect("a record has names that are text");
    json + "\n"
}

/// What a file of records holds.
#[derive(Debug)]
pub struct Read {
    /// The runs, the later of two with the same key.
    pub records: Vec<Record>,
    /// Whether the last line was cut off.
    pub cut: bool,
}

/// Reads a file of records, or the file in a folder.
pub fn read(path: &Path) -> Result<Read, Error> {
    let path = if path.is_dir() {
        path.join(RECORDS)
    } else {
        path.to_owned()
    };
    let place = path.display().to_string();
    if fs::metadata(&path).is_ok_and(|data| !data.is_file()) {
        return Err(refused(
            &place,
            "it is no regular file",
            "expected the folder of `knee lab run --output`",
        ));
    }
    let file = File::open(&path).map_err(|error| Error::Results {
        path: place.clone(),
        found: error.to_string(),
        advice: "expected the folder of `knee lab run --output`".to_owned(),
    })?;
    let mut lines = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        lines.push(line.map_err(|error| refused(&place, &error.to_string(), "read it again"))?);
    }
    let mut records: BTreeMap<Key, Record> = BTreeMap::new();
    let count = lines.len();
    let mut cut = false;
    for (index, line) in lines.iter().enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<Record>(line) {
            Ok(record) if record.format == FORMAT => {
                records.insert(record.key(), record);
            }
            Ok(record) => {
                return Err(refused(
                    &format!("{place}, line {}", index + 1),
                    &format!("its format is \"{}\"", record.format),
                    &format!("this program reads {FORMAT}"),
                ));
            }
            Err(_) if index + 1 == count => cut = true,
            Err(error) => {
                return Err(refused(
                    &format!("{place}, line {}", index + 1),
                    &format!("it is no record ({error})"),
                    "remove the line; its run is made again with --resume",
                ));
            }
        }
    }
    Ok(Read {
        records: records.into_values().collect(),
        cut,
    })
}

/// Writes the records again without what was cut off: beside the file, and then in its place.
fn repair(path: &Path, records: &[Record]) -> std::io::Result<()> {
    let text: String = records.iter().map(line).collect();
    let beside = path.with_file_name(AGAIN);
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_that_says_what_is_kept() {
        // Every write to it fails for want of room.
        let file = OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("a device");
        let mut store = Store {
            path: "results".into(),
            file,
            finished: BTreeMap::new(),
        };
        let record = r#"{"format":"knee-lab/1","experiment":"depth","arm":"relu","seeds":{"data":1,"init":2,"order":3},
            "quick":true,"parameters":{},"measures":{},"versions":{"knee":"0","burn":"0","target":"x"},"date":"2026-01-31"}"#;
        let record: Record = serde_json::from_str(record).expect("a record");
        let error = store.add(record).expect_err("no room").to_string();
        for words in ["results/runs.jsonl", "0 finished runs are kept", "--resume"] {
            assert!(error.contains(words), "{error}");
        }
    }
}
