//! The order in which contestants are timed.

use std::time::{Duration, Instant};

use crate::Spread;

/// How long and how often each contestant runs.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Rounds; in each of them every contestant runs once.
    pub rounds: usize,
    /// A contestant is called in a loop that takes at least this long.
    pub shortest: Duration,
    /// A contestant whose first call takes longer is timed once more only.
    pub slow: Duration,
}

/// Nanoseconds per call of each contestant: a function that makes as many calls as it is told. Told to make none it prepares what they
/// need, for which no time is taken; that comes before all others.
///
/// Each is called once to warm up, then the length of its loop is found unless that call was long, then all take turns; the round begins with another
/// contestant each time, so that nobody always runs after the same neighbour.
pub fn interleave<C: FnMut(u64)>(plan: Plan, contestants: &mut [C]) -> Vec<Spread> {
    let start = Instant::now();
    interleave_by(plan, &|| start.elapsed(), contestants)
}

/// The same with any clock.
fn interleave_by<C: FnMut(u64)>(
    plan: Plan,
    clock: &dyn Fn() -> Duration,
    contestants: &mut [C],
) -> Vec<Spread> {
    let time = |contestant: &mut C, calls: u64| {
        contestant(0);
        let start = clock();
        contestant(calls);
        clock().saturating_sub(start)
    };
    let loops: Vec<(u64, usize)> = contestants
        .iter_mut()
        .map(|contestant| {
            if time(contestant, 1) > plan.slow {
                (1, plan.rounds.min(1))
            } else {
                (
                    calibrate(plan, |calls| time(contestant, calls)),
                    plan.rounds,
                )
            }
        })
        .collect();
    let mut samples = vec![Vec::with_capacity(plan.rounds); contestants.len()];
    for round in 0..plan.rounds {
        for place in 0..contestants.len() {
            let who = (place + round) % contestants.len();
            let (calls, rounds) = loops[who];
            if round < rounds {
                let elapsed = time(&mut contestants[who], calls);
                samples[who].push(elapsed.as_nanos() as f64 / calls as f64);
            }
        }
    }
    samples.iter().map(|samples| Spread::of(samples)).collect()
}

/// The calls of a loop that is long enough.
fn calibrate(plan: Plan, mut time: impl FnMut(u64) -> Duration) -> u64 {
    let mut calls = 1;
    loop {
        let elapsed = time(calls);
        if elapsed >= plan.shortest {
            return calls;
        }
        let missing = plan.shortest.as_secs_f64() / elapsed.as_secs_f64().max(1e-9);
        // At most tenfold: the first calls may have been slow for reasons of their own.
        calls = (calls as f64 * (1.1 * missing).clamp(1.5, 10.0)).ceil() as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const PLAN: Plan = Plan {
        rounds: 3,
        shortest: Duration::ZERO,
        slow: Duration::MAX,
    };

    /// The calls that a contestant gets whose single call takes `nanoseconds`, and its spread.
    fn alone(plan: Plan, nanoseconds: u64) -> (Vec<u64>, Spread) {
        let (now, asked) = (Cell::new(Duration::ZERO), RefCell::new(Vec::new()));
        let contestant = |calls: u64| {
            asked.borrow_mut().extend((calls > 0).then_some(calls));
            now.set(now.get() + Duration::from_nanos(calls * nanoseconds));
        };
        let spreads = interleave_by(plan, &|| now.get(), &mut [contestant]);
        (asked.into_inner(), spreads[0])
    }

    #[test]
    fn contestants_take_turns_and_the_first_one_changes() {
        let order = RefCell::new(String::new());
        let contestant = |name: char| {
            let order = &order;
            move |calls: u64| order.borrow_mut().extend((calls > 0).then_some(name))
        };
        let spreads = interleave(PLAN, &mut [contestant('a'), contestant('b')]);
        assert_eq!(spreads.len(), 2);
        // Two calls of each to warm up and to find the length of the loop, then three rounds.
        assert_eq!(order.into_inner(), "aabbabbaab");
    }

    #[test]
    fn everybody_prepares_before_each_loop() {
        let asked = RefCell::new(Vec::new());
        interleave(PLAN, &mut [|calls: u64| asked.borrow_mut().push(calls)]);
        let asked = asked.into_inner();
        assert_eq!(asked.len(), 10);
        for (place, calls) in asked.iter().enumerate() {
            assert_eq!(*calls == 0, place % 2 == 0, "{asked:?}");
        }
    }

    #[test]
    fn a_short_call_is_repeated_until_the_loop_is_long_enough() {
        let shortest = Duration::from_micros(1);
        let (asked, spread) = alone(Plan { shortest, ..PLAN }, 3);
        assert!(asked.ends_with(&[367, 367, 367, 367]), "{asked:?}");
        assert!((spread.median - 3.0).abs() < 1e-12, "{spread:?}");
    }

    #[test]
    fn a_slow_contestant_is_timed_once() {
        let plan = Plan {
            rounds: 9,
            slow: Duration::from_nanos(50),
            ..PLAN
        };
        assert_eq!(alone(plan, 50).0.len(), 2 + 9);
        assert_eq!(alone(plan, 51).0.len(), 1 + 1);
    }
}
