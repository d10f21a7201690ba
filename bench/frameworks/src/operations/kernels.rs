//! knee's kernels by the names of their functions.

use knee::{Function, Kernel, RowFunction, Tier};

/// The tiers that are timed.
pub(super) const TIERS: [Tier; 2] = [Tier::Exact, Tier::Fast];

/// What a tier is called.
pub(super) fn word(tier: Tier) -> &'static str {
    match tier {
        Tier::Exact => "exact",
        Tier::Fast => "fast",
    }
}

/// A function with its form.
#[derive(Clone, Copy)]
pub(super) enum Kernels {
    Element(Kernel),
    Rows(RowFunction),
}

impl Kernels {
    /// The kernel of a function; `None` if there is none in this tier. Row functions have the exact one only.
    pub(super) fn of(function: &str, tier: Tier) -> Option<Self> {
        if let Ok(function) = Function::parse(function) {
            return Some(Self::Element(function.kernel().tier(tier)));
        }
        let rows = RowFunction::parse(function).ok()?;
        (tier == Tier::Exact).then_some(Self::Rows(rows))
    }
}
