//! What the doctor sees of a network on a whole data set.

use knee_doctor::Diagnosis;
use knee_doctor::evidence::SiteEvidence;

use crate::data::Dataset;
use crate::engine::{Loss, Net, Watch};
use crate::experiments::shared::scoring::answers;
use crate::{Sighting, Stop};

/// A step on all samples at once, watched and not made.
pub(in crate::experiments) fn watched(
    net: &Net,
    data: &Dataset,
    loss: Loss,
) -> Result<Watch, Stop> {
    let mut watch = Watch::new(net, Some(loss));
    net.clone()
        .gradients(&data.inputs, &answers(data), loss, Some(&mut watch))?;
    Ok(watch)
}

/// Whether all pre-activations were numbers. Of a network that has diverged nothing can be said about single units.
pub(in crate::experiments) fn is_finite(watch: &Watch) -> bool {
    let sites = 0..watch.network().sites.len();
    let mut units = sites
        .filter_map(|site| watch.evidence().site(site))
        .flat_map(SiteEvidence::units);
    units.all(|unit| unit.nonfinite == 0)
}

/// The findings, as seen after that epoch.
pub(in crate::experiments) fn sightings(diagnosis: &Diagnosis, epoch: usize) -> Vec<Sighting> {
    let findings = diagnosis.findings.iter();
    findings
        .map(|finding| Sighting {
            rule: finding.rule.to_owned(),
            level: finding.severity.word().to_owned(),
            site: finding.site.clone(),
            epoch: epoch as u64,
        })
        .collect()
}
