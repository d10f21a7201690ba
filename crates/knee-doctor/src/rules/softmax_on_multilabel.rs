//! Softmax where several labels may hold at once.

use knee::RowFunction;
use knee_figure::{percent, short};

use crate::evidence::{OutputEvidence, TargetEvidence};
use crate::finding::{Finding, Severity};
use crate::loss::LossKind;
use crate::network::SiteFunction;
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    /// Whether a softmax answers labels whose rows do not sum to 1: several classes may hold at
    /// once, or none.
    ///
    /// ## Why it matters
    /// The outputs of a softmax sum to 1, so a second label that holds takes probability from the
    /// first: with two right labels neither can come above one half, and a row without any label
    /// cannot be answered at all.
    ///
    /// ## How it is measured
    /// The rows of the labels: how many do not sum to 1 within 1e-3. The softmax is found in the
    /// graph, in the loss (cross-entropy applies one), or in the values (every row that entered the
    /// loss has no negative value and sums to 1).
    ///
    /// Silent on soft labels, mixup and label smoothing, whose rows sum to 1, and on class indices.
    ///
    /// ## What to do
    /// Answer each label on its own: no softmax, and the loss bce-with-logits, which applies a
    /// sigmoid to each label.
    pub struct SoftmaxOnMultilabel {
        slug: "softmax-on-multilabel",
        title: "softmax where several labels may hold at once",
        why: "Its outputs sum to 1, so labels that hold together take probability from one another.",
        levels: [Error],
        scopes: [Graph, Values],
        needs: [Values, Labels],
        parameters: {
            rows = 0.01, "Share of rows of the labels that must not sum to 1.",
                "Leaves room for a few rows without a label, such as those that are masked.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let Some(targets) = context.evidence.and_then(|evidence| evidence.targets()) else {
        return Ok(Vec::new());
    };
    let wrong = targets.rows.saturating_sub(targets.rows_sum_one);
    let share = wrong as f64 / targets.rows.max(1) as f64;
    let threshold = context.parameter("rows");
    if targets.classes || share <= threshold {
        return Ok(Vec::new());
    }
    Ok(softmax(context)
        .map(|who| finding(context, who, targets, share, threshold))
        .into_iter()
        .collect())
}

/// Who applies the softmax.
#[derive(Clone, Copy)]
enum Who {
    Site(usize),
    Loss,
    Unseen,
}

fn softmax(context: &Context<'_>) -> Option<Who> {
    let single = |output: &OutputEvidence| output.width.is_some_and(|width| width < 2);
    let output = context.evidence.and_then(|evidence| evidence.output());
    if output.is_some_and(single) {
        return None;
    }
    let site = context.links.output_site();
    if let Some(index) = site {
        let function = &context.network.sites[index].function;
        if matches!(
            function,
            SiteFunction::Rows {
                function: RowFunction::Softmax | RowFunction::LogSoftmax,
                ..
            }
        ) {
            return Some(Who::Site(index));
        }
    }
    if context.loss() == Some(LossKind::CrossEntropy) {
        return Some(Who::Loss);
    }
    let probabilities =
        output.is_some_and(|seen| seen.rows >= 8 && seen.rows_probability == seen.rows);
    probabilities.then_some(Who::Unseen)
}

fn finding(
    context: &Context<'_>,
    who: Who,
    targets: &TargetEvidence,
    share: f64,
    threshold: f64,
) -> Finding {
    let name = match who {
        Who::Site(site) => {
            let site = &context.network.sites[site];
            format!("{} computes {}", site.name, site.function.text())
        }
        Who::Loss => "The loss cross-entropy applies a softmax".to_owned(),
        Who::Unseen => "The outputs are those of a softmax: every row sums to 1".to_owned(),
    };
    let binary = if targets.rows_binary == targets.rows {
        let total = targets.values.mean * targets.values.count as f64 / targets.rows.max(1) as f64;
        format!(" On average {} labels hold at once.", short(total))
    } else {
        String::new()
    };
    let cause = format!(
        "{name}, but {} of the rows of the labels do not sum to 1.{binary} \
         A softmax cannot give two labels a high probability, nor none.",
        percent(share)
    );
    let fixes = vec![
        "end the network in one logit per label, without softmax, and use the loss bce-with-logits"
            .to_owned(),
        "where probabilities are shown, apply a sigmoid to each label".to_owned(),
        "if the labels were meant to be distributions, normalise their rows".to_owned(),
    ];
    let finding = match who {
        Who::Site(site) => context.at_site(site, Severity::Error, cause, fixes),
        Who::Loss | Who::Unseen => context.finding(Severity::Error, cause, fixes),
    };
    Finding {
        measured: Some(share),
        threshold: Some(threshold),
        samples: targets.inputs,
        ..finding
    }
}
