//! Decides where a word beside a level of a chart stands, so that it lies on no curve and on no other word.
//!
//! All places and sizes are in units of the chart, from 0 to 1 across and up.

/// A place on a chart, across and up.
pub type Place = [f64; 2];

/// Where a word stands: an end of a level, and a side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Whether it stands at the right end, not at the left one.
    pub right: bool,
    /// Whether it stands above the level, not below it.
    pub above: bool,
}

/// The curves and the words that a further word has to keep off.
#[derive(Clone, Debug, Default)]
pub struct Room {
    marks: Vec<Place>,
    words: Vec<[Place; 2]>,
}

/// The distance of the points at which a curve is looked at.
const STEP: f64 = 0.004;
/// The share of a line's height that has no letters in it: words on both sides of two levels that nearly are one may
/// share it.
const LEADING: f64 = 0.25;

impl Room {
    /// Adds a curve; there is no place where it is interrupted.
    pub fn draw(&mut self, curve: impl IntoIterator<Item = Option<Place>>) {
        let mut before: Option<Place> = None;
        for point in curve {
            if let Some([x, y]) = point {
                let [from_x, from_y] = before.unwrap_or([x, y]);
                let steps = (libm::fmax((x - from_x).abs(), (y - from_y).abs()) / STEP).clamp(0.0, 1000.0) as usize;
                let at = |step: usize| (step + 1) as f64 / (steps + 1) as f64;
                self.marks.extend(
                    (0..=steps).map(|step| [from_x + (x - from_x) * at(step), from_y + (y - from_y) * at(step)]),
                );
            }
            before = point;
        }
    }

    /// The first of these spots at which a word of this size beside a level lies on no curve and no other word, and within
    /// the chart. A word at the left begins at `left`. There is none where all are taken. Later words keep off this one.
    pub fn place(&mut self, level: f64, size: Place, left: f64, spots: &[Spot]) -> Option<Spot> {
        let free = *spots.iter().find(|spot| self.is_free(area(level, size, left, **spot)))?;
        self.stand(level, size, left, free);
        Some(free)
    }

    /// Adds a word that cannot stand elsewhere.
    pub fn stand(&mut self, level: f64, size: Place, left: f64, spot: Spot) {
        self.words.push(area(level, size, left, spot));
    }

    fn is_free(&self, [low, high]: [Place; 2]) -> bool {
        let is_within = |[x, y]: &Place| low[0] <= *x && *x <= high[0] && low[1] <= *y && *y <= high[1];
        let shared = |from: &Place, to: &Place| libm::fmin(to[1], high[1]) - libm::fmax(from[1], low[1]);
        let covers = |[from, to]: &[Place; 2]| {
            from[0] < high[0] && low[0] < to[0] && shared(from, to) > LEADING * (high[1] - low[1])
        };
        let inside = low[0] >= 0.0 && high[0] <= 1.0 && low[1] >= 0.0 && high[1] <= 1.0;
        inside && !self.marks.iter().any(is_within) && !self.words.iter().any(covers)
    }
}

/// The lower left and the upper right corner of a word.
fn area(level: f64, [width, height]: Place, left: f64, spot: Spot) -> [Place; 2] {
    let x = if spot.right { 1.0 - width } else { left };
    let y = if spot.above { level } else { level - height };
    [[x, y], [x + width, y + height]]
}
