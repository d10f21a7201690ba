//! Counts and indices as people read them. Other numbers are written by `knee_figure::short` and
//! `knee_figure::percent`, so that a value reads the same in a finding, a table and a figure.

/// An integer with thousands separated.
///
/// ```
/// assert_eq!(knee_doctor::report::number::count(11_689_512), "11,689,512");
/// ```
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `n` things: "1 unit", "3,000 units". The plural is the singular with an s.
pub fn counted(n: u64, singular: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {singular}{plural}", count(n))
}

/// Indices in one line: runs as ranges, cut after `most` pieces with the rest counted.
///
/// ```
/// use knee_doctor::report::number::indices;
/// assert_eq!(indices(&[0, 1, 2, 7, 9, 10], 8), "0-2, 7, 9-10");
/// assert_eq!(indices(&[1, 3, 5, 7], 2), "1, 3 and 2 more");
/// ```
pub fn indices(units: &[u64], most: usize) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for &unit in units {
        match runs.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(unit) => *end = unit,
            _ => runs.push((unit, unit)),
        }
    }
    let text: Vec<String> = runs
        .iter()
        .take(most)
        .map(|&(start, end)| {
            if start == end {
                start.to_string()
            } else {
                format!("{start}-{end}")
            }
        })
        .collect();
    let shown: u64 = runs
        .iter()
        .take(most)
        .map(|&(start, end)| end - start + 1)
        .sum();
    let left = (units.len() as u64).saturating_sub(shown);
    let more = if left > 0 {
        format!(" and {} more", count(left))
    } else {
        String::new()
    };
    text.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(counted(1, "input"), "1 input");
        assert_eq!(counted(1797, "input"), "1,797 inputs");
    }

    #[test]
    fn indices_at_the_end_of_the_range_do_not_overflow() {
        assert_eq!(indices(&[u64::MAX], 3), u64::MAX.to_string());
        assert_eq!(indices(&[], 3), "");
    }
}
