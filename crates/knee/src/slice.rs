//! What slices must have in common.

/// Panics unless a slice has the length of the input.
#[track_caller]
pub(crate) fn same_length(name: &str, length: usize, input: usize) {
    same_lengths((name, length), ("x", input));
}

/// Panics with both lengths unless they are the same.
#[track_caller]
pub(crate) fn same_lengths((name, length): (&str, usize), (other, expected): (&str, usize)) {
    assert!(
        length == expected,
        "`{name}` has {length} elements and `{other}` has {expected}; both must have the same length"
    );
}
