//! The figures of a report.

use knee_figure::{Figure, Series, bars_by_site, by_depth, histogram_under_curve};

use crate::diagnose::{Diagnosis, SiteSummary};
use crate::finding::Finding;
use crate::network::Role;
use crate::report::number::count;

/// More sites than this make a figure too tall to be read; then those that matter are shown.
const MOST: usize = 48;

/// Figures about the network as a whole: gradient by depth, and shares by site. Those without a
/// single measured value are left out.
pub(super) fn of_network(diagnosis: &Diagnosis) -> Vec<Figure> {
    [gradient(diagnosis), shares(diagnosis)]
        .into_iter()
        .flatten()
        .collect()
}

fn gradient(diagnosis: &Diagnosis) -> Option<Figure> {
    let mut sites: Vec<&SiteSummary> = diagnosis
        .sites
        .iter()
        .filter(|site| site.gradient.is_some() && matches!(site.role, Role::Hidden | Role::Output))
        .collect();
    if sites.is_empty() {
        return None;
    }
    sites.sort_by_key(|site| site.depth);
    let all = sites.len();
    if all > MOST {
        // Every so many, the first and the last among them.
        sites = (0..MOST)
            .map(|i| sites[i * (all - 1) / (MOST - 1)])
            .collect();
    }
    let values = sites.iter().map(|site| site.gradient).collect();
    let mut figure = by_depth(
        "gradient",
        "Gradient by depth",
        "L2 norm of dL/da per input",
        &names(&sites),
        &[Series::new("Gradient", values)],
    );
    figure.description = format!(
        "Sites from the input (top) to the output (bottom), on a logarithmic axis. {}{}",
        figure.description,
        left_out(all, sites.len(), "evenly spaced"),
    );
    Some(figure)
}

fn shares(diagnosis: &Diagnosis) -> Option<Figure> {
    let shares = |site: &SiteSummary| [site.zeros, site.dead, site.saturated];
    let mut sites: Vec<&SiteSummary> = diagnosis
        .sites
        .iter()
        .filter(|site| shares(site).iter().any(Option::is_some))
        .collect();
    let all = sites.len();
    if all > MOST {
        let worst =
            |site: &&SiteSummary| site.dead.unwrap_or(0.0).max(site.saturated.unwrap_or(0.0));
        let mut order: Vec<usize> = (0..all).collect();
        order.sort_by(|&a, &b| {
            worst(&sites[b])
                .total_cmp(&worst(&sites[a]))
                .then(a.cmp(&b))
        });
        order.truncate(MOST);
        order.sort_unstable();
        sites = order.into_iter().map(|i| sites[i]).collect();
    }
    if sites.is_empty() {
        return None;
    }
    let series = ["Zeros", "Dead", "Saturated"]
        .into_iter()
        .enumerate()
        .map(|(i, label)| Series::new(label, sites.iter().map(|site| shares(site)[i]).collect()));
    // A series that was measured nowhere would only take a place in the key.
    let series: Vec<Series> = series
        .filter(|one| one.values.iter().any(Option::is_some))
        .collect();
    let mut figure = bars_by_site(
        "shares",
        "Zeros, dead and saturated units by site",
        &names(&sites),
        &series,
    );
    figure.description = format!(
        "Zeros are outputs that are exactly 0; dead and saturated are shares of units. {}{}",
        figure.description,
        left_out(all, sites.len(), "with the largest shares"),
    );
    Some(figure)
}

fn left_out(all: usize, shown: usize, which: &str) -> String {
    if all == shown {
        return String::new();
    }
    format!(
        " {} of {} sites are shown, {which}.",
        count(shown as u64),
        count(all as u64)
    )
}

fn names(sites: &[&SiteSummary]) -> Vec<String> {
    sites.iter().map(|site| site.site.clone()).collect()
}

/// The pre-activations that a finding is about, under the function's own curve.
pub(super) fn of_finding(
    number: usize,
    finding: &Finding,
    diagnosis: &Diagnosis,
) -> Option<Figure> {
    let site = diagnosis.sites.get(finding.site_index?)?;
    let histogram = finding.histogram.as_ref().or(site.histogram.as_ref())?;
    let units = match finding.units.len() {
        0 => String::new(),
        _ if finding.histogram.is_none() => String::new(),
        n => format!(" of the {} units found", count(n as u64)),
    };
    Some(histogram_under_curve(
        format!("finding-{number}-figure"),
        format!("Pre-activations{units} at {}", site.site),
        &site.element?,
        &histogram.edges,
        &histogram.counts,
    ))
}
