//! Why a target is missed: written by hand, after looking.

/// The slug of a target, a function or `*`, and the reason; lines that begin with `#` are remarks.
const TEXT: &str = include_str!("reasons.tsv");

/// A reason for what was missed.
pub(super) struct Reason<'t> {
    pub(super) target: &'t str,
    function: &'t str,
    text: &'t str,
}

/// Every reason there is.
pub(super) fn all() -> Vec<Reason<'static>> {
    read(TEXT)
}

/// The reasons in a text: target, function and reason, tabs between them.
pub(super) fn read(text: &str) -> Vec<Reason<'_>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.splitn(3, '\t');
            Some(Reason {
                target: fields.next()?,
                function: fields.next()?,
                text: fields.next()?.trim(),
            })
        })
        .collect()
}

/// The reason why a function misses a target; that of all functions where it has none of its own.
pub(super) fn find<'t>(reasons: &[Reason<'t>], target: &str, function: &str) -> Option<&'t str> {
    let of = |name: &str| {
        let found = reasons
            .iter()
            .find(|reason| reason.target == target && reason.function == name);
        found.map(|reason| reason.text)
    };
    of(function).or_else(|| of("*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::targets::TARGETS;

    #[test]
    fn a_function_has_its_own_reason_before_that_of_all() {
        let reasons = read("# target\tfunction\treason\na\t*\tall\na\tgelu\tgelu's own\n");
        assert_eq!(find(&reasons, "a", "gelu"), Some("gelu's own"));
        assert_eq!(find(&reasons, "a", "relu"), Some("all"));
        assert_eq!(find(&reasons, "b", "relu"), None);
    }

    #[test]
    fn every_reason_is_of_a_target() {
        for reason in all() {
            let known = TARGETS.iter().any(|target| target.slug == reason.target);
            assert!(known, "there is no target `{}`", reason.target);
        }
    }
}
