//! Pre-activations that lie far from zero.

use crate::evidence::{SiteEvidence, UnitEvidence};
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::{self, number, percent};
use crate::network::{Linear, Site};
use crate::rule::{Context, NotChecked, rule};
use crate::sites::slope_threshold;
use crate::statistics::{FEWEST, QUIET, Silence};

rule! {
    /// ## What it checks
    ///
    /// Hidden activations most of whose units see pre-activations that are far from zero compared
    /// with how much they vary: the bend of the function lies outside the data.
    ///
    /// ## Why it matters
    ///
    /// A unit that never passes its bend computes a linear function or a constant. It is the state
    /// in which units die and saturate.
    ///
    /// ## How it is measured
    ///
    /// A unit is off centre when abs(mean z) > 3 sd(z) over all inputs and positions; a site when more
    /// than half of its units are. It is a warning where the same site has dead or saturated units
    /// beside it, and information otherwise. The first layer is not judged when its inputs are
    /// non-negative, as pixels are, nor a layer whose weights are all zero.
    ///
    /// ## What to do
    ///
    /// Put a normalising layer before the activation, start the biases at 0, scale the inputs to
    /// mean 0 and standard deviation 1.
    pub struct OffCentre {
        slug: "off-centre",
        title: "pre-activations far from zero",
        why: "A unit that never passes its bend is linear or constant, and the next to die or saturate.",
        levels: [Info, Warn],
        scopes: [Values],
        needs: [Values],
        parameters: {
            deviations = 3.0, "Standard deviations that the mean may be away from 0.",
                "Beyond three a normal variable passes 0 on 0.13 % of the positions.";
            share = 0.5, "Share of the units beyond which the site is reported.",
                "Most of the site, as TheDeepChecker asks for dead and saturated units.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    let mut most_inputs = None;
    for (index, site, seen, function) in measure::hidden(context.network, context.evidence) {
        most_inputs = most_inputs.max(Some(seen.inputs()));
        if seen.inputs() < QUIET || exempt(context, site) {
            continue;
        }
        let limit = context.parameter("deviations");
        let units = seen.units().len();
        let off = |unit: &UnitEvidence| unit.z.sd().is_some_and(|sd| unit.z.mean.abs() > limit * sd);
        let listed = seen.units().iter().enumerate().filter(|(_, unit)| off(unit));
        let listed: Vec<u64> = listed.map(|(unit, _)| unit as u64).collect();
        let share = listed.len() as f64 / units as f64;
        if share <= context.parameter("share") {
            continue;
        }
        let beside = beside(context, site, seen);
        let severity = if beside.is_some() { Severity::Warn } else { Severity::Info };
        let z = seen.z();
        let cause = format!(
            "{} of {units} units ({}) of {} have pre-activations whose mean is more than {} standard deviations from 0 \
             (all units: mean {}, standard deviation {}), so they rarely or never pass the bend.{}",
            listed.len(),
            percent(share),
            site.function.text(),
            number(limit),
            number(z.mean),
            number(z.sd().unwrap_or(0.0)),
            beside.unwrap_or_default(),
        );
        let fixes = vec![
            gain::normalise(&function),
            "start the biases of the layer before it at 0".to_owned(),
            "scale the inputs of the network to mean 0 and standard deviation 1".to_owned(),
        ];
        findings.push(Finding {
            measured: Some(share),
            threshold: Some(context.parameter("share")),
            samples: seen.inputs(),
            histogram: seen.histogram(&listed),
            units: listed,
            ..context.at_site(index, severity, cause, fixes)
        });
    }
    super::dead_units::enough(most_inputs)?;
    Ok(findings)
}

/// What is wrong with the same site besides, as a sentence.
fn beside(context: &Context<'_>, site: &Site, seen: &SiteEvidence) -> Option<String> {
    let silent = Silence::of(seen).filter(|silence| silence.dead() >= FEWEST as f64);
    if let Some(silence) = silent {
        return Some(format!(" {} units of the same site never fired.", silence.silent.len()));
    }
    let saturated = measure::saturated(site, seen, slope_threshold(context.options))?;
    let many = 2 * saturated.len() > seen.units().len();
    many.then(|| format!(" {} units of the same site are saturated.", saturated.len()))
}

/// Whether the site is a first layer on non-negative inputs, or has no weights but zeros.
fn exempt(context: &Context<'_>, site: &Site) -> bool {
    let (linear, _) = context.links.layer_of(site);
    if linear.is_some_and(Linear::is_zero) {
        return true;
    }
    let Some(layer) = context.links.layer_before(site) else { return false };
    let value = context.links.source(context.network.nodes[layer].inputs.first().copied());
    let port = context.network.inputs.iter().find(|port| Some(port.value) == value);
    // Inputs that were not watched may be non-negative.
    port.is_some_and(|port| {
        let seen = context.evidence.and_then(|seen| seen.signal(port.value));
        seen.is_none_or(|signal| signal.min() >= 0.0)
    })
}
