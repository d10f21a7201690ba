//! Findings that are told together: one rule at many places says why and what to do once.

use crate::finding::Finding;

/// Findings of one rule and severity whose advice is the same, each at its own place.
pub(super) struct Group<'a> {
    /// At least one, in the order of the diagnosis.
    pub(super) findings: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    /// What the findings of the group share is taken from the first.
    pub(super) fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    /// The heading: the rule, at how many places, and what it means.
    pub(super) fn heading(&self, title: Option<&str>) -> String {
        let places = match self.findings.len() {
            1 => String::new(),
            n => format!(" at {n} places"),
        };
        let title = title.map_or(String::new(), |title| format!(": {title}"));
        format!("{}{places}{title}", self.first().rule)
    }
}

/// The findings in groups; a group stands where its first finding stood.
pub(super) fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let fits = |group: &&mut Group<'_>| {
            let first = group.first();
            first.rule == finding.rule
                && first.severity == finding.severity
                && first.fixes == finding.fixes
                && first.recheck == finding.recheck
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group {
                findings: vec![finding],
            }),
        }
    }
    groups
}
