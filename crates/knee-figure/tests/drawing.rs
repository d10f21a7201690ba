//! Every layer drawn as SVG and in a terminal, compared with what was looked at and found right.

use knee::Function;
use knee_figure::{
    Area, At, Axis, Band, Bars, Charset, Figure, Ink, Line, Note, Points, Polygon, Polygons,
    Reference, Span, curve, histogram_under_curve,
};

/// One of each layer on linear axes.
fn everything() -> Figure {
    let line = |slope: f64| {
        (-8..=8)
            .map(|x| f64::from(x) / 4.0)
            .map(|x| (x, slope * x))
            .collect()
    };
    Figure::new(
        "every <thing>",
        "Every layer & \"more\"",
        Axis::linear("z"),
        Axis::linear("f(z)").unit("V"),
    )
    .describe("Two lines cross at 0.")
    .with(Span {
        label: "shaded".to_string(),
        low: f64::NEG_INFINITY,
        high: -1.0,
    })
    .with(Area {
        label: "histogram".to_string(),
        edges: vec![-2.0, -1.0, 0.0, 1.0, 2.0],
        heights: vec![1.0, 4.0, 2.0, 0.0],
        ink: Ink::Grey,
        own_scale: Some(0.5),
    })
    .with(Line {
        label: "up".to_string(),
        points: line(1.0),
        ink: Ink::Blue,
        markers: false,
    })
    .with(Line {
        label: "down".to_string(),
        points: line(-0.5),
        ink: Ink::Vermilion,
        markers: false,
    })
    .with(Points {
        label: "points".to_string(),
        points: vec![(0.5, 1.5), (1.0, f64::NAN)],
        ink: Ink::Pink,
    })
    .with(Reference {
        label: "zero".to_string(),
        at: At::Y(0.0),
    })
    .with(Reference {
        label: "one".to_string(),
        at: At::X(1.0),
    })
    .with(Note {
        text: "a note".to_string(),
        at: (-0.5, 1.5),
    })
}

fn lying_bars() -> Figure {
    let sites = ["conv1", "layer1.0.relu", "fc & more"]
        .map(str::to_string)
        .to_vec();
    Figure::new(
        "bars",
        "Shares by site",
        Axis::linear("share").unit("%").range(0.0, 100.0),
        Axis::categories("", sites),
    )
    .describe("conv1 has the most zeros.")
    .with(Bars {
        label: "zeros".to_string(),
        values: vec![51.2, 48.0, 0.0],
        ink: Ink::Blue,
    })
    .with(Bars {
        label: "dead".to_string(),
        values: vec![12.5, f64::NAN, 100.0],
        ink: Ink::Vermilion,
    })
}

fn gradients() -> Figure {
    let sites = (1..=5).map(|site| format!("sigmoid_{site}")).collect();
    Figure::new(
        "depth",
        "Gradient by depth",
        Axis::log("gradient"),
        Axis::categories("", sites),
    )
    .describe("Falls by a factor of 20 from site to site.")
    .with(Line {
        label: "measured".to_string(),
        points: (0..5)
            .map(|site| (20f64.powi(-site), f64::from(site)))
            .collect(),
        ink: Ink::Blue,
        markers: true,
    })
    .with(Note {
        text: "0".to_string(),
        at: (0.0, 4.0),
    })
}

/// A band that breaks once and leaves the figure once, and the mean in it.
fn runs() -> Figure {
    let mut points: Vec<(f64, f64, f64)> = (0..=8)
        .map(f64::from)
        .map(|x| (x, 2.0 / (1.0 + x), 3.0 / (1.0 + x)))
        .collect();
    points[5].1 = f64::NAN;
    Figure::new(
        "runs",
        "Loss of five runs",
        Axis::linear("epoch"),
        Axis::linear("loss").range(0.0, 2.5),
    )
    .describe("All runs end near 0.3.")
    .with(Band {
        label: "least to greatest".to_string(),
        points,
        ink: Ink::Blue,
    })
    .with(Line {
        label: "mean".to_string(),
        points: (0..=8)
            .map(f64::from)
            .map(|x| (x, 2.4 / (1.0 + x)))
            .collect(),
        ink: Ink::Blue,
        markers: false,
    })
}

/// Four parts of a square, one of them too small for its label.
fn regions() -> Figure {
    let polygon = |corners: &[(f64, f64)], label: &str, ink| Polygon {
        corners: corners.to_vec(),
        label: label.to_string(),
        ink,
    };
    Figure::new(
        "regions",
        "Regions of two units",
        Axis::linear("x1").range(-1.0, 1.0),
        Axis::linear("x2").range(-1.0, 1.0),
    )
    .describe("Two lines cross.")
    .with(Polygons {
        label: "above 0".to_string(),
        polygons: vec![
            polygon(
                &[(-1.0, -1.0), (0.9, -1.0), (0.9, 0.5), (-1.0, 0.5)],
                "+-+",
                Ink::Blue,
            ),
            polygon(
                &[(0.9, -1.0), (1.0, -1.0), (1.0, 0.5), (0.9, 0.5)],
                "++-",
                Ink::Blue,
            ),
        ],
    })
    .with(Polygons {
        label: "below 0".to_string(),
        polygons: vec![
            polygon(
                &[(-1.0, 0.5), (0.9, 0.5), (0.9, 2.0), (-1.0, 2.0)],
                "--+",
                Ink::Vermilion,
            ),
            polygon(
                &[(0.9, 0.5), (2.0, 0.5), (0.9, f64::NAN)],
                "left out",
                Ink::Vermilion,
            ),
        ],
    })
}

#[test]
fn svg_of_a_band() {
    insta::assert_snapshot!(runs().svg());
}

#[test]
fn svg_of_polygons() {
    insta::assert_snapshot!(regions().svg());
}

#[test]
fn terminal_of_a_band() {
    insta::assert_snapshot!(runs().terminal(72, 18, Charset::Braille, false));
}

#[test]
fn terminal_of_polygons() {
    insta::assert_snapshot!(regions().terminal(72, 18, Charset::Braille, false));
}

#[test]
fn table_of_a_band_has_a_column_for_each_side() {
    let table = runs().table();
    assert_eq!(
        table.header,
        [
            "epoch",
            "least to greatest low",
            "least to greatest high",
            "mean"
        ]
    );
    assert_eq!(table.rows[1], ["1", "1", "1.5", "1.2"]);
}

#[test]
fn table_of_polygons_has_a_row_for_each() {
    let table = regions().table();
    assert_eq!(table.header, ["polygon", "layer", "corners"]);
    assert_eq!(table.rows.len(), 4);
    assert_eq!(
        table.rows[1],
        ["++-", "above 0", "(0.9, -1) (1, -1) (1, 0.5) (0.9, 0.5)"]
    );
}

#[test]
fn polygons_have_room_for_their_labels_or_none() {
    let svg = regions().svg();
    assert!(svg.contains(">+-+<") && !svg.contains(">++-<") && !svg.contains("left out"));
}

#[test]
fn svg_of_every_layer() {
    insta::assert_snapshot!(everything().svg());
}

#[test]
fn svg_of_lying_bars() {
    insta::assert_snapshot!(lying_bars().svg());
}

#[test]
fn terminal_of_every_layer() {
    insta::assert_snapshot!(everything().terminal(72, 24, Charset::Braille, false));
}

#[test]
fn terminal_of_every_layer_in_ascii() {
    let text = everything().terminal(72, 24, Charset::Ascii, false);
    assert!(text.is_ascii());
    insta::assert_snapshot!(text);
}

#[test]
fn terminal_of_lying_bars() {
    insta::assert_snapshot!(lying_bars().terminal(72, 0, Charset::Braille, false));
}

#[test]
fn terminal_of_a_log_axis() {
    insta::assert_snapshot!(gradients().terminal(72, 0, Charset::Braille, false));
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    for figure in [everything(), lying_bars(), gradients()] {
        let plain = figure.terminal(72, 24, Charset::Braille, false);
        let coloured = figure.terminal(72, 24, Charset::Braille, true);
        assert!(!plain.contains('\u{1b}'));
        let mut stripped = String::new();
        for part in coloured.split('\u{1b}') {
            stripped.push_str(match part.strip_prefix('[') {
                Some(sequence) => sequence.split_once('m').expect("a complete sequence").1,
                None => part,
            });
        }
        assert_eq!(stripped, plain);
    }
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    assert_eq!(everything().svg(), everything().svg());
}

#[test]
fn svg_is_named_and_described() {
    for figure in [everything(), lying_bars(), gradients()] {
        let svg = figure.svg();
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let named: Vec<&str> = root
            .attribute("aria-labelledby")
            .expect("labelled")
            .split(' ')
            .map(|id| {
                let node = document
                    .descendants()
                    .find(|node| node.attribute("id") == Some(id));
                node.and_then(|node| node.text())
                    .expect("a text by that id")
            })
            .collect();
        assert_eq!(named, [figure.title.as_str(), figure.description.as_str()]);
    }
}

#[test]
fn ids_of_two_figures_in_one_page_differ() {
    let ids = |figure: &Figure| -> Vec<String> {
        let svg = figure.svg();
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        document
            .descendants()
            .filter_map(|node| node.attribute("id").map(str::to_string))
            .collect()
    };
    let (first, mut second) = (lying_bars(), lying_bars());
    second.slug = "other".to_string();
    let (first, second) = (ids(&first), ids(&second));
    assert_eq!(first.len(), 3, "title, description and one pattern");
    assert!(first.iter().all(|id| !second.contains(id)));
}

#[test]
fn table_of_lines_has_one_column_each() {
    let table = everything().table();
    assert_eq!(table.header, ["z", "histogram", "up", "down", "points"]);
    assert_eq!(table.rows[0], ["-2", "1", "-2", "1", ""]);
    assert_eq!(table.rows.len(), 17);
}

#[test]
fn table_of_categories_names_them() {
    assert_eq!(
        lying_bars().table().text(),
        "               zeros  dead\nconv1           51.2  12.5\nlayer1.0.relu     48   NaN\nfc & more          0   100\n"
    );
}

#[test]
fn svg_of_a_curve() {
    insta::assert_snapshot!(curve(&Function::parse("gelu").expect("a function")).svg());
}

#[test]
fn terminal_of_a_curve() {
    insta::assert_snapshot!(
        curve(&Function::parse("relu").expect("a function")).terminal(
            76,
            20,
            Charset::Braille,
            false
        )
    );
}

#[test]
fn terminal_of_a_histogram_under_its_curve() {
    let edges: Vec<f64> = (-20..=12).map(|edge| f64::from(edge) / 4.0).collect();
    let counts: Vec<u64> = (0..32_u64).map(|bin| bin * (31 - bin)).collect();
    let function = Function::parse("sigmoid").expect("a function");
    let figure = histogram_under_curve(
        "under",
        "fc1: pre-activations of unit 3",
        &function,
        &edges,
        &counts,
    );
    insta::assert_snapshot!(figure.terminal(76, 20, Charset::Braille, false));
}

#[test]
fn every_function_has_a_curve() {
    for function in Function::all() {
        let figure = curve(&function);
        assert_eq!(
            figure.svg(),
            curve(&function).svg(),
            "{function}: other bytes the second time"
        );
        roxmltree::Document::parse(&figure.svg()).expect("well-formed");
        assert_eq!(figure.table().rows.len(), 25, "{function}");
        assert!(!figure.terminal(60, 15, Charset::Ascii, false).is_empty());
    }
}
