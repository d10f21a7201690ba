const SLUG: &str = "redundant-activation";

mod fires {
    use knee_doctor::Severity;
    use knee_doctor::network::{Kind, Role, SiteFunction};

    use super::SLUG;
    use crate::entering::{body, log_softmax, softmax};
    use crate::support::{Builder, element, findings};

    #[test]
    fn on_functions_that_return_what_the_first_gives() {
        for (first, second) in [
            ("relu", "relu"),
            ("sigmoid", "relu"),
            ("relu6", "relu"),
            ("softplus", "relu"),
            ("relu", "leaky_relu"),
            ("relu", "elu"),
            ("exp", "relu"),
        ] {
            let network = Builder::new()
                .dense(4, 4, 1.0)
                .hidden(first, 4)
                .hidden(second, 4)
                .build();
            let found = findings(SLUG, &network, None);
            assert_eq!(found.len(), 1, "{second} after {first}");
            assert_eq!(found[0].severity, Severity::Warn);
            assert_eq!(found[0].site_index, Some(1), "{second} after {first}");
        }
    }

    #[test]
    fn through_views_and_a_maximum() {
        let network = Builder::new()
            .dense(4, 4, 1.0)
            .hidden("relu", 4)
            .node("MaxPool", Kind::MaxPool)
            .node("Flatten", Kind::View)
            .hidden("relu", 4)
            .build();
        assert_eq!(findings(SLUG, &network, None).len(), 1);
    }

    #[test]
    fn on_a_learned_slope_that_is_never_used() {
        let prelu = SiteFunction::Prelu { slopes: vec![0.25] };
        let network = Builder::new()
            .dense(4, 4, 1.0)
            .hidden("relu", 4)
            .site(prelu, Role::Hidden, 4)
            .build();
        assert_eq!(findings(SLUG, &network, None).len(), 1);
    }

    #[test]
    fn on_functions_of_rows() {
        let twice = body(4)
            .site(log_softmax(4), Role::Hidden, 4)
            .site(log_softmax(4), Role::Output, 4)
            .build();
        assert_eq!(findings(SLUG, &twice, None).len(), 1);
        let after = body(4)
            .site(softmax(4), Role::Hidden, 4)
            .site(element("relu"), Role::Output, 4)
            .build();
        assert_eq!(findings(SLUG, &after, None).len(), 1);
    }
}

mod silent {
    use knee_doctor::network::{Kind, Role};

    use super::SLUG;
    use crate::entering::{body, softmax};
    use crate::support::{Builder, element, findings};

    #[test]
    fn on_functions_that_change_something() {
        for (first, second) in [
            ("relu", "relu6"),
            ("tanh", "relu"),
            ("relu", "sigmoid"),
            ("relu", "gelu"),
            ("leaky_relu", "relu"),
            ("leaky_relu", "leaky_relu"),
            ("gelu", "relu"),
        ] {
            let network = Builder::new()
                .dense(4, 4, 1.0)
                .hidden(first, 4)
                .hidden(second, 4)
                .build();
            assert_eq!(findings(SLUG, &network, None), [], "{second} after {first}");
        }
        let twice = body(4)
            .site(softmax(4), Role::Hidden, 4)
            .site(softmax(4), Role::Output, 4)
            .build();
        assert_eq!(findings(SLUG, &twice, None), []);
    }

    #[test]
    fn on_the_clip_of_quantisation() {
        for (first, second) in [
            ("relu6", "relu6"),
            ("hard_tanh", "hard_tanh"),
            ("tanh", "hard_tanh"),
        ] {
            let network = Builder::new()
                .dense(4, 4, 1.0)
                .hidden(first, 4)
                .hidden(second, 4)
                .build();
            assert_eq!(findings(SLUG, &network, None), [], "{second} after {first}");
        }
    }

    #[test]
    fn on_the_identity() {
        let network = Builder::new()
            .dense(4, 4, 1.0)
            .hidden("relu", 4)
            .hidden("identity", 4)
            .build();
        assert_eq!(findings(SLUG, &network, None), []);
    }

    #[test]
    fn on_layers_in_between() {
        let dense = Builder::new()
            .dense(4, 4, 1.0)
            .hidden("relu", 4)
            .dense(4, 4, 1.0)
            .hidden("relu", 4);
        assert_eq!(findings(SLUG, &dense.build(), None), []);
        let scaled = Builder::new()
            .hidden("relu", 4)
            .node("Mul", Kind::Affine)
            .hidden("relu", 4);
        assert_eq!(findings(SLUG, &scaled.build(), None), []);
    }

    #[test]
    fn on_a_branch_that_does_not_reach_the_loss() {
        let network = Builder::new()
            .hidden("relu", 4)
            .site(element("relu"), Role::Target, 4)
            .build();
        assert_eq!(findings(SLUG, &network, None), []);
    }
}
