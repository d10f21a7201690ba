//! How far the runs are: on a terminal, on standard error.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use knee_lab::Seeds;
use knee_lab::runner::Watcher;

use crate::terminal::Terminal;

/// Steps of the bar of one run.
const STEPS: f64 = 1000.0;

/// A bar for all runs, and one for each run under way.
pub(super) struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    under_way: Mutex<BTreeMap<usize, ProgressBar>>,
}

impl Bars {
    /// Bars for so many runs; hidden with `--quiet` or without a terminal.
    pub(super) fn new(terminal: &Terminal, runs: usize) -> Self {
        let all = MultiProgress::with_draw_target(if terminal.shows_progress() {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        });
        let total = all.add(ProgressBar::new(runs as u64));
        total.set_style(style("{msg} {wide_bar} {pos}/{len} runs, {eta} left"));
        total.set_message("lab");
        total.enable_steady_tick(Duration::from_millis(500));
        Self {
            all,
            total,
            under_way: Mutex::default(),
        }
    }

    /// Takes the bars away.
    pub(super) fn finish(self) {
        self.total.finish_and_clear();
        let _ = self.all.clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Watcher for Bars {
    fn begun(&self, index: usize, experiment: &str, arm: &str, seeds: Seeds) {
        let bar = self.all.add(ProgressBar::new(STEPS as u64));
        bar.set_style(style("  {prefix} {bar:20} {msg}"));
        bar.set_prefix(format!("{experiment}, {arm}, data seed {}", seeds.data));
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        under_way.insert(index, bar);
    }

    fn at(&self, index: usize, share: f64, loss: Option<f64>, seen: &str) {
        let under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = under_way.get(&index) {
            bar.set_position((share * STEPS) as u64);
            let mut words = Vec::new();
            if let Some(loss) = loss {
                words.push(format!("loss {loss:.4}"));
            }
            if !seen.is_empty() {
                words.push(seen.to_owned());
            }
            bar.set_message(words.join(", "));
        }
    }

    fn ended(&self, index: usize) {
        let bar = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&index);
        if let Some(bar) = bar {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        self.total.inc(1);
    }
}
