//! The targets, each computed from the record.

use super::groups::{Group, Tier};
use super::number::{geometric_mean, rounded};
use super::plan::{L1, L2, MEMORY, MIDDLE};
use super::record::Record;

/// A number that must be reached, and one to aim at.
pub(super) struct Target {
    /// What reasons refer to.
    pub(super) slug: &'static str,
    /// What is compared with what.
    pub(super) text: &'static str,
    pub(super) must: f64,
    /// `None` if there is nothing beyond.
    pub(super) aim: Option<f64>,
    /// Whether the number is a cost: then it must be at most as large.
    pub(super) cost: bool,
    measure: fn(&Record) -> Vec<Item>,
}

/// One number of a target.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) function: String,
    pub(super) place: String,
    /// Whom or what it is measured beside.
    pub(super) beside: String,
    pub(super) value: f64,
}

impl Target {
    /// Its numbers, the worst first.
    pub(super) fn items(&self, record: &Record) -> Vec<Item> {
        let mut items = (self.measure)(record);
        items.sort_by(|a, b| a.value.total_cmp(&b.value));
        if self.cost {
            items.reverse();
        }
        items
    }

    /// Whether a number is good enough; what counts is the number as it is shown.
    pub(super) fn reached(&self, value: f64, bound: f64) -> bool {
        let value = rounded(value);
        if self.cost {
            value <= bound
        } else {
            value >= bound
        }
    }
}

const fn target(
    slug: &'static str,
    text: &'static str,
    must: f64,
    aim: f64,
    measure: fn(&Record) -> Vec<Item>,
) -> Target {
    Target {
        slug,
        text,
        must,
        aim: Some(aim),
        cost: false,
        measure,
    }
}

const fn bound(
    slug: &'static str,
    text: &'static str,
    must: f64,
    measure: fn(&Record) -> Vec<Item>,
) -> Target {
    Target {
        aim: None,
        ..target(slug, text, must, 0.0, measure)
    }
}

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    target(
        "fast-accurate",
        "fast tier beside the fastest peer within 4 ulp",
        1.0,
        1.3,
        |record| {
            peers(record, Tier::Fast, &[L2, MEMORY], |group, tier| {
                group.accurate(tier)
            })
        },
    ),
    target(
        "fast-fastest",
        "fast tier beside the fastest peer of all, however wrong",
        0.6,
        1.0,
        |record| {
            peers(record, Tier::Fast, &[L2, MEMORY], |group, tier| {
                group.fastest(tier)
            })
        },
    ),
    target(
        "fast-mean-cache",
        "the geometric mean of these in the second-level cache",
        1.1,
        1.3,
        |record| {
            mean(&peers(record, Tier::Fast, &[L2], |group, tier| {
                group.fastest(tier)
            }))
        },
    ),
    target(
        "fast-mean-memory",
        "the geometric mean of these in memory",
        1.2,
        1.3,
        |record| {
            mean(&peers(record, Tier::Fast, &[MEMORY], |group, tier| {
                group.fastest(tier)
            }))
        },
    ),
    target(
        "exact-accurate-cache",
        "exact tier beside the fastest peer within 4 ulp, in cache",
        0.5,
        1.0,
        |record| {
            peers(record, Tier::Exact, &[L2], |group, tier| {
                group.accurate(tier)
            })
        },
    ),
    target(
        "exact-accurate-memory",
        "exact tier beside the fastest peer within 4 ulp, in memory",
        0.9,
        1.0,
        |record| {
            peers(record, Tier::Exact, &[MEMORY], |group, tier| {
                group.accurate(tier)
            })
        },
    ),
    target(
        "exact-mean-torch",
        "exact tier beside PyTorch: the geometric mean over all functions that both have",
        1.3,
        2.0,
        |record| {
            let torch = |group: &Group<'_>, tier| group.rival(tier, "torch");
            let mean = |size| mean(&peers_of(record, Tier::Exact, &[size], false, torch));
            [L2, MEMORY].into_iter().flat_map(mean).collect()
        },
    ),
    target(
        "exact-gelu",
        "exact tier of gelu beside PyTorch in cache",
        0.33,
        0.6,
        |record| {
            let torch = |group: &Group<'_>, tier| group.rival(tier, "torch");
            let items = peers(record, Tier::Exact, &[L2], torch);
            items
                .into_iter()
                .filter(|item| item.function == "gelu")
                .collect()
        },
    ),
    bound(
        "relu-loop",
        "relu and leaky_relu in memory beside the best loop that moves as much",
        0.95,
        |record| loops(record, is_relu, &[Tier::Exact, Tier::Fast], &MOVES),
    ),
    bound(
        "relu-memcpy",
        "relu and leaky_relu in memory beside `memcpy`",
        0.85,
        |record| loops(record, is_relu, &[Tier::Exact, Tier::Fast], &["memcpy"]),
    ),
    bound(
        "fast-loop",
        "fast tier of the other functions in memory beside the best loop that moves as much",
        0.75,
        |record| loops(record, |name| !is_relu(name), &[Tier::Fast], &MOVES),
    ),
    bound(
        "in-place",
        "fast tier in place in memory beside a loop that reads and writes in place",
        0.9,
        |record| loops(record, |_| true, &[Tier::Fast], &["read-write"]),
    ),
    target("halves", "bf16 and f16 beside PyTorch", 1.0, 1.3, halves),
    bound(
        "threads",
        "two threads beside one, from 1 Mi elements on",
        1.8,
        |record| threads(record, &[MIDDLE, MEMORY]),
    ),
    bound(
        "threads-small",
        "two threads beside one, below",
        1.0,
        |record| threads(record, &[L2]),
    ),
    Target {
        cost: true,
        ..bound(
            "call",
            "ns that a call on 16 elements costs beyond 16 times what an element costs in cache",
            20.0,
            calls,
        )
    },
];

/// The loops that move as much memory as a function with its own output.
const MOVES: [&str; 4] = ["copy", "copy streaming", "merge", "merge streaming"];

/// Functions without arithmetic to speak of.
fn is_relu(name: &str) -> bool {
    matches!(name, "relu" | "leaky_relu")
}

/// Whether a function is one of those that the targets are about.
fn is_core(name: &str) -> bool {
    super::plan::CORE.contains(&name)
}

type Find = fn(&Group<'_>, Tier) -> Option<super::groups::Rival>;

/// The core functions in single precision on one thread beside a peer.
fn peers(record: &Record, tier: Tier, sizes: &[u64], find: Find) -> Vec<Item> {
    peers_of(record, tier, sizes, true, find)
}

/// The same, of all functions unless only those of the core are wanted.
fn peers_of(record: &Record, tier: Tier, sizes: &[u64], core: bool, find: Find) -> Vec<Item> {
    let mut items = Vec::new();
    for group in record.groups() {
        let cell = group.cell();
        let wanted = cell.dtype == "f32"
            && cell.threads == 1
            && cell.form != "call"
            && (!core || is_core(&cell.function))
            && sizes.iter().any(|size| group.has_size(*size));
        if let Some(rival) = wanted.then(|| find(&group, tier)).flatten() {
            items.push(Item {
                function: cell.function.clone(),
                place: group.place(),
                beside: format!("{} ({})", rival.who, super::number::ulp_words(rival.ulp)),
                value: rival.ratio,
            });
        }
    }
    items
}

/// The geometric mean as the only number.
fn mean(items: &[Item]) -> Vec<Item> {
    let values: Vec<f64> = items.iter().map(|item| item.value).collect();
    let place = items
        .first()
        .map(|item| item.place.clone())
        .unwrap_or_default();
    let size = place.split(", ").nth(1).unwrap_or_default().to_owned();
    let mean = geometric_mean(&values).map(|value| Item {
        function: "all".to_owned(),
        place: format!("{size}, forward and backward"),
        beside: format!("{} numbers", items.len()),
        value,
    });
    mean.into_iter().collect()
}

/// Functions in memory beside loops; in place if the loops are.
fn loops(record: &Record, wanted: fn(&str) -> bool, tiers: &[Tier], names: &[&str]) -> Vec<Item> {
    let mut items = Vec::new();
    for group in record.groups() {
        let cell = group.cell();
        let here = cell.dtype == "f32"
            && cell.threads == 1
            && is_core(&cell.function)
            && wanted(&cell.function)
            && group.has_size(MEMORY);
        for tier in tiers.iter().filter(|_| here) {
            if let Some(value) = group.beside_loops(*tier, names) {
                items.push(Item {
                    function: cell.function.clone(),
                    place: format!("{}, {}", group.place(), tier.word()),
                    beside: "loop".to_owned(),
                    value,
                });
            }
        }
    }
    items
}

fn halves(record: &Record) -> Vec<Item> {
    let mut items = Vec::new();
    for group in record.groups() {
        let cell = group.cell();
        let sized = group.has_size(L2) || group.has_size(MEMORY);
        let here = matches!(cell.dtype.as_str(), "f16" | "bf16") && cell.threads == 1 && sized;
        if let Some(rival) = here.then(|| group.rival(Tier::Exact, "torch")).flatten() {
            items.push(Item {
                function: cell.function.clone(),
                place: group.place(),
                beside: format!("torch ({})", super::number::ulp_words(rival.ulp)),
                value: rival.ratio,
            });
        }
    }
    items
}

fn threads(record: &Record, sizes: &[u64]) -> Vec<Item> {
    let mut items = Vec::new();
    for group in record.groups() {
        let cell = group.cell();
        if cell.threads < 2 || !sizes.iter().any(|size| group.has_size(*size)) {
            continue;
        }
        for tier in [Tier::Exact, Tier::Fast] {
            let many = group.named(&format!("knee {}", tier.word()));
            let one = group.named(&format!("knee {}, one thread", tier.word()));
            if let (Some(many), Some(one)) = (many, one) {
                items.push(Item {
                    function: cell.function.clone(),
                    place: format!("{}, {}", group.place(), tier.word()),
                    beside: "one thread".to_owned(),
                    value: one / many,
                });
            }
        }
    }
    items
}

fn calls(record: &Record) -> Vec<Item> {
    let groups = record.groups();
    let mut items = Vec::new();
    for group in groups.iter().filter(|group| group.cell().form == "call") {
        let cell = group.cell();
        let in_cache = groups.iter().find(|other| {
            let same = (&cell.function, &cell.direction, &cell.dtype);
            let other_cell = other.cell();
            same == (
                &other_cell.function,
                &other_cell.direction,
                &other_cell.dtype,
            ) && other.has_size(L1)
                && other_cell.threads == 1
        });
        for tier in [Tier::Exact, Tier::Fast] {
            let per_element = in_cache.and_then(|group| group.time(tier));
            if let (Some(call), Some(element)) = (group.time(tier), per_element) {
                items.push(Item {
                    function: cell.function.clone(),
                    place: format!("{}, {}", group.place(), tier.word()),
                    beside: "arithmetic".to_owned(),
                    value: call - cell.elements as f64 * element,
                });
            }
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::sample;

    fn values(slug: &str) -> Vec<(String, f64)> {
        let target = TARGETS
            .iter()
            .find(|target| target.slug == slug)
            .expect("a target");
        let items = target.items(&sample()).into_iter();
        items
            .map(|item| (item.function, rounded(item.value)))
            .collect()
    }

    #[test]
    fn targets_are_computed_from_the_record() {
        assert_eq!(values("fast-accurate"), [("gelu".to_owned(), 4.0)]);
        assert_eq!(
            values("fast-fastest"),
            [
                ("relu".to_owned(), 0.5),
                ("gelu".to_owned(), 1.0),
                ("sigmoid".to_owned(), 2.0)
            ]
        );
        assert_eq!(values("fast-mean-cache"), [("all".to_owned(), 1.0)]);
        assert_eq!(values("exact-gelu"), [("gelu".to_owned(), 0.25)]);
        assert_eq!(values("threads"), [("gelu".to_owned(), 1.5)]);
        let call = ("gelu".to_owned(), 30.0);
        assert_eq!(
            values("call"),
            [call.clone(), call],
            "without a fast tier the exact one is taken"
        );
    }

    #[test]
    fn a_cost_is_reached_from_above_and_what_is_shown_counts() {
        let find = |slug| {
            TARGETS
                .iter()
                .find(|target| target.slug == slug)
                .expect("a target")
        };
        assert!(find("call").reached(19.0, 20.0) && !find("call").reached(21.0, 20.0));
        assert!(
            find("threads-small").reached(0.996, 1.0) && !find("threads-small").reached(0.98, 1.0)
        );
    }

    #[test]
    fn slugs_are_unique() {
        for (index, target) in TARGETS.iter().enumerate() {
            assert!(
                TARGETS[..index]
                    .iter()
                    .all(|other| other.slug != target.slug)
            );
        }
    }
}
