//! The five questions that a report opens with, each answered with its evidence.

use crate::diagnose::{Answer, QuickCheck, SiteSummary, Skipped};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::measure::{number, percent};
use crate::network::Role;
use crate::options::Options;
use crate::rules::shape::squashes;

/// The rules that compare what enters the loss with the loss.
const OUTPUT: [&str; 8] = [
    "double-softmax",
    "double-sigmoid",
    "missing-log-probability",
    "missing-output-activation",
    "softmax-on-multilabel",
    "softmax-over-one",
    "output-range",
    "relu-on-logits",
];
const INITIALISATION: [&str; 2] = ["init-gain", "symmetric-init"];
const DEAD: [&str; 3] = ["dead-units", "dead-layer", "dead-by-norm"];
const GRADIENTS: [&str; 2] = ["vanishing-gradient", "exploding-gradient"];

/// What the questions are answered from.
pub(crate) struct Seen<'a> {
    pub(crate) options: &'a Options,
    pub(crate) evidence: Option<&'a Evidence>,
    pub(crate) findings: &'a [Finding],
    pub(crate) checked: &'a [&'static str],
    pub(crate) not_checked: &'a [Skipped],
    pub(crate) sites: &'a [SiteSummary],
}

/// All five answers.
pub(crate) fn checks(seen: &Seen<'_>) -> [QuickCheck; 5] {
    [
        seen.output(),
        seen.family(),
        seen.initialisation(),
        seen.dead(),
        seen.gradients(),
    ]
}

impl Seen<'_> {
    /// The worst finding of some rules.
    fn worst(&self, rules: &[&str]) -> Option<&Finding> {
        self.findings
            .iter()
            .filter(|f| rules.contains(&f.rule))
            .max_by_key(|f| f.severity)
    }

    /// Why none of some rules was checked.
    fn needs(&self, rules: &[&str]) -> Option<String> {
        if rules.iter().any(|rule| self.checked.contains(rule)) {
            return None;
        }
        let skipped = self
            .not_checked
            .iter()
            .find(|skipped| rules.contains(&skipped.rule));
        Some(skipped.map_or_else(
            || "the rules that answer this were not selected".to_owned(),
            |skipped| format!("needs {}", skipped.needs),
        ))
    }

    /// Answers from the findings of some rules, or with `good` when there are none.
    fn answer(
        &self,
        question: &'static str,
        rules: &[&str],
        good: impl FnOnce() -> String,
    ) -> QuickCheck {
        let (answer, evidence) = if let Some(finding) = self.worst(rules) {
            let bad = finding.severity > Severity::Info;
            (
                if bad { Answer::No } else { Answer::Partly },
                finding.cause.clone(),
            )
        } else if let Some(needs) = self.needs(rules) {
            (Answer::NotChecked, needs)
        } else {
            (Answer::Yes, good())
        };
        QuickCheck {
            question,
            answer,
            evidence,
        }
    }

    fn output(&self) -> QuickCheck {
        let question = "Does the output activation match the loss?";
        let loss = self.options.loss.or_else(|| self.evidence?.loss());
        let Some(loss) = loss else {
            return match self.worst(&OUTPUT) {
                Some(_) => self.answer(question, &OUTPUT, String::new),
                None => QuickCheck {
                    question,
                    answer: Answer::NotChecked,
                    evidence: "needs --loss".to_owned(),
                },
            };
        };
        let values = self.evidence.and_then(Evidence::output);
        let unseen = values.is_some_and(|output| output.values.min > output.values.max);
        let check = self.answer(question, &OUTPUT, || {
            let last = self.sites.iter().rfind(|site| site.role == Role::Output);
            let into = last.map_or("a linear layer", |site| site.function.as_str());
            let seen = values.map_or_else(
                || "judged by the graph; the values need --input".to_owned(),
                |o| {
                    let (low, high) = (number(o.values.min), number(o.values.max));
                    format!("{} rows seen, values from {low} to {high}", o.rows)
                },
            );
            format!("{into} into {loss}: {seen}")
        });
        match check.answer {
            Answer::Yes if unseen => QuickCheck {
                answer: Answer::NotChecked,
                evidence: "needs finite values at the loss".to_owned(),
                ..check
            },
            _ => check,
        }
    }

    fn family(&self) -> QuickCheck {
        let question = "Are the hidden activations of the ReLU family, or why not?";
        let hidden: Vec<&SiteSummary> = self
            .sites
            .iter()
            .filter(|site| site.role == Role::Hidden)
            .collect();
        if let Some(finding) = self.worst(&["hidden-squash"]) {
            let evidence = finding.cause.clone();
            return QuickCheck {
                question,
                answer: Answer::No,
                evidence,
            };
        }
        let squashing = |site: &&&SiteSummary| site.element.is_none_or(squashes);
        let outside = hidden.iter().filter(squashing).count();
        let (answer, evidence) = if hidden.is_empty() {
            (Answer::Partly, "there is no hidden activation".to_owned())
        } else if outside == 0 {
            (
                Answer::Yes,
                format!(
                    "{} of {} hidden sites: {}",
                    hidden.len(),
                    hidden.len(),
                    names(&hidden)
                ),
            )
        } else {
            let evidence = format!(
                "{outside} of {} hidden sites squash: {}; too few in a row, or with a norm or a \
                 residual between them, to do harm",
                hidden.len(),
                names(&hidden)
            );
            (Answer::Partly, evidence)
        };
        QuickCheck {
            question,
            answer,
            evidence,
        }
    }

    fn initialisation(&self) -> QuickCheck {
        self.answer(
            "Does the initialisation match them?",
            &INITIALISATION,
            || {
                "the weights are not symmetric and signals keep their scale from input to output"
                    .to_owned()
            },
        )
    }

    fn dead(&self) -> QuickCheck {
        let judged = || {
            let hidden = self.sites.iter().filter(|site| site.role == Role::Hidden);
            hidden.filter_map(|site| Some((site.dead?, site.zeros?, site.units? as f64)))
        };
        let units: f64 = judged().map(|(_, _, units)| units).sum();
        let summary = || {
            let dead: f64 = judged().map(|(dead, _, units)| dead * units).sum();
            let zeros: f64 = judged().map(|(_, zeros, units)| zeros * units).sum();
            let samples = self.evidence.map_or(0, Evidence::samples);
            format!(
                "{dead:.0} of {units:.0} hidden units never fired in {samples} inputs; {} of the outputs are exactly 0",
                percent(zeros / units)
            )
        };
        let mut check = self.answer(
            "What share of units is dead, and of outputs zero?",
            &DEAD,
            String::new,
        );
        if units > 0.0 {
            check.evidence = summary();
            if check.answer == Answer::NotChecked && self.worst(&DEAD).is_none() {
                check.answer = Answer::Partly;
            }
        } else if check.answer == Answer::Yes {
            // Only the prediction from the weights was checked, which is not an answer.
            check.answer = Answer::NotChecked;
            check.evidence = self
                .needs(&DEAD[..2])
                .unwrap_or_else(|| "there is no hidden activation".to_owned());
        }
        check
    }

    fn gradients(&self) -> QuickCheck {
        let seen = || {
            let hidden = self.sites.iter().filter(|site| site.role == Role::Hidden);
            hidden.filter_map(|site| site.gradient)
        };
        let check = self.answer(
            "Are gradient magnitudes comparable across layers?",
            &GRADIENTS,
            || {
                format!(
                    "{} hidden sites, dL/da per input from {} to {}",
                    seen().count(),
                    number(seen().fold(f64::INFINITY, f64::min)),
                    number(seen().fold(0.0, f64::max))
                )
            },
        );
        match check.answer {
            Answer::Yes if seen().next().is_none() => QuickCheck {
                answer: Answer::NotChecked,
                evidence: "no hidden site received a finite gradient".to_owned(),
                ..check
            },
            _ => check,
        }
    }
}

/// The functions of some sites, each once.
fn names(sites: &[&SiteSummary]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for site in sites {
        if !names.contains(&site.function.as_str()) {
            names.push(&site.function);
        }
    }
    names.join(", ")
}
