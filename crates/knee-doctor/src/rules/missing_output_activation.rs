//! A loss of probabilities that is fed something else.

use knee_figure::{percent, short};

use crate::finding::{Finding, Severity};
use crate::loss::LossKind;
use crate::network::{Kind, SiteFunction};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether the loss bce, which takes probabilities, is fed values between 0 and 1.
    ///
    /// ## Why it matters
    /// The loss takes the logarithm of the value and of 1 minus the value. Outside [0, 1] that is
    /// not a number, or an implementation clamps it and the gradient is 0 there.
    ///
    /// ## How it is measured
    /// The values that entered the loss: one outside [0, 1] is enough. Without values: the layer
    /// that makes the output has weights and no activation behind it, or an activation that takes
    /// both signs, so nothing keeps its values in that range.
    ///
    /// Silent with losses that take logits: there a linear head is right. Silent with mse and mae,
    /// which take any number.
    ///
    /// ## What to do
    /// Use bce-with-logits, which is stable, or put a sigmoid at the end of the network.
    pub struct MissingOutputActivation {
        slug: "missing-output-activation",
        title: "a loss of probabilities is fed other numbers",
        why: "The logarithm of what is no probability is not a number, or its gradient is cut to 0.",
        levels: [Error],
        scopes: [Graph, Values],
        needs: [Loss],
        parameters: {
            share = 0.0, "Share of values outside [0, 1] above which it is an error.",
                "The logarithm is undefined for a single one.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    if context.loss() != Some(LossKind::Bce) {
        return Ok(Vec::new());
    }
    let cause = match context.evidence.and_then(|evidence| evidence.output()) {
        Some(output) => {
            // Values that are not finite are first-nonfinite's.
            let total = output.values.count;
            let outside = output.outside_unit.saturating_sub(output.nonfinite);
            let share = outside as f64 / total.max(1) as f64;
            (share > context.parameter("share")).then(|| {
                let cause = format!(
                    "bce takes probabilities, but {} of the values that entered it lie outside [0, 1]: they go from {} to {}.",
                    percent(share),
                    short(output.values.min),
                    short(output.values.max),
                );
                (cause, Some(share), output.inputs)
            })
        }
        None => linear_head(context).map(|name| {
            let cause = format!(
                "bce takes probabilities, but nothing keeps the values of {name} in [0, 1]."
            );
            (cause, None, 0)
        }),
    };
    let Some((cause, measured, samples)) = cause else {
        return Ok(Vec::new());
    };
    let fixes = vec![
        "use the loss bce-with-logits, which takes what the network gives now".to_owned(),
        "or put a sigmoid at the end of the network".to_owned(),
    ];
    let finding = match head(context) {
        Some(node) => match context.network.nodes[node].kind {
            Kind::Activation(site) => context.at_site(site, Severity::Error, cause, fixes),
            _ => context.at_node(node, Severity::Error, cause, fixes),
        },
        None => context.finding(Severity::Error, cause, fixes),
    };
    let threshold = measured.map(|_| context.parameter("share"));
    Ok(vec![Finding {
        measured,
        threshold,
        samples,
        ..finding
    }])
}

/// The node that makes what enters the loss.
fn head(context: &Context<'_>) -> Option<usize> {
    let port = context.network.outputs.get(context.network.loss_output)?;
    context.links.origin(port.value)
}

/// The name of the node that makes the output, where its values can be any number.
fn linear_head<'a>(context: &Context<'a>) -> Option<&'a str> {
    let network = context.network;
    let node = &network.nodes[head(context)?];
    let unbounded = match node.kind {
        Kind::Linear(_) | Kind::Norm(_) => true,
        Kind::Activation(site) => match &network.sites[site].function {
            SiteFunction::Element(function) => {
                let range = function.facts().range;
                range.low < 0.0 && range.high > 1.0
            }
            SiteFunction::Prelu { .. } => true,
            SiteFunction::Rows { .. } => false,
        },
        _ => false,
    };
    unbounded.then_some(node.name.as_str())
}
