//! How far GELU and Swish go below 0.

use super::networks::function;
use super::sentence::{EFFECT, sentence};
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Tables of activation functions give GELU and Swish the range from minus infinity to infinity.
    ///
    /// Both are evaluated over inputs from -1e30 to -1e-3, each 1 % larger in absolute value than the last, and their declared range
    /// is read. A function whose range is all reals goes below any bound: here it has to go below -1e6. What counts is the deeper of the
    /// two. The random seeds have no part in it.
    ///
    /// Source: comparison tables on the web. GELU is Hendrycks and Gimpel 2016, Swish is Ramachandran, Zoph and Le 2017, who call it
    /// bounded below.
    pub(super) static RANGE {
        name: "range of GELU",
        said: "The range of GELU and Swish is all reals.",
        effect: "how far below 0 the values go",
        criterion: Criterion::Above(1e6),
        measure: measure,
    }
}

fn measure(_: &Run<'_>) -> Result<Measured, Stop> {
    let mut measured = Measured::default();
    let mut deepest = 0.0_f64;
    for name in ["gelu", "silu"] {
        let function = function(name)?;
        let mut x = -1e30_f64;
        let mut found = (0.0, 0.0);
        while x < -1e-3 {
            let y = function.value(x);
            if y < found.1 {
                found = (x, y);
            }
            x /= 1.01;
        }
        let declared = function.facts().range.low;
        measured.set(format!("least value of {name}"), found.1);
        measured.set(format!("where {name} is least"), found.0);
        measured.set(format!("declared lower end of {name}"), declared);
        deepest = deepest.max(-found.1.min(declared));
    }
    measured.set(EFFECT, deepest);
    Ok(measured)
}
