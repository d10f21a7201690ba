//! `knee completions`: a script that lets a shell complete commands and options.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Knee;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee completions bash > ~/.local/share/bash-completion/completions/knee
  knee completions zsh > ~/.zfunc/_knee
  knee completions fish > ~/.config/fish/completions/knee.fish";

/// Write a script that completes commands and options in a shell
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Writes the script.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Knee::command(), "knee", &mut script);
        terminal.print(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Fine)
    }
}
