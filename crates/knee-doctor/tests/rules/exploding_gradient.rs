use knee_doctor::evidence::{
    Cause, Evidence, Layout, NonFinite, Recorder, RecorderOptions, Values,
};
use knee_doctor::network::Kind;
use knee_doctor::{Network, Options, Severity};

use crate::support::{Builder, chain, findings, gradients, needs, record_gradients};

const SLUG: &str = "exploding-gradient";

/// Gradients that change by a factor per site on the way back; the last site has 1.
fn by_factor(network: &Network, factor: f64) -> Evidence {
    let last = network.sites.len() - 1;
    let norms: Vec<f64> = (0..=last)
        .map(|site| factor.powf((last - site) as f64))
        .collect();
    gradients(network, 16, &norms)
}

/// One input whose gradient is infinite at the first site.
fn broken(network: &Network) -> Recorder {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    record_gradients(&mut recorder, network, 16, &[1.0; 6]);
    recorder.site_gradient(0, Values::F32(&[f32::INFINITY]), Layout::dense(1, 1));
    recorder.finish_chunk(16);
    recorder
}

mod fires {
    use super::*;

    #[test]
    fn growth_at_every_site() {
        let network = chain("relu", 8);
        let found = findings(SLUG, &network, Some(&by_factor(&network, 3.0)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warn);
        let measured = found[0].measured.expect("a ratio");
        assert!(
            (measured / 3.0_f64.powi(7) - 1.0).abs() < 1e-9,
            "{measured}"
        );
        assert!(found[0].fixes[0].contains("clip"));
    }

    #[test]
    fn a_gradient_that_is_not_finite() {
        let network = chain("relu", 6);
        let evidence = broken(&network).into_evidence();
        let found = findings(SLUG, &network, Some(&evidence));
        assert_eq!(
            (found[0].severity, found[0].measured),
            (Severity::Error, Some(1.0))
        );
        assert_eq!(found[0].site_index, Some(0));
    }
}

mod silent {
    use super::*;

    #[test]
    fn slow_growth() {
        let network = chain("relu", 10);
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 1.9))),
            []
        );
    }

    #[test]
    fn a_small_ratio() {
        let network = chain("relu", 5);
        // 2.5^4 = 39 from end to end.
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 2.5))),
            []
        );
    }

    /// One normalisation after small embeddings multiplies the gradient once.
    #[test]
    fn one_large_step() {
        let network = chain("gelu", 10);
        for at in 1..10 {
            let norms: Vec<f64> = (0..10).map(|k| if k < at { 1000.0 } else { 1.0 }).collect();
            assert_eq!(
                findings(SLUG, &network, Some(&gradients(&network, 16, &norms))),
                []
            );
        }
    }

    #[test]
    fn recurrent_layers() {
        let mut builder = Builder::new();
        for _ in 0..8 {
            builder = builder.hidden("tanh", 1);
        }
        let mut network = builder.build();
        for node in &mut network.nodes {
            node.kind = Kind::Recurrent { hidden: 1 };
        }
        assert_eq!(
            findings(SLUG, &network, Some(&by_factor(&network, 3.0))),
            []
        );
    }

    /// What is not finite on the way forward is reported by first-nonfinite.
    #[test]
    fn when_the_values_are_already_not_finite() {
        let network = chain("relu", 6);
        let mut recorder = broken(&network);
        let seen = NonFinite {
            cause: Cause::Overflow,
            nan: 0,
            positive: 1,
            negative: 0,
            inputs: 1,
        };
        recorder.nonfinite(2, &seen);
        assert_eq!(
            findings(SLUG, &network, Some(&recorder.into_evidence())),
            []
        );
    }
}

#[test]
fn without_gradients_it_is_not_checked() {
    let network = chain("relu", 6);
    assert_eq!(
        needs(SLUG, &network, None, Options::default()),
        "--input, labels and --loss"
    );
}
