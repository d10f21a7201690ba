//! The lane of pairs: sums.

use knee::Pair;

/// Half of a unit in the last place can stand in the tail with either sign, so a number has two forms. Their difference was the
/// last unit of the head once, because a head of zero was thought to have lost its sign.
#[test]
fn the_two_forms_of_a_number_cancel() {
    for head in [4.999999999999998_f64, 1.0, -3.5, 1e300, -7e-200] {
        let next = head.next_up();
        let half = (next - head) * 0.5;
        let (below, above) = (Pair::new(head, half), Pair::new(next, -half));
        for difference in [below - above, above - below] {
            let parts = (difference.head(), difference.tail());
            assert_eq!(parts, (0.0, 0.0), "the forms of {head:e}");
        }
    }
}
