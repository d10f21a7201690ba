//! The runs of each experiment, judged.

use std::collections::BTreeMap;

use knee_figure::Figure;

use crate::error::Error;
use crate::experiment::{Experiment, Meta};
use crate::experiments;
use crate::parameter::Settings;
use crate::record::{Record, Seeds, Sighting, Versions};
use crate::results::Results;
use crate::verdict::{Claim, Verdict};

/// One experiment with one set of parameters: what was measured, and what follows.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    /// What the experiment says of itself.
    pub meta: &'static Meta,
    /// The parameters.
    pub settings: Settings,
    /// The user's own data, where it ran on some.
    pub data: Option<String>,
    /// The arms.
    pub arms: Vec<String>,
    /// The runs, by arm and seeds.
    pub records: Vec<&'a Record>,
    /// The most runs that an arm has.
    pub seeds: usize,
    /// What was claimed, with what decides.
    pub claims: Vec<Claim>,
    /// What follows from all claims.
    pub verdict: Verdict,
    /// What there is to see.
    pub figures: Vec<Figure>,
}

impl<'a> Summary<'a> {
    /// The command that makes the runs again.
    pub fn command(&self) -> String {
        let mut words = vec![format!("knee lab run {}", self.meta.name)];
        if self.seeds != default_seeds(self.settings.quick()) {
            words.push(format!("--seeds {}", self.seeds));
        }
        if self.settings.quick() {
            words.push("--quick".to_owned());
        }
        words.extend(self.set().iter().map(|set| format!("--set '{set}'")));
        let usual: Vec<Seeds> = (0..self.seeds).map(Seeds::of).collect();
        let names = ["data", "init", "order"];
        for (index, name) in names.into_iter().enumerate() {
            let part = |seeds: &Seeds| [seeds.data, seeds.init, seeds.order][index];
            let mut found: Vec<u64> = self
                .records
                .iter()
                .map(|record| part(&record.seeds))
                .collect();
            found.sort_unstable();
            found.dedup();
            // The same in all runs: held by the user.
            if let [seed] = found[..]
                && usual.iter().map(part).ne([seed])
            {
                words.push(format!("--{name}-seed {seed}"));
            }
        }
        if self.data.is_some() {
            words.push("--data FILE --label COLUMN".to_owned());
        }
        words.join(" ")
    }

    /// What is set in place of the defaults, as `NAME=VALUE`.
    pub fn set(&self) -> Vec<String> {
        let defaults = Settings::new(self.meta, self.settings.quick(), &[]);
        let defaults = defaults
            .map(|defaults| defaults.values().clone())
            .unwrap_or_default();
        let values = self.settings.values().iter();
        values
            .filter(|(name, value)| defaults.get(*name) != Some(value))
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    /// The name with what tells this set of runs from others of the same experiment.
    pub fn label(&self) -> String {
        let quick = self.settings.quick().then(|| "quick".to_owned());
        let data = self.data.as_ref().map(|data| format!("data {data}"));
        let marks: Vec<String> = quick.into_iter().chain(self.set()).chain(data).collect();
        if marks.is_empty() {
            return self.meta.name.to_owned();
        }
        format!("{} ({})", self.meta.name, marks.join(", "))
    }

    /// How many claims are confirmed.
    pub fn held(&self) -> usize {
        let confirmed = |claim: &&Claim| claim.verdict() == Verdict::Confirmed;
        self.claims.iter().filter(confirmed).count()
    }

    /// The claim that decides the verdict: the first of the sentence's own that did not hold, or the first of all where all held.
    pub fn deciding(&self) -> Option<&Claim> {
        let open = |claim: &&Claim| !claim.beside && claim.verdict() != Verdict::Confirmed;
        self.claims.iter().find(open).or(self.claims.first())
    }

    /// The words of the first run of each arm that has some: the run, the name, the words.
    pub fn texts(&self) -> Vec<(&'a Record, &'a str, &'a str)> {
        let first = |arm: &String| {
            self.records
                .iter()
                .copied()
                .find(|record| record.arm == *arm && !record.measured.texts.is_empty())
        };
        let texts = |record: &'a Record| {
            let texts = record.measured.texts.iter();
            texts.map(move |(name, words)| (record, name.as_str(), words.as_str()))
        };
        self.arms.iter().filter_map(first).flat_map(texts).collect()
    }

    /// Runs of arms that the experiment does not have, which neither claims nor figures see.
    pub fn strangers(&self) -> BTreeMap<&str, usize> {
        let mut found = BTreeMap::new();
        for record in &self.records {
            if !self.arms.contains(&record.arm) {
                *found.entry(record.arm.as_str()).or_default() += 1;
            }
        }
        found
    }

    /// Whether every arm has as many runs as the others.
    pub fn complete(&self) -> bool {
        self.arms.iter().all(|arm| self.runs(arm) == self.seeds)
    }

    /// The number of runs of an arm.
    pub fn runs(&self, arm: &str) -> usize {
        self.records
            .iter()
            .filter(|record| record.arm == arm)
            .count()
    }

    /// The days of the runs, the first and the last.
    pub fn dates(&self) -> (&str, &str) {
        let dates = || self.records.iter().map(|record| record.date.as_str());
        (
            dates().min().unwrap_or_default(),
            dates().max().unwrap_or_default(),
        )
    }

    /// What the runs were made with; several where programs differ.
    pub fn versions(&self) -> Vec<&Versions> {
        let mut versions: Vec<&Versions> = Vec::new();
        for record in &self.records {
            if !versions.contains(&&record.versions) {
                versions.push(&record.versions);
            }
        }
        versions
    }

    /// Seconds of all runs together.
    pub fn seconds(&self) -> f64 {
        self.records
            .iter()
            .filter_map(|record| record.measured.seconds.get("run"))
            .sum()
    }

    /// What the doctor said at warning level or above: the rule, and in how many runs of each arm.
    pub fn sightings(&self) -> BTreeMap<&str, BTreeMap<&str, usize>> {
        let mut found: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for record in &self.records {
            let mut rules: Vec<&str> = record
                .measured
                .sightings
                .iter()
                .filter(|sighting: &&Sighting| sighting.level != "info")
                .map(|sighting| sighting.rule.as_str())
                .collect();
            rules.sort_unstable();
            rules.dedup();
            for rule in rules {
                *found
                    .entry(rule)
                    .or_default()
                    .entry(&record.arm)
                    .or_default() += 1;
            }
        }
        found
    }
}

/// The seeds of a run when nothing is said.
pub fn default_seeds(quick: bool) -> usize {
    if quick { 3 } else { 5 }
}

/// Judges records, one summary for each experiment and set of parameters, in the order of the list. Records of an experiment that
/// this program does not have are refused.
pub fn summaries(records: &[Record]) -> Result<Vec<Summary<'_>>, Error> {
    let place = |record: &Record| {
        let position = experiments::all()
            .iter()
            .position(|one| one.meta().name == record.experiment);
        position.ok_or_else(|| Error::UnknownExperiment {
            given: record.experiment.clone(),
            nearest: None,
        })
    };
    let mut groups: BTreeMap<_, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let key = (
            place(record)?,
            record.quick,
            record.key().parameters,
            record.data.clone(),
        );
        groups.entry(key).or_default().push(record);
    }
    groups
        .into_iter()
        .map(|((position, ..), records)| summary(experiments::all()[position], records))
        .collect()
}

fn summary<'a>(
    experiment: &'static dyn Experiment,
    mut records: Vec<&'a Record>,
) -> Result<Summary<'a>, Error> {
    let first = records[0];
    let set: Vec<(&str, String)> = first
        .parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_string()))
        .collect();
    let set: Vec<(&str, &str)> = set
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let settings = Settings::new(experiment.meta(), first.quick, &set)?;
    let arms = experiment.arms(&settings);
    let place = |arm: &String| arms.iter().position(|one| one == arm).unwrap_or(arms.len());
    records.sort_by(|a, b| (place(&a.arm), &a.arm, a.seeds).cmp(&(place(&b.arm), &b.arm, b.seeds)));
    let results = Results::new(&settings, arms.clone(), &records);
    // Without a finished run on both sides of a comparison there is nothing to judge.
    let mut claims = experiment.judge(&results);
    claims.retain(|claim| !claim.effect.values.is_empty());
    let figures = experiment.figures(&results);
    let seeds = arms
        .iter()
        .map(|arm| results.of(arm).len())
        .max()
        .unwrap_or(0);
    Ok(Summary {
        meta: experiment.meta(),
        data: first.data.clone(),
        verdict: Verdict::over(&claims),
        seeds,
        claims,
        figures,
        arms,
        settings,
        records,
    })
}
