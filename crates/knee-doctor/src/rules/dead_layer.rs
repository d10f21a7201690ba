//! Layers that give the same output for every input.

use super::dead_units::{WHOLE_LAYER, enough, explain, most};
use crate::evidence::{Evidence, UnitEvidence};
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure;
use crate::network::{Linear, Norm, Site};
use crate::rule::{Context, NotChecked, rule};
use crate::statistics::{QUIET, Silence, Verdict, bound};

rule! {
    /// ## What it checks
    ///
    /// Hidden activations that tell nothing about the input: at least 99 % of the units are dead,
    /// or no unit's output varies from input to input.
    ///
    /// ## Why it matters
    ///
    /// Whatever comes after such a layer, on this path, computes a constant, and no gradient passes
    /// back through it. The part of the network before it is not trained.
    ///
    /// ## How it is measured
    ///
    /// Dead units as in dead-units, with the same sample sizes. For the variance the output of
    /// each unit is compared from input to input at up to four fixed positions; the least and the
    /// greatest are equal. Silent where the constant is meant: a site that no input reaches, inputs
    /// that are all the same, a residual branch or a head that starts at zero. A layer that is
    /// frozen, or whose weights are all zero because it was pruned, is information.
    ///
    /// ## What to do
    ///
    /// As for dead-units: learning rate, initialisation, a normalising layer. A residual path around
    /// the layer keeps the gradient flowing while the layer recovers.
    pub struct DeadLayer {
        slug: "dead-layer",
        title: "a layer whose output does not depend on the input",
        why: "A dead layer cuts the network in two: constants go forward and no gradient comes back.",
        levels: [Info, Warn, Error],
        scopes: [Values, Gradients],
        needs: [Values],
        parameters: {
            share = 0.99, "Share of silent units from which the layer is dead.",
                "SageMaker's and DeepDiagnosis's 50 and 70 % flag healthy sparse layers; what is left below 1 % carries next to nothing.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    if context.evidence.is_some_and(|seen| inputs_are_equal(context, seen)) {
        return Err(NotChecked("inputs that differ from one another".to_owned()));
    }
    let mut findings = Vec::new();
    let mut most_inputs = None;
    for (index, site, seen, function) in measure::hidden(context.network, context.evidence) {
        most_inputs = most_inputs.max(Some(seen.inputs()));
        if seen.inputs() < QUIET || !context.links.depends_on_input(site.node) {
            continue;
        }
        let silence = Silence::of(seen);
        let share = silence.as_ref().map_or(0.0, |s| s.silent.len() as f64 / s.units as f64);
        let constant = seen.units().iter().all(UnitEvidence::is_constant);
        let threshold = context.parameter("share").min(WHOLE_LAYER);
        if share < threshold && !constant {
            continue;
        }
        let Some(limit) = meant(context, site) else { continue };
        let inputs = seen.inputs();
        let (mut cause, mut fixes) = match &silence {
            Some(silence) if share >= threshold => explain(context, index, site, silence, &function),
            _ => (
                format!(
                    "Every unit of {} gives the same output on all {inputs} inputs.",
                    site.function.text()
                ),
                vec![gain::lower_the_rate(), gain::initialise(&function), gain::normalise(&function)],
            ),
        };
        if limit == Severity::Info {
            cause.push_str(" The layer before it is frozen, or its weights are all zero: it may be meant.");
        } else if seen.gradient_zero() == inputs {
            cause.push_str(" The gradient here is exactly 0 on every input.");
        }
        fixes.push("add a residual path around the layer, so that gradients reach what is before it".to_owned());
        let by_units = silence.as_ref().filter(|_| share >= threshold).map_or(
            // A constant layer is one fact about the layer, not a count of units.
            if Verdict::of(inputs) < Verdict::Dead { Severity::Warn } else { Severity::Error },
            most,
        );
        let units: Vec<u64> = silence.filter(|_| share >= threshold).map_or_else(Vec::new, |s| s.silent);
        findings.push(Finding {
            measured: Some(if share >= threshold { share } else { 0.0 }),
            threshold: Some(if share >= threshold { threshold } else { 0.0 }),
            samples: inputs,
            bound: Some(bound(inputs)),
            histogram: seen.histogram(&units),
            units,
            ..context.at_site(index, by_units.min(limit), cause, fixes)
        });
    }
    enough(most_inputs)?;
    Ok(findings)
}

/// The worst level for a constant layer: `None` when it is meant to be constant at the start,
/// information when it is frozen or pruned.
fn meant(context: &Context<'_>, site: &Site) -> Option<Severity> {
    let (linear, norm) = context.links.layer_of(site);
    let zero = linear.is_some_and(Linear::is_zero) || norm.is_some_and(starts_at_zero);
    if zero && context.options.at_init {
        return None;
    }
    let frozen = linear.is_some_and(|linear| !linear.trainable);
    Some(if zero || frozen { Severity::Info } else { Severity::Error })
}

/// Whether a normalising layer's scale is 0 throughout, as at the end of a residual branch that
/// starts as the identity.
fn starts_at_zero(norm: &Norm) -> bool {
    !norm.gamma.is_empty() && norm.gamma.iter().all(|&gamma| gamma == 0.0)
}

/// Whether the inputs of the network do not vary, as far as they were watched.
fn inputs_are_equal(context: &Context<'_>, seen: &Evidence) -> bool {
    let mut watched =
        context.network.inputs.iter().filter_map(|port| seen.signal(port.value)?.sd()).peekable();
    watched.peek().is_some() && watched.all(|sd| sd == 0.0)
}
