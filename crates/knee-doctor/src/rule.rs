//! What a rule is.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::links::Links;
use crate::loss::LossKind;
use crate::network::{Network, Site};
use crate::options::Options;

/// A rule: what it says of itself, and the check.
pub trait Rule: Sync {
    /// What the rule says of itself.
    fn meta(&self) -> &'static Meta;

    /// Looks at a network. The evidence of [`Meta::needs`] is there; what else the rule finds
    /// missing it answers with [`NotChecked`].
    fn check(&self, context: &Context<'_>) -> Result<Vec<Finding>, NotChecked>;
}

/// What a rule says of itself.
#[derive(Debug)]
pub struct Meta {
    /// Its public name.
    pub slug: &'static str,
    /// One line: the problem, in plain words.
    pub title: &'static str,
    /// One sentence: why it matters.
    pub why: &'static str,
    /// The levels of its findings.
    pub levels: &'static [Severity],
    /// What it reads.
    pub scopes: &'static [Scope],
    /// The evidence without which it cannot say anything.
    pub needs: &'static [Need],
    /// Its thresholds.
    pub parameters: &'static [Parameter],
    /// The doc comment of the rule, in Markdown.
    pub prose: &'static str,
}

/// What a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The graph.
    Graph,
    /// Values seen while the network ran.
    Values,
    /// Gradients.
    Gradients,
    /// Weights.
    Weights,
}

/// Evidence that a rule cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// The network ran on inputs.
    Values,
    /// The loss was differentiated.
    Gradients,
    /// The loss is known.
    Loss,
    /// The labels were seen.
    Labels,
    /// The weights are the initial ones.
    AtInit,
}

/// A threshold of a rule.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in `--set SLUG.NAME=VALUE`.
    pub name: &'static str,
    /// The value when nothing is set.
    pub default: f64,
    /// What it decides; a sentence.
    pub about: &'static str,
    /// Where the value was learned; a sentence.
    pub source: &'static str,
}

/// Why a rule could not be checked: what it needs, in words that follow "needs".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked(pub String);

/// What must be executed for a rule: implemented by whoever can run the network.
pub trait Workbench {
    /// Replaces the linear nodes `first` and `second` (indices into [`Network::nodes`]) and what
    /// lies between them by one linear layer and runs both on the inputs.
    fn fuse(&self, first: usize, second: usize) -> Result<Certificate, String>;
}

/// Proof that two layers are one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certificate {
    /// Largest absolute difference of the two results.
    pub max_difference: f64,
    /// Largest absolute value of the result of the two layers.
    pub scale: f64,
    /// Parameters of the two layers less those of the one.
    pub parameters_saved: i64,
}

/// What a rule looks at.
pub struct Context<'a> {
    /// The rule that is asked.
    pub rule: &'static Meta,
    /// The network.
    pub network: &'a Network,
    /// Its links.
    pub links: &'a Links<'a>,
    /// What was seen, where the network ran.
    pub evidence: Option<&'a Evidence>,
    /// What the caller knows.
    pub options: &'a Options,
    /// Who can execute something.
    pub workbench: Option<&'a dyn Workbench>,
}

impl Context<'_> {
    /// The value of a parameter of this rule.
    ///
    /// # Panics
    ///
    /// When the rule declares no parameter of this name, which its tests would show.
    pub fn parameter(&self, name: &str) -> f64 {
        let declared = self.rule.parameters.iter().find(|p| p.name == name);
        let Some(parameter) = declared else {
            panic!("rule {} declares no parameter {name}", self.rule.slug)
        };
        self.options.settings.value(self.rule, parameter)
    }

    /// The loss that the caller named, or that the evidence was taken with.
    pub fn loss(&self) -> Option<LossKind> {
        self.options.loss.or_else(|| self.evidence?.loss())
    }

    /// A finding of this rule about the whole network; the rule fills in the rest.
    pub fn finding(&self, severity: Severity, cause: String, fixes: Vec<String>) -> Finding {
        Finding {
            rule: self.rule.slug,
            severity,
            site: None,
            layer: None,
            role: None,
            units: Vec::new(),
            measured: None,
            threshold: None,
            samples: 0,
            bound: None,
            cause,
            fixes,
            recheck: self.recheck(),
            site_index: None,
            histogram: None,
        }
    }

    /// A finding about a site.
    pub fn at_site(
        &self,
        site: usize,
        severity: Severity,
        cause: String,
        fixes: Vec<String>,
    ) -> Finding {
        let Site {
            name, layer, role, ..
        } = &self.network.sites[site];
        Finding {
            site: Some(name.clone()),
            layer: Some(layer.clone()),
            role: Some(*role),
            site_index: Some(site),
            ..self.finding(severity, cause, fixes)
        }
    }

    /// A finding about a node.
    pub fn at_node(
        &self,
        node: usize,
        severity: Severity,
        cause: String,
        fixes: Vec<String>,
    ) -> Finding {
        let found = &self.network.nodes[node];
        Finding {
            site: Some(found.name.clone()),
            layer: Some(found.layer.clone()),
            ..self.finding(severity, cause, fixes)
        }
    }

    /// The command that checks this rule again.
    pub fn recheck(&self) -> String {
        let mut words = vec!["knee doctor".to_owned()];
        match &self.options.example {
            Some(example) => words.push(format!("--example {example}")),
            None => words.extend(self.subject()),
        }
        if self.options.at_init {
            words.push("--at-init".to_owned());
        }
        words.push(format!("--only {}", self.rule.slug));
        words.join(" ")
    }

    /// The words that name the network, its inputs and its loss.
    fn subject(&self) -> Vec<String> {
        let name = |known: Option<&str>, unknown: &str| known.map_or(unknown.to_owned(), quoted);
        let mut words = vec![name(self.network.path.as_deref(), "MODEL")];
        let needs_values = self
            .rule
            .needs
            .iter()
            .any(|n| !matches!(n, Need::AtInit | Need::Loss));
        if needs_values || self.evidence.is_some() {
            words.push("--input".to_owned());
            words.push(name(self.options.input.as_deref(), "FILE"));
        }
        if let Some(loss) = self.loss() {
            words.push(format!("--loss {loss}"));
        }
        words
    }
}

/// A path as a shell reads it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@,".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// Declares a rule: its doc comment is the prose that `--explain` prints, so it is written once.
macro_rules! rule {
    (
        $(#[doc = $prose:literal])+
        pub struct $name:ident {
            slug: $slug:literal,
            title: $title:literal,
            why: $why:literal,
            levels: [$($level:ident),+ $(,)?],
            scopes: [$($scope:ident),+ $(,)?],
            needs: [$($need:ident),* $(,)?],
            parameters: {
                $($parameter:ident = $default:expr, $about:literal, $source:literal;)*
            } $(,)?
        }
    ) => {
        $(#[doc = $prose])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl crate::rule::Rule for $name {
            fn meta(&self) -> &'static crate::rule::Meta {
                static META: crate::rule::Meta = crate::rule::Meta {
                    slug: $slug,
                    title: $title,
                    why: $why,
                    levels: &[$(crate::finding::Severity::$level),+],
                    scopes: &[$(crate::rule::Scope::$scope),+],
                    needs: &[$(crate::rule::Need::$need),*],
                    parameters: &[$(crate::rule::Parameter {
                        name: stringify!($parameter),
                        default: $default,
                        about: $about,
                        source: $source,
                    }),*],
                    prose: concat!($($prose, "\n"),+),
                };
                &META
            }

            fn check(
                &self,
                context: &crate::rule::Context<'_>,
            ) -> Result<Vec<crate::finding::Finding>, crate::rule::NotChecked> {
                check(context)
            }
        }
    };
}
pub(crate) use rule;
