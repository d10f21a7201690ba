//! The progress bar of a run: on a terminal, on standard error, and only when it takes a while.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::Terminal;

/// Inputs seen so far.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar for so many inputs; hidden with `--quiet` or without a terminal.
    pub(super) fn new(terminal: &Terminal, inputs: usize) -> Self {
        let target = if terminal.shows_progress() {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(inputs as u64), target);
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} inputs, {eta} left")
        {
            bar.set_style(style);
        }
        bar.set_message("running");
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    /// So many inputs are done.
    pub(super) fn advance(&mut self, done: usize) {
        self.0.set_position(done as u64);
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        self.0.finish_and_clear();
    }
}
