//! The list, the files and the catalogue agree, and every name leads to its function.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use knee::gated::GatedFunction;
use knee::{About, Declared, Domain, Framework, Function, ParameterError, ParseError, RowFunction};

use crate::support::catalogue::{catalogue, entry};
use crate::support::{for_each, variants};

/// The one default that is not the field's: `PyTorch`'s softplus becomes the identity at 20, the plain one nowhere.
const OWN_DEFAULTS: &[(&str, &str)] = &[("softplus", "threshold")];

/// Names, aliases, parameters and defaults are the catalogue's, where it has the function.
fn catalogued(name: &str) {
    let function = Function::parse(name).expect(name);
    let Some(entry) = entry(name) else { return };
    assert_eq!(function.about().aliases, entry.aliases, "{name}");
    let declared: BTreeSet<&str> = function.parameters().iter().map(|p| p.name).collect();
    let known: BTreeSet<&str> = entry.parameters.keys().map(String::as_str).collect();
    assert_eq!(declared, known, "{name}");
    for parameter in function.parameters() {
        assert_eq!(parameter.value, parameter.default, "{name}");
        // A default in words is one that has to be chosen.
        if let Some(default) = entry.parameters[parameter.name].as_f64()
            && !OWN_DEFAULTS.contains(&(name, parameter.name))
        {
            assert_eq!(parameter.default, default, "{name}, {}", parameter.name);
        }
    }
}

#[test]
fn the_catalogue_is_read() {
    assert!(catalogue().len() > 100);
    let found = Function::all()
        .iter()
        .filter(|f| entry(f.name()).is_some())
        .count();
    assert!(found >= 20, "{found}");
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
    rows.extend(["kernel", "mod", knee::LogSumExp::NAME, knee::PolyNorm::NAME].map(str::to_string));
    assert_eq!(stems("src/rows"), rows);
    let mut gated: HashSet<String> = GatedFunction::ALL
        .iter()
        .map(|f| f.name().to_string())
        .collect();
    let others = ["evaluate", "layout", "mod", "packed", "pieces", "product"];
    gated.extend(others.map(str::to_string));
    assert_eq!(stems("src/gated"), gated);
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
    assert_eq!(RowFunction::from_foreign(Framework::Onnx, "Relu"), None);
}

#[test]
fn what_is_not_element_wise_is_documented() {
    for function in RowFunction::ALL {
        documented_about(function.about());
    }
    for function in GatedFunction::ALL {
        documented_about(function.about());
    }
    for about in [
        knee::LogSumExp::ABOUT,
        knee::PolyNorm::ABOUT,
        knee::channels::Crelu::ABOUT,
        knee::channels::Maxout::ABOUT,
        knee::random::GumbelSoftmax::ABOUT,
        knee::random::Rrelu::ABOUT,
    ] {
        documented_about(about);
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
        // Not every value fits to the other parameters.
        let settable = |value: &f64| function.with(parameter.name, *value).is_ok();
        let other = [1.5, -7.0]
            .into_iter()
            .find(settable)
            .expect("a value in the domain");
        let changed = function
            .with(parameter.name, other)
            .expect("a value that was tried");
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

for_each!($ catalogued, documented, text_comes_back, parameters);

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
