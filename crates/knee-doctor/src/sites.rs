//! The table of sites.

use crate::diagnose::SiteSummary;
use crate::evidence::{Evidence, SiteEvidence};
use crate::measure;
use crate::network::{Network, Site, SiteFunction};
use crate::options::{Options, meta};
use crate::statistics::{Silence, Verdict};

/// One row per site, in the order of the graph.
pub(crate) fn table(
    network: &Network,
    evidence: Option<&Evidence>,
    options: &Options,
) -> Vec<SiteSummary> {
    let least = slope_threshold(options);
    let sites = network.sites.iter().enumerate();
    sites
        .map(|(index, site)| row(site, evidence.and_then(|seen| seen.site(index)), least))
        .collect()
}

/// The slope below which saturated-units calls a unit saturated.
pub(crate) fn slope_threshold(options: &Options) -> f64 {
    let declared = meta("saturated-units").ok().and_then(|meta| {
        let parameter = meta.parameters.iter().find(|p| p.name == "slope")?;
        Some(options.settings.value(meta, parameter))
    });
    declared.unwrap_or(0.0)
}

fn row(site: &Site, seen: Option<&SiteEvidence>, least: f64) -> SiteSummary {
    let judged = seen.filter(|seen| !seen.units().is_empty());
    let silence = judged.and_then(Silence::of);
    let z = judged.map(SiteEvidence::z);
    let share = |count: usize| judged.map(|seen| count as f64 / seen.units().len() as f64);
    let slopes = judged.and_then(|seen| measure::slopes(site, seen));
    let seen_units = judged.map(|seen| seen.units().len() as u64);
    let by_rows = matches!(site.function, SiteFunction::Rows { .. });
    SiteSummary {
        site: site.name.clone(),
        layer: site.layer.clone(),
        function: site.function.text(),
        element: site.function.element(),
        role: site.role,
        units: site.units.or(seen_units.filter(|_| !by_rows)),
        depth: site.depth,
        samples: seen.map_or(0, SiteEvidence::inputs),
        verdict: silence.as_ref().map(|silence| silence.verdict),
        zeros: judged.and_then(SiteEvidence::zeros),
        dead: silence
            .filter(|silence| silence.verdict > Verdict::InsufficientData)
            .map(|silence| silence.silent.len() as f64 / silence.units as f64),
        saturated: judged
            .and_then(|seen| measure::saturated(site, seen, least))
            .and_then(|units| share(units.len())),
        slope: slopes.map(|slopes| slopes.iter().sum::<f64>() / slopes.len() as f64),
        mean: z.filter(|z| z.count > 0).map(|z| z.mean),
        sd: z.and_then(|z| z.sd()),
        gradient: seen
            .and_then(SiteEvidence::gradient)
            .filter(|gradient| gradient.count > 0)
            .map(|gradient| gradient.mean),
        histogram: judged.and_then(|seen| seen.histogram(&[])),
    }
}
