//! docs/operators.md is the list of operators as the code has it.
//!
//! `cargo xtask generate` sets `KNEE_GENERATE` and so writes the page.

use std::path::Path;

use knee::{Framework, Function, RowFunction};
use knee_onnx::run::OPERATORS;

fn page() -> String {
    let mut lines = vec![
        "# Operators".to_owned(),
        String::new(),
        "ONNX operators that knee runs, forward and backward. Names without a domain are ONNX's own.".to_owned(),
    ];
    let mut section = |title: &str, names: Vec<String>| {
        lines.extend([
            String::new(),
            format!("## {title} ({})", names.len()),
            String::new(),
        ]);
        lines.push(names.join(", "));
    };
    section("Activation functions, computed by knee", activations());
    let operators = OPERATORS.iter().map(|(domain, name)| match *domain {
        "" => (*name).to_owned(),
        domain => format!("{domain}.{name}"),
    });
    section("Other operators", operators.collect());
    section(
        "Control flow",
        ["If", "Loop", "Scan"].map(str::to_owned).to_vec(),
    );
    lines.join("\n") + "\n"
}

/// What ONNX calls the functions that knee owns.
fn activations() -> Vec<String> {
    let elements = Function::all().into_iter().map(|function| function.about());
    let rows = RowFunction::ALL.iter().map(RowFunction::about);
    let about = elements.chain(rows).chain([knee::learned::Prelu::ABOUT]);
    let mut names: Vec<String> = about
        .flat_map(|about| about.foreign)
        .filter(|foreign| foreign.framework == Framework::Onnx)
        .map(|foreign| foreign.op.to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn the_page_of_operators_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operators.md");
    if std::env::var_os("KNEE_GENERATE").is_some() {
        std::fs::write(&path, page()).expect("the page is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page(),
        "docs/operators.md is not up to date; run `cargo xtask generate`"
    );
}
