//! What is to be timed and judged.

use std::time::Duration;

use serde_json::Value;

/// The whole plan.
pub struct Plan {
    /// What the session is called; empty where its program knows.
    pub name: String,
    /// Whether others are timed beside knee.
    pub peers: bool,
    /// Threads of each contestant.
    pub threads: u64,
    /// Rounds where a loop of many calls is timed.
    pub rounds: u64,
    /// Rounds where single calls are long.
    pub rounds_large: u64,
    /// How long a loop takes at least.
    pub shortest: Duration,
    /// Who takes longer for one call is timed once.
    pub slow: Duration,
    /// Numbers that errors are looked for at.
    pub sample: usize,
    /// The end of their grid.
    pub reach: f64,
    /// What is timed.
    pub cells: Vec<Cell>,
    /// What is judged.
    pub errors: Vec<Cell>,
}

/// One function, direction, type and size; in a case to be judged there is no size.
#[derive(Clone)]
pub struct Cell {
    /// Such as `leaky_relu`.
    pub function: String,
    /// Such as `forward`.
    pub direction: String,
    /// Such as `f32`.
    pub dtype: String,
    /// Of each array.
    pub elements: usize,
    /// The length of a row; `None` for what knows no rows.
    pub row: Option<usize>,
    /// Such as `in_place`.
    pub form: String,
    /// As it was read.
    pub json: Value,
}

impl Plan {
    /// The plan in a text.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or lacks a number.
    pub fn read(text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let number = |key: &str| json[key].as_u64().ok_or(format!("the plan has no `{key}`"));
        let cells = |key: &str| {
            json[key]
                .as_array()
                .map_or_else(Vec::new, |cells| cells.iter().map(Cell::read).collect())
        };
        Ok(Self {
            name: json["name"].as_str().unwrap_or_default().to_owned(),
            peers: json["peers"].as_bool().unwrap_or(true),
            threads: number("threads")?,
            rounds: number("rounds")?,
            rounds_large: number("rounds_large")?,
            shortest: Duration::from_nanos(number("shortest_ns")?),
            slow: Duration::from_nanos(number("slow_ns")?),
            sample: number("sample")? as usize,
            reach: json["reach"].as_f64().ok_or("the plan has no `reach`")?,
            cells: cells("cells"),
            errors: cells("errors"),
        })
    }

    /// How often and how long each contestant runs where it is called in a loop, or where a single call is long.
    pub fn turns(&self, long: bool) -> measure::Plan {
        let rounds = if long { self.rounds_large } else { self.rounds };
        measure::Plan {
            rounds: rounds as usize,
            shortest: self.shortest,
            slow: self.slow,
        }
    }
}

impl Cell {
    /// The cell in a plan.
    pub fn read(json: &Value) -> Self {
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        Self {
            function: text("function"),
            direction: text("direction"),
            dtype: text("dtype"),
            elements: json["elements"].as_u64().unwrap_or(0) as usize,
            row: json["row"].as_u64().map(|row| row as usize),
            form: text("form"),
            json: json.clone(),
        }
    }

    /// Whether times are those of a call, and not of an element.
    pub fn per_call(&self) -> bool {
        matches!(self.form.as_str(), "call" | "step")
    }

    /// Bytes of an element.
    pub fn bytes(&self) -> usize {
        match self.dtype.as_str() {
            "f64" => 8,
            "f32" => 4,
            _ => 2,
        }
    }

    /// The number of the type at the boundary.
    pub fn dtype(&self) -> u8 {
        match self.dtype.as_str() {
            "f32" => 0,
            "f64" => 1,
            "f16" => 2,
            _ => 3,
        }
    }

    /// The number of the operation at the boundary.
    pub fn operation(&self) -> u8 {
        match (self.form.as_str(), self.direction.as_str()) {
            ("in_place", _) => 3,
            (_, "forward") => 0,
            (_, "backward") => 1,
            _ => 2,
        }
    }
}
