//! What is known about a function, on one page of text.

use knee::learned::Prelu;
use knee::{About, Budget, Centre, Framework, Function, RowFunction};
use knee_figure::{SATURATED, Stillness, percent, short, still_ranges};

use crate::terminal::Terminal;
use knee_catalogue::{Entry, words};

/// The card of a function, with a line break at its end.
pub(super) fn card(entry: &Entry, terminal: &Terminal) -> String {
    let mut card = Card {
        text: String::new(),
        terminal,
    };
    card.text += &terminal.bold(&entry.to_string());
    card.text.push('\n');
    card.paragraph("", &words::plain(entry.title()));
    match entry {
        Entry::Element(function) => card.element(function),
        Entry::Prelu => card.prelu(),
        Entry::Row(row) => card.row(*row),
        _ => {}
    }
    card.text
}

/// Width of the names on the left.
const NAMES: usize = 14;

struct Card<'a> {
    text: String,
    terminal: &'a Terminal,
}

impl Card<'_> {
    fn element(&mut self, function: &Function) {
        let about = function.about();
        if !about.aliases.is_empty() {
            self.paragraph("", &format!("Also called {}.", about.aliases.join(", ")));
        }
        self.formulas(about);
        for (parameter, declared) in function.parameters().iter().zip(about.parameters) {
            let mut meaning = words::plain(declared.doc.trim());
            if let Some(first) = meaning.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            self.paragraph(
                "Parameter",
                &format!(
                    "{} = {}: {} (default {}, {})",
                    parameter.name,
                    short(parameter.value),
                    meaning.trim_end_matches('.'),
                    short(parameter.default),
                    declared.domain.in_words()
                ),
            );
        }
        self.gap();
        self.facts(function);
        self.gap();
        self.elsewhere(about);
        self.gap();
        self.background(about, &error(about.budget));
    }

    fn formulas(&mut self, about: &About) {
        self.gap();
        self.paragraph("Formula", &words::plain(&about.formula()));
        self.paragraph("Derivative", &words::plain(&about.derivative()));
    }

    fn background(&mut self, about: &About, error: &str) {
        let traps = about.section("Traps");
        if !traps.is_empty() {
            self.paragraph("Traps", &words::plain(&traps));
            self.gap();
        }
        self.paragraph("Numerics", &words::plain(&about.numerics()));
        self.paragraph("Error", error);
        self.paragraph("Origin", &words::plain(&about.origin()));
        self.paragraph("LaTeX", about.latex);
    }

    fn facts(&mut self, function: &Function) {
        let facts = function.facts();
        let values = format!(
            "{}, {}",
            words::interval(&facts.range),
            words::centre(facts.centre)
        );
        self.paragraph("Values", &values);
        let shape = format!(
            "{}, {}",
            words::monotone(facts.monotone),
            words::smoothness(facts.smoothness)
        );
        self.paragraph("Shape", &shape);
        for kink in &facts.kinks {
            self.paragraph("Kink", &words::kink(kink));
        }
        let tails = format!(
            "left: {}; right: {}",
            words::tail(facts.left),
            words::tail(facts.right)
        );
        self.paragraph("Tails", &tails);
        let slope = facts.lipschitz.map_or_else(
            || "no bound".to_string(),
            |slope| format!("{} at most", short(slope)),
        );
        self.paragraph("Slope |f'|", &slope);
        for range in still_ranges(function) {
            let (name, what) = match range.stillness {
                Stillness::Flat => ("Flat", "f' = 0".to_string()),
                Stillness::Saturated => (
                    "Saturated",
                    format!("|f'| under {} of sqrt(E f'(Z)^2)", percent(SATURATED)),
                ),
            };
            self.paragraph(
                name,
                &format!("{} ({what})", words::place(range.low, range.high)),
            );
        }
        let moments = function.moments();
        self.paragraph(
            "Z ~ N(0, 1)",
            &format!(
                "E f(Z) = {}, E f(Z)^2 = {}, E f'(Z)^2 = {}",
                // Quadrature leaves a rounding error where an odd function has exactly 0.
                short(if facts.centre == Centre::Odd {
                    0.0
                } else {
                    moments.mean
                }),
                short(moments.second),
                short(moments.slope_second)
            ),
        );
        self.paragraph(
            "Gain",
            &format!("{}, which is 1 / sqrt(E f(Z)^2)", short(function.gain())),
        );
        self.paragraph("Initialise", words::initialisation(facts.initialisation));
        self.paragraph("Used in", facts.typical_use);
    }

    fn prelu(&mut self) {
        let start = short(Prelu::INITIAL_SLOPE);
        self.formulas(Prelu::ABOUT);
        self.paragraph(
            "Parameter",
            &format!("slope: learned, one for all or one per channel; it starts at {start}"),
        );
        self.gap();
        self.elsewhere(Prelu::ABOUT);
        self.gap();
        self.background(Prelu::ABOUT, &error(Prelu::ABOUT.budget));
        self.gap();
        self.paragraph(
            "Plot",
            &format!("with the slope {start}, where learning begins"),
        );
    }

    fn row(&mut self, row: RowFunction) {
        let about = row.about();
        self.formulas(about);
        self.paragraph(
            "Works on",
            "rows: each result depends on every element of its row",
        );
        self.gap();
        self.elsewhere(about);
        self.gap();
        for example in [
            [1.0, 2.0, 3.0],
            [1001.0, 1002.0, 1003.0],
            [0.0, 0.0, f64::NEG_INFINITY],
        ] {
            let mut result = [0.0; 3];
            row.forward(&example, 3, &mut result);
            let list = |values: [f64; 3]| values.map(short).join(", ");
            self.paragraph(
                "Example",
                &format!("{row}({}) = ({})", list(example), list(result)),
            );
        }
        self.gap();
        self.background(about, &value_error(about.budget));
    }

    fn elsewhere(&mut self, about: &About) {
        for (framework, label) in [
            (Framework::Onnx, "ONNX"),
            (Framework::Torch, "PyTorch"),
            (Framework::Jax, "JAX"),
            (Framework::Keras, "Keras"),
            (Framework::HuggingFace, "transformers"),
        ] {
            let own: Vec<String> = about
                .foreign
                .iter()
                .filter(|foreign| foreign.framework == framework)
                .map(words::foreign)
                .collect();
            let text = if own.is_empty() {
                "no operator of its own".to_string()
            } else {
                own.join("; ")
            };
            self.paragraph(label, &text);
        }
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A name on the left and its text beside it, wrapped; without a name the text takes the whole width.
    fn paragraph(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let indent = if name.is_empty() { 0 } else { NAMES };
        let mut margin = format!("{name:indent$}");
        for line in words::wrapped(text, self.terminal.width() - indent) {
            self.text += &margin;
            self.text += &line;
            self.text.push('\n');
            margin = " ".repeat(indent);
        }
    }
}

fn error(budget: Budget) -> String {
    format!(
        "{}, {}",
        value_error(budget),
        within("f'", budget.derivative)
    )
}

/// For a function of rows, whose gradient is formed from rounded values and has no budget.
fn value_error(budget: Budget) -> String {
    within("f", budget.forward)
}

fn within(what: &str, ulp: f64) -> String {
    match ulp {
        0.0 => format!("{what} is exact"),
        _ => format!("{what} is within {} ulp", short(ulp)),
    }
}
