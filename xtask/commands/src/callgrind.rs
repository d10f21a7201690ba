//! `cargo xtask callgrind`: instructions per element that the kernels run at the AVX2 level, counted by valgrind's callgrind.
//!
//! The tests count the instructions of the loops, in the code; here they are counted as they run, calls and the ends of slices
//! included. Valgrind knows no AVX-512.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{cargo, root};

/// The function of the bench at which callgrind starts to count anew.
const BOUNDARY: &str = "callgrind::boundary";
/// A build may run a tenth more than recorded, or what two instructions for each register of eight numbers are.
const TENTH: f64 = 0.1;
const TWO_OF_EIGHT: f64 = 0.25;

const HEADER: &str = "\
# Instructions per element that each kernel runs at the AVX2 level, counted by callgrind in the bench profile.
# Compared by `cargo xtask callgrind`; written by `cargo xtask callgrind --record`.
function\toperation\tarithmetic\tinstructions per element
";

/// Instructions per element, by kernel.
type Counts = BTreeMap<String, f64>;

/// Counts, and compares with the record or writes it.
pub(crate) fn run(record: bool) -> Result<(), String> {
    let counted = count()?;
    let path = root().join("docs/callgrind.tsv");
    if record {
        let lines = counted
            .iter()
            .map(|(name, count)| format!("{name}\t{count:.2}\n"));
        let text = HEADER.to_owned() + &lines.collect::<String>();
        return std::fs::write(&path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()));
    }
    compare(&read(&path)?, &counted)
}

/// Runs the bench under callgrind.
fn count() -> Result<Counts, String> {
    let version = Command::new("valgrind").arg("--version").output();
    version
        .map_err(|error| format!("cannot start valgrind, which has to be installed: {error}"))?;
    let folder = root().join("target/callgrind");
    let failed = |error| format!("{}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let out = folder.join("out");
    let runner = format!(
        "target.\"cfg(target_arch = \\\"x86_64\\\")\".runner = [\"valgrind\", \"--quiet\", \"--tool=callgrind\", \
         \"--dump-before={BOUNDARY}\", '--callgrind-out-file={}']",
        out.display(),
    );
    let mut bench = cargo();
    bench.args([
        "bench",
        "--package",
        "knee",
        "--bench",
        "callgrind",
        "--config",
        &runner,
    ]);
    let output = bench
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "the bench under callgrind ended with {}",
            output.status
        ));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut lines = printed.lines();
    let elements = lines
        .next()
        .and_then(|line| line.strip_prefix("elements\t")?.parse::<f64>().ok())
        .ok_or_else(|| {
            format!(
                "nothing was counted: {}",
                printed.lines().next().unwrap_or("the bench said nothing")
            )
        })?;
    // What lies before the first boundary is the first file; from then on every second one is a kernel.
    lines
        .zip((2..).step_by(2))
        .map(|(name, number)| Ok((name.to_owned(), total(&out, number)? / elements)))
        .collect()
}

/// The instructions in one of callgrind's files.
fn total(out: &Path, number: usize) -> Result<f64, String> {
    let path = PathBuf::from(format!("{}.{number}", out.display()));
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ")?.parse().ok());
    total.ok_or_else(|| format!("{} has no total", path.display()))
}

fn read(path: &Path) -> Result<Counts, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut counts = Counts::new();
    for line in text.lines().skip(HEADER.lines().count()) {
        let parts = line
            .rsplit_once('\t')
            .and_then(|(name, count)| Some((name, count.parse().ok()?)));
        let (name, count) =
            parts.ok_or_else(|| format!("{}: not a line of the record: {line}", path.display()))?;
        counts.insert(name.to_owned(), count);
    }
    Ok(counts)
}

/// More instructions than recorded are an error; fewer are said.
fn compare(recorded: &Counts, counted: &Counts) -> Result<(), String> {
    let mut worse = Vec::new();
    for (name, &before) in recorded {
        let shown = name.replace('\t', ", ");
        let Some(&after) = counted.get(name) else {
            worse.push(format!("{shown}: recorded, but not there"));
            continue;
        };
        let margin = (TENTH * before).max(TWO_OF_EIGHT);
        let text =
            format!("{shown}: {after:.2} instructions per element, recorded are {before:.2}");
        if after > before + margin {
            worse.push(text);
        } else if after < before - margin {
            println!("{text}");
        }
    }
    for name in counted.keys().filter(|name| !recorded.contains_key(*name)) {
        println!("{}: not recorded", name.replace('\t', ", "));
    }
    println!("{} kernels counted", counted.len());
    if worse.is_empty() {
        Ok(())
    } else {
        Err(worse.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_instructions_and_lost_kernels_are_errors() {
        let of = |count| Counts::from([("gelu\tvalue\tf64".to_owned(), count)]);
        assert!(compare(&of(40.0), &of(43.0)).is_ok());
        assert!(compare(&of(40.0), &of(30.0)).is_ok());
        assert!(compare(&of(40.0), &of(45.0)).is_err());
        assert!(compare(&of(0.5), &of(0.7)).is_ok());
        assert!(compare(&of(40.0), &Counts::new()).is_err());
    }
}
