//! The attributes of a node, as the file states them.

use onnx_ir::{AttributeProto, NodeProto};

/// The attributes of a node.
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'a>(pub(crate) &'a [AttributeProto]);

impl<'a> Attributes<'a> {
    pub(crate) fn of(node: &'a NodeProto) -> Self {
        Self(&node.attribute)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a AttributeProto> {
        self.0.iter().find(|a| a.name == name)
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name).map(|a| a.i)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.int(name).is_some_and(|i| i != 0)
    }

    pub(crate) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.get(name).map(|a| a.ints.as_slice())
    }

    pub(crate) fn float(&self, name: &str) -> Option<f64> {
        self.get(name).map(|a| f64::from(a.f))
    }

    pub(crate) fn floats(&self, name: &str) -> Option<&'a [f32]> {
        self.get(name).map(|a| a.floats.as_slice())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(|a| std::str::from_utf8(&a.s).ok())
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).map_or_else(Vec::new, |a| {
            a.strings
                .iter()
                .map(|s| String::from_utf8_lossy(s).into_owned())
                .collect()
        })
    }

    /// The value of a number, or what `Function::from_foreign` takes for a word: `approximate`
    /// counts as 1 for `"tanh"` and 0 for anything else.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        let attribute = self.get(name)?;
        Some(match attribute.type_.value() {
            2 => attribute.i as f64,
            3 => f64::from(u8::from(attribute.s.as_ref() == b"tanh")),
            _ => f64::from(attribute.f),
        })
    }
}
