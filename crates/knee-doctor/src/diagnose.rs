//! One loop over the rules, and the tables that a report shows beside their findings.

use crate::evidence::Evidence;
use crate::finding::{Finding, Histogram};
use crate::links::Links;
use crate::loss::LossKind;
use crate::network::{Network, Port, Role, Unsupported};
use crate::options::Options;
use crate::quick;
use crate::rule::{Context, Meta, Need, NotChecked, Workbench};
use crate::rules;
use crate::sites;
use crate::statistics::Verdict;

/// Everything that a report shows.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The network.
    pub model: ModelSummary,
    /// Independent inputs that were seen; 0: graph and weights alone.
    pub samples: u64,
    /// The loss, where it is known.
    pub loss: Option<LossKind>,
    /// Whether the weights are the initial ones.
    pub at_init: bool,
    /// Worst first, then by depth.
    pub findings: Vec<Finding>,
    /// Rules that had the evidence they need.
    pub checked: Vec<&'static str>,
    /// Rules that had not.
    pub not_checked: Vec<Skipped>,
    /// One row per site.
    pub sites: Vec<SiteSummary>,
    /// The five questions that the report opens with.
    pub quick_checks: [QuickCheck; 5],
}

/// The network in a few facts.
#[derive(Clone, Debug)]
pub struct ModelSummary {
    /// The file it was read from.
    pub path: Option<String>,
    /// The name of the graph.
    pub name: String,
    /// What the caller supplies.
    pub inputs: Vec<Port>,
    /// The results.
    pub outputs: Vec<Port>,
    /// Numbers stored in the weights.
    pub parameters: u64,
    /// Version of ONNX's default operator set.
    pub opset: Option<u64>,
    /// Operators that cannot be run.
    pub unsupported: Vec<Unsupported>,
}

/// A rule that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its slug.
    pub rule: &'static str,
    /// What it needs, in words that follow "needs".
    pub needs: String,
}

/// What was seen at one site.
#[derive(Clone, Debug)]
pub struct SiteSummary {
    /// The name of the node.
    pub site: String,
    /// The path of the layer it belongs to.
    pub layer: String,
    /// The function with its parameters.
    pub function: String,
    /// The element-wise function, where it is one.
    pub element: Option<knee::Function>,
    /// What the site is for.
    pub role: Role,
    /// Units, where known.
    pub units: Option<u64>,
    /// Longest path from an input, in sites.
    pub depth: u32,
    /// Independent inputs that were seen here.
    pub samples: u64,
    /// What so many inputs allow to say; `None` where units were not judged.
    pub verdict: Option<Verdict>,
    /// Share of outputs that are exactly 0.
    pub zeros: Option<f64>,
    /// Share of units that were alive on no input.
    pub dead: Option<f64>,
    /// Share of units whose slope is below the threshold of saturated-units.
    pub saturated: Option<f64>,
    /// Mean |f'| relative to max |f'|, averaged over units.
    pub slope: Option<f64>,
    /// Mean of the pre-activations.
    pub mean: Option<f64>,
    /// Standard deviation of the pre-activations.
    pub sd: Option<f64>,
    /// L2 norm of dL/da per input, averaged over inputs.
    pub gradient: Option<f64>,
    /// Pre-activations of all units.
    pub histogram: Option<Histogram>,
}

/// One of the five questions.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickCheck {
    /// The question.
    pub question: &'static str,
    /// The answer.
    pub answer: Answer,
    /// The evidence for it, or what is needed.
    pub evidence: String,
}

/// The answer of a quick check. Yes is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As it should be.
    Yes,
    /// With something worth knowing.
    Partly,
    /// Something is wrong.
    No,
    /// The evidence is missing.
    NotChecked,
}

/// Asks every selected rule and sums up what was seen.
pub fn diagnose(
    network: &Network,
    evidence: Option<&Evidence>,
    options: &Options,
    workbench: Option<&dyn Workbench>,
) -> Diagnosis {
    let links = Links::new(network);
    let evidence = evidence.filter(|seen| seen.samples() > 0);
    let mut findings: Vec<Finding> = Vec::new();
    let mut checked = Vec::new();
    let mut not_checked = Vec::new();
    for rule in rules::all() {
        let meta = rule.meta();
        if !options.selection.runs(meta.slug) {
            continue;
        }
        let context = Context {
            rule: meta,
            network,
            links: &links,
            evidence,
            options,
            workbench,
        };
        let outcome = missing(meta, evidence, options).map_or_else(|| rule.check(&context), Err);
        match outcome {
            Ok(found) => {
                checked.push(meta.slug);
                findings.extend(found);
            }
            Err(NotChecked(needs)) => not_checked.push(Skipped {
                rule: meta.slug,
                needs,
            }),
        }
    }
    findings.sort_by_key(|f| {
        let depth = f.site_index.map_or(0, |site| network.sites[site].depth);
        (std::cmp::Reverse(f.severity), depth)
    });
    let sites = sites::table(network, evidence, options);
    let quick_checks = quick::checks(&quick::Seen {
        options,
        evidence,
        findings: &findings,
        checked: &checked,
        not_checked: &not_checked,
        sites: &sites,
    });
    Diagnosis {
        model: summary(network),
        samples: evidence.map_or(0, Evidence::samples),
        loss: options.loss.or_else(|| evidence?.loss()),
        at_init: options.at_init,
        findings,
        checked,
        not_checked,
        sites,
        quick_checks,
    }
}

/// What a rule needs and does not have.
fn missing(meta: &Meta, evidence: Option<&Evidence>, options: &Options) -> Option<NotChecked> {
    let values = evidence.is_some();
    let loss = options.loss.or_else(|| evidence?.loss()).is_some();
    let mut words: Vec<&str> = Vec::new();
    for need in meta.needs {
        match need {
            Need::Values if !values => words.push("--input"),
            Need::Gradients if evidence.is_none_or(|seen| !seen.has_gradients()) => {
                words.push("labels and --loss");
            }
            Need::Labels if evidence.is_none_or(|seen| seen.targets().is_none()) => {
                words.push("labels and --loss");
            }
            Need::Loss if !loss => words.push("--loss"),
            Need::AtInit if !options.at_init => words.push("--at-init"),
            _ => {}
        }
    }
    if words.is_empty() {
        return None;
    }
    words.dedup();
    if words.contains(&"labels and --loss") {
        words.retain(|word| *word != "--loss");
    }
    let run = meta
        .needs
        .iter()
        .any(|n| matches!(n, Need::Values | Need::Gradients | Need::Labels));
    Some(NotChecked(match &options.no_values {
        Some(why) if run && !values => why.clone(),
        _ => {
            if run && !values && words[0] != "--input" {
                words.insert(0, "--input");
            }
            words.join(", ")
        }
    }))
}

fn summary(network: &Network) -> ModelSummary {
    ModelSummary {
        path: network.path.clone(),
        name: network.name.clone(),
        inputs: network.inputs.clone(),
        outputs: network.outputs.clone(),
        parameters: network.parameters,
        opset: network.opset,
        unsupported: network.unsupported.clone(),
    }
}
