//! The advice for tasks that everybody knows.

use knee_catalogue::Entry;
use knee_catalogue::choose::{Advice, Architecture, Constraint, Question, Task, choose};

fn advice(question: &Question) -> Advice {
    choose(question).expect("an answer")
}

/// Hidden function, output, units and loss.
fn short(advice: &Advice) -> [&str; 4] {
    [
        advice.hidden.as_ref().map_or("none", |part| &part.choice),
        &advice.output.choice,
        &advice.units.choice,
        &advice.loss.choice,
    ]
}

fn classes(task: Task, classes: u64) -> Question {
    Question {
        classes: Some(classes),
        ..Question::new(task)
    }
}

#[test]
fn a_spam_filter_has_one_unit_and_a_sigmoid_inside_the_loss() {
    let spam = advice(&Question::new(Task::Binary));
    assert_eq!(short(&spam), ["relu", "sigmoid", "1", "bce_with_logits"]);
    assert!(spam.initialisation.choice.starts_with("He"));
    assert_eq!(short(&advice(&classes(Task::Binary, 2))), short(&spam));
}

#[test]
fn ten_digits_are_one_softmax() {
    let digits = Question {
        architecture: Architecture::Cnn,
        ..classes(Task::Multiclass, 10)
    };
    assert_eq!(
        short(&advice(&digits)),
        ["relu", "softmax", "10", "cross_entropy"]
    );
}

#[test]
fn house_prices_are_positive_or_a_plain_regression() {
    let regression = advice(&Question::new(Task::Regression));
    assert_eq!(short(&regression), ["relu", "identity", "1", "mse"]);
    let positive = advice(&Question::new(Task::Positive));
    assert_eq!(short(&positive), ["relu", "softplus", "1", "mse"]);
    let bounded = advice(&Question::new(Task::Bounded));
    assert_eq!(short(&bounded), ["relu", "sigmoid", "1", "mse"]);
}

#[test]
fn a_thousand_classes_of_images() {
    let images = Question {
        architecture: Architecture::Cnn,
        depth: Some(50),
        ..classes(Task::Multiclass, 1000)
    };
    let images = advice(&images);
    assert_eq!(short(&images), ["relu", "softmax", "1000", "cross_entropy"]);
    assert!(images.loss.trade_off.contains("label smoothing"));
    assert!(images.units.trade_off.contains("1000 rows"));
}

#[test]
fn tags_have_a_sigmoid_each() {
    let tags = advice(&classes(Task::Multilabel, 40));
    assert_eq!(short(&tags), ["relu", "sigmoid", "40", "bce_with_logits"]);
    assert!(tags.output.reason.contains("one sigmoid per label"));
}

#[test]
fn a_discriminator_is_leaky() {
    let gan = Question {
        architecture: Architecture::Gan,
        ..Question::new(Task::Binary)
    };
    let gan = advice(&gan);
    assert_eq!(short(&gan)[0], "leaky_relu(negative_slope=0.2)");
    assert_eq!(gan.loss.choice, "bce_with_logits");
}

#[test]
fn an_lstm_has_sigmoid_gates_and_tanh() {
    let lstm = Question {
        architecture: Architecture::Rnn,
        ..Question::new(Task::Regression)
    };
    let lstm = advice(&lstm);
    assert_eq!(short(&lstm)[0], "tanh");
    assert_eq!(lstm.gates.expect("gates").choice, "sigmoid");
    assert!(lstm.initialisation.choice.starts_with("Glorot"));
    assert!(lstm.initialisation.trade_off.contains("orthogonal"));
}

#[test]
fn a_legacy_tanh_network_begins_with_glorot() {
    let old = Question {
        hidden: Entry::parse("tanh").ok(),
        ..Question::new(Task::Regression)
    };
    let old = advice(&old);
    assert_eq!(short(&old)[0], "tanh");
    assert!(old.initialisation.choice.starts_with("Glorot"));
    let selu = Question {
        hidden: Entry::parse("selu").ok(),
        ..Question::new(Task::Regression)
    };
    assert!(advice(&selu).initialisation.choice.starts_with("LeCun"));
}

#[test]
fn constraints_decide_the_hidden_function() {
    use Architecture::{Cnn, Mlp, Transformer};
    use Constraint::{Bounded, Edge, Smooth};
    let cases: [(Architecture, &[Constraint], Option<u64>, &str); 9] = [
        (Cnn, &[Edge], None, "hard_swish"),
        (Mlp, &[Edge], None, "relu"),
        (Mlp, &[Bounded], None, "tanh"),
        (Mlp, &[Bounded, Edge], None, "relu6"),
        (Mlp, &[Bounded, Smooth], None, "tanh"),
        (Mlp, &[Smooth], None, "silu"),
        (Transformer, &[], None, "gelu"),
        (Mlp, &[], Some(20), "selu"),
        (Mlp, &[], Some(0), "none"),
    ];
    for (architecture, constraints, depth, expected) in cases {
        let question = Question {
            architecture,
            constraints: constraints.to_vec(),
            depth,
            ..Question::new(Task::Binary)
        };
        assert_eq!(short(&advice(&question))[0], expected, "{question:?}");
    }
}

#[test]
fn contradictions_say_what_to_do() {
    use Constraint::{Bounded, Edge, Smooth};
    let hidden = |name: &str, constraint: Constraint| Question {
        hidden: Entry::parse(name).ok(),
        constraints: vec![constraint],
        ..Question::new(Task::Binary)
    };
    let cases = [
        (Question::new(Task::Multiclass), "add --classes K"),
        (Question::new(Task::Multilabel), "add --classes K"),
        (classes(Task::Multiclass, 1), "at least 2"),
        (classes(Task::Multilabel, 0), "at least 1"),
        (classes(Task::Binary, 3), "take --task multiclass"),
        (classes(Task::Regression, 3), "leave it out"),
        (
            Question {
                constraints: vec![Edge, Smooth],
                ..Question::new(Task::Binary)
            },
            "leave one of them out",
        ),
        (
            hidden("relu", Smooth),
            "not all its derivatives are continuous",
        ),
        (hidden("gelu", Bounded), "its values have no bound"),
        (hidden("softmax", Edge), "no function of one number"),
        (
            Question {
                hidden: Entry::parse("tanh").ok(),
                depth: Some(0),
                ..Question::new(Task::Binary)
            },
            "contradicts --depth 0",
        ),
    ];
    for (question, expected) in cases {
        let error = choose(&question).expect_err("no answer").to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn every_part_has_a_reason_and_a_trade_off() {
    for task in [
        Task::Regression,
        Task::Positive,
        Task::Bounded,
        Task::Binary,
        Task::Multiclass,
        Task::Multilabel,
    ] {
        for architecture in [
            Architecture::Mlp,
            Architecture::Cnn,
            Architecture::Transformer,
            Architecture::Rnn,
            Architecture::Gan,
        ] {
            let classes = matches!(task, Task::Multiclass | Task::Multilabel).then_some(5);
            let question = Question {
                architecture,
                classes,
                ..Question::new(task)
            };
            for (name, part) in advice(&question).parts() {
                for text in [&part.choice, &part.reason, &part.trade_off] {
                    assert!(!text.is_empty(), "{name} of {question:?}");
                }
            }
        }
    }
}
