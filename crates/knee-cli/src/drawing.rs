//! Where a figure goes: to the terminal, or to a file in the format of its extension.

use std::path::Path;

use knee_figure::Figure;

use crate::outcome::Failure;
use crate::terminal::Terminal;

/// Lines that a figure takes on the terminal.
pub(crate) const HEIGHT: usize = 20;

/// Draws the figure, to a file where one is named.
pub(crate) fn draw(
    figure: &Figure,
    file: Option<&Path>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    match file {
        Some(path) => write(figure, path, terminal),
        None => terminal.print(&figure.terminal(
            terminal.width(),
            HEIGHT,
            terminal.charset(),
            terminal.has_colour(),
        )),
    }
}

/// Writes the figure to a file, and notes where it is.
pub(crate) fn write(figure: &Figure, path: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let bytes = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => figure.svg().into_bytes(),
        Some("png") => figure.png()?,
        _ => {
            return Err(Failure::new(format!(
                "{}: figures are written as SVG or PNG; give a name that ends in .svg or .png",
                path.display()
            )));
        }
    };
    std::fs::write(path, bytes)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    terminal.warn(&format!("the figure is in {}", path.display()));
    Ok(())
}

/// The ends of an x axis.
pub(crate) fn range(low: f64, high: f64) -> Result<(f64, f64), Failure> {
    // Far beyond it the distances between the samples overflow.
    let farthest = 1e300;
    if low.abs() <= farthest && high.abs() <= farthest && low < high {
        Ok((low, high))
    } else {
        Err(Failure::new(format!(
            "the x axis would go from {low} to {high}; --from must be less than --to, and both finite"
        )))
    }
}
