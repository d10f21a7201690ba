//! The report as a page.

use knee_doctor::report::{HtmlOptions, html};

use crate::fixture::{sick, unseen};

fn page() -> String {
    html(
        &sick(),
        &HtmlOptions {
            example: Some("sick".to_owned()),
        },
    )
}

/// The tags of a page without the text, the drawings and the tables' cells, indented by depth.
fn outline(page: &str) -> String {
    const LEFT_OUT: [&str; 12] = [
        "tr", "td", "th", "dt", "dd", "li", "span", "abbr", "p", "code", "a", "caption",
    ];
    const EMPTY: [&str; 2] = ["meta", "!doctype"];
    let mut out = String::new();
    let mut depth = 0;
    let mut drawing = false;
    for tag in page
        .split('<')
        .skip(1)
        .filter_map(|piece| Some(piece.split_once('>')?.0))
    {
        let (closing, name) = (tag.starts_with('/'), tag.trim_start_matches('/'));
        let name = name.split([' ', '\n']).next().unwrap_or_default();
        if name == "svg" {
            drawing = !closing;
        }
        if drawing || name == "svg" || LEFT_OUT.contains(&name) {
            continue;
        }
        if closing {
            depth -= 1;
            continue;
        }
        out.extend(["  ".repeat(depth).as_str(), tag, "\n"]);
        depth += usize::from(!EMPTY.contains(&name));
    }
    assert_eq!(depth, 0, "tags that do not close");
    out
}

#[test]
fn structure_of_the_page() {
    insta::assert_snapshot!(outline(&page()));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page();
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("<script"));
    // The one address that stands in a drawing names its vocabulary; it is not loaded.
    let rest = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for forbidden in [
        "http:",
        "https:",
        "//",
        "@import",
        "src=",
        "javascript:",
        " onload",
        " onclick",
    ] {
        let found = rest
            .find(forbidden)
            .map(|at| &rest[at.saturating_sub(60)..at]);
        assert!(found.is_none(), "{forbidden} after {found:?}");
    }
    assert!(
        !rest.replace("url(#", "").contains("url("),
        "a style loads something"
    );
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    let page = page();
    let levels: Vec<u32> = page
        .split("<h")
        .skip(1)
        .filter_map(|piece| piece.chars().next()?.to_digit(10))
        .collect();
    assert_eq!(levels.first(), Some(&1));
    assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    let page = page();
    let after = |mark: &str| -> Vec<String> {
        page.split(mark)
            .skip(1)
            .filter_map(|piece| Some(piece.split_once('"')?.0.to_owned()))
            .collect()
    };
    let ids = after(" id=\"");
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    for link in after("href=\"#").into_iter().chain(
        after("aria-labelledby=\"")
            .iter()
            .flat_map(|l| l.split(' ').map(str::to_owned).collect::<Vec<_>>()),
    ) {
        assert!(ids.contains(&link), "nothing has the id {link}");
    }
}

#[test]
fn every_figure_has_title_description_and_numbers() {
    let page = page();
    let figures: Vec<&str> = page.split("<figure>").skip(1).collect();
    // Gradient by depth, shares by site, and two findings at sites with a function of their own.
    assert_eq!(figures.len(), 4);
    for figure in figures {
        let figure = figure.split("</figure>").next().unwrap_or_default();
        for part in [
            "<title",
            "<desc",
            "<figcaption>",
            "<details>",
            "<table>",
            "<caption>",
            "scope=\"col\"",
            "scope=\"row\"",
        ] {
            assert!(figure.contains(part), "no {part} in {figure}");
        }
    }
}

#[test]
fn a_deep_network_shows_some_sites_in_figures_and_all_in_the_table() {
    let mut diagnosis = sick();
    let site = diagnosis.sites[0].clone();
    diagnosis.sites = (0..300)
        .map(|i| knee_doctor::SiteSummary {
            site: format!("act{i}"),
            depth: i,
            ..site.clone()
        })
        .collect();
    let page = html(&diagnosis, &HtmlOptions::default());
    assert_eq!(
        page.matches("48 of 300 sites are shown").count(),
        4,
        "two figures, each in its caption and its description"
    );
    for i in 0..300 {
        assert!(page.contains(&format!("<th scope=\"row\">act{i}</th>")));
    }
}

#[test]
fn names_from_a_file_are_text() {
    let hostile = "<img src=x onerror=alert(1)>\"'&\u{0}";
    let mut diagnosis = sick();
    diagnosis.model.path = Some(hostile.to_owned());
    hostile.clone_into(&mut diagnosis.model.outputs[0].name);
    for site in &mut diagnosis.sites {
        hostile.clone_into(&mut site.site);
        hostile.clone_into(&mut site.function);
    }
    for finding in &mut diagnosis.findings {
        finding.site = Some(hostile.to_owned());
        finding.layer = Some(hostile.to_owned());
        hostile.clone_into(&mut finding.cause);
        hostile.clone_into(&mut finding.recheck);
        finding.fixes = vec![hostile.to_owned()];
    }
    for check in &mut diagnosis.quick_checks {
        hostile.clone_into(&mut check.evidence);
    }
    diagnosis.not_checked[0].needs = hostile.to_owned();
    let page = html(
        &diagnosis,
        &HtmlOptions {
            example: Some(hostile.to_owned()),
        },
    );
    assert!(!page.contains("<img"), "markup from a name");
    assert!(page.contains("&lt;img"));
    assert!(!page.contains('\u{0}'));
}

#[test]
fn a_network_that_was_not_run_has_no_figures() {
    let page = html(&unseen(), &HtmlOptions::default());
    assert!(!page.contains("<figure>") && !page.contains("href=\"#figures\""));
    assert!(page.contains("Nothing was run"));
    assert!(!page.contains("embedded example"));
}

#[test]
fn tables_open_and_close() {
    let page = page();
    for tag in [
        "table", "tr", "td", "th", "figure", "article", "section", "dl", "ul", "ol", "li", "p",
        "div", "span",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

/// Relative luminance of a colour such as `#fff` or `#1b1b1b`, as WCAG 2 defines it.
fn luminance(colour: &str) -> f64 {
    let digits: Vec<u32> = colour
        .trim_start_matches('#')
        .chars()
        .filter_map(|c| c.to_digit(16))
        .collect();
    let channels: Vec<u32> = match digits.len() {
        3 => digits.iter().map(|d| d * 17).collect(),
        6 => digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
        _ => panic!("no colour: {colour}"),
    };
    let linear = |channel: u32| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(channels[0]) + 0.7152 * linear(channels[1]) + 0.0722 * linear(channels[2])
}

#[test]
fn text_has_enough_contrast_in_light_and_dark() {
    let style = knee_figure::page::STYLE;
    let blocks: Vec<&str> = style
        .split(":root {")
        .skip(1)
        .filter_map(|block| block.split('}').next())
        .collect();
    assert_eq!(
        blocks.len(),
        2,
        "one set of colours for light and one for dark"
    );
    for block in blocks {
        let colour = |name: &str| {
            let (_, rest) = block
                .split_once(&format!("--{name}: "))
                .unwrap_or_else(|| panic!("no colour {name}"));
            luminance(rest.split(';').next().unwrap_or_default())
        };
        for text in ["ink", "soft", "error", "warn", "info", "good"] {
            for ground in ["paper", "card"] {
                let (a, b) = (colour(text), colour(ground));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
            }
        }
    }
}
