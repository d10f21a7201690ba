//! Squashing units that sit in their flat ends.

use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::{self, number, percent};
use crate::network::Site;
use crate::rule::{Context, NotChecked, rule};
use crate::statistics::QUIET;

rule! {
    /// ## What it checks
    ///
    /// Hidden activations that level off on both sides (sigmoid, tanh, erf and their hard forms)
    /// most of whose units sit in the level ends.
    ///
    /// ## Why it matters
    ///
    /// There the slope is small, so little gradient passes, and the output is close to a constant
    /// or to a sign: the unit says little and learns slowly.
    ///
    /// ## How it is measured
    ///
    /// The slope of a unit is the mean of |f'| over inputs and positions, relative to the greatest
    /// |f'| there is. A unit is saturated when that is below 15 %. A site is reported when more than
    /// half of its units are. Gates, outputs, and sites whose output leaves the network or is turned
    /// into a sign (hash and binary layers) are not judged: they are meant to be at the ends.
    ///
    /// ## What to do
    ///
    /// Smaller initial weights, a normalising layer before it, or a function that does not level off.
    pub struct SaturatedUnits {
        slug: "saturated-units",
        title: "squashing units stuck in their flat ends",
        why: "A saturated unit passes little gradient and tells little more than a sign.",
        levels: [Warn],
        scopes: [Values],
        needs: [Values],
        parameters: {
            slope = 0.15, "Mean |f'| relative to max |f'|, below which a unit is saturated.",
                "tanh' is below it for abs(z) > 1.62; Karpathy's mark abs(tanh) > 0.97 is 0.06, SageMaker's and DeepDiagnosis's fire only when the gradient is gone.";
            share = 0.5, "Share of saturated units beyond which the site is reported.",
                "TheDeepChecker and SageMaker ask for more than 50 % of a layer.";
        }
    }
}

/// Operators that turn a value into a sign or a code.
const CODES: [&str; 8] =
    ["Sign", "Round", "Floor", "Ceil", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"];

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    let mut most_inputs = None;
    for (index, site, seen, function) in measure::hidden(context.network, context.evidence) {
        let least = context.parameter("slope");
        let Some(saturated) = measure::saturated(site, seen, least) else { continue };
        most_inputs = most_inputs.max(Some(seen.inputs()));
        let share = saturated.len() as f64 / seen.units().len() as f64;
        let few = seen.inputs() < QUIET || share <= context.parameter("share");
        if few || makes_a_code(context, site) {
            continue;
        }
        let slopes = measure::slopes(site, seen).unwrap_or_default();
        let mean = saturated.iter().map(|&unit| slopes[unit as usize]).sum::<f64>();
        let z = seen.z();
        let cause = format!(
            "{} of {} units ({}) of {} are saturated: their mean slope is {} of the greatest, below {}. The pre-activations \
             have standard deviation {} about {}.",
            saturated.len(),
            seen.units().len(),
            percent(share),
            site.function.text(),
            percent(mean / saturated.len() as f64),
            percent(least),
            number(z.sd().unwrap_or(0.0)),
            number(z.mean),
        );
        let fixes = vec![
            gain::initialise(&function),
            gain::normalise(&function),
            format!("use a function that does not level off instead of {function}: relu or gelu, with the initialisation that fits it"),
        ];
        findings.push(Finding {
            measured: Some(share),
            threshold: Some(context.parameter("share")),
            samples: seen.inputs(),
            histogram: seen.histogram(&saturated),
            units: saturated,
            ..context.at_site(index, Severity::Warn, cause, fixes)
        });
    }
    super::dead_units::enough(most_inputs)?;
    Ok(findings)
}

/// Whether the output of a site leaves the network or is turned into a sign.
fn makes_a_code(context: &Context<'_>, site: &Site) -> bool {
    let after = context.links.after(site.node);
    let nodes = after.iter().map(|&node| context.network.nodes[node].op.as_str());
    context.links.leaves(site.node) || nodes.into_iter().any(|op| CODES.contains(&op))
}
