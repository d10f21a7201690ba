//! Squashing functions between layers.

use knee_figure::{percent, short};

use crate::evidence::SiteEvidence;
use crate::finding::{Finding, Severity};
use crate::network::{Kind, Role, Site, SiteFunction};
use crate::rule::{Context, NotChecked, rule};
use crate::rules::shape::squashes;

rule! {
    /// ## What it checks
    /// Whether a softmax stands between layers, or three or more functions in a row that level off
    /// on both sides (sigmoid, tanh) with no normalisation and no residual connection between them.
    ///
    /// ## Why it matters
    /// A softmax makes its units compete: their values sum to 1, so of many units most are nearly 0,
    /// and so is their gradient. A function that levels off on both sides passes at most its largest
    /// slope (a quarter for sigmoid) and less where it saturates; in a row these factors multiply,
    /// and the layers near the input stop learning.
    ///
    /// ## How it is measured
    /// The softmax is found in the graph, by the role of its site. A row of functions is found in
    /// the graph by their declared tails and confirmed by what was measured: more than `units` of
    /// the units of one of them have a mean slope below `slope` of the largest, or the gradient
    /// falls by `step` or more per layer on average along the row, or below `ratio` over all of it.
    /// Without such evidence the row is not checked.
    ///
    /// Silent on attention, routers and gates (LSTM, GRU, squeeze-and-excite), on sine networks,
    /// whose function does not level off, and on shallow or well scaled tanh networks.
    ///
    /// ## What to do
    /// Use a function of the ReLU family or GELU between layers, with He initialisation; or keep the
    /// function and put a normalisation before it or a residual connection around it.
    pub struct HiddenSquash {
        slug: "hidden-squash",
        title: "squashing functions between layers",
        why: "Each passes only a fraction of the gradient, so the layers near the input stop learning.",
        levels: [Warn],
        scopes: [Graph, Values, Gradients],
        needs: [],
        parameters: {
            run = 3.0, "Functions in a row that are suspected.",
                "Two sigmoids still pass 1/16 of the gradient, which training copes with; the trouble grows with each more.";
            slope = 0.15, "Mean slope of a unit, relative to the largest, below which it counts as saturated.",
                "The threshold of saturated-units.";
            units = 0.5, "Share of saturated units that confirms the suspicion.",
                "The threshold of saturated-units.";
            step = 0.25, "Factor per layer by which a falling gradient confirms the suspicion.",
                "The largest slope of a sigmoid: what is lost at every layer even at the best point.";
            ratio = 1e-3, "Gradient at the first function of a row, relative to the last, below which the suspicion is confirmed.",
                "The threshold of vanishing-gradient.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings: Vec<Finding> = softmaxes(context).collect();
    let least = context.parameter("run") as usize;
    let runs: Vec<Vec<usize>> = runs(context)
        .into_iter()
        .filter(|run| run.len() >= least.max(2))
        .collect();
    if context.evidence.is_none() && findings.is_empty() && !runs.is_empty() {
        return Err(NotChecked("--input".to_owned()));
    }
    findings.extend(runs.iter().filter_map(|run| confirmed(context, run)));
    Ok(findings)
}

fn softmaxes<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Finding> + 'a {
    context.network.sites.iter().enumerate().filter_map(|(index, site)| {
        let SiteFunction::Rows { function, length, .. } = site.function else { return None };
        // A single number in a row is softmax-over-one's.
        (site.role == Role::Hidden && length != Some(1)).then(|| {
            let cause = format!(
                "{} computes {} between layers: its values compete for a fixed sum, so most of them, \
                 and their gradients, are nearly 0.",
                site.name,
                function.name()
            );
            let fixes = vec![
                "use a function of the ReLU family or GELU here".to_owned(),
                "keep softmax for the output, attention and routing".to_owned(),
            ];
            context.at_site(index, Severity::Warn, cause, fixes)
        })
    })
}

/// Rows of sites that level off on both sides, each fed by the one before it through layers that
/// neither normalise nor add a residual.
fn runs(context: &Context<'_>) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (index, site) in context.network.sites.iter().enumerate() {
        if !squashing(site) {
            continue;
        }
        let before = site_before(context, site);
        match runs.iter_mut().find(|run| run.last().copied() == before) {
            Some(run) => run.push(index),
            None => runs.push(vec![index]),
        }
    }
    runs
}

/// Whether a site is an element-wise function that levels off on both sides, without a residual
/// connection around it.
fn squashing(site: &Site) -> bool {
    let SiteFunction::Element(function) = site.function else {
        return false;
    };
    site.role == Role::Hidden && !site.residual_branch && squashes(function)
}

/// The site that feeds this one, if nothing between the two normalises or adds.
fn site_before(context: &Context<'_>, site: &Site) -> Option<usize> {
    let nodes = &context.network.nodes;
    if !matches!(nodes[site.node].kind, Kind::Activation(_)) {
        return None;
    }
    let mut at = context.links.before(site.node)?;
    loop {
        match nodes[at].kind {
            Kind::Activation(before) => return Some(before),
            Kind::Linear(_) | Kind::Affine | Kind::MaxPool | Kind::Select => {
                at = context.links.before(at)?;
            }
            _ => return None,
        }
    }
}

/// What a fall by `step` from each site to the one before it makes of the gradient over a row.
fn whole(step: f64, run: &[usize]) -> f64 {
    step.powf(run.len() as f64 - 1.0)
}

/// A finding, if slopes or gradients show that the row harms.
fn confirmed(context: &Context<'_>, run: &[usize]) -> Option<Finding> {
    let evidence = context.evidence?;
    let [limit, majority] = [context.parameter("slope"), context.parameter("units")];
    let flattest = run
        .iter()
        .filter_map(|&site| Some((site, saturated(context, site, limit)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let step = step(context, run);
    let names = format!(
        "{} sites in a row, from {} to {}, level off on both sides, with no normalisation and no residual \
         connection between them.",
        run.len(),
        context.network.sites[*run.first()?].name,
        context.network.sites[*run.last()?].name
    );
    let (site, what, measured, threshold) = match (flattest, step) {
        (Some((site, share)), _) if share > majority => {
            let name = &context.network.sites[site].name;
            let what = format!(
                "At {name} {} of the units have a mean slope below {} of the largest.",
                percent(share),
                percent(limit)
            );
            (site, what, share, majority)
        }
        (_, Some(step)) if step < context.parameter("step") || whole(step, run) < context.parameter("ratio") => {
            let what = format!(
                "Towards the input the gradient falls to {} of itself per layer, to {} over all of them.",
                short(step),
                short(whole(step, run))
            );
            (*run.first()?, what, step, context.parameter("step"))
        }
        _ => return None,
    };
    let fixes = vec![
        "use a function of the ReLU family or GELU between layers, with He initialisation"
            .to_owned(),
        "or put a normalisation before each of these functions".to_owned(),
        "or add residual connections around the layers".to_owned(),
    ];
    let finding = context.at_site(site, Severity::Warn, format!("{names} {what}"), fixes);
    let samples = evidence.site(site).map_or(0, SiteEvidence::inputs);
    Some(Finding {
        measured: Some(measured),
        threshold: Some(threshold),
        samples,
        ..finding
    })
}

/// Share of the units of a site whose mean slope, relative to the largest, is below `limit`.
fn saturated(context: &Context<'_>, site: usize, limit: f64) -> Option<f64> {
    let largest = context.network.sites[site]
        .function
        .element()?
        .facts()
        .lipschitz?;
    let units = context.evidence?.site(site)?.units();
    let low = units
        .iter()
        .filter(|unit| unit.slope().is_some_and(|slope| slope < limit * largest))
        .count();
    (!units.is_empty()).then(|| low as f64 / units.len() as f64)
}

/// Factor per layer by which the gradient changes from the last site of the row to the first.
fn step(context: &Context<'_>, run: &[usize]) -> Option<f64> {
    let evidence = context.evidence?;
    let gradient = |site: &usize| {
        evidence
            .site(*site)?
            .gradient()
            .map(|gradient| gradient.mean)
    };
    let (first, last) = (gradient(run.first()?)?, gradient(run.last()?)?);
    let ratio = first / last;
    // Exact zeros are dead-layer's.
    (ratio > 0.0 && ratio.is_finite()).then(|| ratio.powf(1.0 / (run.len() - 1) as f64))
}
