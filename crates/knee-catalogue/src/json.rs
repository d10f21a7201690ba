//! What is known about a function, for a program.

use knee::{Foreign, Framework, Function, Interval, Meaning, Moments, Tail};
use serde_json::{Map, Value, json};

use crate::{Entry, words};

/// What is known about a function, for a program. A number that is not finite is the string `"inf"`, `"-inf"` or `"NaN"`.
///
/// The facts of a learned function are its moments and gain with the parameters with which learning begins; a function of rows has none.
pub fn json(entry: &Entry) -> Value {
    let about = entry.about();
    let facts = match (entry.curve(), entry.moments()) {
        (Some(curve), _) => facts(&curve),
        (None, Some(moments)) => {
            json!({ "moments": moments_json(&moments), "gain": number(moments.gain()) })
        }
        (None, None) => Value::Null,
    };
    json!({
        "name": about.name,
        "kind": entry.kind().word(),
        "title": words::plain(about.title),
        "parameters": parameters(entry),
        "facts": facts,
        "foreign": about.foreign.iter().map(foreign).collect::<Vec<_>>(),
        "aliases": about.aliases,
        "formula": words::plain(&about.formula()),
        "derivative": words::plain(&about.derivative()),
        "latex": about.latex,
        "traps": words::plain(&about.section("Traps")),
        "numerics": words::plain(&about.numerics()),
        "origin": words::plain(&about.origin()),
    })
}

fn parameters(entry: &Entry) -> Vec<Value> {
    let declarations = entry.about().parameters;
    let parameters = entry.parameters().into_iter().zip(declarations);
    parameters
        .map(|(parameter, declared)| {
            json!({
                "name": parameter.name,
                "value": number(parameter.value),
                "default": number(parameter.default),
                "allowed": declared.domain.in_words(),
                "meaning": words::plain(declared.doc),
            })
        })
        .collect()
}

/// A number, or the string that stands for one that is not finite.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(knee_figure::short(value))
    }
}

fn interval(interval: &Interval) -> Value {
    json!({
        "low": number(interval.low),
        "high": number(interval.high),
        "low_closed": interval.low_closed,
        "high_closed": interval.high_closed,
    })
}

fn tail(tail: Tail) -> Value {
    match tail {
        Tail::Saturates { limit } => json!({ "kind": "saturates", "limit": number(limit) }),
        Tail::Linear { slope } => json!({ "kind": "linear", "slope": number(slope) }),
        Tail::Grows => json!({ "kind": "grows" }),
        Tail::Sublinear => json!({ "kind": "sublinear" }),
        Tail::Oscillates => json!({ "kind": "oscillates" }),
    }
}

fn facts(function: &Function) -> Value {
    let facts = function.facts();
    let moments = function.moments();
    let kinks = facts
        .kinks
        .iter()
        .map(|kink| json!({ "at": number(kink.at), "slope": number(kink.slope), "jax": number(kink.jax) }));
    json!({
        "range": interval(&facts.range),
        "monotone": words::monotone(facts.monotone),
        "smoothness": words::smoothness(facts.smoothness),
        "kinks": kinks.collect::<Vec<_>>(),
        "flat": facts.flat.iter().map(interval).collect::<Vec<_>>(),
        "left": tail(facts.left),
        "right": tail(facts.right),
        "centre": words::centre(facts.centre),
        "lipschitz": facts.lipschitz.map(number),
        "initialisation": words::initialisation(facts.initialisation),
        "typical_use": facts.typical_use,
        "moments": moments_json(&moments),
        "gain": number(function.gain()),
    })
}

fn moments_json(moments: &Moments) -> Value {
    json!({
        "mean": number(moments.mean),
        "second": number(moments.second),
        "slope_second": number(moments.slope_second),
    })
}

fn foreign(foreign: &Foreign) -> Value {
    let attributes = foreign.attributes.iter().map(|attribute| {
        let mut entry = Map::new();
        entry.insert("name".to_string(), json!(attribute.name));
        entry.insert("default".to_string(), number(attribute.default));
        match attribute.meaning {
            Meaning::Parameter(name) => entry.insert("parameter".to_string(), json!(name)),
            Meaning::Required(value) => entry.insert("required".to_string(), number(value)),
        };
        Value::Object(entry)
    });
    let fixed: Map<String, Value> = foreign
        .fixed
        .iter()
        .map(|(name, value)| ((*name).to_string(), number(*value)))
        .collect();
    let mut entry = json!({
        "framework": framework_name(foreign.framework),
        "op": foreign.op,
        "attributes": attributes.collect::<Vec<_>>(),
        "fixed": fixed,
    });
    if foreign.opsets != (1, u32::MAX) {
        let last = (foreign.opsets.1 != u32::MAX).then_some(foreign.opsets.1);
        entry["opsets"] = json!([foreign.opsets.0, last]);
    }
    entry
}

fn framework_name(framework: Framework) -> &'static str {
    match framework {
        Framework::Onnx => "onnx",
        Framework::Torch => "torch",
        Framework::Jax => "jax",
        Framework::Keras => "keras",
        Framework::HuggingFace => "hugging_face",
        _ => "other",
    }
}
