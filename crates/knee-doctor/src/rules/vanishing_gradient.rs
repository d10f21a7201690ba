//! Gradients that shrink on their way back.

use knee::Function;

use super::gradient_profile::Profile;
use super::shape::squashes;
use crate::evidence::{Evidence, SiteEvidence};
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::loss::LossKind;
use crate::measure::{self, number};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    ///
    /// Whether the gradient shrinks from the loss back to the input, evenly with depth or at a
    /// single step.
    ///
    /// ## Why it matters
    ///
    /// Layers that receive a thousandth of the gradient hardly learn, whatever the learning rate
    /// does for the others.
    ///
    /// ## How it is measured
    ///
    /// The gradient of a site is the L2 norm of dL/da per input, averaged over inputs, the loss
    /// summed over inputs, so that chunks and pooling do not change it. A line is fitted to its
    /// logarithm over depth, over five depths at least; the gradient at the first site relative to
    /// the last, on the line, is judged where the line explains the data (R^2). A single step from
    /// one depth to the one before it is judged on its own. Only ratios count: loss scaling and
    /// reduction change nothing. Left out are sites inside residual branches, of recurrent and of
    /// frozen layers, and exact zeros, which dead-layer reports. A loss that is already about 0
    /// leaves nothing to judge.
    ///
    /// ## What to do
    ///
    /// A function of the ReLU family in place of a squashing one, the initialisation that fits it, a
    /// normalising layer, residual connections.
    pub struct VanishingGradient {
        slug: "vanishing-gradient",
        title: "gradients that vanish on their way back",
        why: "Layers near the input receive next to no gradient and hardly learn.",
        levels: [Warn, Error],
        scopes: [Gradients],
        needs: [Gradients],
        parameters: {
            ratio = 1e-3, "Gradient at the first site relative to the last, below which it vanishes.",
                "AutoTrainer's ratio of first to last layer; the absolute cut-offs of other tools break under loss scaling.";
            error = 1e-6, "The same ratio, below which it is an error.",
                "About ten sigmoid layers, 0.25^10: the first layers no longer learn in f32.";
            r_squared = 0.8, "Share of the variance that the line over depth must explain.",
                "A single jump in the middle of a profile leaves at most 0.75.";
            step = 1e-3, "Ratio of a single step, below which it is reported.",
                "The end-to-end threshold, lost in one step.";
            loss = 1e-3, "Mean loss per input, below which nothing is judged (MSE and MAE: relative to the targets' scale).",
                "A cross-entropy of 0.001 is a probability of 99.9 %: nothing is left to learn.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let Some(evidence) = context.evidence else { return Ok(Vec::new()) };
    if learned(context, evidence) {
        return Err(NotChecked("a loss that is not already about 0".to_owned()));
    }
    let profile = Profile::of(context, evidence);
    let limit = context.parameter("ratio");
    let line = profile.line().filter(|line| line.r_squared > context.parameter("r_squared"));
    if let (Some(line), Some(site)) = (line.filter(|line| line.ratio < limit), profile.first()) {
        let bad = line.ratio < context.parameter("error");
        let severity = if bad { Severity::Error } else { Severity::Warn };
        let (first, last) = profile.ends().unwrap_or_default();
        let cause = format!(
            "Over {} sites the gradient shrinks to {} of itself on the way back, by a factor of {} per site (R^2 {:.2}): \
             it is {} at the last site and {} at the first.{}",
            profile.sites,
            number(line.ratio),
            number(line.gain),
            line.r_squared,
            number(last),
            number(first),
            squashing(context),
        );
        return Ok(vec![finding(context, site, severity, line.ratio, limit, cause)]);
    }
    let limit = context.parameter("step");
    let steps = profile.steps().filter(|step| step.ratio < limit);
    Ok(steps
        .map(|step| {
            let cause = format!(
                "The gradient shrinks to {} of itself between the site after this one and this one.{}",
                number(step.ratio),
                squashing(context),
            );
            finding(context, step.site, Severity::Warn, step.ratio, limit, cause)
        })
        .collect())
}

fn finding(
    context: &Context<'_>,
    site: usize,
    severity: Severity,
    measured: f64,
    threshold: f64,
    cause: String,
) -> Finding {
    let function = context.network.sites[site].function.element();
    let mut fixes = Vec::new();
    if let Some(function) = function {
        if squashes(function) {
            fixes.push(format!("use relu or gelu instead of {function}: the slope of {function} is at most {} and mostly less",
                function.facts().lipschitz.map_or_else(String::new, number)));
        }
        fixes.push(gain::initialise(&function));
        fixes.push(gain::normalise(&function));
    }
    fixes.push("add residual connections, so that gradients have a path of slope 1".to_owned());
    let seen = context.evidence.and_then(|seen| seen.site(site));
    Finding {
        measured: Some(measured),
        threshold: Some(threshold),
        samples: seen.map_or(0, SiteEvidence::inputs),
        histogram: seen.and_then(|seen| seen.histogram(&[])),
        ..context.at_site(site, severity, cause, fixes)
    }
}

/// The slopes of the squashing functions among the hidden sites, as a sentence.
fn squashing(context: &Context<'_>) -> String {
    let sites = measure::hidden(context.network, context.evidence);
    let mut found: Option<(Function, f64, usize)> = None;
    for (_, site, seen, function) in sites.filter(|(.., function)| squashes(*function)) {
        let slopes = measure::slopes(site, seen).unwrap_or_default();
        let mean = slopes.iter().sum::<f64>() / slopes.len().max(1) as f64;
        let (_, sum, count) = found.get_or_insert((function, 0.0, 0));
        *sum += mean * function.facts().lipschitz.unwrap_or(1.0);
        *count += 1;
    }
    found.map_or_else(String::new, |(function, sum, count)| {
        format!(
            " {count} sites squash ({function}): their mean slope is {}, which every step back multiplies by.",
            number(sum / count as f64)
        )
    })
}

/// Whether the loss is already about 0.
fn learned(context: &Context<'_>, evidence: &Evidence) -> bool {
    let scale = || evidence.targets().map_or(1.0, |targets| targets.scale().max(f64::MIN_POSITIVE));
    let floor = context.parameter("loss");
    evidence.mean_loss().is_some_and(|loss| match evidence.loss() {
        Some(LossKind::Mse) => loss < floor * floor * scale() * scale(),
        Some(LossKind::Mae) => loss < floor * scale(),
        _ => loss < floor,
    })
}
