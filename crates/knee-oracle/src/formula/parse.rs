//! Reading a formula.

use std::collections::HashMap;

use super::{Call, Comparison, Expression, FormulaError, Id, Node};

/// The names that a formula may use beside those of the language.
pub struct Names<'a> {
    /// The parameters with their values. One that is infinite is a constant, so that limits that limit nothing vanish.
    pub parameters: &'a [(String, f64)],
    /// Other expressions.
    pub definitions: HashMap<String, Id>,
}

const FUNCTIONS: &[(&str, Call)] = &[
    ("exp", Call::Exp),
    ("log", Call::Log),
    ("sqrt", Call::Sqrt),
    ("sin", Call::Sin),
    ("cos", Call::Cos),
    ("tanh", Call::Tanh),
    ("atan", Call::Atan),
    ("erf", Call::Erf),
    ("abs", Call::Abs),
    ("sign", Call::Sign),
    ("sigmoid", Call::Sigmoid),
    ("softplus", Call::Softplus),
    ("Phi", Call::Normal),
    ("phi", Call::Density),
];

impl Expression {
    /// Reads a formula into the graph.
    pub fn parse(&mut self, formula: &str, names: &Names) -> Result<Id, FormulaError> {
        let mut parser = Parser {
            text: formula,
            at: 0,
            names,
            expression: self,
        };
        let id = parser.choice()?;
        parser.skip_spaces();
        if parser.at < formula.len() {
            return parser.fail("expected an operator or the end");
        }
        Ok(id)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    names: &'a Names<'a>,
    expression: &'a mut Expression,
}

type Parsed = Result<Id, FormulaError>;

impl Parser<'_> {
    fn fail<T>(&self, expected: &str) -> Result<T, FormulaError> {
        let rest: String = self.text[self.at..].chars().take(12).collect();
        Err(FormulaError {
            formula: self.text.to_string(),
            at: self.at,
            reason: format!("found `{rest}`; {expected}"),
        })
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a symbol if it comes next.
    fn take(&mut self, symbol: &str) -> bool {
        self.skip_spaces();
        let found = self.text[self.at..].starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), FormulaError> {
        if self.take(symbol) {
            Ok(())
        } else {
            self.fail(&format!("expected `{symbol}`"))
        }
    }

    /// The word that comes next, which is not taken.
    fn word(&mut self) -> &str {
        self.skip_spaces();
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            ""
        } else {
            &rest[..end]
        }
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found = self.word() == wanted;
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// `A if C else B`.
    fn choice(&mut self) -> Parsed {
        let yes = self.sum()?;
        if !self.take_word("if") {
            return Ok(yes);
        }
        let left = self.sum()?;
        let (comparison, swapped) = if self.take("<=") {
            (Comparison::AtMost, false)
        } else if self.take("<") {
            (Comparison::Less, false)
        } else if self.take(">=") {
            (Comparison::AtMost, true)
        } else if self.take(">") {
            (Comparison::Less, true)
        } else {
            return self.fail("expected one of `<`, `<=`, `>`, `>=`");
        };
        let right = self.sum()?;
        if !self.take_word("else") {
            return self.fail("expected `else`");
        }
        let no = self.choice()?;
        let (a, b) = if swapped {
            (right, left)
        } else {
            (left, right)
        };
        Ok(self.expression.push(Node::If {
            comparison,
            a,
            b,
            yes,
            no,
        }))
    }

    fn sum(&mut self) -> Parsed {
        let mut sum = self.product()?;
        loop {
            if self.take("+") {
                let term = self.product()?;
                sum = self.expression.push(Node::Add(sum, term));
            } else if self.take("-") {
                let term = self.product()?;
                sum = self.expression.push(Node::Sub(sum, term));
            } else {
                return Ok(sum);
            }
        }
    }

    fn product(&mut self) -> Parsed {
        let mut product = self.signed()?;
        loop {
            if self.take("*") {
                let factor = self.signed()?;
                product = self.expression.push(Node::Mul(product, factor));
            } else if self.take("/") {
                let divisor = self.signed()?;
                product = self.expression.push(Node::Div(product, divisor));
            } else {
                return Ok(product);
            }
        }
    }

    fn signed(&mut self) -> Parsed {
        if self.take("-") {
            let inner = self.signed()?;
            return Ok(self.expression.push(Node::Neg(inner)));
        }
        let base = self.primary()?;
        if !self.take("^") {
            return Ok(base);
        }
        let negative = self.take("-");
        self.skip_spaces();
        let rest = &self.text[self.at..];
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let Ok(exponent) = rest[..digits].parse::<i32>() else {
            return self.fail("expected an integer as exponent");
        };
        self.at += digits;
        let exponent = if negative { -exponent } else { exponent };
        Ok(self.expression.push(Node::Power(base, exponent)))
    }

    fn primary(&mut self) -> Parsed {
        if self.take("(") {
            let inner = self.choice()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("|") {
            let inner = self.sum()?;
            self.expect("|")?;
            return Ok(self.expression.push(Node::Call(Call::Abs, inner)));
        }
        if self.text[self.at..].starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let start = self.at;
        let word = self.word().to_string();
        if word.is_empty() {
            return self.fail("expected a number, a name or `(`");
        }
        self.at += word.len();
        if self.take("(") {
            let call = self.call(&word, start)?;
            self.expect(")")?;
            return Ok(call);
        }
        let named = self
            .names
            .parameters
            .iter()
            .position(|(name, _)| *name == word);
        let node = match (word.as_str(), named) {
            (_, Some(index)) => self.parameter(index),
            ("x", _) => Node::X,
            ("pi", _) => Node::Pi,
            _ => {
                if let Some(&id) = self.names.definitions.get(&word) {
                    return Ok(id);
                }
                self.at = start;
                return self.fail("expected `x`, `pi`, a parameter or a function");
            }
        };
        Ok(self.expression.push(node))
    }

    fn parameter(&self, index: usize) -> Node {
        let value = self.names.parameters[index].1;
        if value.is_infinite() {
            Node::Float(value.to_bits())
        } else {
            Node::Parameter(index)
        }
    }

    /// The arguments of a function, whose opening parenthesis has been read.
    fn call(&mut self, name: &str, start: usize) -> Parsed {
        if name == "exact" {
            let word = self.word().to_string();
            let named = self
                .names
                .parameters
                .iter()
                .position(|(name, _)| *name == word);
            let Some(index) = named else {
                return self.fail("expected the name of a parameter");
            };
            self.at += word.len();
            return Ok(self.expression.push(Node::Exact(index)));
        }
        let first = self.choice()?;
        if let Some((_, call)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
            return Ok(self.expression.push(Node::Call(*call, first)));
        }
        let node = match name {
            "relu" => {
                let zero = self.expression.decimal(0);
                Node::Max(first, zero)
            }
            "gelu" => {
                let normal = self.expression.push(Node::Call(Call::Normal, first));
                Node::Mul(first, normal)
            }
            "min" | "max" | "clip" => {
                self.expect(",")?;
                let second = self.choice()?;
                match name {
                    "min" => Node::Min(first, second),
                    "max" => Node::Max(first, second),
                    _ => {
                        self.expect(",")?;
                        let high = self.choice()?;
                        let low = self.expression.push(Node::Max(first, second));
                        Node::Min(low, high)
                    }
                }
            }
            _ => {
                self.at = start;
                return self.fail("expected the name of a function");
            }
        };
        Ok(self.expression.push(node))
    }

    /// A decimal number, such as `0.044715` or `1e-6`.
    fn number(&mut self) -> Parsed {
        let start = self.at;
        let (mut digits, mut power, mut fraction) = (0_u128, 0_i32, false);
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'0'..=b'9' => {
                    let grown = digits
                        .checked_mul(10)
                        .and_then(|d| d.checked_add((byte - b'0').into()));
                    let Some(grown) = grown else {
                        return self.fail("expected a number of at most 38 digits");
                    };
                    digits = grown;
                    power -= i32::from(fraction);
                }
                b'.' if !fraction => fraction = true,
                _ => break,
            }
            self.at += 1;
        }
        let exponent = self.text[self.at..].strip_prefix('e').map(|rest| {
            let sign = usize::from(rest.starts_with(['-', '+']));
            let digits = rest[sign..]
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len() - sign);
            &rest[..sign + digits]
        });
        if let Some(exponent) = exponent {
            let Ok(value) = exponent.parse::<i32>() else {
                self.at = start;
                return self.fail("expected an exponent such as `1e-6`");
            };
            power += value;
            self.at += 1 + exponent.len();
        }
        while digits != 0 && digits % 10 == 0 && power < 0 {
            digits /= 10;
            power += 1;
        }
        let power = if digits == 0 { 0 } else { power };
        Ok(self.expression.push(Node::Decimal(digits, power)))
    }
}
