//! What is compared, as `Cargo.lock` has it.

/// The version of a package; "unknown" if there is none.
pub fn version(package: &str) -> &'static str {
    let mut lines = include_str!("../../Cargo.lock").lines();
    let name = format!("name = \"{package}\"");
    lines
        .find(|line| *line == name)
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = "))
        .map_or("unknown", |version| version.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_package_has_the_version_it_is_built_in() {
        assert_eq!(version("session"), env!("CARGO_PKG_VERSION"));
        assert_eq!(version("no such package"), "unknown");
    }
}
