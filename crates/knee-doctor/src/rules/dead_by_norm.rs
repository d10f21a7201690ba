//! Units that batch normalisation keeps below the bend.

use knee::Function;

use crate::evidence::SiteEvidence;
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::{number, percent};
use crate::network::{Kind, Norm, NormForm, Role, Site};
use crate::rule::{Context, NotChecked, rule};
use crate::statistics::{FEWEST, QUIET};

rule! {
    /// ## What it checks
    ///
    /// Units of an activation that is flat to the left (ReLU, ReLU6, hard-swish), directly after a
    /// batch normalisation whose shift holds them on the flat side. It reads the weights alone: it
    /// predicts, and where values were seen it keeps only what they confirm.
    ///
    /// ## Why it matters
    ///
    /// Such a unit passes no gradient to the scale and the shift that hold it there, so it stays.
    ///
    /// ## How it is measured
    ///
    /// After batch normalisation a unit's pre-activation has mean beta and standard deviation
    /// abs(gamma). Taken as normal, it passes the end t of the flat part with probability
    /// Phi((beta - t) / abs(gamma)), and at one of P positions with at most P times that. Below 0.001
    /// the unit is predicted dead. P comes from the shapes; where they do not say, it is taken to be
    /// as large as it gets in practice. A scale of 0 gives a constant: dead on the flat side, alive
    /// above it. Batch normalisation that was folded into the layer before it cannot be read.
    ///
    /// ## What to do
    ///
    /// Raise the shift (beta) of these units, or set scale and shift back to 1 and 0, and train on
    /// with a lower rate. In a finished network prune them.
    pub struct DeadByNorm {
        slug: "dead-by-norm",
        title: "units that batch normalisation is predicted to keep dead",
        why: "Scale and shift hold the unit on the flat side, where no gradient can move them back.",
        levels: [Info, Warn],
        scopes: [Weights],
        needs: [],
        parameters: {
            probability = 0.001, "Expected positions per input at which the unit is alive, below which it is predicted dead.",
                "The same rate that 3000 silent inputs bound: 3/N.";
            positions = 12544.0, "Positions per input where the shapes do not say.",
                "112 x 112, the largest map that the usual stems leave of an image of 224 x 224.";
        }
    }
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let mut findings = Vec::new();
    let mut seen_any = false;
    for (index, site) in context.network.sites.iter().enumerate() {
        let Some((norm, function, bend)) = flat_after_norm(context, site) else { continue };
        seen_any = true;
        let positions = site.positions.map_or_else(|| context.parameter("positions"), |p| p as f64);
        let limit = context.parameter("probability");
        let expected = |unit: usize| {
            let gamma = norm.gamma.get(unit).map_or(1.0, |&gamma| f64::from(gamma).abs());
            let beta = norm.beta.get(unit).map_or(0.0, |&beta| f64::from(beta));
            positions * above(beta - bend, gamma)
        };
        let units = norm.gamma.len().max(norm.beta.len());
        let evidence = context.evidence.and_then(|seen| seen.site(index));
        let evidence = evidence.filter(|seen| seen.inputs() >= QUIET && seen.units().len() == units);
        let confirmed = |unit: usize| evidence.is_none_or(|seen| seen.units()[unit].alive == Some(0));
        let dead: Vec<u64> = (0..units)
            .filter(|&unit| expected(unit) < limit && confirmed(unit))
            .map(|unit| unit as u64)
            .collect();
        if dead.is_empty() {
            continue;
        }
        let worst = dead.iter().map(|&unit| expected(unit as usize)).fold(0.0, f64::max);
        let severity = if dead.len() as u64 >= FEWEST { Severity::Warn } else { Severity::Info };
        let support = evidence.map_or_else(
            || "No values were seen to confirm it.".to_owned(),
            |seen| format!("Confirmed: none of them was alive on {} inputs.", seen.inputs()),
        );
        let cause = format!(
            "{} of {units} units ({}) of {function} are predicted dead: scale and shift of the batch normalisation \
             before it keep them below {}, at {} positions per input the expected number above it is at most {}. {support}",
            dead.len(),
            percent(dead.len() as f64 / units as f64),
            number(bend),
            number(positions),
            number(worst),
        );
        let fixes = vec![
            format!("raise the shift (beta) of these units, so that part of the data passes {}", number(bend)),
            gain::lower_the_rate(),
            gain::keep_a_slope(&function),
            "in a finished network, prune these units".to_owned(),
        ];
        findings.push(Finding {
            measured: Some(worst),
            threshold: Some(limit),
            samples: evidence.map_or(0, SiteEvidence::inputs),
            histogram: evidence.and_then(|seen| seen.histogram(&dead)),
            units: dead,
            ..context.at_site(index, severity, cause, fixes)
        });
    }
    if seen_any {
        return Ok(findings);
    }
    Err(NotChecked(
        "a batch normalisation directly before an activation that is flat to the left; there is none, or it was folded \
         into the layer before it"
            .to_owned(),
    ))
}

/// The batch normalisation directly before a hidden site, its function, and where the flat part
/// on the left ends.
fn flat_after_norm<'a>(context: &Context<'a>, site: &Site) -> Option<(&'a Norm, Function, f64)> {
    if site.role != Role::Hidden {
        return None;
    }
    let function = site.function.element()?;
    let bend = function.facts().flat.iter().find(|flat| flat.low == f64::NEG_INFINITY)?.high;
    let network = context.network;
    match &network.nodes[context.links.before(site.node)?].kind {
        Kind::Norm(norm) if norm.form == NormForm::Batch => {
            // A residual branch that starts as the identity has scale and shift 0 everywhere.
            let zero = norm.gamma.iter().chain(&norm.beta).all(|&x| x == 0.0);
            (!(zero && context.options.at_init)).then_some((norm, function, bend))
        }
        _ => None,
    }
}

/// The probability that a normal variable of this mean and standard deviation is above 0.
fn above(mean: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return if mean > 0.0 { 1.0 } else { 0.0 };
    }
    // Phi(t) = (1 + erf(t / sqrt 2)) / 2 loses every digit in the left tail, which is the one that
    // counts here. The derivative of GELU is Phi(t) + t phi(t) and its value t Phi(t): exact there.
    let t = mean / sd;
    if t > -1.0 {
        let erf = Function::parse("erf").map_or(0.0, |erf| erf.value(t / std::f64::consts::SQRT_2));
        return f64::midpoint(1.0, erf);
    }
    Function::parse("gelu").map_or(0.0, |gelu| gelu.value(t) / t)
}
