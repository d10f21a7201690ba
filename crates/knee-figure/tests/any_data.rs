//! Whatever the data and the names: no panic, well-formed XML, lines within the width asked for.

use knee::Function;
use knee_figure::{
    Area, At, Axis, Band, Bars, Charset, Figure, Ink, Layer, Line, Note, Points, Polygon, Polygons,
    Reference, Span, histogram_under_curve,
};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -10.0..10.0,
        2 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324]),
    ]
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(number(), 0..12)
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((number(), number()), 0..12)
}

fn ink() -> impl Strategy<Value = Ink> {
    prop::sample::select(vec![
        Ink::Blue,
        Ink::Vermilion,
        Ink::Green,
        Ink::Pink,
        Ink::Grey,
    ])
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z.0-9<&]{0,30}", 1 => any::<String>()]
}

fn layer() -> impl Strategy<Value = Layer> {
    prop_oneof![
        (name(), points(), ink(), any::<bool>()).prop_map(|(label, points, ink, markers)| Line {
            label,
            points,
            ink,
            markers
        }
        .into()),
        (name(), points(), ink())
            .prop_map(|(label, points, ink)| Points { label, points, ink }.into()),
        (
            name(),
            numbers(),
            numbers(),
            ink(),
            prop::option::of(0.0..1.0)
        )
            .prop_map(|(label, edges, heights, ink, own_scale)| Area {
                label,
                edges,
                heights,
                ink,
                own_scale
            }
            .into()),
        (
            name(),
            prop::collection::vec((number(), number(), number()), 0..12),
            ink()
        )
            .prop_map(|(label, points, ink)| Band { label, points, ink }.into()),
        (
            name(),
            prop::collection::vec((points(), name(), ink()), 0..6)
        )
            .prop_map(|(label, polygons)| Polygons {
                label,
                polygons: polygons
                    .into_iter()
                    .map(|(corners, label, ink)| Polygon {
                        corners,
                        label,
                        ink
                    })
                    .collect()
            }
            .into()),
        (name(), numbers(), ink())
            .prop_map(|(label, values, ink)| Bars { label, values, ink }.into()),
        (name(), number(), number())
            .prop_map(|(label, low, high)| Span { label, low, high }.into()),
        (name(), number()).prop_map(|(label, x)| Reference {
            label,
            at: At::X(x)
        }
        .into()),
        (name(), number()).prop_map(|(label, y)| Reference {
            label,
            at: At::Y(y)
        }
        .into()),
        (name(), number(), number()).prop_map(|(text, x, y)| Note { text, at: (x, y) }.into()),
    ]
}

fn axis() -> impl Strategy<Value = Axis> {
    prop_oneof![
        name().prop_map(Axis::linear),
        name().prop_map(Axis::log),
        (name(), number(), number())
            .prop_map(|(label, low, high)| Axis::linear(label).range(low, high)),
        (name(), number(), number())
            .prop_map(|(label, low, high)| Axis::log(label).range(low, high)),
        (name(), prop::collection::vec(name(), 0..8))
            .prop_map(|(label, names)| Axis::categories(label, names)),
    ]
}

fn figure() -> impl Strategy<Value = Figure> {
    (
        name(),
        name(),
        axis(),
        axis(),
        prop::collection::vec(layer(), 0..6),
    )
        .prop_map(|(slug, title, x, y, layers)| {
            let mut figure = Figure::new(slug, title.clone(), x, y).describe(title);
            figure.layers = layers;
            figure
        })
}

proptest! {
    #[test]
    fn any_histogram_fits_under_any_curve(
        which in prop::sample::select(Function::all()),
        mut edges in prop::collection::vec(number(), 1..12),
        count in any::<u64>(),
    ) {
        edges.sort_by(f64::total_cmp);
        let counts = vec![count; edges.len() - 1];
        let figure = histogram_under_curve("under", "title", &which, &edges, &counts);
        roxmltree::Document::parse(&figure.svg()).expect("well-formed");
        let _ = (figure.terminal(72, 20, Charset::Braille, false), figure.table());
    }

    #[test]
    fn svg_is_well_formed_and_has_no_number_that_is_none(figure in figure()) {
        let svg = figure.svg();
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        for node in document.descendants() {
            for attribute in node.attributes() {
                if ["d", "x", "y", "cx", "cy", "width", "height", "viewBox"].contains(&attribute.name()) {
                    let value = attribute.value();
                    prop_assert!(!value.contains("NaN") && !value.contains("inf"), "{}: {value}", attribute.name());
                }
            }
        }
    }

    #[test]
    fn terminal_stays_within_its_width(figure in figure(), width in 24_usize..120, height in 0_usize..40, colour: bool) {
        for charset in [Charset::Braille, Charset::Ascii] {
            let text = figure.terminal(width, height, charset, false);
            for line in text.lines() {
                let cells = unicode_width::UnicodeWidthStr::width(line);
                prop_assert!(cells <= width, "{cells} > {width}: {line:?}");
            }
            let _ = figure.terminal(width, height, charset, colour);
        }
    }

    #[test]
    fn tables_are_rectangular(figure in figure()) {
        let table = figure.table();
        for row in &table.rows {
            prop_assert_eq!(row.len(), table.header.len());
        }
        let html = table.html();
        roxmltree::Document::parse(&html).expect("well-formed");
        let _ = table.text();
    }
}
