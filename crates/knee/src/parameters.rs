//! Reading and writing the parameters of a function: the same for every list.
//!
//! ```
//! use knee::parameters::parse;
//! assert_eq!(parse("elu(alpha=0.5)").unwrap(), ("elu", vec![("alpha", 0.5)]));
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::activation::{About, Declared, Parameter};
use crate::error::{ParameterError, ParseError};

/// Names of parameters with values.
pub type Settings<'a> = Vec<(&'a str, f64)>;

/// Sets parameters, each of which must be in its domain.
pub(crate) fn set<F: Declared>(
    function: &mut F,
    about: &About,
    settings: &[(&str, f64)],
) -> Result<(), ParameterError> {
    for &(name, value) in settings {
        let index = about.parameters.iter().position(|p| p.name == name);
        let index = index.ok_or_else(|| ParameterError::unknown(about, name))?;
        if !about.parameters[index].domain.contains(value) {
            return Err(ParameterError::outside(about, index, value));
        }
        function.set_parameter(index, value);
    }
    Ok(())
}

/// The parameters with their values.
pub fn list<F: Declared>(function: &F) -> Vec<Parameter> {
    let declared = F::PARAMETERS.iter().enumerate();
    declared
        .map(|(index, p)| Parameter {
            name: p.name,
            value: function.parameter(index),
            default: p.default,
        })
        .collect()
}

/// A name with settings of parameters, as `name` or `name(parameter=value, ..)`.
pub fn parse(text: &str) -> Result<(&str, Settings<'_>), ParseError> {
    let syntax = || ParseError::Syntax { found: text.into() };
    let (name, arguments) = match text.trim().split_once('(') {
        None => (text.trim(), ""),
        Some((name, rest)) => (name.trim(), rest.strip_suffix(')').ok_or_else(syntax)?),
    };
    let mut settings = Vec::new();
    for argument in arguments.split(',').filter(|text| !text.trim().is_empty()) {
        let (parameter, value) = argument.split_once('=').ok_or_else(syntax)?;
        let (parameter, value) = (parameter.trim(), value.trim());
        let number = value.parse().map_err(|_| ParseError::NotANumber {
            parameter: parameter.into(),
            found: value.into(),
        })?;
        settings.push((parameter, number));
    }
    Ok((name, settings))
}

/// The member of a list that has the name, or the alias.
pub(crate) fn find<F: Copy>(
    all: &[F],
    about: impl Fn(&F) -> &'static About,
    name: &str,
) -> Result<F, ParseError> {
    let names = |f: &F| core::iter::once(about(f).name).chain(about(f).aliases.iter().copied());
    let found = all.iter().find(|f| names(f).any(|known| known == name));
    found.copied().ok_or_else(|| ParseError::UnknownFunction {
        found: String::from(name),
        nearest: crate::text::nearest(name, all.iter().flat_map(names)),
    })
}

/// Writes a name with the parameters that are not at their default.
pub fn write(f: &mut fmt::Formatter<'_>, name: &str, all: &[Parameter]) -> fmt::Result {
    f.write_str(name)?;
    let mut separator = "(";
    for parameter in all.iter().filter(|p| p.value != p.default) {
        write!(f, "{separator}{}={}", parameter.name, parameter.value)?;
        separator = ", ";
    }
    if separator == "(" {
        Ok(())
    } else {
        f.write_str(")")
    }
}
