//! Two layers with weights and no activation between them.

use knee_figure::short;

use crate::finding::{Finding, Severity};
use crate::network::{Form, Kind, Linear, NormForm};
use crate::report::number::count;
use crate::rule::{Certificate, Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether one dense or convolutional layer follows another with nothing between them but
    /// reshaping, scaling, shifting, averaging or batch normalisation (which at inference scales
    /// and shifts).
    ///
    /// ## Why it matters
    /// The composition of two affine maps is one affine map: W2 (W1 x + b1) + b2 =
    /// (W2 W1) x + (W2 b1 + b2). The second layer adds parameters and time but no function that one
    /// layer could not compute. Usually an activation was forgotten.
    ///
    /// ## How it is measured
    /// The pair is found in the graph. Where the network can be run, the two layers are replaced
    /// by one and both are run on the inputs: the largest difference of the results is the proof,
    /// and a pair that the proof refutes is not reported. Without a proof only two dense layers
    /// are a warning; anything else is then a note.
    ///
    /// Silent where the factorisation is the purpose or the layers cannot be merged: an inner width
    /// smaller than both sides (low-rank adapters, linear bottlenecks), a grouped or depthwise convolution,
    /// a pair of one-dimensional kernels across one another, tied weights, a first layer whose
    /// result is read elsewhere too, a table of embeddings, a maximum in between.
    ///
    /// ## What to do
    /// Put an activation between the two layers and train again, or merge them into one and save
    /// the parameters.
    pub struct LinearCollapse {
        slug: "linear-collapse",
        title: "two layers that are one linear map",
        why: "Without an activation between them two linear layers compute nothing that one could not.",
        levels: [Warn, Info],
        scopes: [Graph, Weights],
        needs: [],
        parameters: {
            tolerance = 1e-4, "Largest difference of the merged layer, relative to the largest result, that proves the collapse.",
                "Products of float32 weights over a few thousand inputs differ by some 1e-6 in another order; \
                 an activation in between would differ by about 1.";
        }
    }
}

/// A layer, the next one, and what lies between them.
struct Pair<'a> {
    first: usize,
    second: usize,
    layers: [&'a Linear; 2],
    /// Whether the first result reaches the second layer in its own shape.
    direct: bool,
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let tolerance = context.parameter("tolerance");
    let pairs = (0..context.network.nodes.len()).filter_map(|node| pair(context, node));
    let findings = pairs
        .filter(|pair| !on_purpose(pair.layers))
        .filter_map(|pair| {
            match context
                .workbench
                .map(|bench| bench.fuse(pair.first, pair.second))
            {
                Some(Ok(certificate)) => proven(context, &pair, certificate, tolerance),
                Some(Err(reason)) => Some(unproven(context, &pair, &reason)),
                None => Some(unproven(context, &pair, "the network was not run")),
            }
        });
    Ok(findings.collect())
}

/// The pair that begins at `first`, if only affine operations lead to another linear layer.
fn pair<'a>(context: &Context<'a>, first: usize) -> Option<Pair<'a>> {
    let network = context.network;
    let Kind::Linear(start) = &network.nodes[first].kind else {
        return None;
    };
    let mut at = first;
    let mut direct = true;
    loop {
        let &[value] = network.nodes[at].outputs.as_slice() else {
            return None;
        };
        if network.outputs.iter().any(|port| port.value == value) {
            return None;
        }
        let &[next] = context.links.consumers(value) else {
            return None;
        };
        at = next;
        match &network.nodes[at].kind {
            Kind::Linear(end) => {
                return Some(Pair {
                    first,
                    second: at,
                    layers: [start, end],
                    direct,
                });
            }
            Kind::Affine => direct &= keeps_shape(&network.nodes[at].op),
            Kind::Norm(norm) if norm.form == NormForm::Batch => {}
            Kind::View => direct = false,
            _ => return None,
        }
    }
}

/// Whether an affine operation works element by element; the others average, pad or resize.
fn keeps_shape(op: &str) -> bool {
    matches!(op, "Add" | "Sub" | "Sum" | "Mul" | "Div" | "Neg" | "Dropout")
}

/// Whether the factorisation into two layers is meant, or they cannot be merged at all.
fn on_purpose([first, second]: [&Linear; 2]) -> bool {
    let low_rank = first.units < channels_in(first) && first.units < second.units;
    let grouped = |layer: &Linear| groups(layer) > 1;
    let across = match (kernel(first), kernel(second)) {
        ([h1, w1], [h2, w2]) => {
            (*w1 == 1 && *h2 == 1 && h1 > h2) || (*h1 == 1 && *w2 == 1 && w1 > w2)
        }
        _ => false,
    };
    low_rank || grouped(first) || grouped(second) || across || first.tied || second.tied
}

fn kernel(layer: &Linear) -> &[u64] {
    match &layer.form {
        Form::Conv { kernel, .. } | Form::ConvTranspose { kernel, .. } => kernel,
        Form::Dense => &[],
    }
}

fn groups(layer: &Linear) -> u64 {
    match layer.form {
        Form::Conv { groups, .. } | Form::ConvTranspose { groups, .. } => groups,
        Form::Dense => 1,
    }
}

fn channels_in(layer: &Linear) -> u64 {
    let positions: u64 = kernel(layer).iter().product();
    layer.fan_in / positions.max(1) * groups(layer)
}

fn proven(
    context: &Context<'_>,
    pair: &Pair<'_>,
    certificate: Certificate,
    tolerance: f64,
) -> Option<Finding> {
    let Certificate {
        max_difference,
        scale,
        parameters_saved,
    } = certificate;
    let relative = if scale > 0.0 {
        max_difference / scale
    } else {
        max_difference
    };
    // Also not for NaN: what cannot be compared is not proven.
    if !matches!(
        relative.partial_cmp(&tolerance),
        Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
    ) {
        return None;
    }
    let saved = match u64::try_from(parameters_saved) {
        Ok(saved) if saved > 0 => format!("and has {} parameters fewer", count(saved)),
        _ => "but has no fewer parameters".to_owned(),
    };
    let cause = format!(
        "{} Replaced by one layer the results differ by {} at most, where the largest is {}; \
         the one layer computes the same {saved}.",
        compose(context, pair),
        short(max_difference),
        short(scale),
    );
    let samples = context
        .evidence
        .map_or(0, crate::evidence::Evidence::samples);
    let finding = context.at_node(pair.second, Severity::Warn, cause, fixes());
    Some(Finding {
        measured: Some(relative),
        threshold: Some(tolerance),
        samples,
        ..finding
    })
}

fn unproven(context: &Context<'_>, pair: &Pair<'_>, reason: &str) -> Finding {
    let dense = pair.layers.iter().all(|layer| layer.form == Form::Dense) && pair.direct;
    let severity = if dense {
        Severity::Warn
    } else {
        Severity::Info
    };
    let cause = format!(
        "{} Not proven by running both: {reason}.",
        compose(context, pair)
    );
    context.at_node(pair.second, severity, cause, fixes())
}

fn compose(context: &Context<'_>, pair: &Pair<'_>) -> String {
    let name = |node: usize| &context.network.nodes[node].name;
    format!(
        "{} follows {} with no activation between them, so the two are one linear map.",
        name(pair.second),
        name(pair.first),
    )
}

fn fixes() -> Vec<String> {
    vec![
        "put an activation between the two layers and train again".to_owned(),
        "or merge them: W = W2 W1, b = W2 b1 + b2".to_owned(),
    ]
}
