//! New numbers.

use std::ops::Range;

use knee::Element;

/// As many numbers, written by `write`, which is handed places and room for the results there. Pieces of `unit` elements may be
/// computed by themselves.
///
/// Room is made block by block, and is in the nearest cache when it is written to; all at once only where threads share the work.
pub(crate) fn computed<T: Element>(
    elements: usize,
    unit: usize,
    write: impl Fn(Range<usize>, &mut [T]),
) -> Vec<T> {
    const BLOCK: usize = 1 << 12;
    if is_shared(elements) {
        let mut results = vec![T::default(); elements];
        write(0..elements, &mut results);
        return results;
    }
    let block = BLOCK.next_multiple_of(unit.max(1));
    let mut results = Vec::with_capacity(elements);
    while results.len() < elements {
        let own = results.len()..(results.len() + block).min(elements);
        results.resize(own.end, T::default());
        write(own.clone(), &mut results[own]);
    }
    results
}

/// Whether knee's kernels share so many elements between threads.
fn is_shared(elements: usize) -> bool {
    const WORTH_SHARING: usize = 1 << 18;
    elements >= WORTH_SHARING && rayon::current_num_threads() > 1
}

#[cfg(test)]
mod tests {
    use super::computed;

    #[test]
    fn blocks_are_whole_units_and_leave_nothing_out() {
        for (elements, unit) in [
            (0, 0),
            (0, 1),
            (1, 1),
            (4096, 1),
            (10_000, 1),
            (30_000, 1000),
            (9000, 9000),
        ] {
            let found = computed(elements, unit, |own, room: &mut [f32]| {
                assert_eq!(own.start % unit, 0);
                assert_eq!(own.len(), room.len());
                for (place, number) in own.zip(room) {
                    *number = place as f32;
                }
            });
            let expected: Vec<f32> = (0..elements).map(|place| place as f32).collect();
            assert_eq!(found, expected, "{elements} by {unit}");
        }
    }
}
