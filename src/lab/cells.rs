//! The map of an experiment as a small picture: one path for all cells of a kind, which whoever shows it only has to draw.

use serde::{Deserialize, Serialize};

/// What the site recorded of the map of networks by depth and σ, for a tile that leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapTile {
    /// The number of cells side by side.
    pub columns: usize,
    /// A sign for each cell, from the lowest row up, as a sketch of an experiment has them.
    pub marks: String,
    /// How many networks were trained, as text.
    pub all: String,
    /// How many of them learned, as text.
    pub learned: String,
    /// How many lie no deeper than theory's line, as text.
    pub near: String,
    /// How many of these learned, as text.
    pub inside: String,
}

/// All cells of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPath {
    /// The kind: `x` left f32, `o` did not learn, `.` was not run; else a digit from 0 (as bad as guessing) to 9.
    pub mark: char,
    /// The path, as SVG has it.
    pub path: String,
}

impl CellPath {
    /// The class that gives it a colour.
    pub fn class(&self) -> &'static str {
        match self.mark {
            'x' => "lost",
            'o' => "unlearned",
            '.' => "waiting",
            _ => "shade",
        }
    }

    /// How strong its colour is, from 0 to 1; a cross or a dot is always as strong.
    pub fn strength(&self) -> Option<String> {
        self.mark.to_digit(10).map(|digit| format!("{:.2}", 0.12 + 0.088 * f64::from(digit)))
    }
}

/// The cells of a map in a picture of `[width, height]` with free space of `edge` around.
pub fn cell_paths(columns: usize, marks: &str, [width, height]: [f64; 2], edge: f64) -> Vec<CellPath> {
    let signs: Vec<char> = marks.chars().collect();
    let columns = columns.max(1);
    let rows = signs.len().div_ceil(columns).max(1);
    let (wide, high) = ((width - 2.0 * edge) / columns as f64, (height - 2.0 * edge) / rows as f64);
    let cell = |mark: char, index: usize| {
        let (x, y) = (edge + wide * (index % columns) as f64, height - edge - high * (index / columns + 1) as f64);
        let (across, down) = (0.5 * wide, 0.5 * high);
        match mark {
            'x' => format!(
                "M{:.1} {:.1}l{across:.1} {down:.1}m0 {:.1}l{:.1} {down:.1}",
                x + 0.25 * wide,
                y + 0.25 * high,
                -down,
                -across
            ),
            'o' => format!("M{:.1} {:.1}h0", x + across, y + down),
            _ => format!("M{x:.1} {y:.1}h{wide:.1}v{high:.1}h{:.1}z", -wide),
        }
    };
    let mut kinds = signs.clone();
    kinds.sort_unstable();
    kinds.dedup();
    let path = |mark: char| {
        let own = signs.iter().enumerate().filter(|(_, sign)| **sign == mark);
        CellPath { mark, path: own.map(|(index, _)| cell(mark, index)).collect() }
    };
    kinds.into_iter().map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_stands_on_its_lowest_row() {
        let paths = cell_paths(2, "9o9x", [20.0, 20.0], 0.0);
        let of = |mark: char| paths.iter().find(|path| path.mark == mark).expect("it is there");
        assert_eq!(of('9').path, "M0.0 10.0h10.0v10.0h-10.0zM0.0 0.0h10.0v10.0h-10.0z");
        assert_eq!((of('o').path.as_str(), of('o').class()), ("M15.0 15.0h0", "unlearned"));
        assert_eq!(of('x').path, "M12.5 2.5l5.0 5.0m0 -5.0l-5.0 5.0");
        assert_eq!((of('9').strength(), of('x').strength()), (Some("0.91".to_owned()), None));
    }
}
