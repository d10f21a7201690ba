//! The pages of the documentation.

use knee_catalogue::{all, index, page};

#[test]
fn every_page_has_its_sections() {
    for entry in all() {
        let page = page(&entry);
        let name = entry.name();
        assert!(page.starts_with(&format!("# {name}\n")), "{name}");
        for heading in [
            "## Formula",
            "## Derivative",
            "## Names elsewhere",
            "## Numerics",
            "## Origin",
        ] {
            assert!(page.contains(heading), "{name}: no {heading}");
        }
        let figure = entry.figure().expect("every function has a figure");
        assert!(page.contains(&format!("](images/{name}.svg)")), "{name}");
        assert_eq!(
            figure.svg(),
            entry.figure().expect("a figure").svg(),
            "{name}: the same bytes"
        );
        if entry.curve().is_some() {
            assert!(page.contains("## Facts"), "{name}");
        }
    }
}

#[test]
fn the_table_has_every_function_and_what_is_left_out() {
    let index = index();
    for entry in all() {
        let link = format!("[{0}](functions/{0}.md)", entry.name());
        assert!(index.contains(&link), "{}", entry.name());
    }
    for name in ["meta_acon", "dy_relu", "frelu", "kan_spline"] {
        assert!(index.contains(&format!("| `{name}` |")), "{name}");
        assert!(
            !all().iter().any(|entry| entry.name() == name),
            "{name} is there"
        );
    }
}

#[test]
fn known_traps_are_told() {
    let traps = [
        ("gelu", "tanh"),
        ("leaky_relu", "0.2"),
        ("hard_sigmoid", "0.2"),
        ("prelu", "axis"),
        ("softmax", "opset"),
        ("softplus", "threshold"),
        ("selu", "1.6732"),
    ];
    for (name, word) in traps {
        let entry = all()
            .into_iter()
            .find(|entry| entry.name() == name)
            .expect("a function");
        let text = entry.about().section("Traps");
        assert!(text.contains(word), "{name}: {text}");
    }
}
