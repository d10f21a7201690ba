//! Measures of a site that several rules and the table share.

use knee::Function;

use crate::evidence::{SiteEvidence, UnitEvidence};
use crate::network::{Network, Role, Site};
use crate::rules::shape::squashes;

/// Mean |f'| of each unit relative to max |f'|, where that is bounded.
pub(crate) fn slopes(site: &Site, seen: &SiteEvidence) -> Option<Vec<f64>> {
    let relative = |(index, unit): (usize, &UnitEvidence)| {
        let most = site.function.of_unit(index)?.facts().lipschitz?;
        Some(unit.slope()? / most)
    };
    let slopes: Option<Vec<f64>> = seen.units().iter().enumerate().map(relative).collect();
    slopes.filter(|slopes| !slopes.is_empty())
}

/// The units of a squashing site whose relative slope is below `least`; `None` for other sites.
pub(crate) fn saturated(site: &Site, seen: &SiteEvidence, least: f64) -> Option<Vec<u64>> {
    site.function
        .element()
        .filter(|function| squashes(*function))?;
    let slopes = slopes(site, seen)?.into_iter().enumerate();
    Some(
        slopes
            .filter(|(_, slope)| *slope < least)
            .map(|(unit, _)| unit as u64)
            .collect(),
    )
}

/// The hidden sites with an element-wise function that were seen.
pub(crate) fn hidden<'a>(
    network: &'a Network,
    evidence: Option<&'a crate::evidence::Evidence>,
) -> impl Iterator<Item = (usize, &'a Site, &'a SiteEvidence, Function)> {
    network
        .sites
        .iter()
        .enumerate()
        .filter_map(move |(index, site)| {
            let function = site
                .function
                .element()
                .filter(|_| site.role == Role::Hidden)?;
            let seen = evidence?
                .site(index)
                .filter(|seen| !seen.units().is_empty())?;
            Some((index, site, seen, function))
        })
}

/// A share as per cent.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent == 0.0 || percent >= 9.95 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.2} %")
    }
}

/// A number with three significant digits.
pub(crate) fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-2..1e4).contains(&magnitude) {
        let decimals = (2 - magnitude.max(1e-2).log10().floor() as i32).max(0) as usize;
        format!("{value:.decimals$}")
    } else {
        format!("{value:.2e}")
    }
}
