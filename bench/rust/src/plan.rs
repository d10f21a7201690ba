//! What is to be timed and judged; `xtask/src/bench/plan.rs` writes it.

use std::time::Duration;

use serde_json::Value;

/// The whole plan.
pub(crate) struct Plan {
    pub(crate) threads: u64,
    pub(crate) rounds: u64,
    pub(crate) rounds_large: u64,
    pub(crate) shortest: Duration,
    pub(crate) slow: Duration,
    pub(crate) sample: usize,
    pub(crate) reach: f64,
    pub(crate) cells: Vec<Cell>,
    pub(crate) errors: Vec<Cell>,
}

/// One function, direction, type and size; in a case to be judged there is no size.
#[derive(Clone)]
pub(crate) struct Cell {
    pub(crate) function: String,
    pub(crate) direction: String,
    pub(crate) dtype: String,
    pub(crate) elements: usize,
    pub(crate) row: Option<usize>,
    pub(crate) form: String,
    /// As it was read.
    pub(crate) json: Value,
}

impl Plan {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let number = |key: &str| json[key].as_u64().ok_or(format!("the plan has no `{key}`"));
        let cells = |key: &str| {
            json[key]
                .as_array()
                .map_or_else(Vec::new, |cells| cells.iter().map(Cell::read).collect())
        };
        Ok(Self {
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
}

impl Cell {
    fn read(json: &Value) -> Self {
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

    /// Bytes of an element.
    pub(crate) fn bytes(&self) -> usize {
        match self.dtype.as_str() {
            "f64" => 8,
            "f32" => 4,
            _ => 2,
        }
    }

    /// The number of the type at the boundary.
    pub(crate) fn dtype(&self) -> u8 {
        match self.dtype.as_str() {
            "f32" => 0,
            "f64" => 1,
            "f16" => 2,
            _ => 3,
        }
    }

    /// The number of the operation at the boundary.
    pub(crate) fn operation(&self) -> u8 {
        match (self.form.as_str(), self.direction.as_str()) {
            ("in_place", _) => 3,
            (_, "forward") => 0,
            (_, "backward") => 1,
            _ => 2,
        }
    }
}
