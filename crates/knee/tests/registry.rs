//! The list, the files and the catalogue agree, and every name leads to its function.

use std::collections::HashSet;
use std::path::Path;

use knee::{About, Declared, Domain, Framework, Function, ParameterError, ParseError, RowFunction};

use crate::support::{for_each, variants};

/// A name, its aliases, its parameters with their defaults.
type Row = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, f64)],
);

/// Names, aliases, parameters and defaults as the catalogue of the field has them. The threshold of softplus is `PyTorch`'s, 20
/// there and absent here.
const CATALOGUE: &[Row] = &[
    ("identity", &["linear", "none"], &[]),
    ("relu", &[], &[]),
    ("leaky_relu", &["lrelu"], &[("negative_slope", 0.01)]),
    ("relu6", &[], &[]),
    ("elu", &[], &[("alpha", 1.0)]),
    (
        "selu",
        &[],
        &[("alpha", 1.6732632423543772), ("scale", 1.0507009873554805)],
    ),
    ("celu", &[], &[("alpha", 1.0)]),
    ("sigmoid", &["logistic", "softstep"], &[]),
    (
        "hard_sigmoid",
        &["hardsigmoid"],
        &[("alpha", 1.0 / 6.0), ("beta", 0.5)],
    ),
    ("hard_sigmoid_02", &[], &[("alpha", 0.2), ("beta", 0.5)]),
    ("tanh", &[], &[]),
    (
        "hard_tanh",
        &["hardtanh", "clip", "clamp"],
        &[("min_val", -1.0), ("max_val", 1.0)],
    ),
    (
        "softplus",
        &[],
        &[("beta", 1.0), ("threshold", f64::INFINITY)],
    ),
    ("log_sigmoid", &["logsigmoid"], &[]),
    ("silu", &["swish", "swish1"], &[]),
    ("swish_beta", &[], &[("beta", 1.0)]),
    ("hard_swish", &["hardswish", "hard_silu"], &[]),
    ("gelu", &["gelu_erf", "gelu_exact"], &[]),
    (
        "gelu_tanh",
        &[
            "gelu_new",
            "gelu_fast",
            "gelu_pytorch_tanh",
            "gelu_accurate",
        ],
        &[],
    ),
    ("quick_gelu", &["gelu_sigmoid"], &[("alpha", 1.702)]),
    ("mish", &[], &[]),
    ("sine", &["siren"], &[("w0", 30.0)]),
    ("exp", &["exponential"], &[]),
    ("erf", &[], &[]),
];

#[test]
fn the_list_is_the_catalogues() {
    let listed: Vec<_> = Function::all().iter().map(Function::name).collect();
    let catalogued: Vec<_> = CATALOGUE.iter().map(|row| row.0).collect();
    assert_eq!(listed, catalogued);
    for (function, (name, aliases, parameters)) in Function::all().iter().zip(CATALOGUE) {
        assert_eq!(function.about().aliases, *aliases, "{name}");
        let declared: Vec<_> = function
            .parameters()
            .iter()
            .map(|p| (p.name, p.default))
            .collect();
        assert_eq!(declared, *parameters, "{name}");
        assert!(
            function.parameters().iter().all(|p| p.value == p.default),
            "{name}"
        );
    }
}

fn stems(folder: &str) -> HashSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files
        .map(|file| {
            file.expect("a file")
                .path()
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

/// Every file in the folders is in its list, apart from the list itself.
#[test]
fn every_file_is_listed_and_every_listed_one_is_a_file() {
    let mut listed: HashSet<String> = Function::all()
        .iter()
        .map(|f| f.name().to_string())
        .collect();
    listed.insert("mod".to_string());
    assert_eq!(stems("src/functions"), listed);
    let mut rows: HashSet<String> = RowFunction::ALL
        .iter()
        .map(|f| f.name().to_string())
        .collect();
    rows.insert("mod".to_string());
    assert_eq!(stems("src/rows"), rows);
}

#[test]
fn names_and_aliases_are_unique() {
    let mut seen = HashSet::new();
    for function in Function::all() {
        for name in std::iter::once(function.name()).chain(function.about().aliases.iter().copied())
        {
            assert!(seen.insert(name), "{name} names two functions");
        }
    }
}

#[test]
fn foreign_names_are_unique_with_their_attributes() {
    let mut seen = HashSet::new();
    for function in Function::all() {
        for row in function.about().foreign {
            assert!(
                seen.insert(format!(
                    "{:?} {} {:?} {:?}",
                    row.framework, row.op, row.opsets, row.attributes
                )),
                "{function} {}",
                row.op
            );
        }
    }
    for function in RowFunction::ALL {
        for row in function.about().foreign {
            assert_eq!(
                RowFunction::from_foreign(row.framework, row.op),
                Some(*function),
                "{}",
                row.op
            );
        }
    }
    assert_eq!(RowFunction::from_foreign(Framework::Onnx, "Hardmax"), None);
}

#[test]
fn rows_are_documented() {
    for function in RowFunction::ALL {
        documented_about(function.about());
    }
}

fn documented(name: &str) {
    let about = Function::parse(name).expect(name).about();
    documented_about(about);
    // A kink's slope is documented with the derivative.
    if !Function::parse(name).expect(name).facts().kinks.is_empty() {
        assert!(
            about.derivative().contains("it is `"),
            "{name} has kinks; say what the derivative is there"
        );
    }
}

fn documented_about(about: &About) {
    let name = about.name;
    for section in [
        about.formula(),
        about.derivative(),
        about.numerics(),
        about.origin(),
    ] {
        assert!(
            section.len() > 2,
            "{name} lacks one of the headings Formula, Derivative, Numerics, Origin"
        );
    }
    assert!(
        about.title.ends_with('.') && !about.title.contains('\n'),
        "{name}: {}",
        about.title
    );
    assert!(!about.latex.is_empty(), "{name}");
    assert!(
        about.parameters.iter().all(|p| p.doc.trim().ends_with('.')),
        "{name}"
    );
}

fn text_comes_back(name: &str) {
    for function in variants(name) {
        assert_eq!(Function::parse(&function.to_string()), Ok(function));
        assert_eq!(function.to_string().parse(), Ok(function));
    }
    let default = Function::parse(name).expect(name);
    assert_eq!(default.to_string(), name);
    for alias in default.about().aliases {
        assert_eq!(Function::parse(alias), Ok(default), "{alias}");
    }
}

/// Every parameter can be changed, and what is outside of its domain is refused with the value and what was expected.
fn parameters(name: &str) {
    let function = Function::parse(name).expect(name);
    for (parameter, declared) in function
        .parameters()
        .iter()
        .zip(function.about().parameters)
    {
        let other = if parameter.name == "min_val" {
            -7.0
        } else {
            1.5
        };
        let changed = function
            .with(parameter.name, other)
            .expect("a value in the domain");
        let value = changed
            .parameters()
            .into_iter()
            .find(|p| p.name == parameter.name)
            .map(|p| p.value);
        assert_eq!(value, Some(other));
        assert_ne!(changed, function);
        let mut refused = vec![f64::NAN];
        if declared.domain != Domain::Extended {
            refused.push(f64::INFINITY);
        }
        if matches!(declared.domain, Domain::Positive | Domain::NonNegative) {
            refused.push(-1.0);
        }
        if declared.domain == Domain::Positive {
            refused.push(0.0);
        }
        for value in refused {
            let error = function
                .with(parameter.name, value)
                .expect_err("a value outside of the domain");
            assert!(
                matches!(error, ParameterError::OutOfDomain { .. }),
                "{error}"
            );
            assert!(
                error.to_string().contains(declared.domain.in_words()),
                "{error}"
            );
        }
    }
    let error = function
        .with("no_such_parameter", 1.0)
        .expect_err("an unknown parameter");
    assert!(error.to_string().contains("no_such_parameter"), "{error}");
}

for_each!($ documented, text_comes_back, parameters);

#[test]
fn errors_say_what_was_found_and_what_to_do() {
    let message = |text: &str| Function::parse(text).expect_err(text).to_string();
    assert_eq!(
        message("leakyrelu"),
        "unknown function `leakyrelu`; the nearest name is `leaky_relu`"
    );
    assert_eq!(
        message("Mash"),
        "unknown function `Mash`; the nearest name is `mish`"
    );
    assert_eq!(
        message("elu(alpha=x)"),
        "`alpha` is `x`; expected a number such as 0.02"
    );
    assert_eq!(
        message("elu(beta=1)"),
        "elu: unknown parameter `beta`; expected one of: alpha"
    );
    assert_eq!(
        message("relu(alpha=1)"),
        "relu: unknown parameter `alpha`; the function has no parameters, leave it out"
    );
    assert_eq!(
        message("celu(alpha=0)"),
        "celu: `alpha` is 0; expected a finite number greater than 0"
    );
    assert!(message("hard_tanh(min_val=2)").contains("must not be greater than"));
    for text in ["elu(", "elu(alpha)", "elu(alpha=1"] {
        assert!(
            matches!(Function::parse(text), Err(ParseError::Syntax { .. })),
            "{text}"
        );
    }
    assert_eq!(
        RowFunction::parse("softmaks")
            .expect_err("no name")
            .to_string(),
        "unknown function `softmaks`; the nearest name is `softmax`"
    );
}

#[test]
fn parameters_that_only_fit_together_are_set_together() {
    let function =
        Function::parse("hard_tanh(min_val=3, max_val=5)").expect("limits above the default ones");
    assert_eq!(function.value(4.0), 4.0);
}

#[test]
fn a_default_declares_what_it_says() {
    let leaky = knee::LeakyRelu::default();
    assert_eq!(
        (leaky.parameter(0), knee::LeakyRelu::PARAMETERS[0].default),
        (0.01, 0.01)
    );
    assert_eq!(
        Function::from(leaky),
        Function::parse("leaky_relu").expect("a name")
    );
}
