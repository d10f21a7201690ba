//! Files by their path.

use std::path::PathBuf;

use knee_lab::data::own;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn refusal(path: &PathBuf) -> String {
    own::read(path, "y")
        .expect_err("it must be refused")
        .to_string()
}

#[test]
fn a_file_is_read_by_its_ending() {
    let folder = folder("data-endings");
    let rows: Vec<String> = (0..30).map(|n| format!("{n},{}", n % 2)).collect();
    let rows = rows.join("\n");
    for name in ["a.csv", "b.CSV", "c.txt"] {
        let path = folder.join(name);
        std::fs::write(&path, format!("a,y\n{rows}")).unwrap();
        let set = own::read(&path, "y").unwrap();
        assert_eq!((set.samples(), set.name.as_str()), (30, name));
    }
    let numpy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/numpy/numbers.npz");
    assert_eq!(own::read(numpy, None).unwrap().samples(), 20);
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = folder("data-refused.csv");
    let shown = folder.display();
    assert_eq!(
        refusal(&folder),
        format!("{shown}: it is a directory; name a file in it")
    );
    let missing = refusal(&folder.join("missing.csv"));
    assert!(
        missing.starts_with(&format!("{shown}/missing.csv: ")),
        "{missing}"
    );
    assert!(
        missing.ends_with("; check the path, and that the file may be read"),
        "{missing}"
    );
    for (name, message) in [
        (
            "table.xlsx",
            "files that end in \".xlsx\" are not read; expected a .csv, .tsv, .txt or .npz file",
        ),
        (
            "table",
            "its name has no ending that says what it is; expected a .csv, .tsv, .txt or .npz file",
        ),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, "a,y\n").unwrap();
        assert_eq!(refusal(&path), format!("{shown}/{name}: {message}"));
    }
}
