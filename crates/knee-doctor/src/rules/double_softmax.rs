//! Softmax before a loss that applies one itself.

use std::f64::consts::E;

use knee::RowFunction;
use knee_figure::short;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::loss::LossKind;
use crate::network::SiteFunction;
use crate::report::number::count;
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether probabilities enter a loss that expects logits, because a softmax stands at the end
    /// of the network and the loss applies another one.
    ///
    /// ## Why it matters
    /// Probabilities lie between 0 and 1, so the softmax of the loss can never be sure: with K
    /// classes cross-entropy cannot fall below ln(1 + (K - 1) / e), however well the network
    /// answers. The gradient passes two softmaxes and is small where the first is sure. The network
    /// trains slowly and stops too early, and nothing crashes.
    ///
    /// ## How it is measured
    /// In the graph: a softmax whose result reaches the output of the loss through nothing but
    /// reshaping. By value: every row that entered the loss has no negative value and sums to 1
    /// within 1e-3, on at least `rows` rows. Either is enough; the second also works where the
    /// softmax is hidden in an operator that the graph does not show.
    ///
    /// A log-softmax before cross-entropy changes nothing, because log-softmax is idempotent: that
    /// is a note. Silent on a softmax on another branch (on targets or for a metric), on losses
    /// that take probabilities or log-probabilities, and on rows of length 1.
    ///
    /// ## What to do
    /// Remove the softmax from the network and apply it only where probabilities are shown. Or keep
    /// it and use a loss that takes log-probabilities, with log-softmax in its place.
    pub struct DoubleSoftmax {
        slug: "double-softmax",
        title: "softmax is applied twice",
        why: "The loss cannot fall below a floor however well the network answers, and gradients shrink.",
        levels: [Error, Info],
        scopes: [Graph, Values],
        needs: [Loss],
        parameters: {
            rows = 8.0, "Rows that must all be probabilities before values alone are believed.",
                "Logits that sum to 1 within 1e-3 without a negative value on 8 rows in a row do not occur by chance.";
        }
    }
}

/// What the rows that enter the loss are.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Probabilities,
    LogProbabilities,
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let Some(loss) = context.loss().filter(|loss| loss.takes_logits()) else {
        return Ok(Vec::new());
    };
    let seen = seen(context);
    let Some((rows, site)) = shown(context)
        .map(|(rows, site)| (rows, Some(site)))
        .or(seen.map(|rows| (rows, None)))
    else {
        return Ok(Vec::new());
    };
    let finding = match rows {
        Rows::Probabilities => twice(context, loss, site, seen == Some(rows)),
        Rows::LogProbabilities if loss == LossKind::CrossEntropy => idempotent(context, site),
        Rows::LogProbabilities => return Ok(Vec::new()),
    };
    Ok(vec![finding])
}

/// The function of rows that the graph shows before the loss.
fn shown(context: &Context<'_>) -> Option<(Rows, usize)> {
    let index = context.links.output_site()?;
    let SiteFunction::Rows {
        function, length, ..
    } = context.network.sites[index].function
    else {
        return None;
    };
    let rows = match function {
        _ if length == Some(1) => return None,
        RowFunction::Softmax => Rows::Probabilities,
        RowFunction::LogSoftmax => Rows::LogProbabilities,
        _ => return None,
    };
    Some((rows, index))
}

/// What the values that entered the loss show.
fn seen(context: &Context<'_>) -> Option<Rows> {
    let output = context.evidence?.output()?;
    if output.width.is_none_or(|width| width < 2)
        || (output.rows as f64) < context.parameter("rows")
    {
        None
    } else if output.rows_probability == output.rows {
        Some(Rows::Probabilities)
    } else if output.rows_normalised_log == output.rows {
        Some(Rows::LogProbabilities)
    } else {
        None
    }
}

fn twice(context: &Context<'_>, loss: LossKind, site: Option<usize>, seen: bool) -> Finding {
    let output = context.evidence.and_then(Evidence::output).filter(|_| seen);
    let what = match site {
        Some(site) => format!(
            "{} makes what enters {loss}",
            context.network.sites[site].name
        ),
        None => format!("What enters {loss} is probabilities already"),
    };
    let mut cause = vec![format!(
        "{what}, and {loss} applies {} itself.",
        inner(loss)
    )];
    if let Some(output) = output {
        let rows = count(output.rows);
        cause.push(format!(
            "All {rows} rows that entered the loss are non-negative and sum to 1."
        ));
    }
    if let Some(classes) = classes(context, site).filter(|_| loss == LossKind::CrossEntropy) {
        // The floor is that of one row; with several rows per input the loss is a sum.
        let single = output.is_some_and(|output| output.rows == output.inputs);
        let mean = context
            .evidence
            .filter(|_| single)
            .and_then(Evidence::mean_loss);
        cause.push(format!(
            "With {classes} classes the loss cannot fall below ln(1 + {}/e) = {}, even for perfect answers{}.",
            classes - 1,
            short(floor(classes)),
            mean.map_or(String::new(), |mean| format!("; it was {} here", short(mean))),
        ));
    }
    let share = output.map(|_| 1.0);
    let fixes = vec![
        format!("remove the softmax from the network: {loss} takes logits"),
        "apply softmax outside the network, where probabilities are shown".to_owned(),
        "or use log-softmax in the network and the loss nll".to_owned(),
    ];
    let finding = at(context, site, Severity::Error, cause.join(" "), fixes);
    let samples = output.map_or(0, |output| output.inputs);
    Finding {
        measured: share,
        threshold: share,
        samples,
        ..finding
    }
}

/// What the loss does to logits.
fn inner(loss: LossKind) -> &'static str {
    match loss {
        LossKind::BceWithLogits => "a sigmoid",
        _ => "a softmax",
    }
}

fn idempotent(context: &Context<'_>, site: Option<usize>) -> Finding {
    let cause = "Log-softmax stands before cross-entropy, which applies it itself. The second one changes nothing, \
                 because log-softmax of log-probabilities returns them."
        .to_owned();
    let fixes = vec![
        "use the loss nll, which takes log-probabilities".to_owned(),
        "or remove the log-softmax from the network".to_owned(),
    ];
    at(context, site, Severity::Info, cause, fixes)
}

fn at(
    context: &Context<'_>,
    site: Option<usize>,
    severity: Severity,
    cause: String,
    fixes: Vec<String>,
) -> Finding {
    match site {
        Some(site) => context.at_site(site, severity, cause, fixes),
        None => context.finding(severity, cause, fixes),
    }
}

/// The number of classes, from the values or else from the graph.
fn classes(context: &Context<'_>, site: Option<usize>) -> Option<u64> {
    let seen = context
        .evidence
        .and_then(|evidence| evidence.output()?.width);
    let shown = || match context.network.sites[site?].function {
        SiteFunction::Rows { length, .. } => length,
        _ => None,
    };
    seen.or_else(shown).filter(|&classes| classes > 1)
}

/// The least cross-entropy of a row of K probabilities taken for logits: the right class has
/// probability 1, the others 0, so the loss is -ln(e / (e + K - 1)).
fn floor(classes: u64) -> f64 {
    ((classes - 1) as f64 / E).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::floor;

    #[test]
    fn the_floor_of_four_classes() {
        // (e, 1, 1, 1) / (e + 3)
        let e = 1f64.exp();
        assert!((floor(4) + (e / (e + 3.0)).ln()).abs() < 1e-15);
        assert!((floor(4) - 0.744).abs() < 1e-3);
    }
}
