//! An amount of memory as a person writes it.

use std::str::FromStr;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory(pub(super) u64);

const UNITS: &[(&str, u64)] = &[
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("k", 1 << 10),
    ("m", 1 << 20),
    ("g", 1 << 30),
    ("t", 1 << 40),
    ("b", 1),
    ("", 1),
];

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_ascii_lowercase();
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let factor = UNITS.iter().find(|(name, _)| *name == unit.trim());
        match (number.parse::<f64>(), factor) {
            (Ok(number), Some((_, factor))) if number > 0.0 => {
                Ok(Self((number * *factor as f64) as u64))
            }
            _ => Err("expected a size above 0 such as 512MiB, 8GiB or 2GB".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;

    #[test]
    fn sizes_with_and_without_units() {
        assert_eq!("512MiB".parse(), Ok(Memory(512 << 20)));
        assert_eq!("1.5 GiB".parse(), Ok(Memory(3 << 29)));
        assert_eq!("2GB".parse(), Ok(Memory(2_000_000_000)));
        assert_eq!("4096".parse(), Ok(Memory(4096)));
        for bad in ["", "GiB", "-1", "0", "1 parsec", "1e3", "1.2.3M"] {
            assert!(bad.parse::<Memory>().is_err(), "{bad}");
        }
    }
}
