//! Healthy networks get no warning and no error.

use knee_doctor::{Diagnosis, LossKind, Network, Options, Severity, diagnose};

use crate::support::Builder;
use crate::support::mlp::{Data, observe, train};
use crate::support::random::Random;

/// Noisy points about one centre per class.
fn blobs(inputs: usize, width: usize, classes: usize) -> Data {
    let mut random = Random::new(7);
    let centres = random.normals(classes * width);
    let mut data = Data {
        x: Vec::new(),
        width,
        classes: Vec::new(),
    };
    for (class, label) in (0..classes).zip(0_i64..).cycle().take(inputs) {
        let centre = &centres[class * width..(class + 1) * width];
        data.x
            .extend(centre.iter().map(|c| c + random.normal() as f32));
        data.classes.push(label);
    }
    data
}

fn mlp(function: &str, gain: f64, hidden: usize) -> Network {
    let mut builder = Builder::new();
    let mut fan_in = 16;
    for _ in 0..hidden {
        builder = builder.dense(48, fan_in, gain).hidden(function, 48);
        fan_in = 48;
    }
    builder.dense(5, fan_in, 1.0).build()
}

fn assert_healthy(diagnosis: &Diagnosis) {
    let bad: Vec<_> = diagnosis
        .findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let expected = [
        "dead-units",
        "off-centre",
        "vanishing-gradient",
        "exploding-gradient",
    ];
    for slug in expected {
        assert!(diagnosis.checked.contains(&slug), "{slug} was not checked");
    }
}

#[test]
fn trained_networks() {
    let data = blobs(1200, 16, 5);
    for (name, hidden) in [
        ("relu", 2),
        ("leaky_relu", 3),
        ("gelu", 3),
        ("silu", 2),
        ("elu", 3),
        ("tanh", 2),
        ("relu6", 2),
        ("mish", 2),
    ] {
        let gain = knee::Function::parse(name).expect("a function").gain();
        let mut network = mlp(name, gain, hidden);
        train(&mut network, &data.part(0..200), 60, 0.1);
        let evidence = observe(&network, &data, 400);
        assert_healthy(&diagnose(
            &network,
            Some(&evidence),
            &Options::default(),
            None,
        ));
    }
}

#[test]
fn initial_networks_with_the_exact_gain() {
    let x = Random::new(3).normals(1000 * 16);
    let data = Data {
        x,
        width: 16,
        classes: (0..1000).map(|k| k % 5).collect(),
    };
    for name in ["relu", "gelu", "silu", "selu", "tanh", "softplus", "mish"] {
        let gain = knee::Function::parse(name).expect("a function").gain();
        let network = mlp(name, gain, if name == "softplus" { 2 } else { 6 });
        let evidence = observe(&network, &data, 1000);
        let loss = Some(LossKind::CrossEntropy);
        let options = Options {
            at_init: true,
            loss,
            ..Options::default()
        };
        assert_healthy(&diagnose(&network, Some(&evidence), &options, None));
    }
}
