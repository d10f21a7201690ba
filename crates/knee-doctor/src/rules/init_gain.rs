//! Initial weights that shrink or blow up the signal.

use std::collections::{BTreeSet, HashSet};

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::gain;
use crate::measure::number;
use crate::network::{Kind, Role, ValueId};
use crate::rule::{Context, NotChecked, rule};

rule! {
    /// ## What it checks
    ///
    /// Whether the initial weights keep the scale of the signal: how much it varies from input to
    /// input at the end of a stack of layers, compared with the start.
    ///
    /// ## Why it matters
    ///
    /// A stack that shrinks the signal makes all inputs look the same, and one that blows it up
    /// saturates or overflows. Either way the gradient does the same on the way back, and training
    /// starts slowly or not at all.
    ///
    /// ## How it is measured
    ///
    /// At initialisation (`--at-init`). A stretch runs from an input of the network, or a normalising
    /// layer, to the next normalising layer or to what enters the last layer, which many architectures
    /// start small or at zero on purpose. The standard deviation across inputs, at up to four positions
    /// per unit, its square averaged over units, is taken at both ends; their ratio is judged. With
    /// several starts the one that speaks for the network counts. Stretches of fewer than five
    /// activations are not judged: common framework defaults have one sixth of He's variance, which is
    /// harmless there.
    ///
    /// ## What to do
    ///
    /// Initialise with the exact gain of the activation that is used: standard deviation
    /// `gain / sqrt(fan_in)`.
    pub struct InitGain {
        slug: "init-gain",
        title: "initial weights that shrink or blow up the signal",
        why: "A signal that fades or grows with depth takes the gradient with it.",
        levels: [Info, Warn],
        scopes: [Weights, Values],
        needs: [AtInit, Values],
        parameters: {
            warn_low = 0.01, "Ratio below which it is a warning.",
                "A hundredth of the signal leaves a hundredth of the gradient.";
            warn_high = 100.0, "Ratio above which it is a warning.", "The same the other way.";
            info_low = 0.1, "Ratio below which it is reported.", "One order of magnitude.";
            info_high = 10.0, "Ratio above which it is reported.", "The same the other way.";
            sites = 5.0, "Activations from which a stretch is judged.",
                "Defaults at one sixth of He's variance leave 0.01 after five layers; a gain of 1 is reported fine up to 20 layers (Lasagne issue 658).";
        }
    }
}

/// A stretch between normalisers.
struct Stretch {
    /// Where it begins: values whose signal was watched.
    starts: BTreeSet<ValueId>,
    /// Hidden sites on it.
    sites: BTreeSet<usize>,
}

fn check(context: &Context<'_>) -> Result<Vec<Finding>, NotChecked> {
    let Some(evidence) = context.evidence else { return Ok(Vec::new()) };
    let network = context.network;
    let norms = network.nodes.iter().filter(|node| matches!(node.kind, Kind::Norm(_)));
    let ends = norms.filter_map(|node| node.inputs.first().copied());
    let ends = ends.chain(context.links.enters_head());
    let mut findings = Vec::new();
    let mut watched = false;
    for end in ends {
        let stretch = walk_back(context, end);
        let Some(ratio) = ratio(evidence, &stretch, end) else { continue };
        watched = true;
        let enough = stretch.sites.len() as f64 >= context.parameter("sites");
        let [warn_low, warn_high, info_low, info_high] =
            ["warn_low", "warn_high", "info_low", "info_high"].map(|name| context.parameter(name));
        let (severity, threshold) = if ratio < warn_low {
            (Severity::Warn, warn_low)
        } else if ratio > warn_high {
            (Severity::Warn, warn_high)
        } else if ratio < info_low {
            (Severity::Info, info_low)
        } else if ratio > info_high {
            (Severity::Info, info_high)
        } else {
            continue;
        };
        let Some(&site) = stretch.sites.first().filter(|_| enough) else { continue };
        findings.push(report(context, site, stretch.sites.len(), ratio, (severity, threshold)));
    }
    if watched { Ok(findings) } else { Err(NotChecked("two inputs at least, and floating-point ones".to_owned())) }
}

fn report(
    context: &Context<'_>,
    site: usize,
    count: usize,
    ratio: f64,
    (severity, threshold): (Severity, f64),
) -> Finding {
    let network = context.network;
    let samples = context.evidence.map_or(0, Evidence::samples);
    let verb = if ratio < 1.0 { "shrink" } else { "blow up" };
    let mut cause = format!(
        "The initial weights {verb} the signal: over {count} activations its standard deviation across inputs becomes {} \
         of what it was, a factor of {} per activation.",
        number(ratio),
        number(ratio.powf(1.0 / count as f64)),
    );
    let function = network.sites[site].function.element();
    let (linear, _) = context.links.layer_of(&network.sites[site]);
    if let (Some(linear), Some(function)) = (linear, function) {
        let count = linear.weight.len().max(1) as f64;
        let square = linear.weight.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / count;
        let fitting = function.gain() / (linear.fan_in.max(1) as f64).sqrt();
        let weights = format!(
            " The weights before the first {function} have root mean square {}; {} would keep the scale (gain {:.3}, fan_in {}).",
            number(square.sqrt()),
            number(fitting),
            function.gain(),
            linear.fan_in,
        );
        cause.push_str(&weights);
    }
    let mut fixes: Vec<String> = function.iter().map(gain::initialise).collect();
    fixes.extend(function.iter().map(gain::normalise));
    fixes.push("add residual connections or normalising layers between the layers".to_owned());
    Finding {
        measured: Some(ratio),
        threshold: Some(threshold),
        samples,
        ..context.at_site(site, severity, cause, fixes)
    }
}

/// The sites and the starts of the stretch that ends with a value.
fn walk_back(context: &Context<'_>, end: ValueId) -> Stretch {
    let network = context.network;
    let mut stretch = Stretch { starts: BTreeSet::new(), sites: BTreeSet::new() };
    let mut open = vec![end];
    let mut seen = HashSet::new();
    while let Some(value) = open.pop() {
        if !seen.insert(value) {
            continue;
        }
        let Some(node) = context.links.producer(value).map(|node| &network.nodes[node]) else {
            stretch.starts.insert(value);
            continue;
        };
        match node.kind {
            Kind::Norm(_) => {
                stretch.starts.insert(value);
            }
            Kind::Activation(site) => {
                if network.sites[site].role == Role::Hidden {
                    stretch.sites.insert(site);
                }
                open.extend(&node.inputs);
            }
            _ => open.extend(&node.inputs),
        }
    }
    stretch
}

/// How much the signal changes over a stretch; with several starts the ratio nearest to 1.
fn ratio(evidence: &Evidence, stretch: &Stretch, end: ValueId) -> Option<f64> {
    let out = evidence.signal(end)?.sd()?;
    let starts = stretch.starts.iter().filter(|&&start| start != end);
    let starts = starts.filter_map(|&start| evidence.signal(start)?.sd());
    let ratios = starts.filter(|&sd| sd > 0.0).map(|sd| out / sd);
    ratios.min_by(|a, b| a.ln().abs().total_cmp(&b.ln().abs()))
}
