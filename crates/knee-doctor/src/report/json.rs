//! The report that other programs read. Its fields are a contract: `docs/report.schema.json`.
//!
//! The structs here hold exactly those fields, in their order; JSON has no number that is not
//! finite, so such a number is written as one of the strings `NaN`, `Infinity` and `-Infinity`.

use serde::{Serialize, Serializer};

use crate::diagnose::{Diagnosis, SiteSummary};
use crate::finding::{Finding, Severity};
use crate::network::{Port, Role};

/// Version of the format. It changes when a field is removed or changes its meaning.
pub const SCHEMA: u32 = 1;

/// The report as indented JSON, with a line feed at its end.
pub fn json(diagnosis: &Diagnosis) -> String {
    let report = Report::new(diagnosis);
    // Only strings, numbers and lists: nothing that could fail to become JSON.
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    knee: &'static str,
    model: Model<'a>,
    samples: u64,
    findings: Vec<Found<'a>>,
    checked: &'a [&'static str],
    not_checked: Vec<NotChecked<'a>>,
    sites: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Model<'a> {
    path: Option<&'a str>,
    inputs: Vec<PortShape<'a>>,
    outputs: Vec<PortShape<'a>>,
    parameters: u64,
    opset: Option<u64>,
}

#[derive(Serialize)]
struct PortShape<'a> {
    name: &'a str,
    shape: &'a [Option<u64>],
    dtype: &'a str,
}

#[derive(Serialize)]
struct NotChecked<'a> {
    rule: &'a str,
    needs: &'a str,
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    severity: Severity,
    site: Option<&'a str>,
    layer: Option<&'a str>,
    role: Option<Role>,
    units: &'a [u64],
    measured: Option<Number>,
    threshold: Option<Number>,
    samples: u64,
    bound: Option<Number>,
    cause: &'a str,
    fixes: &'a [String],
    recheck: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    site: &'a str,
    layer: &'a str,
    function: &'a str,
    role: Role,
    depth: u32,
    units: Option<u64>,
    zeros: Option<f64>,
    dead: Option<f64>,
    saturated: Option<f64>,
    slope: Option<Number>,
    mean: Option<Number>,
    sd: Option<Number>,
    gradient: Option<Number>,
}

/// A number that may be none.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() {
            serializer.serialize_f64(self.0)
        } else if self.0.is_nan() {
            serializer.serialize_str("NaN")
        } else if self.0 > 0.0 {
            serializer.serialize_str("Infinity")
        } else {
            serializer.serialize_str("-Infinity")
        }
    }
}

impl<'a> Report<'a> {
    fn new(diagnosis: &'a Diagnosis) -> Self {
        let model = &diagnosis.model;
        Self {
            schema: SCHEMA,
            knee: env!("CARGO_PKG_VERSION"),
            model: Model {
                path: model.path.as_deref(),
                inputs: model.inputs.iter().map(PortShape::new).collect(),
                outputs: model.outputs.iter().map(PortShape::new).collect(),
                parameters: model.parameters,
                opset: model.opset,
            },
            samples: diagnosis.samples,
            findings: diagnosis.findings.iter().map(Found::new).collect(),
            checked: &diagnosis.checked,
            not_checked: diagnosis
                .not_checked
                .iter()
                .map(|entry| NotChecked {
                    rule: entry.rule,
                    needs: &entry.needs,
                })
                .collect(),
            sites: diagnosis.sites.iter().map(Row::new).collect(),
        }
    }
}

impl<'a> PortShape<'a> {
    fn new(port: &'a Port) -> Self {
        Self {
            name: &port.name,
            shape: &port.shape,
            dtype: &port.dtype,
        }
    }
}

impl<'a> Found<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity,
            site: finding.site.as_deref(),
            layer: finding.layer.as_deref(),
            role: finding.role,
            units: &finding.units,
            measured: finding.measured.map(Number),
            threshold: finding.threshold.map(Number),
            samples: finding.samples,
            bound: finding.bound.map(Number),
            cause: &finding.cause,
            fixes: &finding.fixes,
            recheck: &finding.recheck,
        }
    }
}

impl<'a> Row<'a> {
    fn new(site: &'a SiteSummary) -> Self {
        Self {
            site: &site.site,
            layer: &site.layer,
            function: &site.function,
            role: site.role,
            depth: site.depth,
            units: site.units,
            zeros: site.zeros,
            dead: site.dead,
            saturated: site.saturated,
            slope: site.slope.map(Number),
            mean: site.mean.map(Number),
            sd: site.sd.map(Number),
            gradient: site.gradient.map(Number),
        }
    }
}
