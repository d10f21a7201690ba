//! The Markdown page of every rule.

use knee_doctor::report::rule_page;
use knee_doctor::rules;

#[test]
fn every_rule_has_a_page() {
    for rule in rules::all() {
        let meta = rule.meta();
        let page = rule_page(meta);
        assert!(page.starts_with(&format!("# {}\n", meta.slug)));
        let headings: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        let expected = [
            "What it checks",
            "Why it matters",
            "How it is measured",
            "What to do",
            "Parameters",
        ];
        assert_eq!(headings, expected, "{}", meta.slug);
        for parameter in meta.parameters {
            assert!(
                page.contains(&format!(
                    "| `{}` | {} |",
                    parameter.name,
                    knee_figure::short(parameter.default)
                )),
                "{page}"
            );
        }
        assert!(page.ends_with('\n') && !page.contains("\n\n\n"), "{page}");
        assert!(page.lines().all(
            |line| line == line.trim_end() && !line.starts_with(' ') || line.starts_with("  ")
        ));
    }
}

#[test]
fn a_page() {
    let meta = knee_doctor::meta("output-range").expect("a rule");
    insta::assert_snapshot!(rule_page(meta));
}
