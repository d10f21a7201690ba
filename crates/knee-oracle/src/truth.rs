//! The true value and the true derivative of a function.

use std::cell::RefCell;
use std::collections::HashMap;

use knee::{About, Function, Kink};

use crate::ball::{Ball, Precision};
use crate::big::Big;
use crate::formula::{Evaluation, Expression, FormulaError, Id, Names, Variable};

/// The precision of the first try; each further one has twice as many bits.
const FIRST_BITS: usize = 160;
const LAST_BITS: usize = 20_480;
/// How many bits of a result are known.
const RELATIVE_BITS: i64 = 100;
/// What is below `2^SMALL` is zero to every type.
const SMALL: i64 = -1200;

thread_local! {
    static PRECISION: RefCell<Precision> = RefCell::new(Precision::new(FIRST_BITS));
}

/// A function as its formula has it: values and derivatives to at least 100 bits.
///
/// A result below `2^-1200` may be zero or lack digits.
#[derive(Clone, Debug)]
pub struct Truth {
    formula: String,
    expression: Expression,
    parameters: Vec<(String, f64)>,
    numbers: Vec<f64>,
    value: Id,
    slope: Id,
    second: Id,
    gradients: Vec<Id>,
    declared: Option<Id>,
    kinks: Vec<Kink>,
}

impl Truth {
    /// Reads the formula in the documentation of a function.
    pub fn of(function: &Function) -> Result<Self, FormulaError> {
        let parameters = function.parameters();
        let parameters: Vec<(&str, f64)> = parameters.iter().map(|p| (p.name, p.value)).collect();
        let truth = Self::documented(function.about(), &parameters)?;
        Ok(truth.with_kinks(function.facts().kinks))
    }

    /// Reads the formula in a documentation, for these values of the parameters.
    pub fn documented(about: &About, parameters: &[(&str, f64)]) -> Result<Self, FormulaError> {
        let section = about.formula();
        let spans = spans(&section);
        let mut truth = Self::parse(spans.first().copied().unwrap_or(""), parameters)?;
        truth.declared = truth.read_derivative(&about.derivative());
        Ok(truth)
    }

    /// Reads a formula with these parameters.
    pub fn parse(formula: &str, parameters: &[(&str, f64)]) -> Result<Self, FormulaError> {
        let parameters: Vec<(String, f64)> = parameters
            .iter()
            .map(|&(name, value)| (name.to_string(), value))
            .collect();
        let mut expression = Expression::default();
        let names = Names {
            parameters: &parameters,
            definitions: HashMap::new(),
        };
        let value = expression.parse(formula, &names)?;
        let slope = expression.derivative(value, Variable::X);
        let second = expression.derivative(slope, Variable::X);
        let gradients = (0..parameters.len())
            .map(|index| expression.derivative(value, Variable::Parameter(index)))
            .collect();
        Ok(Self {
            formula: formula.to_string(),
            expression,
            numbers: parameters.iter().map(|&(_, value)| value).collect(),
            parameters,
            value,
            slope,
            second,
            gradients,
            declared: None,
            kinks: Vec::new(),
        })
    }

    /// With derivatives that are declared where the one-sided ones differ.
    #[must_use]
    pub fn with_kinks(mut self, kinks: Vec<Kink>) -> Self {
        self.kinks = kinks;
        self
    }

    /// The formula that was read.
    pub fn formula(&self) -> &str {
        &self.formula
    }

    /// The graph of the formula and its derivatives.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The nodes of the value and of the derivative in the graph.
    pub fn roots(&self) -> [Id; 2] {
        [self.value, self.slope]
    }

    /// The values of the parameters, in the order of the graph's indices.
    pub fn parameters(&self) -> &[f64] {
        &self.numbers
    }

    /// Where the derivative is declared.
    pub fn kinks(&self) -> &[Kink] {
        &self.kinks
    }

    /// The value at a finite number. Panics where the formula has none, such as the logarithm of a negative number.
    pub fn value(&self, x: f64) -> Big {
        let ([value], _) = self.evaluate([self.value], x, RELATIVE_BITS);
        value
    }

    /// The derivative at a finite number, at a kink the declared one. Panics as [`Truth::value`] does.
    pub fn derivative(&self, x: f64) -> Big {
        let ([slope], tied) = self.evaluate([self.slope], x, RELATIVE_BITS);
        self.declared_slope(x, tied).unwrap_or(slope)
    }

    /// The value and the derivative, which share their parts.
    pub fn both(&self, x: f64) -> (Big, Big) {
        self.both_to(x, RELATIVE_BITS)
    }

    /// The value and the derivative to at least that many bits.
    pub(crate) fn both_to(&self, x: f64, bits: i64) -> (Big, Big) {
        let ([value, slope], tied) = self.evaluate([self.value, self.slope], x, bits);
        (value, self.declared_slope(x, tied).unwrap_or(slope))
    }

    /// The second derivative at a finite number, beside kinks.
    pub fn second_derivative(&self, x: f64) -> Big {
        let ([second], _) = self.evaluate([self.second], x, RELATIVE_BITS);
        second
    }

    /// The derivative with respect to a parameter; `None` if there is none of that name.
    pub fn gradient(&self, parameter: &str, x: f64) -> Option<Big> {
        let index = self
            .parameters
            .iter()
            .position(|(name, _)| name == parameter)?;
        let ([gradient], _) = self.evaluate([self.gradients[index]], x, RELATIVE_BITS);
        Some(gradient)
    }

    /// The derivative that the documentation states, if it is written in the formula language.
    pub fn stated_derivative(&self, x: f64) -> Option<Big> {
        let ([stated], _) = self.evaluate([self.declared?], x, RELATIVE_BITS);
        Some(stated)
    }

    /// The value of a node without variables.
    pub(crate) fn constant(&self, node: Id) -> Big {
        let ([constant], _) = self.evaluate([node], 0.0, 200);
        constant
    }

    /// The declared slope, if `x` is where branches meet. A knot that no number hits has a branch on either side.
    fn declared_slope(&self, x: f64, tied: bool) -> Option<Big> {
        let kink = self.kinks.iter().find(|kink| tied && kink.at == x)?;
        Some(Big::of(kink.slope))
    }

    /// The first code span of a section, with the definitions in the others: `` `s * t` with `s = sigmoid(x)` ``.
    fn read_derivative(&mut self, section: &str) -> Option<Id> {
        let spans = spans(section);
        let mut names = Names {
            parameters: &self.parameters,
            definitions: HashMap::new(),
        };
        // A definition may use one that stands after it.
        for _ in 0..spans.len() {
            for span in &spans[1..] {
                if let Some((name, formula)) = span.split_once('=')
                    && let Ok(id) = self.expression.parse(formula, &names)
                {
                    names.definitions.insert(name.trim().to_string(), id);
                }
            }
        }
        self.expression.parse(spans.first()?, &names).ok()
    }

    /// The nodes at a number, to at least that many bits each, and whether branches meet there.
    fn evaluate<const N: usize>(&self, nodes: [Id; N], x: f64, bits: i64) -> ([Big; N], bool) {
        PRECISION.with_borrow_mut(|precision| {
            let mut results: [Option<Ball>; N] = [const { None }; N];
            let mut width = FIRST_BITS.max(bits as usize + 32);
            let mut tied = false;
            loop {
                let last = width * 2 > LAST_BITS;
                precision.set(width);
                let mut evaluation = Evaluation::new(&self.expression, &self.numbers, x, last);
                for (result, node) in results.iter_mut().zip(nodes) {
                    if result.is_none() {
                        let ball = evaluation.value(node, precision);
                        *result = (ball.has_bits(bits) || ball.is_below(SMALL)).then_some(ball);
                    }
                }
                tied |= evaluation.is_tied();
                if results.iter().all(Option::is_some) {
                    let mids = results.map(|ball| ball.map(|ball| ball.mid).unwrap_or_default());
                    return (mids.map(Big::wrap), tied);
                }
                assert!(
                    !last,
                    "`{}` at {x:e}: no value was found with {width} bits",
                    self.formula
                );
                width *= 2;
            }
        })
    }
}

/// The code spans of a text.
fn spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
