//! Softmax over rows of length 1.

use knee::RowFunction;

use crate::finding::{Finding, Severity};
use crate::network::{Role, SiteFunction};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether a softmax or log-softmax runs over an axis of length 1.
    ///
    /// ## Why it matters
    /// A row of one number always becomes 1 (log-softmax: 0), whatever the number is. The output is
    /// a constant, its gradient is exactly 0, and everything before it learns nothing.
    ///
    /// ## How it is measured
    /// From the length of the axis in the graph. Attention over a single token and a router with a
    /// single expert are such rows on purpose and are left alone, and so is a branch that does not
    /// reach the loss.
    ///
    /// ## What to do
    /// For one yes-or-no output use a sigmoid, or better its logit with the loss that takes logits.
    /// Or give the layer one output per class, or run the softmax over the axis that was meant.
    pub struct SoftmaxOverOne {
        slug: "softmax-over-one",
        title: "softmax over a single number is a constant",
        why: "The result is 1 whatever comes in, so its gradient is 0 and nothing before it learns.",
        levels: [Error],
        scopes: [Graph],
        needs: [],
        parameters: {}
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    for (index, site) in context.network.sites.iter().enumerate() {
        let SiteFunction::Rows {
            function,
            axis,
            length: Some(1),
        } = site.function
        else {
            continue;
        };
        if !matches!(site.role, Role::Hidden | Role::Output | Role::Gate) {
            continue;
        }
        let constant = match function {
            RowFunction::LogSoftmax => 0,
            _ => 1,
        };
        let cause = format!(
            "{} runs over axis {axis}, which has length 1: every output is {constant} and every gradient 0.",
            function.name()
        );
        let fixes = vec![
            "for one yes-or-no output take the logit and a loss on logits (bce-with-logits)"
                .to_owned(),
            "where a probability must leave the network use sigmoid in its place".to_owned(),
            "if another axis was meant, run it over that axis".to_owned(),
        ];
        let finding = context.at_site(index, Severity::Error, cause, fixes);
        findings.push(Finding {
            measured: Some(1.0),
            threshold: Some(2.0),
            ..finding
        });
    }
    Ok(findings)
}
