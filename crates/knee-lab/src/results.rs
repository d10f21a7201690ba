//! The runs of one experiment, as its judgement and its figures see them.

use knee_figure::{Band, Figure, Ink, Line};

use crate::parameter::Settings;
use crate::record::{Curve, Record};
use crate::statistics::{median, range};

/// The runs of one experiment with the same settings, sorted by arm and seed.
#[derive(Clone, Debug)]
pub struct Results<'a> {
    /// The settings.
    pub settings: &'a Settings,
    arms: Vec<String>,
    records: Vec<Vec<&'a Record>>,
}

impl<'a> Results<'a> {
    /// Sorts the records of an experiment by its arms; records of other arms are left out.
    pub fn new(settings: &'a Settings, arms: Vec<String>, records: &[&'a Record]) -> Self {
        let of_arm = |arm: &String| {
            let mut records: Vec<&Record> = records
                .iter()
                .copied()
                .filter(|record| record.arm == *arm)
                .collect();
            records.sort_by_key(|record| record.seeds);
            records
        };
        Self {
            settings,
            records: arms.iter().map(of_arm).collect(),
            arms,
        }
    }

    /// The arms.
    pub fn arms(&self) -> &[String] {
        &self.arms
    }

    /// The runs of an arm, by seed. None for an arm that there is not.
    pub fn of(&self, arm: &str) -> &[&'a Record] {
        let index = self.arms.iter().position(|name| name == arm);
        index.map_or(&[], |index| &self.records[index])
    }

    /// A measure of every run of an arm, by seed; NaN where a run does not have it.
    pub fn measures(&self, arm: &str, name: &str) -> Vec<f64> {
        let value = |record: &&Record| *record.measured.measures.get(name).unwrap_or(&f64::NAN);
        self.of(arm).iter().map(value).collect()
    }

    /// A time of every run of an arm, by seed; NaN where a run does not have it.
    pub fn seconds(&self, arm: &str, name: &str) -> Vec<f64> {
        let value = |record: &&Record| *record.measured.seconds.get(name).unwrap_or(&f64::NAN);
        self.of(arm).iter().map(value).collect()
    }

    /// The median of a measure over the seeds of an arm.
    pub fn median(&self, arm: &str, name: &str) -> f64 {
        median(&self.measures(arm, name))
    }

    /// A measure of two arms, joined seed by seed: both have the same data there.
    pub fn paired(
        &self,
        one: &str,
        other: &str,
        name: &str,
        join: impl Fn(f64, f64) -> f64,
    ) -> Vec<f64> {
        let pairs = self.of(one).iter().filter_map(|record| {
            let twin = self
                .of(other)
                .iter()
                .find(|twin| twin.seeds == record.seeds)?;
            let value = |record: &Record| *record.measured.measures.get(name).unwrap_or(&f64::NAN);
            Some(join(value(record), value(twin)))
        });
        pairs.collect()
    }

    /// A curve of every run of an arm that has it.
    pub fn curves(&self, arm: &str, name: &str) -> Vec<&'a Curve> {
        let curves = self.of(arm).iter().map(|record| &record.measured.curves);
        curves.filter_map(|curves| curves.get(name)).collect()
    }

    /// The median over seeds of a curve, at the places of the longest one.
    pub fn median_curve(&self, arm: &str, name: &str) -> Vec<(f64, f64)> {
        let at = self.across(arm, name);
        at.iter().map(|(x, values)| (*x, median(values))).collect()
    }

    /// The smallest and the largest value over seeds of a curve, at each place.
    pub fn band(&self, arm: &str, name: &str) -> Vec<(f64, f64, f64)> {
        let at = self.across(arm, name);
        at.iter()
            .map(|(x, values)| {
                let (low, high) = range(values);
                (*x, low, high)
            })
            .collect()
    }

    /// The values of all seeds at each place of the longest curve.
    fn across(&self, arm: &str, name: &str) -> Vec<(f64, Vec<f64>)> {
        let curves = self.curves(arm, name);
        let Some(longest) = curves.iter().max_by_key(|curve| curve.x.len()) else {
            return Vec::new();
        };
        let at = longest.x.iter().enumerate().map(|(index, x)| {
            let values = curves
                .iter()
                .filter_map(|curve| curve.y.get(index).copied());
            (*x, values.collect())
        });
        at.collect()
    }

    /// The figure with the median over seeds of a curve for each of some arms, over the band from the smallest to the largest
    /// value. Inks repeat after four arms: split what has more.
    #[must_use]
    pub fn draw(&self, figure: Figure, name: &str, arms: &[&str]) -> Figure {
        let named: Vec<(&str, &str)> = arms.iter().map(|arm| (*arm, *arm)).collect();
        self.draw_as(figure, name, &named)
    }

    /// The same with a label of its own for each arm: pairs of label and arm.
    #[must_use]
    pub fn draw_as(&self, mut figure: Figure, name: &str, arms: &[(&str, &str)]) -> Figure {
        let seeds = arms.iter().map(|(_, arm)| self.of(arm).len()).max();
        for (index, (_, arm)) in arms.iter().enumerate() {
            if seeds > Some(1) {
                figure = figure.with(Band {
                    label: String::new(),
                    points: self.band(arm, name),
                    ink: Ink::series(index),
                });
            }
        }
        for (index, (label, arm)) in arms.iter().enumerate() {
            figure = figure.with(Line {
                label: (*label).to_owned(),
                points: self.median_curve(arm, name),
                ink: Ink::series(index),
                markers: false,
            });
        }
        figure
    }
}
