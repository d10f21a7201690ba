//! Gradients that grow on their way back.

use super::gradient_profile::Profile;
use crate::evidence::SiteEvidence;
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::number;
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    ///
    /// Whether the gradient grows with every site on its way back from the loss, or is not finite.
    ///
    /// ## Why it matters
    ///
    /// The first layers take steps that are far too large for a rate that suits the last ones: the
    /// loss jumps or becomes NaN.
    ///
    /// ## How it is measured
    ///
    /// The line of vanishing-gradient, over five depths at least. Reported when the gradient grows by
    /// more than a factor of 2 per site, at half of the single steps too, *and* by more than 70 from
    /// the last site to the first. One large step, as of one normalisation after small embeddings, is
    /// no trend and is not reported. Recurrent layers are left out: their length is time, not depth. A
    /// gradient that is NaN or infinite though the values are finite is an error.
    ///
    /// ## What to do
    ///
    /// Clip the gradient's norm, initialise for the function, put normalising layers in.
    pub struct ExplodingGradient {
        slug: "exploding-gradient",
        title: "gradients that explode on their way back",
        why: "The first layers take steps far too large for the rate that suits the last ones.",
        levels: [Warn, Error],
        scopes: [Gradients],
        needs: [Gradients],
        parameters: {
            gain = 2.0, "Growth per site on the way back, above which it is reported.",
                "He's initialisation keeps it at 1; a factor of 2 doubles with every layer.";
            ratio = 70.0, "Gradient at the first site relative to the last, above which it is reported.",
                "AutoTrainer's ratio for exploding gradients.";
            r_squared = 0.8, "Share of the variance that the line over depth must explain.",
                "As in vanishing-gradient.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let Some(evidence) = context.evidence else { return Ok(Vec::new()) };
    // Values that are not finite make such gradients; first-nonfinite names their origin.
    let values_are_finite = evidence.nonfinite().next().is_none();
    let broken = (0..context.network.sites.len()).rev().find_map(|site| {
        let seen = evidence.site(site).filter(|seen| seen.gradient_nonfinite() > 0)?;
        Some((site, seen))
    });
    if let Some((site, seen)) = broken.filter(|_| values_are_finite) {
        let count = seen.gradient_nonfinite();
        let cause = format!(
            "The gradient is NaN or infinite on {count} of {} inputs, though every value on the way forward is finite. \
             Of the sites where it is so, this is the last one before the loss.",
            seen.inputs(),
        );
        let fixes = vec![
            "look at what comes after this site: a division, a logarithm or a square root at 0 has an infinite slope".to_owned(),
            "clip the gradient's norm".to_owned(),
        ];
        return Ok(vec![Finding {
            measured: Some(count as f64),
            threshold: Some(0.0),
            samples: seen.inputs(),
            ..context.at_site(site, Severity::Error, cause, fixes)
        }]);
    }
    let profile = Profile::of(context, evidence);
    let gain = context.parameter("gain");
    let limit = context.parameter("ratio");
    let line = profile.line().filter(|line| {
        line.r_squared > context.parameter("r_squared") && line.gain > gain && line.ratio > limit
    });
    let mut steps: Vec<f64> = profile.steps().map(|step| step.ratio).collect();
    steps.sort_by(f64::total_cmp);
    let typical = steps.get(steps.len() / 2).is_some_and(|&middle| middle > gain);
    let (Some(line), Some(site), true) = (line, profile.first(), typical) else {
        return Ok(Vec::new());
    };
    let (first, last) = profile.ends().unwrap_or_default();
    let cause = format!(
        "Over {} sites the gradient grows {} times on the way back, by a factor of {} per site (R^2 {:.2}): it is {} at \
         the last site and {} at the first.",
        profile.sites,
        number(line.ratio),
        number(line.gain),
        line.r_squared,
        number(last),
        number(first),
    );
    let mut fixes = vec!["clip the gradient's norm".to_owned()];
    if let Some(function) = context.network.sites[site].function.element() {
        fixes.push(gain::initialise(&function));
        fixes.push(gain::normalise(&function));
    }
    let seen = evidence.site(site);
    Ok(vec![Finding {
        measured: Some(line.ratio),
        threshold: Some(limit),
        samples: seen.map_or(0, SiteEvidence::inputs),
        histogram: seen.and_then(|seen| seen.histogram(&[])),
        ..context.at_site(site, Severity::Warn, cause, fixes)
    }])
}
