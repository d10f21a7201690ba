//! `cargo xtask generate`: documentation written from the lists in the code.

use std::fs;
use std::path::PathBuf;

use knee::Function;
use knee_doctor::report::rule_page;
use knee_doctor::rules;
use knee_figure::curve;

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

/// Every generated file.
fn pages() -> Vec<Page> {
    let mut pages = vec![gelu(), rules_index()];
    pages.extend(rules::all().iter().map(|rule| Page {
        path: format!("docs/rules/{}.md", rule.meta().slug).into(),
        text: rule_page(rule.meta()),
    }));
    pages
}

/// The picture of the README.
fn gelu() -> Page {
    let gelu = Function::all()
        .into_iter()
        .find(|function| function.name() == "gelu");
    Page {
        path: "docs/images/gelu.svg".into(),
        text: gelu.map(|gelu| curve(&gelu).svg()).unwrap_or_default(),
    }
}

/// The table of all rules.
fn rules_index() -> Page {
    let mut text = String::from(
        "# Rules\n\nWhat `knee doctor` checks. `knee doctor --explain SLUG` prints the same pages.\n\n\
         | rule | problem | levels |\n|---|---|---|\n",
    );
    for rule in rules::all() {
        let meta = rule.meta();
        let levels: Vec<&str> = meta.levels.iter().map(|level| level.word()).collect();
        text.push_str(&format!(
            "| [{0}]({0}.md) | {1} | {2} |\n",
            meta.slug,
            meta.title,
            levels.join(", ")
        ));
    }
    Page {
        path: "docs/rules/README.md".into(),
        text,
    }
}
