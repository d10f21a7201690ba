//! Samples, and what a network should answer to them.

/// Samples with what a network should answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What the set is called in a report: the name of its function, or of its file.
    pub name: String,
    /// The values, row by row: `[samples, width]`.
    pub inputs: Vec<f32>,
    /// The shape of one sample: `[width]`, `[channels, height, width]`, `[length, channels]` for a sequence, or `[length]` for
    /// symbols.
    pub shape: Vec<usize>,
    /// How many symbols there are, where the inputs are symbols: then each input is a whole number below it.
    pub symbols: Option<usize>,
    /// What a network should answer.
    pub targets: Targets,
    /// What was done to the data, or must be known about it, in whole sentences.
    pub notes: Vec<String>,
}

/// What a network should answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// One of several classes.
    Classes {
        /// How many classes there are.
        classes: usize,
        /// The classes, `[samples, per_sample]`, each below `classes`.
        of: Vec<usize>,
        /// Answers for each sample: 1, or one for each symbol of a sequence.
        per_sample: usize,
    },
    /// Numbers. Labels that hold independently of each other are numbers as well, 0 or 1.
    Values {
        /// Numbers for each sample; 0 where there is nothing to answer.
        width: usize,
        /// The numbers, `[samples, width]`.
        of: Vec<f32>,
    },
}

/// A set in two parts that share no sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What a network is trained on.
    pub train: Dataset,
    /// What it is tested on.
    pub test: Dataset,
}

impl Targets {
    /// Classes, one for each sample.
    pub fn classes(classes: usize, of: Vec<usize>) -> Self {
        Self::Classes {
            classes,
            of,
            per_sample: 1,
        }
    }

    /// Numbers that a network has to put out: the classes, or the width.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Classes { classes, .. } => *classes,
            Self::Values { width, .. } => *width,
        }
    }

    fn select(&self, indices: &[usize]) -> Self {
        match self {
            Self::Classes {
                classes,
                of,
                per_sample,
            } => Self::Classes {
                classes: *classes,
                of: rows(of, *per_sample, indices),
                per_sample: *per_sample,
            },
            Self::Values { width, of } => Self::Values {
                width: *width,
                of: rows(of, *width, indices),
            },
        }
    }
}

impl Dataset {
    pub(super) fn made(
        name: &str,
        inputs: Vec<f32>,
        shape: impl Into<Vec<usize>>,
        targets: Targets,
    ) -> Self {
        Self {
            name: name.to_owned(),
            inputs,
            shape: shape.into(),
            symbols: None,
            targets,
            notes: Vec::new(),
        }
    }

    /// Numbers in one sample: the product of its shape.
    pub fn width(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many samples there are.
    pub fn samples(&self) -> usize {
        self.inputs.len().checked_div(self.width()).unwrap_or(0)
    }

    /// The values of one sample. Panics if there is no such sample.
    pub fn sample(&self, index: usize) -> &[f32] {
        &self.inputs[index * self.width()..][..self.width()]
    }

    /// The samples at those positions, in that order; a position may stand there several times. Panics if there is no such
    /// sample.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            inputs: rows(&self.inputs, self.width(), indices),
            shape: self.shape.clone(),
            symbols: self.symbols,
            targets: self.targets.select(indices),
            notes: self.notes.clone(),
        }
    }
}

fn rows<T: Copy>(values: &[T], width: usize, indices: &[usize]) -> Vec<T> {
    let mut picked = Vec::with_capacity(width * indices.len());
    for index in indices {
        picked.extend_from_slice(&values[index * width..][..width]);
    }
    picked
}
