//! Targets that the output activation cannot reach.

use knee_figure::{percent, short};

use crate::finding::{Finding, Severity};
use crate::network::SiteFunction;
use crate::report::number::count;
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether there are targets outside the range of the activation that makes the output.
    ///
    /// ## Why it matters
    /// No weights can answer them. The unit is pushed into its flat tail, where its gradient
    /// vanishes, and the loss keeps a floor.
    ///
    /// ## How it is measured
    /// Each target is compared with the closure of the range of the function, which the function
    /// itself declares, and counts when it lies outside by more than `tolerance` times the greatest
    /// magnitude of the targets. A limit that is never reached, such as 1 of a sigmoid, belongs to
    /// the closure: sigmoid with targets of 0 and 1 is no finding.
    ///
    /// Only for losses that compare the output itself with the target (bce, mse, mae), and for
    /// targets that are values, not class indices.
    ///
    /// ## What to do
    /// Take an output whose range covers the targets - linear for any number, softplus for positive
    /// ones - or scale the targets into the range.
    pub struct OutputRange {
        slug: "output-range",
        title: "targets outside the range of the output activation",
        why: "No weights can reach them, so the loss keeps a floor and the output saturates.",
        levels: [Error],
        scopes: [Graph, Values],
        needs: [Values, Labels, Loss],
        parameters: {
            share = 0.001, "Share of targets outside the range above which it is an error.",
                "Rarer ones are more often outliers or mistakes in the data.";
            tolerance = 1e-6, "Distance from the range, relative to the greatest magnitude of the targets, that still counts as inside.",
                "A few steps of float32, in which targets are stored.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let found = || {
        let loss = context
            .loss()
            .filter(|loss| !loss.takes_logits() && !loss.takes_classes())?;
        let targets = context.evidence?.targets()?;
        let index = context.links.output_site()?;
        let site = &context.network.sites[index];
        let SiteFunction::Element(function) = site.function else {
            return None;
        };
        let range = function.facts().range;
        let total = targets.values.count;
        let outside = targets
            .excess
            .beyond(context.parameter("tolerance") * targets.scale());
        let share = outside as f64 / total.max(1) as f64;
        let threshold = context.parameter("share");
        (share > threshold).then(|| {
            let text = site.function.text();
            let (low, high) = (short(range.low), short(range.high));
            let cause = format!(
                "{} computes {text}, whose values lie between {low} and {high}, but {} of the {} targets ({}) \
                 lie outside: they go from {} to {}. No weights can answer them under {loss}.",
                site.name,
                count(outside),
                count(total),
                percent(share),
                short(targets.values.min),
                short(targets.values.max),
            );
            let finding = context.at_site(index, Severity::Error, cause, fixes(targets.values.min, &text));
            let (measured, threshold) = (Some(share), Some(threshold));
            Finding { measured, threshold, samples: targets.inputs, ..finding }
        })
    };
    Ok(found().into_iter().collect())
}

fn fixes(least: f64, text: &str) -> Vec<String> {
    let mut fixes = vec![format!(
        "remove {text}: a linear output reaches every number"
    )];
    if least >= 0.0 {
        fixes.push("or use softplus, whose values are all the positive numbers".to_owned());
    }
    fixes.push(format!(
        "or scale the targets into the range of {text}, and the answers back"
    ));
    fixes
}
