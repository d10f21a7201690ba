//! A diagnosis with something in every part of a report.

use knee::Function;
use knee_doctor::network::{Port, Role, ValueId};
use knee_doctor::statistics::Verdict;
use knee_doctor::{
    Answer, Diagnosis, Finding, Histogram, LossKind, ModelSummary, QuickCheck, Severity,
    SiteSummary, Skipped,
};

fn port(name: &str, shape: &[Option<u64>]) -> Port {
    Port {
        name: name.to_owned(),
        shape: shape.to_vec(),
        dtype: "float32".to_owned(),
        value: ValueId(0),
    }
}

/// A bell about `centre`, with the outermost bins open.
fn bell(centre: f64, width: f64) -> Histogram {
    let inner = (-40..=40).map(|i| f64::from(i) / 5.0);
    let edges: Vec<f64> = [f64::NEG_INFINITY]
        .into_iter()
        .chain(inner)
        .chain([f64::INFINITY])
        .collect();
    let density = |x: f64| (-0.5 * ((x - centre) / width).powi(2)).exp();
    let counts = edges
        .windows(2)
        .map(|edge| match (edge[0].is_finite(), edge[1].is_finite()) {
            (true, true) => (2000.0 * density(0.5 * (edge[0] + edge[1]))) as u64,
            _ => 3,
        });
    Histogram {
        counts: counts.collect(),
        edges,
    }
}

fn site(name: &str, function: &str, role: Role, depth: u32, values: [f64; 7]) -> SiteSummary {
    let element = Function::parse(function).ok();
    let [zeros, dead, saturated, slope, mean, sd, gradient] = values;
    let measured = |x: f64| (!x.is_nan()).then_some(x);
    SiteSummary {
        site: name.to_owned(),
        layer: name
            .rsplit_once('/')
            .map_or(String::new(), |(layer, _)| layer.to_owned()),
        function: element.map_or(function.to_owned(), |function| function.to_string()),
        element,
        role,
        units: Some(128),
        depth,
        samples: 1797,
        verdict: Some(Verdict::Dead),
        zeros: measured(zeros),
        dead: measured(dead),
        saturated: measured(saturated),
        slope: measured(slope),
        mean: measured(mean),
        sd: measured(sd),
        gradient: measured(gradient),
        histogram: element.map(|_| bell(mean, sd)),
    }
}

fn finding(rule: &'static str, severity: Severity, cause: &str, fixes: &[&str]) -> Finding {
    Finding {
        rule,
        severity,
        site: None,
        layer: None,
        role: None,
        units: Vec::new(),
        measured: None,
        threshold: None,
        samples: 1797,
        bound: None,
        cause: cause.to_owned(),
        fixes: fixes.iter().map(|&fix| fix.to_owned()).collect(),
        recheck: format!(
            "knee doctor sick.onnx --input digits.npz --loss cross-entropy --only {rule}"
        ),
        site_index: None,
        histogram: None,
    }
}

fn at(site: &SiteSummary, index: usize, finding: Finding) -> Finding {
    Finding {
        site: Some(site.site.clone()),
        layer: Some(site.layer.clone()),
        role: Some(site.role),
        site_index: Some(index),
        histogram: site.histogram.clone(),
        ..finding
    }
}

fn sites() -> [SiteSummary; 4] {
    const N: f64 = f64::NAN;
    let [relu, sigmoid, leaky, softmax] = [
        [0.82, 0.41, N, 0.18, -3.1, 1.8, 2.4e-7],
        [0.0, 0.0, 0.62, 0.11, 4.8, 1.9, 8.1e-5],
        [0.0, 0.0, N, 0.55, 0.1, 1.1, 3.2e-2],
        [0.0, N, N, N, 0.4, 2.2, 0.41],
    ];
    let slope = "leaky_relu(negative_slope=0.02)";
    [
        site("/blocks.0/Relu", "relu", Role::Hidden, 1, relu),
        site("/blocks.1/Sigmoid", "sigmoid", Role::Hidden, 2, sigmoid),
        site("/blocks.2/LeakyRelu", slope, Role::Hidden, 3, leaky),
        site("/head/Softmax", "softmax", Role::Output, 4, softmax),
    ]
}

fn findings(sites: &[SiteSummary; 4]) -> Vec<Finding> {
    let softmax = finding(
        "double-softmax",
        Severity::Error,
        "/head/Softmax makes what enters cross-entropy, and cross-entropy applies a softmax itself. With 10 classes \
         the loss cannot fall below ln(1 + 9/e) = 1.461, even for perfect answers; it was 1.52 here.",
        &[
            "remove the softmax from the network: cross-entropy takes logits",
            "or use log-softmax and the loss nll",
        ],
    );
    let softmax = Finding {
        measured: Some(1.0),
        threshold: Some(1.0),
        ..softmax
    };
    let dead = finding(
        "dead-units",
        Severity::Error,
        "53 of 128 units were alive on none of 1,797 inputs.",
        &[
            "lower the learning rate",
            "use He initialisation",
            "put a normalisation before it",
        ],
    );
    let dead = Finding {
        units: (0..40).chain([44, 50]).chain(90..101).collect(),
        measured: Some(0.414),
        threshold: Some(0.3),
        bound: Some(3.0 / 1797.0),
        ..dead
    };
    let cause = "62 % of the units are saturated.";
    let saturated = finding("saturated-units", Severity::Warn, cause, &["use GELU"]);
    let saturated = Finding {
        measured: Some(0.62),
        threshold: Some(0.5),
        ..saturated
    };
    let cause = "The gradient is not finite.";
    let exploding = finding("exploding-gradient", Severity::Info, cause, &["clip it"]);
    vec![
        at(&sites[3], 3, softmax),
        at(&sites[0], 0, dead),
        at(&sites[1], 1, saturated),
        Finding {
            measured: Some(f64::INFINITY),
            ..exploding
        },
    ]
}

fn quick_checks() -> [QuickCheck; 5] {
    [
        (
            "Does the output activation match the loss?",
            Answer::No,
            "/head/Softmax stands before cross-entropy.",
        ),
        (
            "Are the hidden activations of the ReLU family?",
            Answer::Partly,
            "2 of 3 are.",
        ),
        (
            "Does the initialisation match them?",
            Answer::NotChecked,
            "needs --at-init",
        ),
        (
            "What share of units is dead?",
            Answer::No,
            "13.8 % of the units; 20.5 % of outputs are 0.",
        ),
        (
            "Are gradient magnitudes comparable across layers?",
            Answer::Yes,
            "They fall by a factor of 2.",
        ),
    ]
    .map(|(question, answer, evidence)| QuickCheck {
        question,
        answer,
        evidence: evidence.to_owned(),
    })
}

/// A network with three faults, seen on 1,797 inputs.
pub(crate) fn sick() -> Diagnosis {
    let sites = sites();
    let needs = |rule| Skipped {
        rule,
        needs: "--at-init".to_owned(),
    };
    Diagnosis {
        model: ModelSummary {
            path: Some("sick.onnx".to_owned()),
            name: "main_graph".to_owned(),
            inputs: vec![port("images", &[None, Some(64)])],
            outputs: vec![port("logits", &[None, Some(10)])],
            parameters: 34_826,
            opset: Some(20),
            unsupported: Vec::new(),
        },
        samples: 1797,
        loss: Some(LossKind::CrossEntropy),
        at_init: false,
        findings: findings(&sites),
        checked: vec![
            "double-softmax",
            "dead-units",
            "saturated-units",
            "exploding-gradient",
        ],
        not_checked: vec![needs("init-gain"), needs("symmetric-init")],
        sites: Vec::from(sites),
        quick_checks: quick_checks(),
    }
}

/// The same network as read from its file, with nothing run.
pub(crate) fn unseen() -> Diagnosis {
    let mut diagnosis = sick();
    diagnosis.samples = 0;
    diagnosis.loss = None;
    diagnosis.findings.clear();
    for site in &mut diagnosis.sites {
        site.histogram = None;
        site.verdict = None;
        [site.zeros, site.dead, site.saturated] = [None; 3];
        [site.slope, site.mean, site.sd, site.gradient] = [None; 4];
    }
    diagnosis
}
