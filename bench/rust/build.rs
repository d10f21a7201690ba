//! Tells the program the versions of the peers that it is built with, as `Cargo.lock` has them.

use std::path::Path;

fn main() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    for (package, variable) in [
        ("burn-flex", "BURN_VERSION"),
        ("candle-core", "CANDLE_VERSION"),
        ("rten-vecmath", "RTEN_VERSION"),
    ] {
        let mut lines = lock.lines();
        let name = format!("name = \"{package}\"");
        let version = lines
            .find(|line| *line == name)
            .and_then(|_| lines.next())
            .and_then(|line| line.strip_prefix("version = "))
            .map_or("unknown", |version| version.trim_matches('"'));
        println!("cargo:rustc-env={variable}={version}");
    }
}
