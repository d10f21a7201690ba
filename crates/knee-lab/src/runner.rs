//! Runs experiments: every arm on every seed, each run on one thread, several runs at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::data::Dataset;
use crate::error::Error;
use crate::experiment::{Experiment, takes_data};
use crate::parameter::Settings;
use crate::record::{FORMAT, Key, Record, Seeds, Versions};
use crate::run::{Progress, Run, Stop};

/// An experiment with its settings and the seeds to run it on.
pub struct Plan<'a> {
    /// The experiment.
    pub experiment: &'a dyn Experiment,
    /// Its settings.
    pub settings: Settings,
    /// Each arm runs on each of them.
    pub seeds: Vec<Seeds>,
    /// The user's own data, in place of what the experiment makes.
    pub data: Option<&'a Dataset>,
}

impl<'a> Plan<'a> {
    /// A plan; refused where the experiment makes its own data and some is given.
    pub fn new(
        experiment: &'a dyn Experiment,
        settings: Settings,
        seeds: Vec<Seeds>,
        data: Option<&'a Dataset>,
    ) -> Result<Self, Error> {
        if data.is_some() {
            takes_data(experiment)?;
        }
        Ok(Self {
            experiment,
            settings,
            seeds,
            data,
        })
    }

    /// The arms.
    pub fn arms(&self) -> Vec<String> {
        self.experiment.arms(&self.settings)
    }

    fn data_name(&self) -> Option<String> {
        self.data.map(Dataset::fingerprint)
    }

    fn key(&self, arm: &str, seeds: Seeds) -> Key {
        let values = self.settings.values().iter();
        Key {
            experiment: self.experiment.meta().name.to_owned(),
            arm: arm.to_owned(),
            seeds,
            parameters: values
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            data: self.data_name(),
        }
    }

    /// The keys of all its runs.
    pub fn keys(&self) -> Vec<Key> {
        let seeds = |arm: String| self.seeds.iter().map(move |seeds| (arm.clone(), *seeds));
        let pairs = self.arms().into_iter().flat_map(seeds);
        pairs.map(|(arm, seeds)| self.key(&arm, seeds)).collect()
    }
}

/// What happens while experiments run. All calls come from the thread that called [`run`], but for [`Watcher::at`].
pub trait Watcher: Sync {
    /// A run has begun; `index` counts the runs that were still to be made.
    fn begun(&self, _index: usize, _experiment: &str, _arm: &str, _seeds: Seeds) {}

    /// How far a run is.
    fn at(&self, _index: usize, _share: f64, _loss: Option<f64>, _seen: &str) {}

    /// A run has ended.
    fn ended(&self, _index: usize) {}
}

impl Watcher for () {}

/// How to run.
pub struct Options<'a> {
    /// Runs at a time; each has one thread, so that its sums have one order.
    pub jobs: usize,
    /// The day that the records carry.
    pub date: String,
    /// Whether to end early; what is finished is kept.
    pub stop: &'a AtomicBool,
    /// Who watches.
    pub watcher: &'a dyn Watcher,
}

/// One run that is still to be made.
struct Task<'a> {
    plan: &'a Plan<'a>,
    arm: usize,
    name: String,
    seeds: Seeds,
}

enum Event {
    Begun(usize),
    Ended(usize, Box<Result<Record, Error>>),
    Dropped(usize),
}

/// Makes the runs of the plans that `is_done` does not know, and hands each record to `keep` when it is finished. True when all
/// runs were made, false when it was asked to stop.
pub fn run(
    plans: &[Plan<'_>],
    options: &Options<'_>,
    is_done: impl Fn(&Key) -> bool,
    mut keep: impl FnMut(Record) -> Result<(), Error>,
) -> Result<bool, Error> {
    let tasks = tasks(plans, is_done);
    let next = AtomicUsize::new(0);
    let halt = AtomicBool::new(false);
    let stopped = || options.stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed);
    let (send, events) = mpsc::channel();
    let mut complete = true;
    let mut failure = None;
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, tasks.len().max(1)) {
            let (send, next, halt, tasks) = (send.clone(), &next, &halt, &tasks);
            scope.spawn(move || {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(index) else { break };
                    if options.stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed) {
                        let _ = send.send(Event::Dropped(index));
                        continue;
                    }
                    let _ = send.send(Event::Begun(index));
                    let made = match &pool {
                        Ok(pool) => pool.install(|| make(task, index, options)),
                        Err(_) => make(task, index, options),
                    };
                    let _ = send.send(match made {
                        Ok(Some(record)) => Event::Ended(index, Box::new(Ok(record))),
                        Ok(None) => Event::Dropped(index),
                        Err(error) => Event::Ended(index, Box::new(Err(error))),
                    });
                }
            });
        }
        drop(send);
        for event in events {
            match event {
                Event::Begun(index) => {
                    let task = &tasks[index];
                    let name = task.plan.experiment.meta().name;
                    options.watcher.begun(index, name, &task.name, task.seeds);
                }
                Event::Dropped(index) => {
                    complete = false;
                    options.watcher.ended(index);
                }
                Event::Ended(index, result) => {
                    options.watcher.ended(index);
                    if let Err(error) = result.and_then(&mut keep) {
                        failure.get_or_insert(error);
                        halt.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(complete && !stopped()),
    }
}

/// The runs that are still to be made. Seeds are the outer loop, so that whatever is stopped early has whole repetitions.
fn tasks<'a>(plans: &'a [Plan<'a>], is_done: impl Fn(&Key) -> bool) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for plan in plans {
        let arms = plan.arms();
        for seeds in &plan.seeds {
            for (arm, name) in arms.iter().enumerate() {
                if !is_done(&plan.key(name, *seeds)) {
                    tasks.push(Task {
                        plan,
                        arm,
                        name: name.clone(),
                        seeds: *seeds,
                    });
                }
            }
        }
    }
    tasks
}

/// The number of runs that are still to be made.
pub fn remaining(plans: &[Plan<'_>], is_done: impl Fn(&Key) -> bool) -> usize {
    tasks(plans, is_done).len()
}

struct Watched<'a> {
    watcher: &'a dyn Watcher,
    index: usize,
}

impl Progress for Watched<'_> {
    fn at(&self, share: f64, loss: Option<f64>, seen: &str) {
        self.watcher.at(self.index, share, loss, seen);
    }
}

/// Makes a run; nothing when it was asked to stop.
fn make(task: &Task<'_>, index: usize, options: &Options<'_>) -> Result<Option<Record>, Error> {
    let plan = task.plan;
    let run = Run {
        settings: &plan.settings,
        arm: task.arm,
        seeds: task.seeds,
        data: plan.data,
        progress: &Watched {
            watcher: options.watcher,
            index,
        },
        stop: options.stop,
    };
    let start = std::time::Instant::now();
    let mut measured = match plan.experiment.run(&run) {
        Ok(measured) => measured,
        Err(Stop::Asked) => return Ok(None),
        Err(Stop::Impossible(cause)) => {
            return Err(Error::Run {
                experiment: plan.experiment.meta().name.to_owned(),
                cause,
            });
        }
    };
    measured.time("run", start.elapsed().as_secs_f64());
    Ok(Some(Record {
        format: FORMAT.to_owned(),
        experiment: plan.experiment.meta().name.to_owned(),
        arm: task.name.clone(),
        seeds: task.seeds,
        quick: plan.settings.quick(),
        parameters: plan.settings.values().clone(),
        data: plan.data_name(),
        measured,
        versions: Versions::current(),
        date: options.date.clone(),
    }))
}
