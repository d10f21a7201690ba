//! A sigmoid before a loss that applies one itself.

use knee_figure::short;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::loss::LossKind;
use crate::network::{Role, SiteFunction};
use crate::rule::{Context, NotChecked, rule};
use crate::rules::shape::gives_probabilities;

rule! {
    /// ## What it checks
    /// Whether the network ends in a function with values between 0 and 1, such as sigmoid, and the
    /// loss is the binary cross-entropy of logits, which applies a sigmoid itself.
    ///
    /// ## Why it matters
    /// A value between 0 and 1 taken for a logit means a probability between 0.5 and 0.73. The loss
    /// cannot fall below ln 2 = 0.693 where the label is 0 nor below ln(1 + 1/e) = 0.313 where it is
    /// 1, and the gradient passes two sigmoids.
    ///
    /// ## How it is measured
    /// In the graph: an element-wise function that reaches the output of the loss through nothing
    /// but reshaping, and that levels off at 0 on one side and at 1 on the other. Values are no
    /// proof without the graph: early in training logits may well lie between 0 and 1.
    ///
    /// ## What to do
    /// Remove the sigmoid from the network and apply it only where probabilities are shown.
    pub struct DoubleSigmoid {
        slug: "double-sigmoid",
        title: "sigmoid is applied twice",
        why: "Every answer becomes a probability between 0.5 and 0.73, so the loss keeps a floor.",
        levels: [Error],
        scopes: [Graph, Values],
        needs: [Loss],
        parameters: {}
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let found = || {
        context
            .loss()
            .filter(|&loss| loss == LossKind::BceWithLogits)?;
        let index = context.links.output_site()?;
        let site = &context.network.sites[index];
        let SiteFunction::Element(function) = site.function else {
            return None;
        };
        (site.role != Role::Target && gives_probabilities(function)).then(|| twice(context, index))
    };
    Ok(found().into_iter().collect())
}

fn twice(context: &Context<'_>, index: usize) -> Finding {
    let site = &context.network.sites[index];
    let function = site.function.text();
    let output = context.evidence.and_then(Evidence::output);
    let seen = output.filter(|output| output.values.count > 0);
    let between = seen.map_or(String::new(), |output| {
        let (min, max) = (short(output.values.min), short(output.values.max));
        format!(" The values that entered the loss lie between {min} and {max}.")
    });
    let cause = format!(
        "{} computes {function}, and bce-with-logits applies a sigmoid to the result.{between} \
         So the loss cannot fall below 0.693 where the label is 0 nor below 0.313 where it is 1, even for perfect answers.",
        site.name
    );
    let fixes = vec![
        format!("remove {function} from the network: bce-with-logits takes logits"),
        format!("apply {function} outside the network, where probabilities are shown"),
        "or keep it and use the loss bce, which is less stable".to_owned(),
    ];
    let finding = context.at_site(index, Severity::Error, cause, fixes);
    let measured = seen.map(|output| output.values.max);
    let samples = output.map_or(0, |output| output.inputs);
    Finding {
        measured,
        threshold: measured.map(|_| 1.0),
        samples,
        ..finding
    }
}
