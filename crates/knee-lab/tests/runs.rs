//! A run is a function of its specification, and what is finished is never lost.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use knee_lab::runner::{self, Options, Plan, Watcher};
use knee_lab::store::{self, Store};
use knee_lab::{Error, Record, Seeds, Settings, experiments};

/// A plan of six short runs on each seed.
fn plan(seeds: usize) -> Plan<'static> {
    let collapse = experiments::named("collapse").expect("it is on the list");
    let set = [
        ("depth", "3"),
        ("width", "4"),
        ("samples", "100"),
        ("epochs", "2"),
    ];
    let settings = Settings::new(collapse.meta(), true, &set).expect("values in range");
    let seeds = (0..seeds).map(Seeds::of).collect();
    Plan::new(collapse, settings, seeds, None).expect("it makes its own data")
}

fn records(plan: Plan<'_>, jobs: usize) -> Vec<Record> {
    let stop = AtomicBool::new(false);
    let options = Options {
        jobs,
        date: "2026-01-31".to_owned(),
        stop: &stop,
        watcher: &(),
    };
    let mut records = Vec::new();
    let complete = runner::run(
        &[plan],
        &options,
        |_| false,
        |record| {
            records.push(record);
            Ok(())
        },
    );
    assert!(complete.expect("nothing fails"));
    records.sort_by_key(Record::key);
    for record in &mut records {
        record.measured.seconds.clear();
    }
    records
}

/// A folder that is not there.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("knee-lab-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

#[test]
fn the_same_specification_gives_the_same_bits_on_one_thread_and_on_two() {
    let lines = |records: Vec<Record>| records.iter().map(store::line).collect::<String>();
    let once = lines(records(plan(2), 1));
    assert_eq!(once, lines(records(plan(2), 2)));
    assert_eq!(once, lines(records(plan(2), 1)));
    assert_eq!(once.lines().count(), 12);
}

#[test]
fn each_seed_alone_changes_the_numbers() {
    let collapse = experiments::named("collapse").expect("it is on the list");
    let base = Seeds::of(0);
    let others = [
        Seeds { data: 1, ..base },
        Seeds { init: 1, ..base },
        Seeds { order: 1, ..base },
    ];
    let loss = |seeds| {
        let settings = plan(1).settings;
        let run = knee_lab::Run::alone(&settings, 1, seeds);
        collapse.run(&run).expect("it runs").curves["loss"]
            .y
            .clone()
    };
    for seeds in others {
        assert_ne!(loss(base), loss(seeds), "{seeds:?}");
    }
}

#[test]
fn a_record_survives_its_line_bit_by_bit() {
    for mut record in records(plan(1), 1) {
        record.measured.set("never", f64::INFINITY);
        record.measured.set("tiny", 1e-310);
        record.measured.set("third", 1.0 / 3.0);
        let read: Record = serde_json::from_str(&store::line(&record)).expect("a record");
        assert_eq!(read, record);
    }
}

#[test]
fn what_is_finished_before_a_kill_is_kept_and_only_the_rest_is_made() {
    let path = folder("resume");
    let all = records(plan(1), 1);
    let mut store = Store::open(&path, false).expect("a new folder");
    for record in &all[..4] {
        store.add(record.clone()).expect("there is room");
    }
    drop(store);
    // A kill in the middle of a line.
    let file = path.join(store::RECORDS);
    let half = store::line(&all[4]);
    let text = fs::read_to_string(&file).expect("it is there") + &half[..half.len() / 2];
    fs::write(&file, text).expect("there is room");

    let mut store = Store::open(&path, true).expect("it is ours");
    let stop = AtomicBool::new(false);
    let options = Options {
        jobs: 2,
        date: "2026-01-31".to_owned(),
        stop: &stop,
        watcher: &(),
    };
    let done: Vec<_> = all
        .iter()
        .map(Record::key)
        .filter(|key| store.get(key).is_some())
        .collect();
    assert_eq!(done.len(), 4);
    let mut made = 0;
    let complete = runner::run(
        &[plan(1)],
        &options,
        |key| done.contains(key),
        |record| {
            made += 1;
            store.add(record)
        },
    );
    assert!(complete.expect("nothing fails"));
    assert_eq!(made, 2);
    let mut kept = store::read(&path).expect("it is ours").records;
    for record in &mut kept {
        record.measured.seconds.clear();
    }
    assert_eq!(kept, all);
    let _ = fs::remove_dir_all(path);
}

#[test]
fn folders_that_are_not_ours_and_results_without_resume_are_refused() {
    let path = folder("foreign");
    fs::create_dir_all(&path).expect("a folder");
    fs::write(path.join("thesis.tex"), "").expect("a file");
    let refused = |resume| match Store::open(&path, resume) {
        Err(Error::Results { found, .. }) => found,
        other => panic!("{other:?}"),
    };
    assert!(refused(true).contains("thesis.tex"));
    fs::remove_file(path.join("thesis.tex")).expect("it is there");
    let mut store = Store::open(&path, false).expect("an empty folder");
    store
        .add(records(plan(1), 1).remove(0))
        .expect("there is room");
    assert!(refused(false).contains("1 finished runs"));
    assert!(path.join("thesis.tex").metadata().is_err());
    let _ = fs::remove_dir_all(path);
}

#[test]
fn a_line_that_is_no_record_is_named() {
    let path = folder("broken");
    fs::create_dir_all(&path).expect("a folder");
    fs::write(path.join(store::RECORDS), "{\"a\":1}\n{}\n").expect("a file");
    let error = store::read(&path).expect_err("no records").to_string();
    assert!(error.contains("line 1"), "{error}");
    let _ = fs::remove_dir_all(path);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_in_the_place_of_the_records_is_refused_and_not_read_without_end() {
    let path = folder("device");
    fs::create_dir_all(&path).expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", path.join(store::RECORDS)).expect("a link");
    let error = Store::open(&path, true).expect_err("no file").to_string();
    assert!(error.contains("no regular file"), "{error}");
    let _ = fs::remove_dir_all(path);
}

#[test]
fn a_stop_keeps_what_is_finished() {
    /// Asks to stop when the third run begins.
    struct Third<'a>(&'a AtomicBool, Mutex<usize>);
    impl Watcher for Third<'_> {
        fn begun(&self, _: usize, _: &str, _: &str, _: Seeds) {
            let mut begun = self.1.lock().expect("nobody panicked");
            *begun += 1;
            if *begun == 3 {
                self.0.store(true, Ordering::Relaxed);
            }
        }
    }
    let stop = AtomicBool::new(false);
    let third = Third(&stop, Mutex::new(0));
    let options = Options {
        jobs: 1,
        date: String::new(),
        stop: &stop,
        watcher: &third,
    };
    let mut kept = 0;
    let complete = runner::run(
        &[plan(1)],
        &options,
        |_| false,
        |_| {
            kept += 1;
            Ok(())
        },
    );
    assert!(!complete.expect("no failure"));
    assert!((2..6).contains(&kept), "{kept}");
}

#[test]
fn unknown_names_and_values_out_of_range_are_refused_with_what_is_known() {
    let unknown = experiments::named("colapse")
        .err()
        .expect("no such name")
        .to_string();
    assert!(unknown.contains("did you mean \"collapse\"?"), "{unknown}");
    let meta = experiments::named("collapse")
        .expect("it is on the list")
        .meta();
    let refuse = |name, value| {
        Settings::new(meta, false, &[(name, value)])
            .expect_err("refused")
            .to_string()
    };
    assert!(refuse("dept", "3").contains("did you mean \"depth\"?"));
    assert!(refuse("depth", "1").contains("from 2 to 50"));
    assert!(refuse("depth", "2.5").contains("a whole number"));
    assert!(refuse("rate", "nan").contains("a number from"));
    let depth = experiments::named("depth")
        .expect("it is on the list")
        .meta();
    let error = Settings::new(depth, false, &[("functions", "relu,gelux")])
        .expect_err("refused")
        .to_string();
    assert!(error.contains("gelux"), "{error}");
}
