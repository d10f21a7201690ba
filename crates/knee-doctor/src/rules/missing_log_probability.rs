//! A negative log-likelihood that is not fed log-probabilities.

use knee_figure::{percent, short};

use crate::evidence::OutputEvidence;
use crate::finding::{Finding, Severity};
use crate::loss::LossKind;
use crate::network::Kind;
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether what enters the loss nll is log-probabilities.
    ///
    /// ## Why it matters
    /// The loss only takes the number at the label and changes its sign. With logits it has no lower
    /// bound: the network makes that one number large and learns nothing else. With probabilities
    /// it lies between -1 and 0, and its gradient does not grow where the answer is wrong.
    ///
    /// ## How it is measured
    /// The rows that entered the loss: a value above 0 is no log-probability, and a row of
    /// log-probabilities has a log-sum-exp of 0 (within 1e-3). A row without a value above 0 whose
    /// log-sum-exp is not 0 may be an unnormalised energy on purpose; it is reported only where the
    /// graph shows that an activation or a layer with weights made it.
    ///
    /// ## What to do
    /// End the network in log-softmax, or use cross-entropy, which takes logits.
    pub struct MissingLogProbability {
        slug: "missing-log-probability",
        title: "nll is fed something else than log-probabilities",
        why: "The loss then has no lower bound, or no strong gradient where the answer is wrong.",
        levels: [Error],
        scopes: [Values],
        needs: [Values, Loss],
        parameters: {
            rows = 0.01, "Share of rows that must not be log-probabilities.",
                "Log-softmax in float16 is off by more than 1e-3 in rare rows.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    if context.loss() != Some(LossKind::Nll) {
        return Ok(Vec::new());
    }
    let Some(output) = context.evidence.and_then(|evidence| evidence.output()) else {
        return Err(NotChecked("labels and --loss".to_owned()));
    };
    let wrong = output.rows.saturating_sub(output.rows_normalised_log);
    let share = wrong as f64 / output.rows.max(1) as f64;
    let threshold = context.parameter("rows");
    if output.rows == 0 || share <= threshold || (output.positive == 0 && may_be_energy(context)) {
        return Ok(Vec::new());
    }
    let what = what(output);
    let cause = format!(
        "nll takes log-probabilities, but {what} entered it: {} of the rows have a log-sum-exp other than 0, \
         and the values lie between {} and {}.",
        percent(share),
        short(output.values.min),
        short(output.values.max),
    );
    let mut fixes = vec!["use the loss cross-entropy, which takes logits".to_owned()];
    if what == "probabilities" {
        fixes.insert(
            0,
            "replace softmax by log-softmax, not by its logarithm".to_owned(),
        );
    } else {
        fixes.push("or end the network in log-softmax over the classes".to_owned());
    }
    let finding = match context.links.output_site() {
        Some(site) => context.at_site(site, Severity::Error, cause, fixes),
        None => context.finding(Severity::Error, cause, fixes),
    };
    let (measured, threshold) = (Some(share), Some(threshold));
    Ok(vec![Finding {
        measured,
        threshold,
        samples: output.inputs,
        ..finding
    }])
}

/// What the rows look like.
fn what(output: &OutputEvidence) -> &'static str {
    if output.rows_probability == output.rows {
        "probabilities"
    } else if output.positive > 0 {
        "logits"
    } else {
        "numbers that are not normalised"
    }
}

/// Whether something that the rules do not see through makes the output, such as a distance or a
/// negated energy.
fn may_be_energy(context: &Context<'_>) -> bool {
    let network = context.network;
    let value = network
        .outputs
        .get(network.loss_output)
        .map(|port| port.value);
    let Some(node) = value.and_then(|value| context.links.origin(value)) else {
        return true;
    };
    !matches!(
        network.nodes[node].kind,
        Kind::Activation(_) | Kind::Linear(_) | Kind::Norm(_)
    )
}
