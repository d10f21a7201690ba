//! `cargo xtask test`: every check that must pass before a change lands.

use std::time::Instant;

use crate::process::{self, cargo};

/// One named step: the arguments of cargo and the environment it needs.
struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        name: "lints",
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "knee without std",
        arguments: &[
            "check",
            "--quiet",
            "--package",
            "knee",
            "--no-default-features",
        ],
        environment: &[("RUSTFLAGS", "-D warnings")],
    },
    Step {
        name: "tests",
        arguments: &["test", "--workspace", "--quiet"],
        environment: &[],
    },
    Step {
        name: "documentation",
        arguments: &["doc", "--workspace", "--no-deps", "--quiet"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
];

/// Runs the steps in order and stops at the first that fails.
pub(crate) fn run() -> Result<(), String> {
    for step in STEPS {
        timed(step.name, || {
            process::run(
                cargo()
                    .args(step.arguments)
                    .envs(step.environment.iter().copied()),
            )
        })?;
    }
    timed("generated files", || crate::generate::run(true))
}

fn timed(name: &str, step: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    eprintln!("== {name}");
    let start = Instant::now();
    step().map_err(|error| format!("{name}: {error}"))?;
    eprintln!(
        "== {name}: passed in {:.0} s",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
