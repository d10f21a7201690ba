//! Functions as text: `gelu`, `leaky_relu(negative_slope=0.02)`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::functions::Function;
use crate::parameters;

impl Function {
    /// The function that a text names, by its name or an alias, with parameters in parentheses.
    ///
    /// ```
    /// use knee::Function;
    /// assert_eq!(Function::parse("swish").unwrap().name(), "silu");
    /// assert_eq!(Function::parse("elu(alpha=0.5)").unwrap().value(-1e9_f32), -0.5);
    /// let error = Function::parse("gelo").unwrap_err();
    /// assert_eq!(error.to_string(), "unknown function `gelo`; the nearest name is `gelu`");
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (name, settings) = parameters::parse(text)?;
        let function = parameters::find(&Self::all(), Self::about, name)?;
        Ok(function.with_all(&settings)?)
    }
}

impl FromStr for Function {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parameters::write(f, self.name(), &self.parameters())
    }
}

/// The candidate that differs by the fewest insertions, deletions and replacements of letters.
pub(crate) fn nearest(text: &str, candidates: impl Iterator<Item = &'static str>) -> &'static str {
    candidates
        .min_by_key(|candidate| distance(text, candidate))
        .unwrap_or_default()
}

/// The number of insertions, deletions and replacements between two texts, letter case aside.
fn distance(a: &str, b: &str) -> usize {
    let lower = |c: char| c.to_ascii_lowercase();
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, left) in a.chars().map(lower).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.chars().map(lower).enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
