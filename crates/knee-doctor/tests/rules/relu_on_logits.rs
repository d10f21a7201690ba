const SLUG: &str = "relu-on-logits";

mod fires {
    use knee_doctor::network::{Kind, Role};
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{body, element_head, entered, one};
    use crate::support::element;

    #[test]
    fn on_functions_that_cut_off_at_zero() {
        for function in ["relu", "relu6"] {
            for loss in [LossKind::CrossEntropy, LossKind::BceWithLogits] {
                let finding = one(SLUG, &element_head(function, 3), loss, None);
                assert_eq!(
                    (finding.severity, finding.measured),
                    (Severity::Error, None),
                    "{function} {loss}"
                );
            }
        }
    }

    #[test]
    fn with_the_share_of_rows_of_zeros() {
        let network = body(2)
            .site(element("relu"), Role::Output, 2)
            .node("Reshape", Kind::View)
            .build();
        let rows = vec![
            vec![0.0, 0.0],
            vec![1.0, 0.0],
            vec![0.0, 0.0],
            vec![2.0, 3.0],
        ];
        let finding = one(
            SLUG,
            &network,
            LossKind::CrossEntropy,
            Some(&entered(&network, &rows, None)),
        );
        assert_eq!((finding.measured, finding.samples), (Some(0.5), 4));
        assert!(
            finding.cause.contains("62.5 % of the logits are exactly 0"),
            "{}",
            finding.cause
        );
    }
}

mod silent {
    use knee_doctor::LossKind;

    use super::SLUG;
    use crate::entering::{body, element_head, found, needed};

    #[test]
    fn on_regression_of_counts() {
        for loss in [LossKind::Mse, LossKind::Mae] {
            assert_eq!(
                found(SLUG, &element_head("relu", 1), loss, None),
                [],
                "{loss}"
            );
        }
    }

    #[test]
    fn on_functions_that_pass_negative_numbers_and_on_probabilities() {
        for function in [
            "leaky_relu",
            "elu",
            "gelu",
            "identity",
            "tanh",
            "hard_sigmoid",
        ] {
            assert_eq!(
                found(
                    SLUG,
                    &element_head(function, 3),
                    LossKind::CrossEntropy,
                    None
                ),
                [],
                "{function}"
            );
        }
    }

    #[test]
    fn on_relu_between_layers() {
        let network = body(3).hidden("relu", 3).dense(3, 3, 1.0).build();
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None), []);
    }

    #[test]
    fn but_not_checked_without_the_loss() {
        assert_eq!(needed(SLUG, &element_head("relu", 3), None), "--loss");
    }
}
