//! The report as a page.

use knee_lab::report::{html, summaries};
use knee_lab::{Record, experiments};

use crate::fixture::{record, records};

fn page(records: &[Record]) -> String {
    html(&summaries(records).expect("known experiments"))
}

/// Full runs, quick ones, and some with other parameters.
fn mixed() -> Vec<Record> {
    let mut all = records(5, false);
    all.extend(records(3, true));
    all.push(record("xor, relu", 0, false, &[("depth", "4")]));
    all
}

/// The page as XML: what HTML leaves open is closed first.
fn tree(page: &str) -> String {
    let mut xml = page.replace("<!doctype html>\n", "");
    let mut at = 0;
    while let Some(meta) = xml[at..].find("<meta ") {
        let end = at + meta + xml[at + meta..].find('>').expect("a tag ends");
        xml.insert(end, '/');
        at = end;
    }
    xml
}

#[test]
fn the_page_is_well_formed() {
    for page in [page(&mixed()), page(&[])] {
        let xml = tree(&page);
        let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}"));
        let root = document.root_element();
        assert_eq!(root.attribute("lang"), Some("en"));
        let count = |name: &str| {
            document
                .descendants()
                .filter(|node| node.has_tag_name(name))
                .count()
        };
        assert_eq!(["h1", "header", "main", "footer", "nav"].map(count), [1; 5]);
        for section in document
            .descendants()
            .filter(|node| node.has_tag_name("section"))
        {
            let id = section
                .attribute("aria-labelledby")
                .expect("a section is named");
            let heading = section
                .children()
                .find(|node| node.has_tag_name("h2"))
                .expect("by a heading");
            assert_eq!(heading.attribute("id"), Some(id));
        }
        for table in document
            .descendants()
            .filter(|node| node.has_tag_name("table"))
        {
            let caption = table.first_element_child().expect("a table has rows");
            assert!(
                caption.has_tag_name("caption")
                    && caption.text().is_some_and(|text| !text.is_empty())
            );
        }
    }
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page(&mixed());
    assert!(page.contains("default-src 'none'") && !page.contains("<script"));
    for forbidden in [
        "@import",
        "src=",
        "javascript:",
        " onload",
        " onclick",
        "<link",
        "<iframe",
        "<object",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(
        !page.replace("url(#", "").contains("url("),
        "a style loads something"
    );
    let document = tree(&page);
    let document = roxmltree::Document::parse(&document).expect("well-formed");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node
            .attributes()
            .filter(|attribute| attribute.name() == "href")
        {
            assert!(
                node.has_tag_name("a") || attribute.value().starts_with('#'),
                "{}",
                attribute.value()
            );
        }
    }
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    let page = page(&mixed());
    let after = |mark: &str| -> Vec<&str> {
        page.split(mark)
            .skip(1)
            .filter_map(|piece| Some(piece.split_once('"')?.0))
            .collect()
    };
    let ids = after(" id=\"");
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    let named = after("aria-labelledby=\"")
        .into_iter()
        .flat_map(|names| names.split(' '));
    for link in after("href=\"#").into_iter().chain(named) {
        assert!(ids.contains(&link), "nothing has the id {link}");
    }
    for id in ["collapse", "collapse-2", "collapse-3"] {
        assert!(ids.contains(&id), "no section {id}");
    }
    for one in experiments::all() {
        assert!(!["verdicts", "legend"].contains(&one.meta().name));
    }
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    let page = page(&mixed());
    let levels: Vec<u32> = page
        .split("<h")
        .skip(1)
        .filter_map(|piece| piece.chars().next()?.to_digit(10))
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
}

#[test]
fn every_figure_has_title_description_and_numbers() {
    let page = page(&mixed());
    let figures: Vec<&str> = page.split("<figure>").skip(1).collect();
    assert_eq!(figures.len(), 3);
    for figure in figures {
        let figure = figure.split("</figure>").next().unwrap_or_default();
        for part in [
            "<title",
            "<desc",
            "<figcaption>",
            "<details>",
            "<caption>",
            "scope=\"col\"",
            "scope=\"row\"",
        ] {
            assert!(figure.contains(part), "no {part} in {figure}");
        }
        assert!(!figure.contains("<figcaption></figcaption>"));
    }
}

#[test]
fn the_same_records_give_the_same_bytes() {
    assert_eq!(page(&mixed()), page(&mixed()));
}

#[test]
fn a_section_says_all_that_there_is_to_say() {
    let page = page(&records(5, false));
    for part in [
        "Without a nonlinearity, a network of any depth is one affine layer.",
        "<span class=\"tag good\">confirmed</span>: 7 of 7 claims, 5 seeds.",
        "<h3>Question</h3>",
        "<h3>Set-up</h3>",
        "<h3>Prediction</h3>",
        "<code>W&#39; = W10 ... W1</code>",
        "<em>Deep Learning</em>",
        "(93.75 %)",
        "<td class=\"text\">below 1e-4</td>",
        "y = W x + b\n  W = [1, 2] &amp; &lt;3&gt;",
        "<td class=\"text\">xor, nothing</td><td>5 of 5</td>",
        "<code class=\"command\" tabindex=\"0\">knee lab run collapse</code>",
        "<dt>date</dt><dd>2026-01-31</dd>",
        "knee 0.1.0, Burn 0.22.1, x86_64-linux",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    assert!(!page.contains("Incomplete"));
}

#[test]
fn words_of_a_record_are_text() {
    let hostile = "<img src=x onerror=alert(1)>\"'&\u{0}\u{202e}";
    let mut records = records(2, false);
    for record in &mut records {
        record.data = Some(format!("{hostile}.csv#0"));
        record.date = hostile.to_owned();
        record.versions.target = hostile.to_owned();
        record.measured.set(hostile, 1.0);
        record.measured.time(hostile, 1.0);
        record.measured.text(hostile, hostile);
        for sighting in &mut record.measured.sightings {
            sighting.rule = hostile.to_owned();
        }
    }
    hostile.clone_into(&mut records[0].arm);
    let page = page(&records);
    assert!(!page.contains("<img"), "markup from a name");
    assert!(page.contains("&lt;img") && !page.contains(['\u{0}', '\u{202e}']));
    let xml = tree(&page);
    roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}"));
}
