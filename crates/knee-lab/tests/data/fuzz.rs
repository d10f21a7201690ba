//! Whatever the bytes of a file are, the answer is a set or an error, never a panic.
//!
//! `PROPTEST_CASES` sets how many files.

use knee_lab::data::{Dataset, Error, Targets, own};
use proptest::collection::vec;
use proptest::prelude::*;

const ARCHIVES: [&[u8]; 3] = [
    include_bytes!("numpy/text-labels.npz"),
    include_bytes!("numpy/numbers.npz"),
    include_bytes!("numpy/images.npz"),
];

fn texts() -> [String; 3] {
    let table = |header: &str, row: &dyn Fn(usize) -> String| {
        let rows: String = (0..30).map(row).collect();
        format!("{header}\n{rows}")
    };
    [
        table("a,b,y", &|n| format!("{n},{}.5,{}\n", n * n, n % 3)),
        table("\"a\";\"y\"\r", &|n| format!("\"{n}\";\"k{}\"\r\n", n % 2)),
        table("\u{feff}\ty\tc", &|n| format!("{n}\t{n}.25\t1e{n}\n")),
    ]
}

/// A place in a file and what happens there.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    vec((any::<prop::sample::Index>(), 0..5_u8, any::<u8>()), 1..5)
}

fn changed(bytes: &[u8], changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (place, kind, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = place.index(bytes.len());
        match kind {
            0 => bytes[at] = *byte,
            1 => bytes[at] ^= 1 << (byte % 8),
            2 => bytes.insert(at, b",;\t\"\n\r'9-e"[usize::from(*byte) % 10]),
            3 => bytes.truncate(at),
            _ => {
                let end = (at + usize::from(*byte)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// A set is whole, and an error says something.
fn check(outcome: Result<Dataset, Error>) {
    match outcome {
        Ok(set) => {
            assert_eq!(set.inputs.len(), set.samples() * set.width());
            assert!(set.inputs.iter().all(|x| x.is_finite()));
            let labels = match &set.targets {
                Targets::Classes { classes, of, .. } => {
                    assert!(of.iter().all(|class| class < classes));
                    of.len()
                }
                Targets::Values { width, of } => of.len() / width,
            };
            assert_eq!(labels, set.samples());
        }
        Err(error) => assert!(error.to_string().starts_with("file")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn changed_tables_are_read_or_refused(which in 0..3_usize, changes in changes()) {
        let bytes = changed(texts()[which].as_bytes(), &changes);
        check(own::from_csv("file", &bytes, "y"));
    }

    #[test]
    fn changed_archives_are_read_or_refused(which in 0..3_usize, changes in changes()) {
        let bytes = changed(ARCHIVES[which], &changes);
        check(own::from_npz("file", &bytes, None));
        check(own::from_npz("file", &bytes, "species"));
    }

    /// Behind the archive's own check sum, so that the array's reader sees every change.
    #[test]
    fn changed_arrays_are_read_or_refused(changes in changes()) {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(ARCHIVES[1])).unwrap();
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            let name = file.name().unwrap().into_owned();
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, &changed(&bytes, &changes)).unwrap();
        }
        check(own::from_npz("file", &writer.finish().unwrap().into_inner(), None));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        check(own::from_csv("file", &bytes, "y"));
        check(own::from_npz("file", &bytes, None));
    }
}
