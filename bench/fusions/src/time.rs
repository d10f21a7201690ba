//! Both sides of each case in turn, on arrays in a cache and in memory.

use std::cell::RefCell;
use std::time::Duration;

use knee::Tier;
use measure::{Plan, Spread, interleave};
use serde_json::{Value, json};

use crate::arrays::Arrays;
use crate::case::Case;
use crate::number::Number;

/// Elements of a result in the second cache.
const CACHE: usize = 64 << 10;

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Elements of the longest arrays in memory.
    memory: usize,
    rounds: usize,
    rounds_in_memory: usize,
    shortest: Duration,
}

impl Pace {
    /// Arrays beyond every cache.
    pub(crate) const FULL: Self = Self {
        memory: 64 << 20,
        rounds: 11,
        rounds_in_memory: 5,
        shortest: Duration::from_millis(2),
    };
    /// Fewer and shorter repetitions, and arrays that a large cache may hold.
    pub(crate) const QUICK: Self = Self {
        memory: 16 << 20,
        rounds: 5,
        rounds_in_memory: 3,
        shortest: Duration::from_millis(1),
    };

    fn plan(self, elements: usize) -> Plan {
        Plan {
            rounds: if elements > 4 * CACHE {
                self.rounds_in_memory
            } else {
                self.rounds
            },
            shortest: self.shortest,
            slow: Duration::from_millis(500),
        }
    }
}

/// Every case with the median and the quartiles of both sides, in ns per element of the result.
/// An error if the two sides of a case have not the same results.
pub(crate) fn all<T: Number>(pace: Pace, cases: &[Case<T>]) -> Result<Vec<Value>, String> {
    let mut arrays = Arrays::<T>::new(pace.memory);
    let mut cells = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        case.check(arrays.slices(case.whole(CACHE)))?;
        for elements in [CACHE, pace.memory / case.parts] {
            let elements = case.whole(elements);
            let pair = RefCell::new((case.pair)(arrays.slices(elements)));
            let contestants: [&mut dyn FnMut(u64); 2] = [
                &mut |calls| (0..calls).for_each(|_| pair.borrow_mut().fused()),
                &mut |calls| (0..calls).for_each(|_| pair.borrow_mut().unfused()),
            ];
            let spreads = interleave(pace.plan(elements), &mut Vec::from(contestants));
            let tier = if case.tier == Tier::Fast {
                "fast"
            } else {
                "exact"
            };
            let [fused, unfused] = [0, 1].map(|who: usize| per_element(spreads[who], elements));
            cells.push(json!({
                "function": case.function,
                "direction": case.direction.name(),
                "dtype": T::NAME,
                "elements": elements,
                "row": case.row,
                "form": case.fusion,
                "ns": { format!("fused {tier}"): fused, format!("unfused {tier}"): unfused },
                "call_ns": {},
            }));
        }
        if index % 10 == 9 {
            eprintln!("{} of {} with {}", index + 1, cases.len(), T::NAME);
        }
    }
    Ok(cells)
}

/// Four digits are more than a time has.
fn per_element(spread: Spread, elements: usize) -> [f64; 3] {
    [spread.median, spread.low, spread.high].map(|time| {
        let time = time / elements as f64;
        format!("{time:.3e}").parse().unwrap_or(time)
    })
}
