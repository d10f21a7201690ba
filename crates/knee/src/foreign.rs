//! What other frameworks call the functions, with which attributes and defaults.
//!
//! A foreign name maps to a function *and* its parameters: `HardSigmoid` without attributes is not the same function in ONNX
//! as `Hardsigmoid` is in PyTorch, and each stays what it is there.

use alloc::string::String;
use alloc::vec::Vec;

use crate::functions::Function;

/// A framework whose names are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Framework {
    /// ONNX, and the contributed operators of onnxruntime as `com.microsoft.NAME`.
    Onnx,
    /// `PyTorch`: modules (`nn.LeakyReLU`) and functions (`F.leaky_relu`, `torch.tanh`).
    Torch,
    /// JAX: `jax.nn.leaky_relu`, `jnp.tanh`.
    Jax,
    /// Keras 3, by its function's name: `leaky_relu`.
    Keras,
    /// The activation names of Hugging Face transformers: `gelu_new`.
    HuggingFace,
}

/// What an attribute of a foreign operator means here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// It is the parameter of that name.
    Parameter(&'static str),
    /// The operator is this function only if the attribute has this value.
    Required(f64),
}

/// An attribute of a foreign operator. `approximate`, a string, counts as 0 for `"none"` and 1 for `"tanh"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// Its name there.
    pub name: &'static str,
    /// Its value there if it is not given.
    pub default: f64,
    /// What it means here.
    pub meaning: Meaning,
}

/// An operator of a framework that is a function of this crate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foreign {
    /// Whose operator it is.
    pub framework: Framework,
    /// Its name there.
    pub op: &'static str,
    /// For ONNX: the operator sets in which these defaults hold, first and last.
    pub opsets: (u32, u32),
    /// Its attributes.
    pub attributes: &'static [Attribute],
    /// Parameters of this crate's function that the operator fixes.
    pub fixed: &'static [(&'static str, f64)],
}

/// An ONNX operator of every operator set.
pub(crate) const fn onnx(op: &'static str, attributes: &'static [Attribute]) -> Foreign {
    named(Framework::Onnx, op, attributes)
}

/// A `PyTorch` module, which stands for the function of the same name as well.
pub(crate) const fn torch(op: &'static str, attributes: &'static [Attribute]) -> Foreign {
    named(Framework::Torch, op, attributes)
}

/// A JAX function, by its full name.
pub(crate) const fn jax(op: &'static str, attributes: &'static [Attribute]) -> Foreign {
    named(Framework::Jax, op, attributes)
}

/// A Keras 3 function, by its short name.
pub(crate) const fn keras(op: &'static str, attributes: &'static [Attribute]) -> Foreign {
    named(Framework::Keras, op, attributes)
}

/// An activation name of Hugging Face transformers, which has no attributes.
pub(crate) const fn hf(op: &'static str) -> Foreign {
    named(Framework::HuggingFace, op, &[])
}

const fn named(
    framework: Framework,
    op: &'static str,
    attributes: &'static [Attribute],
) -> Foreign {
    Foreign {
        framework,
        op,
        opsets: (1, u32::MAX),
        attributes,
        fixed: &[],
    }
}

impl Foreign {
    /// Whether this row is about an operator of that name.
    pub(crate) fn is(&self, framework: Framework, op: &str) -> bool {
        self.framework == framework && same_name(framework, self.op, op)
    }

    /// The same operator, only in these ONNX operator sets.
    pub(crate) const fn in_opsets(self, first: u32, last: u32) -> Self {
        Self {
            opsets: (first, last),
            ..self
        }
    }

    /// The same operator, which fixes these parameters.
    pub(crate) const fn with(self, fixed: &'static [(&'static str, f64)]) -> Self {
        Self { fixed, ..self }
    }
}

/// An attribute that is a parameter here.
pub(crate) const fn maps(name: &'static str, default: f64, parameter: &'static str) -> Attribute {
    Attribute {
        name,
        default,
        meaning: Meaning::Parameter(parameter),
    }
}

/// An attribute that must have a value.
pub(crate) const fn requires(name: &'static str, default: f64, value: f64) -> Attribute {
    Attribute {
        name,
        default,
        meaning: Meaning::Required(value),
    }
}

impl Function {
    /// The function that a framework's operator is, with its parameters, or `None` if there is none.
    ///
    /// `attribute` gives the value of an attribute that was written down, and `None` for one that was not: then the default
    /// of that framework holds. ONNX stores numbers as `f32`; a number that is the `f32` of a default or of a short decimal is
    /// read as that. For an old ONNX file `attribute("opset")` may give its operator set.
    ///
    /// ```
    /// use knee::{Framework, Function};
    /// let none = |_: &str| None;
    /// let pytorch = Function::from_foreign(Framework::Torch, "nn.Hardsigmoid", &none).unwrap();
    /// let onnx = Function::from_foreign(Framework::Onnx, "HardSigmoid", &none).unwrap();
    /// assert_eq!((pytorch.name(), onnx.name()), ("hard_sigmoid", "hard_sigmoid_02"));
    /// ```
    pub fn from_foreign(
        framework: Framework,
        op: &str,
        attribute: &dyn Fn(&str) -> Option<f64>,
    ) -> Option<Self> {
        let opset = attribute("opset").map_or(u32::MAX, |opset| opset as u32);
        let candidates = Self::all().into_iter().flat_map(|function| {
            function
                .about()
                .foreign
                .iter()
                .map(move |row| (function, row))
        });
        let rows = candidates.filter(|(_, row)| {
            row.is(framework, op)
                && (row.opsets.0..=row.opsets.1).contains(&opset)
                && row.attributes.iter().all(|wanted| wanted.allows(attribute))
        });
        // The row that requires most is the most specific one: Clip(0, 6) is relu6 before it is hard_tanh.
        let (function, row) =
            rows.max_by_key(|(_, row)| row.attributes.iter().filter(|a| a.is_required()).count())?;
        function.filled(row, attribute)
    }

    /// The function with the parameters that a row of its foreign names gives.
    fn filled(self, row: &Foreign, attribute: &dyn Fn(&str) -> Option<f64>) -> Option<Self> {
        let mut settings: Vec<(&str, f64)> = row.fixed.to_vec();
        for wanted in row.attributes {
            if let Meaning::Parameter(name) = wanted.meaning {
                let default = self.parameters().iter().find(|p| p.name == name)?.default;
                let value = attribute(wanted.name).unwrap_or(wanted.default);
                let value = if row.framework == Framework::Onnx {
                    from_single(value, default)
                } else {
                    value
                };
                settings.push((name, value));
            }
        }
        if matches!(row.op, "Clip" | "clamp") {
            upper_limit_wins(&mut settings);
        }
        self.with_all(&settings).ok()
    }
}

/// Where the lower limit of `Clip` or `clamp` is above the upper one, every value is the upper one.
fn upper_limit_wins(settings: &mut [(&str, f64)]) {
    let value = |name| {
        settings
            .iter()
            .find(|(given, _)| *given == name)
            .map(|&(_, value)| value)
    };
    let Some(upper) = value("max_val") else {
        return;
    };
    for (name, value) in settings {
        if *name == "min_val" {
            *value = value.min(upper);
        }
    }
}

impl Attribute {
    fn is_required(&self) -> bool {
        matches!(self.meaning, Meaning::Required(_))
    }

    fn allows(&self, attribute: &dyn Fn(&str) -> Option<f64>) -> bool {
        match self.meaning {
            Meaning::Parameter(_) => true,
            // Compared as f32, in which files store it.
            Meaning::Required(value) => {
                attribute(self.name).unwrap_or(self.default) as f32 == value as f32
            }
        }
    }
}

/// The number meant by one that was stored as `f32`: the default if that rounds to it, else its shortest decimal.
fn from_single(value: f64, default: f64) -> f64 {
    let single = value as f32;
    if single == default as f32 {
        default
    } else if f64::from(single) == value {
        alloc::format!("{single}").parse().unwrap_or(value)
    } else {
        value
    }
}

/// Whether two names mean the same operator: exactly in ONNX and transformers; elsewhere without module path, case and underscores.
fn same_name(framework: Framework, ours: &str, theirs: &str) -> bool {
    let plain = |name: &str| -> String {
        let last = name.rsplit('.').next().unwrap_or(name);
        last.chars()
            .filter(|&c| c != '_')
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    match framework {
        Framework::Onnx | Framework::HuggingFace => ours == theirs,
        Framework::Torch | Framework::Jax | Framework::Keras => plain(ours) == plain(theirs),
    }
}
