//! Units that are alive on no input.

use knee::Function;

use crate::evidence::{Moments, SiteEvidence};
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::{self, number, percent};
use crate::network::Site;
use crate::rule::{Context, NotChecked, rule};
use crate::statistics::{FEWEST, QUIET, Silence, Verdict, bound};

rule! {
    /// ## What it checks
    ///
    /// Units of hidden activations that are alive on no input: their slope is 0, or next to
    /// nothing, wherever the data puts them. A ReLU whose pre-activation is always negative is
    /// the common case; a GELU or a tanh far out in its tail is the same thing.
    ///
    /// ## Why it matters
    ///
    /// A dead unit gives the same output for every input and passes no gradient back, so training
    /// cannot revive it. It costs memory and time and adds nothing.
    ///
    /// ## How it is measured
    ///
    /// A unit is alive on an input when |f'(z)| > 1e-3 sqrt(E f'(Z)^2), Z standard normal, at one
    /// position at least. N counts inputs, not pixels. A unit that never fired in N inputs fires
    /// on fewer than 3/N of all inputs (95 %). With fewer than 128 inputs nothing is said; with
    /// fewer than 1000 the unit is called quiet, and the finding is at most a warning. Some units
    /// fire rarely and are silent by chance: how many is estimated from the units that fired once
    /// or twice (Chao 1984), and subtracted. Fewer than four dead units are never worse than
    /// information. The share of zero outputs is reported and not judged: a healthy ReLU has one
    /// half. From 99 % on the site belongs to dead-layer. Gates and outputs are not judged.
    ///
    /// ## What to do
    ///
    /// Lower the learning rate or warm it up, initialise for the function, put a normalising layer
    /// before it, or use a function that keeps a slope for negative inputs. In a finished network
    /// prune the units: nothing changes, since their output is constant.
    pub struct DeadUnits {
        slug: "dead-units",
        title: "units that are alive on no input",
        why: "A dead unit passes no gradient, so training cannot revive it; it costs time and adds nothing.",
        levels: [Info, Warn, Error],
        scopes: [Values],
        needs: [Values],
        parameters: {
            info = 0.01, "Share of dead units from which a site is reported.",
                "Good-Turing's estimate leaves about this much to chance in sites of a few hundred units.";
            warn = 0.10, "Share of dead units from which it is a warning.",
                "keras-contrib's DeadReluDetector reports a layer from 10 % on.";
            error = 0.30, "Share of dead units from which it is an error.",
                "The cs231n notes name 40 % as the mark of a learning rate that is too high; common study notes 30 %.";
        }
    }
}

/// From this share on the whole layer is dead, which is another rule's.
pub(super) const WHOLE_LAYER: f64 = 0.99;

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    let mut most_inputs = None;
    for (index, site, seen, function) in measure::hidden(context.network, context.evidence) {
        let Some(silence) = Silence::of(seen) else { continue };
        most_inputs = most_inputs.max(Some(silence.inputs));
        let whole = silence.silent.len() as f64 >= WHOLE_LAYER * silence.units as f64;
        if silence.verdict == Verdict::InsufficientData || whole {
            continue;
        }
        let share = silence.share();
        let level = ["error", "warn", "info"]
            .into_iter()
            .zip([Severity::Error, Severity::Warn, Severity::Info])
            .map(|(name, severity)| (context.parameter(name), severity))
            .find(|(threshold, _)| share >= *threshold);
        let Some((threshold, severity)) = level else { continue };
        let severity = severity.min(most(&silence));
        let (cause, fixes) = explain(context, index, site, &silence, &function);
        findings.push(Finding {
            measured: Some(share),
            threshold: Some(threshold),
            samples: silence.inputs,
            bound: Some(bound(silence.inputs)),
            histogram: seen.histogram(&silence.silent),
            units: silence.silent,
            ..context.at_site(index, severity, cause, fixes)
        });
    }
    enough(most_inputs)?;
    Ok(findings)
}

/// The worst level that so many inputs and so many units allow.
pub(super) fn most(silence: &Silence) -> Severity {
    if silence.dead() < FEWEST as f64 {
        Severity::Info
    } else if silence.verdict < Verdict::Dead {
        Severity::Warn
    } else {
        Severity::Error
    }
}

/// Whether any site saw inputs enough to speak of single units.
pub(super) fn enough(most_inputs: Option<u64>) -> Result<(), NotChecked> {
    match most_inputs {
        Some(seen) if seen < QUIET => {
            Err(NotChecked(format!("at least {QUIET} inputs; {seen} were seen")))
        }
        _ => Ok(()),
    }
}

/// Cause and fixes for the silent units of a site.
pub(super) fn explain(
    context: &Context<'_>,
    index: usize,
    site: &Site,
    silence: &Silence,
    function: &Function,
) -> (String, Vec<String>) {
    let Silence { silent, units, inputs, by_chance, verdict } = silence;
    let state = if *verdict == Verdict::Dead { "dead" } else { "quiet" };
    let mut cause = vec![format!(
        "{} of {units} units ({}) of {} are {state}: alive on none of {inputs} inputs, so each fires on fewer than {} of \
         all inputs (95 %).",
        silent.len(),
        percent(silent.len() as f64 / *units as f64),
        site.function.text(),
        percent(bound(*inputs)),
    )];
    if *by_chance >= 0.5 {
        cause.push(format!(
            "About {by_chance:.0} of them are expected to be silent by chance, judging by the units that fired once or \
             twice."
        ));
    }
    let seen = context.evidence.and_then(|seen| seen.site(index));
    let mut z = Moments::default();
    for unit in silent.iter().filter_map(|&unit| seen?.units().get(unit as usize)) {
        z.merge(&unit.z);
    }
    if z.count > 0 {
        cause.push(format!(
            "Their pre-activations lie between {} and {}, {} on average.",
            number(z.min),
            number(z.max),
            number(z.mean)
        ));
    }
    let by_bias = seen.and_then(|seen| bias(context, site, seen, silent));
    if let Some(bias) = by_bias {
        cause.push(format!(
            "Their biases are {} on average, more than the weighted inputs make up for.",
            number(bias)
        ));
    }
    let mut fixes = vec![gain::lower_the_rate(), gain::initialise(function), gain::normalise(function)];
    if by_bias.is_some() {
        fixes.insert(0, "start the biases of this layer at 0 and keep them out of large steps".to_owned());
    }
    fixes.push(gain::keep_a_slope(function));
    fixes.push(
        "in a finished network, prune these units: their output does not depend on the input"
            .to_owned(),
    );
    (cause.join(" "), fixes)
}

/// The mean bias of the silent units, where it is what keeps most of them silent: there it is at
/// least half of the mean pre-activation, and there is no normalising layer in between.
fn bias(
    context: &Context<'_>,
    site: &Site,
    seen: &SiteEvidence,
    silent: &[u64],
) -> Option<f64> {
    let (Some(linear), None) = context.links.layer_of(site) else {
        return None;
    };
    let bias = linear.bias.as_deref()?;
    let (mut biases, mut means) = (0.0, 0.0);
    for &unit in silent {
        biases += f64::from(*bias.get(unit as usize)?);
        means += seen.units().get(unit as usize)?.z.mean;
    }
    let most = means != 0.0 && biases / means >= 0.5;
    most.then(|| biases / silent.len() as f64)
}
