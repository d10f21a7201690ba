//! Recorded cases: `cases.txt` has one block for each, `tensors.bin` the elements of its tensors.

use std::path::{Path, PathBuf};

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Double,
    Single,
    Half,
    Brain,
    Integer,
}

impl Kind {
    fn named(name: &str) -> Self {
        match name {
            "float64" => Self::Double,
            "float32" => Self::Single,
            "float16" => Self::Half,
            "bfloat16" => Self::Brain,
            "int64" => Self::Integer,
            _ => panic!("no tensor has the type {name}"),
        }
    }

    /// Digits of the significand, and the exponent of the smallest subnormal number.
    fn format(self) -> (i32, i32) {
        match self {
            Self::Single => (24, -149),
            Self::Half => (11, -24),
            Self::Brain => (8, -133),
            Self::Double | Self::Integer => (53, -1074),
        }
    }

    /// The unit in the last place at a number.
    pub(super) fn unit(self, at: f64) -> f64 {
        let (digits, smallest) = self.format();
        let exponent = (at.abs().to_bits() >> 52) as i32 - 1023;
        f64::from((exponent - digits + 1).max(smallest)).exp2()
    }

    /// The nearest number of the type to one that does not overflow it.
    pub(super) fn round(self, x: f64) -> f64 {
        if x.is_finite() {
            (x / self.unit(x)).round_ties_even() * self.unit(x)
        } else {
            x
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Double => 8,
            Self::Single => 4,
            Self::Half | Self::Brain => 2,
            Self::Integer => 1,
        }
    }

    /// A number from its bytes. Each of these types is a part of `f64`.
    fn number(self, bytes: &[u8]) -> f64 {
        match self {
            Self::Double => f64::from_le_bytes(bytes.try_into().expect("8 bytes")),
            Self::Single => f64::from(f32::from_le_bytes(bytes.try_into().expect("4 bytes"))),
            Self::Brain => f64::from(f32::from_le_bytes([0, 0, bytes[0], bytes[1]])),
            Self::Integer => f64::from(bytes[0].cast_signed()),
            Self::Half => {
                let bits = u16::from_le_bytes(bytes.try_into().expect("2 bytes"));
                let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
                let size = match exponent {
                    0 => fraction * (-24.0_f64).exp2(),
                    31 => panic!("no recorded half is infinite"),
                    _ => (1024.0 + fraction) * f64::from(exponent - 25).exp2(),
                };
                if bits >> 15 == 1 { -size } else { size }
            }
        }
    }
}

/// A tensor, its elements as numbers.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) shape: Vec<usize>,
    pub(super) data: Vec<f64>,
}

impl Tensor {
    /// The elements as `f32`.
    pub(super) fn singles(&self) -> Vec<f32> {
        self.data.iter().map(|&x| x as f32).collect()
    }
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
}

/// A recorded case.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) op: String,
    /// The operator set, for ONNX.
    pub(super) opset: f64,
    /// What the suite allows: relative and absolute.
    pub(super) tolerance: (f64, f64),
    /// Cases with the same data whose graph is the operator's definition in primitive operators.
    pub(super) expanded: Vec<String>,
    pub(super) attributes: Vec<(String, Value)>,
    pub(super) inputs: Vec<Tensor>,
    pub(super) outputs: Vec<Tensor>,
}

impl Case {
    /// An attribute, or an input that is one number and stands for one, as a number. `approximate` counts as 0 or 1.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        let attribute = self.attributes.iter().find(|(given, _)| given == name);
        match attribute.map(|(_, value)| value) {
            Some(Value::Number(value)) => Some(*value),
            Some(Value::Text(text)) if name == "approximate" => {
                Some(f64::from(u8::from(text == "tanh")))
            }
            Some(Value::Text(text)) => panic!("{}: {name} is the text {text:?}", self.name),
            None if name == "opset" && self.opset > 0.0 => Some(self.opset),
            None => self
                .input(name)
                .filter(|input| input.shape.is_empty())
                .map(|input| input.data[0]),
        }
    }

    /// An attribute that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(given, _)| given == name)
            .and_then(|(_, value)| match value {
                Value::Text(text) => Some(text.as_str()),
                Value::Number(_) => None,
            })
    }

    /// The input of that name.
    pub(super) fn input(&self, name: &str) -> Option<&Tensor> {
        self.inputs.iter().find(|input| input.name == name)
    }

    fn read(&mut self, line: &str, bytes: &[u8]) {
        let (key, rest) = line.split_once(' ').expect("a key and its value");
        let fields: Vec<&str> = rest.split(' ').collect();
        let number = |text: &str| -> f64 {
            text.parse()
                .unwrap_or_else(|_| panic!("{line}: {text} is no number"))
        };
        match key {
            "op" => {
                fields[0].clone_into(&mut self.op);
                self.opset = fields.get(1).map_or(0.0, |text| number(text));
            }
            "tolerance" => self.tolerance = (number(fields[0]), number(fields[1])),
            "expanded" => self.expanded.push(rest.to_owned()),
            "attribute" => {
                let value = match fields[1].strip_prefix('"') {
                    Some(text) => Value::Text(text.trim_end_matches('"').to_owned()),
                    None => Value::Number(number(fields[1])),
                };
                self.attributes.push((fields[0].to_owned(), value));
            }
            "input" => self.inputs.push(tensor(&fields, bytes)),
            "output" => self.outputs.push(tensor(&fields, bytes)),
            _ => panic!("{line}: the key is not known"),
        }
    }
}

/// `NAME TYPE [SHAPE] OFFSET`.
fn tensor(fields: &[&str], bytes: &[u8]) -> Tensor {
    let [name, kind, shape, offset] = fields else {
        panic!("{fields:?} is no tensor")
    };
    let kind = Kind::named(kind);
    let shape = shape
        .trim_matches(['[', ']'])
        .split(',')
        .filter(|text| !text.is_empty());
    let shape: Vec<usize> = shape.map(|text| text.parse().expect("a length")).collect();
    let offset: usize = offset.parse().expect("an offset");
    let bytes = &bytes[offset..offset + kind.bytes() * shape.iter().product::<usize>()];
    let data = bytes
        .chunks_exact(kind.bytes())
        .map(|bytes| kind.number(bytes))
        .collect();
    Tensor {
        name: (*name).to_owned(),
        kind,
        shape,
        data,
    }
}

/// The cases of a suite, and the heading that says what recorded them.
pub(super) fn read(suite: &str) -> (String, Vec<Case>) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/conformance")
        .join(suite);
    let file = |name: &str| {
        std::fs::read(folder.join(name))
            .unwrap_or_else(|error| panic!("{}/{name}: {error}", folder.display()))
    };
    let (text, bytes) = (
        String::from_utf8(file("cases.txt")).expect("text"),
        file("tensors.bin"),
    );
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = String::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix("# ") {
            comment.clone_into(&mut heading);
        } else if let Some(name) = line.strip_prefix("case ") {
            cases.push(Case {
                name: name.to_owned(),
                ..Case::default()
            });
        } else {
            cases
                .last_mut()
                .expect("a line `case NAME`")
                .read(line, &bytes);
        }
    }
    (heading, cases)
}
