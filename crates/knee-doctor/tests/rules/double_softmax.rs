const SLUG: &str = "double-softmax";

mod fires {
    use knee::RowFunction;
    use knee_doctor::network::{Kind, Role};
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{
        body, entered, head, linear_head, log_softmax, logits, one, softmax, through,
    };

    #[test]
    fn on_a_softmax_in_the_graph_and_names_the_floor() {
        let finding = one(SLUG, &head(softmax(4), 4), LossKind::CrossEntropy, None);
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.site.as_deref(), Some("Activation_3"));
        assert_eq!(finding.role, Some(Role::Output));
        // ln(1 + 3/e)
        assert!(
            finding.cause.contains("ln(1 + 3/e) = 0.7437"),
            "{}",
            finding.cause
        );
        assert_eq!((finding.samples, finding.measured), (0, None));
    }

    #[test]
    fn through_views() {
        let network = body(10)
            .site(softmax(10), Role::Output, 10)
            .node("Reshape", Kind::View)
            .node("Cast", Kind::View)
            .build();
        assert_eq!(
            one(SLUG, &network, LossKind::CrossEntropy, None).severity,
            Severity::Error
        );
    }

    #[test]
    fn before_binary_cross_entropy_of_logits() {
        let finding = one(SLUG, &head(softmax(4), 4), LossKind::BceWithLogits, None);
        assert!(
            finding.cause.contains("a sigmoid itself"),
            "{}",
            finding.cause
        );
        assert!(
            !finding.cause.contains("ln("),
            "the floor is that of cross-entropy"
        );
    }

    #[test]
    fn by_value_where_the_graph_shows_no_softmax() {
        let network = body(4).node("Custom", Kind::Other).build();
        let rows = through(RowFunction::Softmax, &logits(8, 4));
        let finding = one(
            SLUG,
            &network,
            LossKind::CrossEntropy,
            Some(&entered(&network, &rows, None)),
        );
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(
            (finding.measured, finding.samples, finding.site),
            (Some(1.0), 8, None)
        );
        assert!(finding.cause.contains("All 8 rows"), "{}", finding.cause);
    }

    #[test]
    fn as_a_note_on_log_softmax_before_cross_entropy() {
        let network = head(log_softmax(4), 4);
        assert_eq!(
            one(SLUG, &network, LossKind::CrossEntropy, None).severity,
            Severity::Info
        );
        let network = linear_head(4);
        let rows = through(RowFunction::LogSoftmax, &logits(20, 4));
        let evidence = entered(&network, &rows, None);
        assert_eq!(
            one(SLUG, &network, LossKind::CrossEntropy, Some(&evidence)).severity,
            Severity::Info
        );
    }
}

mod silent {
    use knee::RowFunction;
    use knee_doctor::LossKind;
    use knee_doctor::network::{Port, Role};

    use super::SLUG;
    use crate::entering::{
        body, entered, found, head, linear_head, logits, needed, softmax, through,
    };

    #[test]
    fn on_logits() {
        let network = linear_head(4);
        let evidence = entered(&network, &logits(100, 4), None);
        assert_eq!(
            found(SLUG, &network, LossKind::CrossEntropy, Some(&evidence)),
            []
        );
    }

    #[test]
    fn on_a_softmax_that_only_feeds_a_metric() {
        let builder = body(4);
        let logits = builder.current;
        let mut network = builder.site(softmax(4), Role::Target, 4).build();
        network.outputs.push(Port {
            name: "logits".to_owned(),
            value: logits,
            ..network.outputs[0].clone()
        });
        network.loss_output = 1;
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None), []);
        network.loss_output = 0;
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None).len(), 1);
    }

    #[test]
    fn on_a_softmax_on_the_targets() {
        let builder = body(4);
        let logits = builder.current;
        let network = builder
            .site(softmax(4), Role::Target, 4)
            .from(logits)
            .build();
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None), []);
    }

    #[test]
    fn on_probabilities_into_losses_that_take_no_logits() {
        let network = head(softmax(4), 4);
        let rows = through(RowFunction::Softmax, &logits(20, 4));
        let evidence = entered(&network, &rows, None);
        for loss in [LossKind::Nll, LossKind::Bce, LossKind::Mse, LossKind::Mae] {
            assert_eq!(found(SLUG, &network, loss, Some(&evidence)), [], "{loss}");
        }
    }

    #[test]
    fn on_too_few_rows_that_look_like_probabilities() {
        let network = linear_head(4);
        let rows = through(RowFunction::Softmax, &logits(7, 4));
        let evidence = entered(&network, &rows, None);
        assert_eq!(
            found(SLUG, &network, LossKind::CrossEntropy, Some(&evidence)),
            []
        );
    }

    #[test]
    fn on_rows_of_which_one_is_no_probability() {
        let network = linear_head(4);
        let mut rows = through(RowFunction::Softmax, &logits(100, 4));
        rows[50][0] += 0.1;
        let evidence = entered(&network, &rows, None);
        assert_eq!(
            found(SLUG, &network, LossKind::CrossEntropy, Some(&evidence)),
            []
        );
    }

    #[test]
    fn on_a_softmax_in_the_middle() {
        let network = body(4)
            .site(softmax(4), Role::Hidden, 4)
            .dense(4, 4, 1.0)
            .build();
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None), []);
    }

    #[test]
    fn on_rows_of_one_number() {
        let network = head(softmax(1), 1);
        assert_eq!(found(SLUG, &network, LossKind::CrossEntropy, None), []);
    }

    #[test]
    fn but_not_checked_without_the_loss() {
        assert_eq!(needed(SLUG, &head(softmax(4), 4), None), "--loss");
    }
}
