//! An activation that changes nothing.

use knee::{Function, RowFunction};

use crate::finding::{Finding, Severity};
use crate::network::{Kind, Role, Site, SiteFunction};
use crate::rule::{Context, NotChecked, rule};
use crate::rules::shape::clips;

rule! {
    /// ## What it checks
    /// Whether an activation f directly after an activation g changes nothing: f(y) = y for every
    /// y that g can give, such as ReLU after ReLU or ReLU after sigmoid.
    ///
    /// ## Why it matters
    /// It costs time and memory and does nothing. Often it stands where another layer was meant to
    /// be, or an activation was written into a block that has one.
    ///
    /// ## How it is measured
    /// g is computed on a grid that covers its kinks, its bend and its tails; f must return each of
    /// these values unchanged. Reshaping, and a maximum over a window, between the two do not
    /// matter, because they make no new values. A function that is the identity everywhere is no
    /// finding. Neither is a clip, a function that is flat on both sides: quantisation puts it
    /// there on purpose.
    ///
    /// ## What to do
    /// Remove the second activation, or put back the layer that is missing between the two.
    pub struct RedundantActivation {
        slug: "redundant-activation",
        title: "an activation that changes nothing",
        why: "It costs time and memory for nothing, and often marks a layer that is missing.",
        levels: [Warn],
        scopes: [Graph],
        needs: [],
        parameters: {
            tolerance = 1e-12, "Difference, relative to the value, up to which f(y) is y.",
                "Both are computed in float64; functions that differ at all differ by far more somewhere on the grid.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let tolerance = context.parameter("tolerance");
    let mut findings = Vec::new();
    for (index, site) in context.network.sites.iter().enumerate() {
        let Some(before) = activation_before(context, site) else {
            continue;
        };
        let first = &context.network.sites[before];
        if site.role == Role::Target {
            continue;
        }
        let Some(samples) = changes_nothing(&site.function, &first.function, tolerance) else {
            continue;
        };
        let (f, g) = (site.function.text(), first.function.text());
        let cause = format!(
            "{f} follows {g} of {}: it returned all {samples} sampled values of {g} unchanged.",
            first.name
        );
        let fixes = vec![
            format!("remove this {f}"),
            format!("if a layer with weights was meant between {g} and {f}, put it there"),
        ];
        findings.push(context.at_site(index, Severity::Warn, cause, fixes));
    }
    Ok(findings)
}

/// The site whose values reach `site` unchanged, apart from their order and number.
fn activation_before(context: &Context<'_>, site: &Site) -> Option<usize> {
    let nodes = &context.network.nodes;
    // The gates of a recurrent node are not fed by what the node reads.
    if !matches!(nodes[site.node].kind, Kind::Activation(_)) {
        return None;
    }
    let mut at = context.links.before(site.node)?;
    loop {
        match nodes[at].kind {
            Kind::Activation(before) => return Some(before),
            Kind::MaxPool => at = context.links.before(at)?,
            _ => return None,
        }
    }
}

/// How many samples show that `f` returns what `g` gives; `None` if it does not.
fn changes_nothing(f: &SiteFunction, g: &SiteFunction, tolerance: f64) -> Option<usize> {
    let (
        SiteFunction::Rows {
            function: second,
            axis: a,
            ..
        },
        SiteFunction::Rows {
            function: first,
            axis: b,
            ..
        },
    ) = (f, g)
    else {
        let f = element(f)?;
        let ys = samples(g)?;
        let same = |y: f64| {
            let fy = f.value(y);
            fy == y || (fy - y).abs() <= tolerance * y.abs().max(1.0)
        };
        let everywhere = grid().into_iter().all(same);
        return (!everywhere && !clips(f) && ys.iter().copied().all(same)).then_some(ys.len());
    };
    (second == first && a == b)
        .then(|| idempotent(*second, tolerance))
        .flatten()
}

/// The element-wise function of a site, where it is one function for all units.
fn element(function: &SiteFunction) -> Option<Function> {
    match function {
        SiteFunction::Element(function) => Some(*function),
        SiteFunction::Prelu { slopes } if slopes.len() == 1 => function.of_unit(0),
        _ => None,
    }
}

/// Values that a function gives.
fn samples(function: &SiteFunction) -> Option<Vec<f64>> {
    match function {
        SiteFunction::Rows {
            function: RowFunction::Softmax,
            ..
        } => Some((0..=1000).map(|i| f64::from(i) / 1000.0).collect()),
        SiteFunction::Rows { .. } => None,
        _ => element(function).map(|g| grid().into_iter().map(|x| g.value(x)).collect()),
    }
}

/// Arguments: a fine grid about zero, and both tails.
fn grid() -> Vec<f64> {
    let near = (-2000..=2000).map(|i| f64::from(i) / 100.0);
    let far = (5..30).flat_map(|e| [-(1.5f64.powi(e)), 1.5f64.powi(e)]);
    near.chain(far).collect()
}

/// Whether applying a function of rows a second time changes nothing; by trying rows.
fn idempotent(function: RowFunction, tolerance: f64) -> Option<usize> {
    const ROW: usize = 8;
    let x: Vec<f64> = (0..64 * ROW)
        .map(|i| 6.0 * (i as f64 * 0.7).sin() + (i as f64 * 1.9).cos())
        .collect();
    let (mut once, mut twice) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    function.forward(&x, ROW, &mut once);
    function.forward(&once, ROW, &mut twice);
    let same = once
        .iter()
        .zip(&twice)
        .all(|(a, b)| (a - b).abs() <= tolerance * a.abs().max(1.0));
    same.then_some(x.len())
}
