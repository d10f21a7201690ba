//! A ReLU where logits should be.

use knee_figure::percent;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::network::{Role, SiteFunction};
use crate::rule::{Context, NotChecked, rule};
use crate::rules::shape::{cuts_off, gives_probabilities};

rule! {
    /// ## What it checks
    /// Whether a function that is 0 for every negative argument, such as ReLU or ReLU6, stands
    /// directly before a loss that takes logits.
    ///
    /// ## Why it matters
    /// A logit of a class that is wrong should go far below 0. Cut off at 0 it cannot, and where the
    /// logit of the right class is cut off no gradient brings it back. A row whose logits are all 0
    /// is answered with equal probabilities and teaches nothing.
    ///
    /// ## How it is measured
    /// In the graph: an element-wise function that reaches the output of the loss through nothing
    /// but reshaping, is constant for all negative arguments and nowhere negative. The share of rows
    /// that are 0 throughout is measured where the network was run. Functions that level off on
    /// both sides at 0 and 1 are double-sigmoid's.
    ///
    /// Silent with losses that take values, such as mse on counts, where the cut-off is meant.
    ///
    /// ## What to do
    /// Remove the activation before the loss.
    pub struct ReluOnLogits {
        slug: "relu-on-logits",
        title: "logits are cut off at 0",
        why: "Wrong classes cannot be answered below 0, and a cut-off right class gets no gradient.",
        levels: [Error],
        scopes: [Graph, Values],
        needs: [Loss],
        parameters: {}
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let found = || {
        let loss = context.loss().filter(|loss| loss.takes_logits())?;
        let index = context.links.output_site()?;
        let site = &context.network.sites[index];
        let SiteFunction::Element(function) = site.function else {
            return None;
        };
        let nonnegative = function.facts().range.low >= 0.0;
        if site.role == Role::Target
            || !nonnegative
            || !cuts_off(function)
            || gives_probabilities(function)
        {
            return None;
        }
        let text = site.function.text();
        let output = context.evidence.and_then(Evidence::output);
        let output = output.filter(|output| output.rows > 0);
        let share = output.map(|output| output.rows_of_zeros as f64 / output.rows as f64);
        let zeros = output.zip(share).map_or(String::new(), |(output, share)| {
            let logits = output.values.count + output.nonfinite;
            format!(
                " {} of the logits are exactly 0, and {} of the rows are 0 throughout.",
                percent(output.zeros as f64 / logits.max(1) as f64),
                percent(share)
            )
        });
        let cause = format!(
            "{} computes {text}, and {loss} takes its values as logits.{zeros}",
            site.name
        );
        let fixes = vec![
            format!("remove {text}: {loss} takes logits of both signs"),
            "check that no block with a built-in activation is used as the last layer".to_owned(),
        ];
        let finding = context.at_site(index, Severity::Error, cause, fixes);
        let samples = output.map_or(0, |output| output.inputs);
        Some(Finding {
            measured: share,
            threshold: share.map(|_| 0.0),
            samples,
            ..finding
        })
    };
    Ok(found().into_iter().collect())
}
