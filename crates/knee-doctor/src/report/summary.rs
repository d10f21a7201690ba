//! What a diagnosis says first, in words; text and HTML show the same.

use knee_figure::short;

use super::number::{count, counted};
use crate::diagnose::{Answer, Diagnosis};
use crate::finding::{Finding, Severity};
use crate::network::{Port, Unsupported};

/// The title of a report.
pub(super) fn title(diagnosis: &Diagnosis) -> String {
    format!("knee doctor: {}", name(diagnosis))
}

/// The file, or else the name of the graph.
fn name(diagnosis: &Diagnosis) -> &str {
    let model = &diagnosis.model;
    match &model.path {
        Some(path) => path,
        None if model.name.is_empty() => "unnamed network",
        None => &model.name,
    }
}

/// What was diagnosed and with what: label and text of each line.
pub(super) fn lines(diagnosis: &Diagnosis) -> Vec<(&'static str, String)> {
    let model = &diagnosis.model;
    let opset = model
        .opset
        .map_or(String::new(), |opset| format!(", opset {opset}"));
    let sites = diagnosis.sites.len() as u64;
    let mut lines = vec![
        (
            "network",
            format!(
                "{}, {}{opset}",
                counted(model.parameters, "parameter"),
                counted(sites, "activation site"),
            ),
        ),
        ("input", ports(&model.inputs)),
        ("output", ports(&model.outputs)),
        ("evidence", evidence(diagnosis)),
    ];
    if !model.unsupported.is_empty() {
        lines.push(("cannot run", unsupported(&model.unsupported)));
    }
    lines.push(("found", found(diagnosis)));
    lines
}

/// The operators that cannot be run, each with the first node that uses it.
fn unsupported(list: &[Unsupported]) -> String {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut text = Vec::new();
    for Unsupported { op, domain, node } in list {
        if seen.contains(&(op, domain)) {
            continue;
        }
        seen.push((op, domain));
        let domain = if domain.is_empty() {
            String::new()
        } else {
            format!(" of {domain}")
        };
        text.push(format!("operator {op}{domain} (node {node})"));
    }
    text.join(", ") + "; rules on the graph and the weights still work"
}

/// The answer of a quick check in a word. Not every question can be answered by yes or no.
pub(super) fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "good",
        Answer::Partly => "mixed",
        Answer::No => "bad",
        Answer::NotChecked => "not checked",
    }
}

/// What is needed, and the rules that need it: rules that lack the same thing stand together.
pub(super) fn not_checked(diagnosis: &Diagnosis) -> Vec<(&str, Vec<&'static str>)> {
    let mut groups: Vec<(&str, Vec<&'static str>)> = Vec::new();
    for entry in &diagnosis.not_checked {
        match groups.iter_mut().find(|(needs, _)| *needs == entry.needs) {
            Some((_, rules)) => rules.push(entry.rule),
            None => groups.push((&entry.needs, vec![entry.rule])),
        }
    }
    groups
}

fn ports(ports: &[Port]) -> String {
    let text: Vec<String> = ports
        .iter()
        .map(|port| {
            let axis = |length: &Option<u64>| length.map_or("?".to_owned(), |n| n.to_string());
            let shape: Vec<String> = port.shape.iter().map(axis).collect();
            // A file may leave the shape of an output open.
            let shape = match shape.len() {
                0 => String::new(),
                _ => format!(" [{}]", shape.join(", ")),
            };
            format!("{}: {}{shape}", port.name, port.dtype)
        })
        .collect();
    if text.is_empty() {
        "none".to_owned()
    } else {
        text.join("; ")
    }
}

fn evidence(diagnosis: &Diagnosis) -> String {
    let init = if diagnosis.at_init {
        ", weights as initialised"
    } else {
        ""
    };
    if diagnosis.samples == 0 {
        return format!("the graph and the weights alone; no input was run{init}");
    }
    let loss = match diagnosis.loss {
        Some(loss) => format!("loss {loss}"),
        None => "no loss".to_owned(),
    };
    let gradients = if diagnosis.sites.iter().any(|site| site.gradient.is_some()) {
        "gradients"
    } else {
        "no gradients"
    };
    format!(
        "{}, {loss}, {gradients}{init}",
        counted(diagnosis.samples, "input")
    )
}

fn found(diagnosis: &Diagnosis) -> String {
    let parts: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warn, "warning"),
        (Severity::Info, "note"),
    ]
    .into_iter()
    .filter_map(|(severity, word)| {
        let number = diagnosis
            .findings
            .iter()
            .filter(|f| f.severity == severity)
            .count();
        (number > 0).then(|| counted(number as u64, word))
    })
    .collect();
    let checked = counted(diagnosis.checked.len() as u64, "rule");
    let left = match diagnosis.not_checked.len() {
        0 => String::new(),
        n => format!(", {} not checked", count(n as u64)),
    };
    let what = if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    };
    format!("{what} ({checked} checked{left})")
}

/// The number that a finding judged, beside its threshold, its samples and its bound.
pub(super) fn measured(finding: &Finding) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(finding.measured.map(short));
    parts.extend(
        finding
            .threshold
            .map(|threshold| format!("threshold {}", short(threshold))),
    );
    if finding.samples > 0 {
        parts.push(format!("N = {}", counted(finding.samples, "input")));
    }
    parts.extend(
        finding
            .bound
            .map(|bound| format!("95 % bound {}", short(bound))),
    );
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Where a finding is: node, layer and role, as far as it has them.
pub(super) fn place(finding: &Finding) -> String {
    let Some(site) = &finding.site else {
        return "the whole network".to_owned();
    };
    // The path is often a part of the name.
    let layer = finding.layer.as_deref();
    let layer = layer.filter(|layer| !site.contains(layer.trim_matches('/')));
    let layer = layer.map_or(String::new(), |layer| format!(" in {layer}"));
    let role = finding
        .role
        .map_or(String::new(), |role| format!(", {}", role.word()));
    format!("{site}{layer}{role}")
}

/// Names come from files: control characters and changes of writing direction are written out,
/// so that a name can neither drive the terminal nor hide what it says.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hides = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || hides {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// One short display of a site's function: the values of parameters without their names.
pub(super) fn function(text: &str) -> String {
    let Some((name, rest)) = text.split_once('(') else {
        return text.to_owned();
    };
    let values: Vec<&str> = rest
        .trim_end_matches(')')
        .split(',')
        .map(|part| part.split_once('=').map_or(part, |(_, value)| value).trim())
        .collect();
    format!("{name}({})", values.join(", "))
}

/// Where the gradients of a report lie on a logarithmic scale: 0 for the smallest, 1 for the
/// largest, over three decades at least so that equal gradients look equal.
pub(super) struct Decades {
    low: f64,
    span: f64,
}

impl Decades {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let logs: Vec<f64> = values
            .filter(|v| v.is_finite() && *v > 0.0)
            .map(f64::log10)
            .collect();
        let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let low = logs.iter().copied().fold(f64::INFINITY, f64::min);
        let span = (high - low).max(3.0);
        // The smallest still gets a bar, so that it is told from one that is 0.
        Self {
            low: high - span * 1.05,
            span: span * 1.05,
        }
    }

    /// The share of the scale below `value`.
    pub(super) fn share(&self, value: f64) -> f64 {
        if value > 0.0 && self.low.is_finite() {
            ((value.log10() - self.low) / self.span).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        assert_eq!(clean("relu\u{1b}[2J\n"), "relu\\u{1b}[2J\\n");
        assert_eq!(clean("a\u{202e}b"), "a\\u{202e}b");
    }

    #[test]
    fn functions_are_shortened_to_their_values() {
        assert_eq!(function("gelu"), "gelu");
        assert_eq!(
            function("leaky_relu(negative_slope=0.02)"),
            "leaky_relu(0.02)"
        );
        assert_eq!(function("hard_tanh(min=-1, max=1)"), "hard_tanh(-1, 1)");
    }

    #[test]
    fn decades_order_gradients_and_keep_equal_ones_equal() {
        let scale = Decades::of([1.0, 1e-3, 1e-6].into_iter());
        assert_eq!(scale.share(1.0), 1.0);
        assert!(scale.share(1e-6) > 0.0 && scale.share(1e-6) < 0.1);
        assert!((scale.share(1e-3) - 0.52).abs() < 0.02);
        assert_eq!(scale.share(0.0), 0.0);
        let near = Decades::of([1.0, 0.9].into_iter());
        assert!(near.share(0.9) > 0.95);
        assert_eq!(Decades::of(std::iter::empty()).share(1.0), 0.0);
    }
}
