//! Networks that end in something, and evidence of what entered the loss.

use knee::RowFunction;
use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Role, SiteFunction};
use knee_doctor::{Finding, Labels, LossKind, Network, Options};

use crate::support::{Builder, ask, checked, element, needs};

/// Softmax over the last axis.
pub(crate) fn softmax(length: u64) -> SiteFunction {
    SiteFunction::Rows {
        function: RowFunction::Softmax,
        axis: -1,
        length: Some(length),
    }
}

/// Log-softmax over the last axis.
pub(crate) fn log_softmax(length: u64) -> SiteFunction {
    SiteFunction::Rows {
        function: RowFunction::LogSoftmax,
        axis: -1,
        length: Some(length),
    }
}

/// A dense layer of so many units that is the head of a network with a hidden layer.
pub(crate) fn body(units: u64) -> Builder {
    Builder::new()
        .dense(16, 8, 1.0)
        .hidden("relu", 16)
        .dense(units, 16, 1.0)
}

/// A network that ends in a dense layer.
pub(crate) fn linear_head(units: u64) -> Network {
    body(units).build()
}

/// A network that ends in a site.
pub(crate) fn head(function: SiteFunction, units: u64) -> Network {
    body(units).site(function, Role::Output, units).build()
}

/// A network that ends in an element-wise function.
pub(crate) fn element_head(function: &str, units: u64) -> Network {
    head(element(function), units)
}

/// Evidence of rows that entered the loss, one per input.
pub(crate) fn entered(network: &Network, rows: &[Vec<f32>], labels: Option<&Labels>) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    let layout = Layout::dense(rows.len(), rows[0].len());
    recorder.output(Values::F32(&rows.concat()), layout, labels);
    recorder.finish_chunk(rows.len());
    recorder.into_evidence()
}

/// Labels that are values, one row per input.
pub(crate) fn values(rows: &[Vec<f32>]) -> Labels {
    Labels::Rows {
        values: rows.concat(),
        width: rows[0].len(),
    }
}

/// What a rule finds under a loss.
pub(crate) fn found(
    slug: &str,
    network: &Network,
    loss: LossKind,
    evidence: Option<&Evidence>,
) -> Vec<Finding> {
    checked(ask(
        slug,
        network,
        evidence,
        Options {
            loss: Some(loss),
            ..Options::default()
        },
    ))
}

/// The one finding of a rule under a loss.
#[track_caller]
pub(crate) fn one(
    slug: &str,
    network: &Network,
    loss: LossKind,
    evidence: Option<&Evidence>,
) -> Finding {
    let mut findings = found(slug, network, loss, evidence);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

/// What a rule needs under a loss, without any evidence.
pub(crate) fn needed(slug: &str, network: &Network, loss: Option<LossKind>) -> String {
    needs(
        slug,
        network,
        None,
        Options {
            loss,
            ..Options::default()
        },
    )
}

/// So many rows of logits, of both signs.
pub(crate) fn logits(rows: usize, width: usize) -> Vec<Vec<f32>> {
    let mut random = crate::support::random::Random::new(5);
    (0..rows).map(|_| random.normals(width)).collect()
}

/// Rows after a function of rows.
pub(crate) fn through(function: RowFunction, rows: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let apply = |row: &Vec<f32>| {
        let mut out = vec![0.0; row.len()];
        function.forward(row, row.len(), &mut out);
        out
    };
    rows.iter().map(apply).collect()
}
