use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::Kind;
use knee_doctor::{LossKind, Network, Options, Severity};

use crate::support::{Builder, chain, findings, gradients, needs, record_gradients};

const SLUG: &str = "vanishing-gradient";

/// Gradients that change by a factor per site on the way back; the last site has 1.
fn by_factor(network: &Network, factor: f64) -> Evidence {
    let last = network.sites.len() - 1;
    let norms: Vec<f64> = (0..=last)
        .map(|site| factor.powf((last - site) as f64))
        .collect();
    gradients(network, 16, &norms)
}

mod fires {
    use super::*;

    #[test]
    fn by_the_ratio_from_end_to_end() {
        let network = chain("sigmoid", 10);
        for (factor, severity) in [(0.4, Severity::Warn), (0.2, Severity::Error)] {
            let found = findings(SLUG, &network, Some(&by_factor(&network, factor)));
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].severity, severity, "{factor}");
            let measured = found[0].measured.expect("a ratio");
            assert!((measured / factor.powi(9) - 1.0).abs() < 1e-9, "{measured}");
            assert_eq!(found[0].site_index, Some(0));
            assert!(
                found[0].cause.contains("sites squash (sigmoid)"),
                "{}",
                found[0].cause
            );
            assert!(found[0].fixes[0].contains("instead of sigmoid"));
        }
    }

    #[test]
    fn a_single_step() {
        let network = chain("relu", 3);
        let found = findings(
            SLUG,
            &network,
            Some(&gradients(&network, 16, &[1e-4, 1.0, 1.0])),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].severity, found[0].site_index),
            (Severity::Warn, Some(0))
        );
    }

    /// Loss scaling multiplies all gradients alike and changes nothing.
    #[test]
    fn whatever_the_loss_is_scaled_by() {
        let network = chain("sigmoid", 10);
        let measured = |scale: f64| {
            let norms: Vec<f64> = (0..10).map(|k| scale * 0.3_f64.powi(9 - k)).collect();
            findings(SLUG, &network, Some(&gradients(&network, 16, &norms)))[0].measured
        };
        let ratio = measured(65536.0).expect("a ratio") / measured(1.0).expect("a ratio");
        assert!((ratio - 1.0).abs() < 1e-9);
    }
}

mod silent {
    use super::*;

    #[test]
    fn gradients_alike_or_slowly_shrinking() {
        let network = chain("relu", 10);
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 1.0))),
            []
        );
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 0.5))),
            []
        );
    }

    #[test]
    fn frozen_layers() {
        let mut network = chain("sigmoid", 10);
        for node in &mut network.nodes[..18] {
            if let Kind::Linear(linear) = &mut node.kind {
                linear.trainable = false;
            }
        }
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 0.2))),
            []
        );
    }

    #[test]
    fn a_loss_that_is_already_about_zero() {
        let network = chain("sigmoid", 10);
        let options = RecorderOptions {
            loss: Some(LossKind::CrossEntropy),
        };
        let norms: Vec<f64> = (0..10).map(|k| 0.2_f64.powi(9 - k)).collect();
        let with_loss = |mean: f64| {
            let mut recorder = Recorder::new(&network, options);
            record_gradients(&mut recorder, &network, 16, &norms);
            recorder.loss(16.0 * mean);
            recorder.finish_chunk(16);
            recorder.into_evidence()
        };
        let said = needs(SLUG, &network, Some(&with_loss(1e-5)), Options::default());
        assert_eq!(said, "a loss that is not already about 0");
        assert_eq!(findings(SLUG, &network, Some(&with_loss(0.5))).len(), 1);
    }

    #[test]
    fn inside_residual_branches() {
        let mut network = chain("sigmoid", 10);
        for site in &mut network.sites {
            site.residual_branch = true;
        }
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 0.2))),
            []
        );
    }

    /// Exact zeros are dead-layer's.
    #[test]
    fn exact_zeros() {
        let network = chain("relu", 6);
        let evidence = gradients(&network, 16, &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }

    /// A jump in the middle that is no trend, and smaller than a reportable step.
    #[test]
    fn a_profile_that_no_line_explains() {
        let network = chain("relu", 8);
        let norms = [2e-3, 1.0, 2e-3, 1.0, 2e-3, 1.0, 2e-3, 1.0];
        assert_eq!(
            findings(SLUG, &network, Some(&gradients(&network, 16, &norms))),
            []
        );
    }

    /// Depth of a recurrent layer is time.
    #[test]
    fn recurrent_layers() {
        let mut builder = Builder::new();
        for _ in 0..6 {
            builder = builder.hidden("tanh", 1);
        }
        let mut network = builder.build();
        for node in &mut network.nodes {
            node.kind = Kind::Recurrent { hidden: 1 };
        }
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 0.1))),
            []
        );
    }
}

#[test]
fn without_gradients_it_is_not_checked() {
    let network = chain("sigmoid", 10);
    assert_eq!(
        needs(SLUG, &network, None, Options::default()),
        "--input, labels and --loss"
    );
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(
        0,
        Values::F32(&[1.0]),
        Values::F32(&[1.0]),
        Layout::dense(1, 1),
    );
    recorder.finish_chunk(1);
    let evidence = recorder.into_evidence();
    assert_eq!(
        needs(SLUG, &network, Some(&evidence), Options::default()),
        "labels and --loss"
    );
}
