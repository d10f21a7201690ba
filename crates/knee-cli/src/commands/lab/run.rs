//! `knee lab run`: experiments, each arm on each seed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use knee_lab::data::{Dataset, own};
use knee_lab::report::default_seeds;
use knee_lab::runner::{self, Options, Plan};
use knee_lab::store::Store;
use knee_lab::{Experiment, Record, Seeds, Settings, experiments};

use super::date::today;
use super::progress::Bars;
use super::written::{Written, written};
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee lab run collapse                        one experiment, on 5 seeds
  knee lab run depth --quick                   smaller, on 3 seeds; the verdict is marked quick
  knee lab run depth --set depth=40 --seeds 9  `knee lab show depth` lists the parameters
  knee lab run compare --data my.csv --label price
  knee lab run all --output results            every experiment; writes results/report.html
  knee lab run all --output results --resume   goes on after an interruption

The same specification gives the same numbers, whatever --jobs is; times are kept apart from them.";

/// Run experiments and judge what is said
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct RunCommand {
    /// Names of experiments, or `all`
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,

    /// Runs of each arm: 5 when nothing is said, 3 when quick
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    seeds: Option<u32>,

    /// Smaller and fewer runs, for a first look
    #[arg(long)]
    quick: bool,

    /// Set a parameter; may be given several times
    #[arg(long = "set", value_name = "PARAMETER=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,

    /// Runs at a time, each on one thread: as many as there are processors when nothing is said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// How the results are written
    #[arg(long, value_enum, default_value_t)]
    format: Written,

    /// A folder for the records and the report; `all` writes to knee-lab when nothing is said
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Go on with the finished runs of the output folder
    #[arg(long)]
    resume: bool,

    /// Your own samples, a .csv or .npz file
    #[arg(long, value_name = "FILE", requires = "label")]
    data: Option<PathBuf>,

    /// The column, or the array, that the network should predict
    #[arg(long, value_name = "COLUMN", requires = "data")]
    label: Option<String>,

    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: Device,

    /// Hold this seed of the data over all repetitions, so that only the others vary
    #[arg(long, value_name = "SEED")]
    data_seed: Option<u64>,

    /// Hold this seed of the initial weights
    #[arg(long, value_name = "SEED")]
    init_seed: Option<u64>,

    /// Hold this seed of the order of the samples
    #[arg(long, value_name = "SEED")]
    order_seed: Option<u64>,
}

/// What computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Device {
    /// The processor, one thread for each run
    #[default]
    Cpu,
    /// A graphics card, which this program cannot use
    Cuda,
}

/// Reads `name=value`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("\"{text}\" has no \"=\"; expected PARAMETER=VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl RunCommand {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        if self.device == Device::Cuda {
            return Err(Failure::new(
                "--device cuda: knee's kernels run on the processor, and this program has no other backend; use --device cpu",
            ));
        }
        let data = self.dataset(terminal)?;
        let plans = self.plans(data.as_ref())?;
        let all = self.names.iter().any(|name| name == "all");
        let folder = self
            .output
            .clone()
            .or_else(|| all.then(|| PathBuf::from("knee-lab")));
        if self.resume && folder.is_none() {
            return Err(Failure::new(
                "--resume goes on with the runs of a folder; name it with --output",
            ));
        }
        let mut store = folder
            .map(|folder| Store::open(&folder, self.resume))
            .transpose()?;
        let (records, complete) = self.collect(&plans, store.as_mut(), terminal)?;
        if records.is_empty() {
            return Err(Failure::new("stopped before the first run was finished"));
        }
        if let Some(store) = &store {
            let path = store.write("report.html", &written(&records, Written::Html, terminal)?)?;
            terminal.warn(&format!("the report is in {}", path.display()));
        }
        terminal.print(&written(&records, self.format, terminal)?)?;
        if complete {
            return Ok(Outcome::Fine);
        }
        let kept = match &store {
            Some(store) => format!(
                "{} runs are kept in {}; go on with --resume",
                records.len(),
                store.path().display()
            ),
            None => format!(
                "{} runs were finished; with --output they would have been kept",
                records.len()
            ),
        };
        Err(Failure::new(format!("stopped early: {kept}")))
    }

    fn dataset(&self, terminal: &Terminal) -> Result<Option<Dataset>, Failure> {
        let (Some(path), Some(label)) = (&self.data, &self.label) else {
            return Ok(None);
        };
        let data = own::read(path, label.as_str())?;
        for note in &data.notes {
            terminal.warn(note);
        }
        Ok(Some(data))
    }

    fn plans<'a>(&self, data: Option<&'a Dataset>) -> Result<Vec<Plan<'a>>, Failure> {
        let mut chosen: Vec<&'static dyn Experiment> = Vec::new();
        for name in &self.names {
            if name == "all" {
                chosen.extend(
                    experiments::all()
                        .iter()
                        .copied()
                        .filter(|one| data.is_none() || one.meta().own_data),
                );
            } else {
                chosen.push(experiments::named(name)?);
            }
        }
        // Each once, in the order of their first mention.
        let mut seen = BTreeSet::new();
        chosen.retain(|one| seen.insert(one.meta().name));
        let count = self
            .seeds
            .map_or(default_seeds(self.quick), |seeds| seeds as usize);
        let seeds: Vec<Seeds> = (0..count).map(|index| self.seeds_of(index)).collect();
        let set: Vec<(&str, &str)> = self
            .set
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut plans = Vec::new();
        for experiment in chosen {
            // With several experiments, a parameter is set where it exists; it must exist in one at least.
            let has = |name: &str| {
                experiment
                    .meta()
                    .parameters
                    .iter()
                    .any(|parameter| parameter.name == name)
            };
            let mine: Vec<(&str, &str)> = if self.names.len() == 1 && self.names[0] != "all" {
                set.clone()
            } else {
                set.iter().copied().filter(|(name, _)| has(name)).collect()
            };
            let settings = Settings::new(experiment.meta(), self.quick, &mine)?;
            plans.push(Plan::new(experiment, settings, seeds.clone(), data)?);
        }
        if let Some((name, _)) = set.iter().find(|(name, _)| {
            plans
                .iter()
                .all(|plan| plan.settings.values().keys().all(|known| known != name))
        }) {
            return Err(Failure::new(format!(
                "none of the experiments has a parameter \"{name}\"; `knee lab show NAME` lists those of one"
            )));
        }
        Ok(plans)
    }

    fn seeds_of(&self, index: usize) -> Seeds {
        let seeds = Seeds::of(index);
        Seeds {
            data: self.data_seed.unwrap_or(seeds.data),
            init: self.init_seed.unwrap_or(seeds.init),
            order: self.order_seed.unwrap_or(seeds.order),
        }
    }

    /// The records of the plans: those that are kept, and those that are made now. Whether that is all of them.
    fn collect(
        &self,
        plans: &[Plan<'_>],
        mut store: Option<&mut Store>,
        terminal: &Terminal,
    ) -> Result<(Vec<Record>, bool), Failure> {
        let kept = |store: &Option<&mut Store>, key: &_| {
            store.as_ref().and_then(|store| store.get(key)).cloned()
        };
        let mut records: Vec<Record> = plans
            .iter()
            .flat_map(Plan::keys)
            .filter_map(|key| kept(&store, &key))
            .collect();
        let done: BTreeSet<_> = records.iter().map(Record::key).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&stop);
        // A second interruption ends the program at once: what is finished is on the disk.
        let handler = ctrlc::set_handler(move || {
            if heard.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        if let Err(error) = handler {
            terminal.warn(&format!(
                "an interruption ends the program at once ({error})"
            ));
        }
        let bars = Bars::new(terminal, runner::remaining(plans, |key| done.contains(key)));
        let jobs = self.jobs.map(usize::from);
        let options = Options {
            jobs: jobs
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            date: today(),
            stop: &stop,
            watcher: &bars,
        };
        let made = runner::run(
            plans,
            &options,
            |key| done.contains(key),
            |record| {
                if let Some(store) = &mut store {
                    store.add(record.clone())?;
                }
                records.push(record);
                Ok(())
            },
        );
        bars.finish();
        let complete = made?;
        records.sort_by_key(Record::key);
        Ok((records, complete))
    }
}
