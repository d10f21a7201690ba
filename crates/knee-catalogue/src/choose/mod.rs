//! Which functions suit a task: of the hidden layers and of the output, with the number of outputs, the loss and the
//! initialisation that go with them.
//!
//! ```
//! use knee_catalogue::choose::{Question, Task, choose};
//! let advice = choose(&Question::new(Task::Binary)).unwrap();
//! assert_eq!((advice.output.choice.as_str(), advice.units.choice.as_str()), ("sigmoid", "1"));
//! assert_eq!(advice.loss.choice, "bce_with_logits");
//! ```

mod hidden;
mod initialisation;
mod output;

use std::fmt;

use crate::{Entry, Fact};

/// What the network predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// A number of any sign.
    Regression,
    /// A number above zero.
    Positive,
    /// A number between two ends.
    Bounded,
    /// Yes or no.
    Binary,
    /// One of several classes.
    Multiclass,
    /// Any number of several labels.
    Multilabel,
}

/// How the network is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// Dense layers.
    Mlp,
    /// Convolutions.
    Cnn,
    /// Attention and dense blocks.
    Transformer,
    /// Recurrent cells with gates, such as LSTM.
    Rnn,
    /// The discriminator of a generative adversarial network.
    Gan,
}

/// What the hidden function must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// Cheap on small devices and in fixed point: no exponential.
    Edge,
    /// Values between two numbers.
    Bounded,
    /// Continuous derivatives.
    Smooth,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What the network predicts.
    pub task: Task,
    /// The number of classes or labels.
    pub classes: Option<u64>,
    /// The number of hidden layers.
    pub depth: Option<u64>,
    /// How the network is built.
    pub architecture: Architecture,
    /// What the hidden function must have.
    pub constraints: Vec<Constraint>,
    /// A hidden function that is settled.
    pub hidden: Option<Entry>,
}

impl Question {
    /// About a network of dense layers, without constraints.
    pub fn new(task: Task) -> Self {
        Self {
            task,
            classes: None,
            depth: None,
            architecture: Architecture::Mlp,
            constraints: Vec::new(),
            hidden: None,
        }
    }

    fn needs(&self, constraint: Constraint) -> bool {
        self.constraints.contains(&constraint)
    }

    /// Layers from which a dense network needs help to stay trainable.
    fn is_deep(&self) -> bool {
        self.depth.is_some_and(|depth| depth >= DEEP)
    }
}

/// From so many dense layers on, the variance has drifted by more than the usual initialisation can be off: Klambauer et
/// al. 2017 see plain networks fail from 8 layers on.
const DEEP: u64 = 8;

/// One part of the advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What to take.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// What it costs, and when to take something else.
    pub trade_off: String,
}

impl Part {
    fn new(
        choice: impl Into<String>,
        reason: impl Into<String>,
        trade_off: impl Into<String>,
    ) -> Self {
        Self {
            choice: choice.into(),
            reason: reason.into(),
            trade_off: trade_off.into(),
        }
    }
}

/// What to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The function of the hidden layers; none where there are no hidden layers.
    pub hidden: Option<Part>,
    /// The function of the gates, in a recurrent network.
    pub gates: Option<Part>,
    /// The function of the output.
    pub output: Part,
    /// The number of output units.
    pub units: Part,
    /// The loss.
    pub loss: Part,
    /// How the weights begin.
    pub initialisation: Part,
}

impl Advice {
    /// The parts that there are, with their names.
    pub fn parts(&self) -> Vec<(&'static str, &Part)> {
        let parts = [
            ("hidden", self.hidden.as_ref()),
            ("gates", self.gates.as_ref()),
            ("output", Some(&self.output)),
            ("units", Some(&self.units)),
            ("loss", Some(&self.loss)),
            ("initialisation", Some(&self.initialisation)),
        ];
        parts
            .into_iter()
            .filter_map(|(name, part)| part.map(|part| (name, part)))
            .collect()
    }
}

/// A question that has no answer: what contradicts what, or what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswerable(String);

impl fmt::Display for Unanswerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unanswerable {}

/// The advice for a question.
pub fn choose(question: &Question) -> Result<Advice, Unanswerable> {
    check(question)?;
    let (output, units, loss) = output::of(question)?;
    let hidden = hidden::of(question)?;
    Ok(Advice {
        initialisation: initialisation::of(question, hidden.as_ref()),
        hidden: hidden.map(|(_, part)| part),
        gates: hidden::gates(question),
        output,
        units,
        loss,
    })
}

/// What a settled hidden function contradicts.
fn check(question: &Question) -> Result<(), Unanswerable> {
    let Some(hidden) = &question.hidden else {
        return Ok(());
    };
    let facts = [
        (
            Constraint::Bounded,
            Fact::Bounded,
            "bounded",
            "its values have no bound",
        ),
        (
            Constraint::Smooth,
            Fact::Smooth,
            "smooth",
            "not all its derivatives are continuous",
        ),
    ];
    if hidden.curve().is_none() {
        return Err(Unanswerable(format!(
            "--hidden {hidden} is no function of one number; give one such as tanh"
        )));
    }
    if question.depth == Some(0) {
        return Err(Unanswerable(format!(
            "--hidden {hidden} contradicts --depth 0, a network without hidden layers; leave one of them out"
        )));
    }
    for (constraint, fact, word, fault) in facts {
        if question.needs(constraint) && !fact.holds(hidden) {
            return Err(Unanswerable(format!(
                "--hidden {hidden} contradicts --constraint {word}: {fault}; leave one of them out"
            )));
        }
    }
    Ok(())
}
