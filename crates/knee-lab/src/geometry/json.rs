//! What was found, as JSON values. A number that JSON cannot hold (an infinite end) is `null`.

use serde_json::{Value, json};

use super::{Affine, Bounds, Local, Network, Partition, Pieces};

/// The pieces of a network of one input.
pub fn json_one(network: &Network, found: &Pieces) -> Value {
    let pieces: Vec<Value> = found
        .pieces
        .iter()
        .map(|piece| {
            let patterns: Vec<String> = found.intervals[piece.intervals.clone()]
                .iter()
                .map(|interval| interval.pattern.text(network))
                .collect();
            json!({
                "from": finite(piece.low),
                "to": finite(piece.high),
                "map": map(&piece.map),
                "patterns": patterns,
            })
        })
        .collect();
    json!({
        "network": shape(network),
        "from": finite(found.range.0),
        "to": finite(found.range.1),
        "hinges": found.hinges(),
        "switches": found.switches(),
        "bounds": bounds(network),
        "pieces": pieces,
    })
}

/// The regions of a network of two inputs.
pub fn json_two(network: &Network, found: &Partition) -> Value {
    let regions: Vec<Value> = found
        .regions
        .iter()
        .map(|region| {
            json!({
                "area": region.area,
                "pattern": region.pattern.text(network),
                "corners": region.corners,
                "map": map(&region.map),
            })
        })
        .collect();
    json!({
        "network": shape(network),
        "rectangle": { "x1": [found.window.x.0, found.window.x.1], "x2": [found.window.y.0, found.window.y.1] },
        "counts": {
            "regions": found.regions.len(),
            "maps": found.distinct_maps(),
            "slivers": found.slivers,
        },
        "bounds": bounds(network),
        "regions": regions,
    })
}

/// The affine map around a point.
pub fn json_at(network: &Network, x: &[f64], found: &Local) -> Value {
    json!({
        "network": shape(network),
        "point": x,
        "value": found.value,
        "map": map(&found.map),
        "pattern": found.pattern.text(network),
        "border": found.border.map(|border| json!({
            "distance": border.distance,
            "layer": border.layer,
            "unit": border.unit,
            "kink": border.kink,
        })),
    })
}

fn shape(network: &Network) -> Value {
    let units: Vec<usize> = network.layers().iter().map(super::Layer::units).collect();
    json!({
        "inputs": network.inputs(),
        "layers": units,
        "left_out": network.left_out(),
    })
}

/// Bounds are text: they may be larger than what a reader of JSON keeps exactly.
fn bounds(network: &Network) -> Value {
    let bounds = Bounds::of(network);
    json!({
        "first_layer": Bounds::text(bounds.first_layer),
        "most": Bounds::text(bounds.most),
        "reachable": bounds.reachable.map(Bounds::text),
    })
}

fn map(map: &Affine) -> Value {
    let rows: Vec<&[f64]> = (0..map.offset.len())
        .map(|output| map.row(output))
        .collect();
    json!({ "slopes": rows, "offset": map.offset })
}

fn finite(number: f64) -> Value {
    if number.is_finite() {
        json!(number)
    } else {
        Value::Null
    }
}
