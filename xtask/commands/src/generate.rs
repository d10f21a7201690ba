//! `cargo xtask generate`: documentation written from the lists in the code.

use std::fs;
use std::path::PathBuf;

use knee::Function;
use knee_catalogue::{Entry, all, index, page};
use knee_doctor::report::rule_page;
use knee_doctor::rules;
use knee_figure::curve;

use crate::process::{self, cargo, root};

/// One generated file: where it lies in the workspace and what it must hold.
struct Page {
    path: PathBuf,
    text: String,
}

/// Writes every page, or with `check` reports the ones that differ.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let mut stale = Vec::new();
    for page in pages()? {
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
    if !check {
        // Pages from crates that take long to build, or from the suites; their own tests check them.
        // With `--workspace`, because a package alone would have its dependencies built again with fewer features.
        for (test, name) in [
            ("operators_page", "the_page"),
            ("pages", "the_pages"),
            ("properties", "conformance::page"),
        ] {
            process::run(
                cargo()
                    .args(["test", "--quiet", "--workspace"])
                    .args(["--test", test, name])
                    .env("KNEE_GENERATE", "1"),
            )?;
        }
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
fn pages() -> Result<Vec<Page>, String> {
    let mut pages = vec![gelu(), rules_index()];
    pages.push(Page {
        path: "docs/functions.md".into(),
        text: index(),
    });
    pages.extend(all().iter().flat_map(function_pages));
    pages.extend(rules::all().iter().map(|rule| Page {
        path: format!("docs/rules/{}.md", rule.meta().slug).into(),
        text: rule_page(rule.meta()),
    }));
    let recorded = crate::bench::recorded()?;
    pages.extend(recorded.into_iter().map(|(path, text)| Page { path, text }));
    Ok(pages)
}

/// The page of a function, and its figure.
fn function_pages(entry: &Entry) -> Vec<Page> {
    let name = entry.name();
    let figure = entry.figure().map(|figure| Page {
        path: format!("docs/functions/images/{name}.svg").into(),
        text: figure.svg(),
    });
    let text = Page {
        path: format!("docs/functions/{name}.md").into(),
        text: page(entry),
    };
    std::iter::once(text).chain(figure).collect()
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
    let mut lines = vec![
        "# Rules".to_owned(),
        String::new(),
        "What `knee doctor` checks. `knee doctor --explain SLUG` prints the same pages.".to_owned(),
        String::new(),
        "| rule | problem | levels |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    lines.extend(rules::all().iter().map(|rule| {
        let meta = rule.meta();
        let levels: Vec<&str> = meta.levels.iter().map(|level| level.word()).collect();
        let (slug, title) = (meta.slug, meta.title);
        format!("| [{slug}]({slug}.md) | {title} | {} |", levels.join(", "))
    }));
    let text = lines.join("\n") + "\n";
    Page {
        path: "docs/rules/README.md".into(),
        text,
    }
}
