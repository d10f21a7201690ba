const SLUG: &str = "softmax-over-one";

mod fires {
    use knee_doctor::Severity;
    use knee_doctor::network::Role;

    use super::SLUG;
    use crate::entering::{body, head, log_softmax, softmax};
    use crate::support::findings;

    #[test]
    fn on_an_output_of_one_number() {
        let found = findings(SLUG, &head(softmax(1), 1), None);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].severity, found[0].role),
            (Severity::Error, Some(Role::Output))
        );
        assert!(
            found[0]
                .cause
                .contains("every output is 1 and every gradient 0"),
            "{}",
            found[0].cause
        );
    }

    #[test]
    fn on_log_softmax_and_between_layers() {
        let found = findings(SLUG, &head(log_softmax(1), 1), None);
        assert!(
            found[0].cause.contains("every output is 0"),
            "{}",
            found[0].cause
        );
        let hidden = body(1)
            .site(softmax(1), Role::Hidden, 1)
            .dense(2, 1, 1.0)
            .build();
        assert_eq!(findings(SLUG, &hidden, None).len(), 1);
    }
}

mod silent {
    use knee::RowFunction;
    use knee_doctor::network::{Role, SiteFunction};

    use super::SLUG;
    use crate::entering::{body, head, softmax};
    use crate::support::findings;

    #[test]
    fn on_attention_over_one_token() {
        for role in [Role::Attention, Role::Router, Role::Target] {
            let network = body(1).site(softmax(1), role, 1).dense(2, 1, 1.0).build();
            assert_eq!(findings(SLUG, &network, None), [], "{role:?}");
        }
    }

    #[test]
    fn on_longer_rows_and_rows_of_unknown_length() {
        assert_eq!(findings(SLUG, &head(softmax(2), 2), None), []);
        let unknown = SiteFunction::Rows {
            function: RowFunction::Softmax,
            axis: 1,
            length: None,
        };
        assert_eq!(findings(SLUG, &head(unknown, 2), None), []);
    }
}
