//! The kinds of functions: what they take and what they give.

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// It takes a number to a number.
    Element,
    /// It takes a number to a number, by parameters that are learned.
    Learned,
    /// It mixes the elements of a row.
    Row,
    /// It multiplies one half of its input by a function of the other half.
    Gated,
    /// It changes the number of channels.
    Channels,
    /// It draws random numbers, from a seed.
    Random,
}

impl Kind {
    /// All of them, in the order of the lists.
    pub const ALL: [Self; 6] = [
        Self::Element,
        Self::Learned,
        Self::Row,
        Self::Gated,
        Self::Channels,
        Self::Random,
    ];

    /// The word for it in arguments and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Element => "element-wise",
            Self::Learned => "learned",
            Self::Row => "row-wise",
            Self::Gated => "gated",
            Self::Channels => "channels",
            Self::Random => "random",
        }
    }

    /// What the functions of this kind have in common, as a heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Element => "Element-wise: a number to a number",
            Self::Learned => "Learned: with parameters that training changes",
            Self::Row => "Row-wise: every result depends on the whole row",
            Self::Gated => "Gated: one half of the input opens a gate for the other",
            Self::Channels => "Over channels: more or fewer come out than go in",
            Self::Random => "Random: drawn from a seed",
        }
    }
}
