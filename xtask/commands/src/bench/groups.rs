//! The cells of a record by what they measure: the same function at the same size, in every session that had it.

use std::fmt::Write as _;

use super::number::geometric_mean;
use super::plan::{FEW, L1, L2, L3, MEMORY, MIDDLE};
use super::record::{Cell, Record};

/// The loops that only move memory.
const COPIES: [&str; 6] = [
    "copy",
    "copy streaming",
    "memcpy",
    "read-write",
    "merge",
    "merge streaming",
];
/// A peer whose worst error is at most this, in ulp, is accurate.
pub(super) const ACCURATE: f64 = 4.0;

/// knee's tiers by the names that the sessions give them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tier {
    Exact,
    Fast,
}

/// The same thing, measured in one or more sessions.
pub(super) struct Group<'r> {
    record: &'r Record,
    cells: Vec<&'r Cell>,
}

/// Somebody else beside knee.
#[derive(Clone, Debug)]
pub(super) struct Rival {
    pub(super) who: String,
    /// ns per element.
    pub(super) ns: f64,
    /// The other's time by knee's, both of one session: above 1 knee is faster.
    pub(super) ratio: f64,
    /// The worst error, `None` where it was not looked for; infinite where there is no number for it.
    pub(super) ulp: Option<f64>,
}

impl Record {
    /// Every group, in the order in which it was measured first.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for cell in &self.cells {
            let same = groups.iter_mut().find(|group| group.is(cell));
            if let Some(group) = same {
                group.cells.push(cell);
            } else {
                groups.push(Group {
                    record: self,
                    cells: vec![cell],
                });
            }
        }
        groups
    }
}

impl Tier {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Fast => "fast",
        }
    }

    /// knee's time in a cell. A kernel without a fast tier is as fast as its exact one.
    pub(super) fn time(self, cell: &Cell) -> Option<f64> {
        let fast = cell.ns.get("knee fast").filter(|_| self == Self::Fast);
        fast.or_else(|| cell.ns.get("knee exact"))
            .map(|times| times[0])
    }
}

impl<'r> Group<'r> {
    /// One of the cells, for what is the same in all of them.
    pub(super) fn cell(&self) -> &'r Cell {
        self.cells[0]
    }

    fn is(&self, other: &Cell) -> bool {
        let cell = self.cell();
        cell.function == other.function
            && cell.direction == other.direction
            && cell.dtype == other.dtype
            && cell.elements == other.elements
            && cell.row == other.row
            && cell.form == other.form
            && cell.threads == other.threads
    }

    /// Whether its arrays have about as many elements: rows need not fill a size.
    pub(super) fn has_size(&self, size: u64) -> bool {
        nearest(self.cell().elements) == size
    }

    /// Where it was measured: direction, size, and what else is not ordinary.
    pub(super) fn place(&self) -> String {
        let cell = self.cell();
        let mut place = format!(
            "{}, {}",
            direction(&cell.direction),
            size(nearest(cell.elements))
        );
        if let Some(row) = cell.row {
            let _ = write!(place, ", rows of {row}");
        }
        if cell.form == "in_place" {
            place += ", in place";
        }
        if cell.dtype != "f32" {
            let _ = write!(place, ", {}", cell.dtype);
        }
        place
    }

    /// The function, with the length of its rows.
    pub(super) fn subject(&self) -> String {
        let cell = self.cell();
        match cell.row {
            Some(row) => format!("{}, rows of {row}", cell.function),
            None => cell.function.clone(),
        }
    }

    /// Everybody else, each beside the time of knee's tier in the same session.
    pub(super) fn rivals(&self, tier: Tier) -> Vec<Rival> {
        let mut rivals = Vec::new();
        for cell in &self.cells {
            let Some(own) = tier.time(cell) else { continue };
            for (who, times) in &cell.ns {
                if who.starts_with("knee") || COPIES.contains(&who.as_str()) {
                    continue;
                }
                let error = self
                    .record
                    .error(&cell.function, &cell.direction, &cell.dtype, who);
                rivals.push(Rival {
                    who: who.clone(),
                    ns: times[0],
                    ratio: times[0] / own,
                    ulp: error.map(|error| error.ulp.unwrap_or(f64::INFINITY)),
                });
            }
        }
        rivals.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
        rivals
    }

    /// Those of whom no session knows the time, because it is mostly the cost of calling.
    pub(super) fn unresolved(&self) -> Vec<&'r str> {
        let all = self.cells.iter().flat_map(|cell| &cell.unresolved);
        all.map(String::as_str).collect()
    }

    /// The fastest of all others.
    pub(super) fn fastest(&self, tier: Tier) -> Option<Rival> {
        self.rivals(tier).into_iter().next()
    }

    /// The fastest of those that are accurate.
    pub(super) fn accurate(&self, tier: Tier) -> Option<Rival> {
        let mut rivals = self.rivals(tier).into_iter();
        rivals.find(|rival| rival.ulp.is_some_and(|ulp| ulp <= ACCURATE))
    }

    /// This one beside knee.
    pub(super) fn rival(&self, tier: Tier, who: &str) -> Option<Rival> {
        self.rivals(tier).into_iter().find(|rival| rival.who == who)
    }

    /// The time of the best of these loops by knee's, over the sessions.
    pub(super) fn beside_loops(&self, tier: Tier, loops: &[&str]) -> Option<f64> {
        self.mean(|cell| Some(best_loop(cell, loops)? / tier.time(cell)?))
    }

    /// The time of the best loop that only moves memory, over the sessions.
    pub(super) fn best_loop(&self) -> Option<f64> {
        self.mean(|cell| best_loop(cell, &COPIES))
    }

    /// knee's time, over the sessions.
    pub(super) fn time(&self, tier: Tier) -> Option<f64> {
        self.mean(|cell| tier.time(cell))
    }

    /// The time under this name, over the sessions.
    pub(super) fn named(&self, who: &str) -> Option<f64> {
        self.mean(|cell| cell.ns.get(who).map(|times| times[0]))
    }

    fn mean(&self, of: impl Fn(&Cell) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.cells.iter().filter_map(|cell| of(cell)).collect();
        geometric_mean(&values)
    }
}

fn best_loop(cell: &Cell, loops: &[&str]) -> Option<f64> {
    let times = loops.iter().filter_map(|name| cell.ns.get(*name));
    times.map(|times| times[0]).min_by(f64::total_cmp)
}

/// The planned size that the number of elements is next to.
fn nearest(elements: u64) -> u64 {
    let sizes = [FEW, L1, L2, MIDDLE, L3, MEMORY];
    let distance = |size: &u64| ((*size as f64).ln() - (elements.max(1) as f64).ln()).abs();
    let nearest = sizes
        .into_iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.unwrap_or(elements)
}

/// A size in words.
pub(super) fn size(elements: u64) -> String {
    match elements {
        0..1024 => elements.to_string(),
        1024..0x0010_0000 => format!("{} Ki", elements >> 10),
        _ => format!("{} Mi", elements >> 20),
    }
}

/// A direction in words.
pub(super) fn direction(name: &str) -> &str {
    match name {
        "from_output" => "backward from the output",
        "both" => "forward and backward",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::sample;

    #[test]
    fn a_ratio_has_both_sides_of_one_session() {
        let record = sample();
        let groups = record.groups();
        let gelu = groups
            .iter()
            .find(|group| group.cell().function == "gelu" && group.cell().direction == "forward")
            .expect("the sample has it");
        // knee takes 0.5 in the first session and 0.25 in the second.
        let ratio = |who: &str| gelu.rival(Tier::Fast, who).map(|rival| rival.ratio);
        assert_eq!(ratio("rten"), Some(2.0));
        assert_eq!(ratio("torch"), Some(1.0));
        assert_eq!(
            gelu.fastest(Tier::Fast).map(|rival| rival.who),
            Some("torch".to_owned())
        );
        assert_eq!(
            gelu.accurate(Tier::Fast).map(|rival| rival.who),
            Some("mkl ha".to_owned())
        );
        let beside_copy = gelu
            .beside_loops(Tier::Exact, &["copy"])
            .expect("both were timed");
        assert!((beside_copy - 0.125).abs() < 1e-12, "{beside_copy}");
    }

    #[test]
    fn sizes_have_names() {
        assert_eq!(size(nearest(65_000)), "64 Ki");
        assert_eq!(size(nearest(67_108_000)), "64 Mi");
        assert_eq!(size(16), "16");
    }
}
