const SLUG: &str = "missing-log-probability";

mod fires {
    use knee::RowFunction;
    use knee_doctor::network::Kind;
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{body, entered, head, linear_head, logits, one, softmax, through};

    #[test]
    fn on_logits() {
        let network = linear_head(4);
        let finding = one(
            SLUG,
            &network,
            LossKind::Nll,
            Some(&entered(&network, &logits(50, 4), None)),
        );
        assert_eq!(
            (finding.severity, finding.measured, finding.samples),
            (Severity::Error, Some(1.0), 50)
        );
        assert!(
            finding.cause.contains("logits entered it"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn on_probabilities() {
        let network = head(softmax(4), 4);
        let rows = through(RowFunction::Softmax, &logits(50, 4));
        let finding = one(
            SLUG,
            &network,
            LossKind::Nll,
            Some(&entered(&network, &rows, None)),
        );
        assert!(
            finding.cause.contains("probabilities entered it"),
            "{}",
            finding.cause
        );
        assert!(
            finding.fixes[0].contains("log-softmax"),
            "{:?}",
            finding.fixes
        );
    }

    #[test]
    fn on_negative_numbers_that_a_layer_made() {
        let network = linear_head(2);
        let rows = vec![vec![-1.0, -2.0]; 30];
        let finding = one(
            SLUG,
            &network,
            LossKind::Nll,
            Some(&entered(&network, &rows, None)),
        );
        assert!(
            finding.cause.contains("not normalised"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn on_positive_numbers_whatever_made_them() {
        let network = body(2).node("Custom", Kind::Other).build();
        let evidence = entered(&network, &logits(30, 2), None);
        assert_eq!(
            one(SLUG, &network, LossKind::Nll, Some(&evidence)).severity,
            Severity::Error
        );
    }
}

mod silent {
    use knee::RowFunction;
    use knee_doctor::LossKind;
    use knee_doctor::network::Kind;

    use super::SLUG;
    use crate::entering::{
        body, entered, found, head, linear_head, log_softmax, logits, needed, through,
    };

    #[test]
    fn on_log_probabilities() {
        let network = head(log_softmax(4), 4);
        let rows = through(RowFunction::LogSoftmax, &logits(500, 4));
        assert_eq!(
            found(
                SLUG,
                &network,
                LossKind::Nll,
                Some(&entered(&network, &rows, None))
            ),
            []
        );
    }

    #[test]
    fn on_unnormalised_energies() {
        let network = body(2).node("NegatedDistance", Kind::Other).build();
        let rows = vec![vec![-3.0, -0.5]; 30];
        assert_eq!(
            found(
                SLUG,
                &network,
                LossKind::Nll,
                Some(&entered(&network, &rows, None))
            ),
            []
        );
    }

    #[test]
    fn on_other_losses() {
        let network = linear_head(4);
        let evidence = entered(&network, &logits(50, 4), None);
        for loss in [LossKind::CrossEntropy, LossKind::Mse] {
            assert_eq!(found(SLUG, &network, loss, Some(&evidence)), [], "{loss}");
        }
    }

    #[test]
    fn but_not_checked_without_inputs_or_loss() {
        assert_eq!(
            needed(SLUG, &linear_head(4), Some(LossKind::Nll)),
            "--input"
        );
        assert_eq!(needed(SLUG, &linear_head(4), None), "--input, --loss");
    }
}
