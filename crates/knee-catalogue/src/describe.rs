//! What cards and pages say about a function: names and texts, in one order everywhere.

use knee::{About, Budget, Centre, Foreign, Framework, Function, Moments, Parameter};
use knee_figure::{SATURATED, Stillness, percent, short, still_ranges};

use crate::{Entry, Kind, words};

/// A name and the text beside it.
pub type Row = (&'static str, String);

/// The frameworks whose names are shown, as they are called.
const FRAMEWORKS: [(Framework, &str); 5] = [
    (Framework::Onnx, "ONNX"),
    (Framework::Torch, "PyTorch"),
    (Framework::Jax, "JAX"),
    (Framework::Keras, "Keras"),
    (Framework::HuggingFace, "transformers"),
];

/// The parameters, each with its value, its meaning, its default and what is allowed.
pub fn parameters(entry: &Entry) -> Vec<Row> {
    let declared = entry.about().parameters;
    let rows = entry.parameters().into_iter().zip(declared);
    rows.map(
        |(
            Parameter {
                name,
                value,
                default,
            },
            declared,
        )| {
            let text = format!(
                "{name} = {}: {} (default {}, {})",
                short(value),
                words::uncapitalised(&words::plain(declared.doc.trim())).trim_end_matches('.'),
                short(default),
                declared.domain.in_words()
            );
            ("Parameter", text)
        },
    )
    .collect()
}

/// The facts of its curve; for a function without one, what it works on and what it makes of a few rows.
pub fn facts(entry: &Entry) -> Vec<Row> {
    let mut rows = Vec::new();
    match entry.kind() {
        Kind::Learned => rows.push(("Facts", "with the parameters given".to_string())),
        Kind::Random if entry.curve().is_some() => {
            rows.push(("Facts", "outside of training".to_string()));
        }
        _ => {}
    }
    match (entry.curve(), entry.moments()) {
        (Some(function), _) => rows.extend(of_curve(&function)),
        (None, Some(moments)) => rows.extend(of_moments(&moments, moments.mean)),
        (None, None) => rows.extend(entry.examples()),
    }
    rows
}

/// The moments, with their mean as it is to be shown.
fn of_moments(moments: &Moments, mean: f64) -> [Row; 2] {
    [
        (
            "Z ~ N(0, 1)",
            format!(
                "E f(Z) = {}, E f(Z)^2 = {}, E f'(Z)^2 = {}",
                short(mean),
                short(moments.second),
                short(moments.slope_second)
            ),
        ),
        (
            "Gain",
            format!("{}, which is 1 / sqrt(E f(Z)^2)", short(moments.gain())),
        ),
    ]
}

fn of_curve(function: &Function) -> Vec<Row> {
    let facts = function.facts();
    let mut rows = vec![
        (
            "Values",
            format!(
                "{}, {}",
                words::interval(&facts.range),
                words::centre(facts.centre)
            ),
        ),
        (
            "Shape",
            format!(
                "{}, {}",
                words::monotone(facts.monotone),
                words::smoothness(facts.smoothness)
            ),
        ),
    ];
    rows.extend(facts.kinks.iter().map(|kink| ("Kink", words::kink(kink))));
    rows.push((
        "Tails",
        format!(
            "left: {}; right: {}",
            words::tail(facts.left),
            words::tail(facts.right)
        ),
    ));
    let slope = facts.lipschitz.map_or_else(
        || "no bound".to_string(),
        |slope| format!("{} at most", short(slope)),
    );
    rows.push(("Slope |f'|", slope));
    rows.extend(still_ranges(function).iter().map(|range| {
        let (name, what) = match range.stillness {
            Stillness::Flat => ("Flat", "f' = 0".to_string()),
            Stillness::Saturated => (
                "Saturated",
                format!("|f'| under {} of sqrt(E f'(Z)^2)", percent(SATURATED)),
            ),
        };
        (
            name,
            format!("{} ({what})", words::place(range.low, range.high)),
        )
    }));
    let moments = function.moments();
    // Quadrature leaves a rounding error where an odd function has exactly 0.
    let mean = if facts.centre == Centre::Odd {
        0.0
    } else {
        moments.mean
    };
    rows.extend(of_moments(&moments, mean));
    rows.extend([
        (
            "Initialise",
            words::initialisation(facts.initialisation).to_string(),
        ),
        ("Used in", facts.typical_use.to_string()),
    ]);
    rows
}

/// What it is called in each framework that has it, and which have no operator for it.
pub fn elsewhere(about: &About) -> Vec<Row> {
    let of = |framework| {
        let rows = about.foreign.iter();
        let own: Vec<String> = rows
            .filter(|foreign: &&Foreign| foreign.framework == framework)
            .map(words::foreign)
            .collect();
        own.join("; ")
    };
    let (known, missing): (Vec<Row>, Vec<Row>) = FRAMEWORKS
        .iter()
        .map(|&(framework, label)| (label, of(framework)))
        .partition(|(_, operators)| !operators.is_empty());
    let mut rows = known;
    if !missing.is_empty() {
        let labels: Vec<&str> = missing.iter().map(|(label, _)| *label).collect();
        rows.push(("No operator in", labels.join(", ")));
    }
    rows
}

/// How far a result may be from the true one.
pub fn error(entry: &Entry) -> String {
    let about = entry.about();
    let Budget {
        forward,
        derivative,
    } = about.budget;
    let mut parts = vec![within("f", forward)];
    // The gradient of a row is formed from rounded values and has no budget.
    if matches!(entry.kind(), Kind::Element | Kind::Learned) {
        parts.push(within("f'", derivative));
    }
    if let Some(ulp) = about.from_output {
        parts.push(within("f' from the output", ulp));
    }
    parts.join(", ")
}

fn within(what: &str, ulp: f64) -> String {
    match ulp {
        0.0 => format!("{what} is exact"),
        _ => format!("{what} is within {} ulp", short(ulp)),
    }
}
