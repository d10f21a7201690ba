//! Initial weights that make units copies of one another.

use std::collections::HashMap;

use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::number;
use crate::network::{Form, Kind, Linear, Role, Site};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    ///
    /// Hidden layers whose initial weights are all the same, and units of a hidden layer that start
    /// with the same weights, coming in and going out.
    ///
    /// ## Why it matters
    ///
    /// Such units compute the same and receive the same gradient, so they stay equal for ever: the
    /// layer is as good as one of them.
    ///
    /// ## How it is measured
    ///
    /// At initialisation (`--at-init`), from the weights of layers that lead to a hidden activation.
    /// All weights of a layer have variance below 1e-8; or rows and biases of two units agree bit for
    /// bit and so do the weights that read them. Zero-initialised heads, residual branches and the
    /// second matrix of `LoRA` lead to no hidden activation of their own and are not judged, nor are
    /// rows of zeros (pruned), scales of normalising layers and biases.
    ///
    /// ## What to do
    ///
    /// Initialise with random numbers, independent for each weight.
    pub struct SymmetricInit {
        slug: "symmetric-init",
        title: "initial weights that make units copies of one another",
        why: "Units that start equal receive equal gradients and stay equal for ever.",
        levels: [Error],
        scopes: [Weights],
        needs: [AtInit],
        parameters: {
            variance = 1e-8, "Variance of a layer's weights, below which they count as equal.",
                "TheDeepChecker's check of the initial weights.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    for (index, site) in context.network.sites.iter().enumerate() {
        if site.role != Role::Hidden {
            continue;
        }
        let (Some(linear), _) = context.links.layer_of(site) else { continue };
        // One row has nobody to be a copy of; a branch that starts at zero is meant to.
        if linear.units < 2 || (site.residual_branch && linear.is_zero()) || !is_whole(linear) {
            continue;
        }
        let limit = context.parameter("variance");
        let variance = variance(&linear.weight);
        let (units, measured, threshold, cause) = if variance < limit {
            let cause = format!(
                "All {} weights of the layer before {} are next to equal: their variance is {}. Its {} units start as \
                 copies of one another.",
                linear.weight.len(),
                site.function.text(),
                number(variance),
                linear.units,
            );
            (Vec::new(), variance, limit, cause)
        } else {
            let copies = copies(context, site, linear);
            if copies.is_empty() {
                continue;
            }
            let cause = format!(
                "{} of {} units of the layer before {} start with the same weights as another one, coming in and going \
                 out, and receive the same gradients.",
                copies.len(),
                linear.units,
                site.function.text(),
            );
            (copies.clone(), copies.len() as f64, 0.0, cause)
        };
        let mut fixes = vec!["initialise with random numbers, independent for each weight".to_owned()];
        fixes.extend(site.function.element().iter().map(gain::initialise));
        findings.push(Finding {
            units,
            measured: Some(measured),
            threshold: Some(threshold),
            ..context.at_site(index, Severity::Error, cause, fixes)
        });
    }
    Ok(findings)
}

/// Whether the weights are there in full.
fn is_whole(linear: &Linear) -> bool {
    linear.weight.len() as u64 == linear.units * linear.fan_in && !linear.weight.is_empty()
}

fn variance(weights: &[f32]) -> f64 {
    let mut moments = crate::evidence::Moments::default();
    for &weight in weights {
        moments.push(f64::from(weight));
    }
    moments.variance().unwrap_or(0.0)
}

/// The units that have a twin: the same row, the same bias, and the same weights going out.
fn copies(context: &Context<'_>, site: &Site, linear: &Linear) -> Vec<u64> {
    let Some(next) = reader(context, site, linear.units) else { return Vec::new() };
    let mut groups: HashMap<Vec<u32>, Vec<u64>> = HashMap::new();
    for unit in 0..linear.units as usize {
        let row = linear.row(unit);
        if row.iter().all(|&w| w == 0.0) {
            continue;
        }
        let bias = linear.bias.as_ref().map_or(0.0, |bias| bias[unit]);
        let slope = site.function.of_unit(unit).map_or(0.0, |f| f.derivative(-1.0_f64) as f32);
        let outgoing = outgoing(next, linear.units as usize, unit);
        let key = row.iter().copied().chain([bias, slope]).chain(outgoing);
        groups.entry(key.map(f32::to_bits).collect()).or_default().push(unit as u64);
    }
    let mut copies: Vec<u64> = groups.into_values().filter(|g| g.len() > 1).flatten().collect();
    copies.sort_unstable();
    copies
}

/// The only layer that reads a site, where every input channel of it belongs to one unit.
fn reader<'a>(context: &Context<'a>, site: &Site, units: u64) -> Option<&'a Linear> {
    let network = context.network;
    let mut after = context.links.after(site.node);
    while let [only] = after[..] {
        match &network.nodes[only].kind {
            Kind::Linear(next) => {
                let grouped = !matches!(
                    next.form,
                    Form::Dense | Form::Conv { groups: 1, .. }
                );
                let fits = next.fan_in % units == 0 && is_whole(next);
                return (fits && !grouped).then_some(next);
            }
            Kind::Affine | Kind::MaxPool => after = context.links.after(only),
            _ => return None,
        }
    }
    None
}

/// The weights that read a unit.
fn outgoing(next: &Linear, units: usize, unit: usize) -> impl Iterator<Item = f32> {
    let fan_in = next.fan_in as usize;
    let each = fan_in / units;
    next.weight.chunks_exact(fan_in).flat_map(move |row| &row[unit * each..(unit + 1) * each]).copied()
}
