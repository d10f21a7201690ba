//! The tables in docs/architecture.md.

use std::process::Command;

/// What the tables are between.
const MARKS: [&str; 2] = [
    "<!-- written by: cargo xtask bench ways -->\n",
    "<!-- end of what is written -->",
];

/// Replaces the recorded tables.
pub(crate) fn write(tables: &str) -> Result<(), String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/architecture.md");
    let failed = |error| format!("docs/architecture.md: {error}");
    let page = std::fs::read_to_string(path).map_err(failed)?;
    let [start, end] = MARKS;
    let (before, rest) = page
        .split_once(start)
        .ok_or(format!("docs/architecture.md has no `{}`", start.trim()))?;
    let (_, after) = rest
        .split_once(end)
        .ok_or(format!("docs/architecture.md has no `{end}`"))?;
    std::fs::write(path, format!("{before}{start}{tables}{end}{after}")).map_err(failed)
}

/// The processor and the compiler, in a sentence.
pub(crate) fn machine() -> String {
    let facts = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let fact = |name: &str| {
        let line = facts
            .lines()
            .find(|line| line.split(':').next().is_some_and(|key| key.trim() == name));
        line.and_then(|line| line.split_once(": "))
            .map_or("unknown", |(_, value)| value)
    };
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_default();
    format!(
        "Median nanoseconds per element, the ways taking turns in one run: {}, family {} model {}, {}.",
        fact("model name"),
        fact("cpu family"),
        fact("model"),
        rustc.trim(),
    )
}
