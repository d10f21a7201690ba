//! The first NaN or infinity.

use std::collections::HashSet;

use crate::evidence::{Cause, NonFinite};
use crate::finding::{Finding, Severity};
use crate::network::{Kind, Network, SiteFunction};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    ///
    /// Whether any value of the network is NaN or infinite, and which node made the first one.
    ///
    /// ## Why it matters
    ///
    /// NaN spreads to everything that is computed from it. Only its origin tells what to repair.
    ///
    /// ## How it is measured
    ///
    /// The weights are looked through. When the network ran, the first node in the order of the
    /// graph whose operands were finite and whose result was not is named with its cause, as far as
    /// the operator and its operands show it. Minus infinity that does nothing but mask positions
    /// before a softmax is meant and not reported.
    ///
    /// ## What to do
    ///
    /// It depends on the cause: a fused or clamped form of a logarithm, a subtracted maximum before an
    /// exponential, a small constant in a denominator, cleaned data, weights from an earlier
    /// checkpoint.
    pub struct FirstNonfinite {
        slug: "first-nonfinite",
        title: "the first NaN or infinity",
        why: "NaN spreads to everything computed from it; only its origin tells what to repair.",
        levels: [Error],
        scopes: [Values, Gradients, Weights],
        needs: [],
        parameters: {}
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let network = context.network;
    let weights = (0..network.nodes.len()).find_map(|node| Some((node, broken_weights(network, node)?)));
    let seen = context.evidence.and_then(|seen| {
        let samples = seen.samples();
        let mut nodes = seen.nonfinite().filter(|(node, _)| *node < network.nodes.len());
        let first = nodes.find(|(node, what)| !(is_mask(what) && masks(context, *node)))?;
        Some((first, samples))
    });
    let first_node = seen.map(|((node, _), _)| node);
    if let Some((node, (count, all))) = weights.filter(|(node, _)| first_node.is_none_or(|n| *node <= n)) {
        let cause = format!("{count} of the {all} stored weights of this layer are NaN or infinite.");
        let fixes = vec![
            "load an earlier checkpoint".to_owned(),
            "look for the step that broke them: clip the gradient's norm and lower the learning rate".to_owned(),
        ];
        return Ok(vec![Finding {
            measured: Some(count as f64),
            threshold: Some(0.0),
            ..context.at_node(node, Severity::Error, cause, fixes)
        }]);
    }
    let Some(((node, what), samples)) = seen else {
        return match context.evidence {
            Some(_) => Ok(Vec::new()),
            None => Err(NotChecked(
                context.options.no_values.clone().unwrap_or_else(|| "--input".to_owned()),
            )),
        };
    };
    let NonFinite { cause, nan, positive, negative, inputs } = what;
    let count = nan + positive + negative;
    let op = &network.nodes[node].op;
    let text = format!(
        "{} is the first node whose result is not finite: {nan} NaN, {positive} +infinity, {negative} -infinity, on {inputs} of \
         {samples} inputs. Why: {}.",
        op,
        cause.words(),
    );
    let site_index = match network.nodes[node].kind {
        Kind::Activation(site) => Some(site),
        _ => None,
    };
    Ok(vec![Finding {
        measured: Some(count as f64),
        threshold: Some(0.0),
        samples,
        role: site_index.map(|site| network.sites[site].role),
        site_index,
        ..context.at_node(node, Severity::Error, text, fixes(*cause, op))
    }])
}

/// Weights that are not finite, and how many there are in all.
fn broken_weights(network: &Network, node: usize) -> Option<(usize, usize)> {
    let lists: Vec<&[f32]> = match &network.nodes[node].kind {
        Kind::Linear(linear) => vec![&linear.weight, linear.bias.as_deref().unwrap_or_default()],
        Kind::Norm(norm) => vec![&norm.gamma, &norm.beta],
        Kind::Activation(site) => match &network.sites[*site].function {
            SiteFunction::Prelu { slopes } => vec![slopes],
            _ => return None,
        },
        _ => return None,
    };
    let broken = lists.iter().flat_map(|list| list.iter()).filter(|w| !w.is_finite()).count();
    (broken > 0).then(|| (broken, lists.iter().map(|list| list.len()).sum()))
}

/// Whether a node made nothing but minus infinity, as a mask does.
fn is_mask(what: &NonFinite) -> bool {
    what.nan == 0 && what.positive == 0 && what.negative > 0 && what.cause != Cause::LogOfZero
}

/// Whether all that a node makes ends in a softmax, which turns minus infinity into 0.
fn masks(context: &Context<'_>, node: usize) -> bool {
    let network = context.network;
    let mut open = context.links.successors(node);
    let mut seen = HashSet::new();
    let mut ends = false;
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        match network.nodes[next].kind {
            Kind::Activation(site) => match network.sites[site].function {
                SiteFunction::Rows { .. } => ends = true,
                _ => return false,
            },
            Kind::View | Kind::Add | Kind::Affine | Kind::Select | Kind::Concat | Kind::Other => {
                let after = context.links.successors(next);
                if after.is_empty() {
                    return false;
                }
                open.extend(after);
            }
            _ => return false,
        }
    }
    ends
}

fn fixes(cause: Cause, op: &str) -> Vec<String> {
    let first = match cause {
        Cause::Input => "clean the data: leave out or fill in the values that are NaN or infinite",
        Cause::Weight => "load an earlier checkpoint, and look for the step that broke the weights",
        Cause::LogOfZero | Cause::LogOfNegative => {
            "compute the logarithm from logits (log-softmax, log-sigmoid), or clamp its argument away from 0"
        }
        Cause::SqrtOfNegative => "clamp the argument of the square root at 0, or add a small constant",
        Cause::ExpOverflow => "subtract the maximum before the exponential, or use the fused form (softmax, softplus)",
        Cause::ZeroByZero | Cause::DivisionByZero => "add a small constant to the denominator",
        Cause::Overflow => "scale the values down: a normalising layer before it, or smaller weights",
        Cause::Constant => "look at the constant in the graph: a mask should be minus infinity only before a softmax",
        Cause::Unknown => "run the node alone on the values that it received",
    };
    let mut fixes = vec![first.to_owned()];
    if matches!(cause, Cause::Overflow | Cause::ExpOverflow) {
        fixes.push(format!("compute {op} in a type with a larger range: bfloat16 or float32 in place of float16"));
    }
    fixes
}
