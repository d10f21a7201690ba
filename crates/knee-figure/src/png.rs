//! A figure as a PNG: the SVG, rendered with a font that comes along, so that it looks the same on every machine.

use std::fmt;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use crate::Figure;

/// Pixels per unit of the SVG: sharp on dense screens and in print.
const SCALE: f32 = 2.0;

/// A figure that could not be drawn as PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PngError(String);

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the figure cannot be drawn as PNG: {}", self.0)
    }
}

impl std::error::Error for PngError {}

impl Figure {
    /// The figure as a PNG on white, 1440 pixels wide. It needs no font of the machine.
    ///
    /// ```
    /// use knee::Function;
    /// let figure = knee_figure::curve(&Function::parse("gelu").unwrap());
    /// assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
    /// ```
    pub fn png(&self) -> Result<Vec<u8>, PngError> {
        let mut fonts = Database::new();
        fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
        let family = fonts
            .faces()
            .next()
            .and_then(|face| face.families.first())
            .map(|(name, _)| name.clone())
            .unwrap_or_default();
        // The families that the SVG asks for are not there; what remains of its list is the generic one.
        fonts.set_sans_serif_family(&family);
        fonts.set_serif_family(&family);
        let options = Options {
            fontdb: Arc::new(fonts),
            ..Options::default()
        };
        let failed = |reason: String| PngError(reason);
        let tree =
            Tree::from_str(&self.svg(), &options).map_err(|error| failed(error.to_string()))?;
        let size = tree.size();
        let pixels = |length: f32| (length * SCALE).ceil() as u32;
        let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
            .ok_or_else(|| failed("it has no area".to_string()))?;
        resvg::render(
            &tree,
            Transform::from_scale(SCALE, SCALE),
            &mut pixmap.as_mut(),
        );
        pixmap
            .encode_png()
            .map_err(|error| failed(error.to_string()))
    }
}
