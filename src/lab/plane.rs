//! What a network of two inputs says at the points of a plane, and the points that it is to learn.
//!
//! ```text
//! cell (row, column):  x = (2·(column + ½)/SIDE − 1)·REACH,  y = (1 − 2·(row + ½)/SIDE)·REACH
//! ```

use super::curve::{RowLabel, Table};
use super::digits::percent;
use super::lang::Lang;
use super::metric::ClassGuess;
use super::number::Number;
use super::spec::RunSpec;
use super::state::State;
use crate::science::choice::choices;

/// So many cells the picture has on each side.
pub const SIDE: usize = 32;
/// The picture goes from −REACH to REACH, where the mean square of the data's coordinates is 1: a little beyond its
/// farthest points.
pub const REACH: f64 = 2.5;
/// So many pixels a cell has on each side, which is room for the pattern of its class.
const PIXELS: usize = 8;
/// The table has every fourth cell of every fourth row.
const TABLED: usize = 4;
/// From this probability on the network counts as sure.
const SURE: f64 = 0.9;

choices! {
    /// Which points lie over the picture.
    pub enum PlanePoints {
        /// Those that the network does not train on.
        HeldOut "held-out",
        /// Those that it trains on.
        Training "training",
    }
}

/// The middle of a cell; the cells stand row by row, the first one at the top left.
pub fn middle(cell: usize) -> [f64; 2] {
    let at = |place: usize| (2 * place + 1) as f64 / SIDE as f64 - 1.0;
    [REACH * at(cell % SIDE), -REACH * at(cell / SIDE)]
}

/// Writes what the network says in each cell, three signs a cell, for a message: its class, `?` where several are
/// equally likely or `!` where numbers are not finite, and the probability in 255ths as two hexadecimal digits.
pub fn encode(guesses: impl Iterator<Item = ClassGuess>) -> String {
    let cell = |ClassGuess { class, probability: Number(probability) }: ClassGuess| {
        let sign = class.and_then(|class| char::from_digit(class as u32, 10));
        let sign = sign.unwrap_or(if probability.is_finite() { '?' } else { '!' });
        format!("{sign}{:02x}", (255.0 * probability).round() as u8)
    };
    guesses.map(cell).collect()
}

/// Reads what [`encode`] wrote.
pub fn decode(text: &str) -> Vec<ClassGuess> {
    let digit = |sign: u8, base: u32| char::from(sign).to_digit(base);
    let cell = |signs: &[u8]| {
        let probability = signs[1..].iter().try_fold(0, |sum, sign| Some(16 * sum + digit(*sign, 16)?));
        let probability = probability.filter(|_| signs[0] != b'!').map_or(f64::NAN, |parts| f64::from(parts) / 255.0);
        ClassGuess { class: digit(signs[0], 10).map(|class| class as usize), probability: Number(probability) }
    };
    text.as_bytes().chunks_exact(3).map(cell).collect()
}

/// The points of one kind that a run has, each with its class.
pub fn points(run: RunSpec, which: PlanePoints) -> Vec<([f64; 2], usize)> {
    let Some(table) = run.data.points(run.seed) else { return Vec::new() };
    let table = if run.examples > 0 { table.first(run.examples) } else { table };
    let rows = table.inputs.chunks_exact(2).zip(&table.labels);
    let all = rows.map(|(row, class)| ([f64::from(row[0]), f64::from(row[1])], *class as usize));
    match which {
        PlanePoints::HeldOut => all.skip(table.train).collect(),
        PlanePoints::Training => all.take(table.train).collect(),
    }
}

/// The colours of a picture, as red, green and blue.
#[derive(Clone, Copy, Debug)]
pub struct PlaneColors {
    /// What is behind it.
    pub paper: [u8; 3],
    /// What its lines are drawn with.
    pub ink: [u8; 3],
    /// Those of the classes.
    pub classes: [[u8; 3]; 3],
}

/// What a network of two inputs says in a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// What it says in each cell, or nothing where that is not known of this step.
    pub cells: Vec<ClassGuess>,
    /// The updates made when it said so.
    pub step: u64,
    past: bool,
}

impl Boundary {
    /// What stands in the measurement that is shown.
    pub fn new(state: &State) -> Self {
        let picture = state.shown().and_then(|frame| frame.plane.as_deref());
        let cells = picture.map(|picture| decode(&picture.cells)).unwrap_or_default();
        Self { cells, step: picture.map_or(0, |picture| picture.step), past: state.past.is_some() }
    }

    /// The shares of the cells that a class has, from class 0 on, as far as there are any.
    fn shares(&self) -> Vec<f64> {
        let most = self.cells.iter().filter_map(|cell| cell.class).max().map_or(0, |class| class + 1);
        (0..most).map(|class| self.share(|cell| cell.class == Some(class))).collect()
    }

    fn share(&self, is: impl Fn(&ClassGuess) -> bool) -> f64 {
        self.cells.iter().filter(|cell| is(cell)).count() as f64 / self.cells.len().max(1) as f64
    }

    /// A sentence that says which class has how much of the picture, and how sure the network is.
    pub fn words(&self, lang: Lang) -> String {
        if self.cells.is_empty() {
            return lang.text(if self.past { "boundary.past" } else { "digits.none" }).to_owned();
        }
        let step = ("step", self.step.to_string());
        let share = |share: f64| ("share", percent(share));
        let shares = self.shares();
        let mut sentences = Vec::new();
        if let Some(class) = shares.iter().position(|share| *share == 1.0) {
            sentences.push(lang.tell("boundary.same", &[step, ("class", class.to_string())]));
        } else if !shares.is_empty() {
            let own =
                |(class, own): (usize, &f64)| lang.tell("boundary.one", &[("class", class.to_string()), share(*own)]);
            let list: Vec<String> = shares.iter().enumerate().filter(|(_, share)| **share > 0.0).map(own).collect();
            sentences.push(lang.tell("boundary.shares", &[step, ("list", list.join(", "))]));
        }
        if !shares.is_empty() {
            sentences.push(lang.tell("boundary.sure", &[share(self.share(|cell| cell.probability.0 >= SURE))]));
        }
        let lost = self.share(|cell| !cell.probability.0.is_finite());
        let undecided = self.share(|cell| cell.class.is_none()) - lost;
        for (part, key) in [(undecided, "boundary.undecided"), (lost, "boundary.lost")] {
            sentences.extend((part > 0.0).then(|| lang.tell(key, &[share(part)])));
        }
        sentences.join(" ")
    }

    /// What the network says, as numbers, in some of the cells.
    pub fn table(&self) -> Table {
        let is_tabled = |cell: &usize| cell % SIDE % TABLED == TABLED / 2 && cell / SIDE % TABLED == TABLED / 2;
        let row = |cell: usize| {
            let (ClassGuess { class, probability }, [x, y]) = (self.cells[cell], middle(cell));
            let values = vec![Some(y), class.map(|class| class as f64), Some(probability.0)];
            (RowLabel::Number(x.to_string()), values)
        };
        const COLUMNS: &[&str] = &["plane-x", "plane-y", "guess", "guess-probability"];
        Table::new(COLUMNS, (0..self.cells.len()).filter(is_tabled).map(row).collect())
    }

    /// The picture, row by row, each pixel as red, green, blue and opacity. A class has a colour, the stronger the surer
    /// the network is of it, and a pattern, because some readers see no colours: none, stripes, or dots. Ink separates
    /// two classes. Where several are equally likely there is paper, and where numbers are not finite a chequerboard.
    pub fn pixels(&self, colors: &PlaneColors) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 * self.cells.len() * PIXELS * PIXELS);
        let class = |row: usize, column: usize| self.cells.get(row * SIDE + column).and_then(|cell| cell.class);
        let classes = self.shares().len().max(2) as f64;
        for at in 0..self.cells.len() * PIXELS * PIXELS {
            let (y, x) = (at / (SIDE * PIXELS), at % (SIDE * PIXELS));
            let (row, column) = (y / PIXELS, x / PIXELS);
            let own = self.cells[row * SIDE + column];
            let (down, right) = (y % PIXELS, x % PIXELS);
            let ends = |other: Option<usize>| own.class.is_some() && other.is_some() && own.class != other;
            let is_border = (right + 1 == PIXELS && column + 1 < SIDE && ends(class(row, column + 1)))
                || (down + 1 == PIXELS && row + 1 < SIDE && ends(class(row + 1, column)));
            let pixel = match own.class {
                _ if is_border => colors.ink,
                None if own.probability.0.is_finite() => colors.paper,
                None => {
                    if (down / 2 + right / 2) % 2 == 0 {
                        colors.ink
                    } else {
                        colors.paper
                    }
                }
                Some(class) => {
                    let chance = 1.0 / classes;
                    let sure = ((own.probability.0 - chance) / (1.0 - chance)).clamp(0.0, 1.0);
                    let area = mixed(colors.paper, colors.classes[class % colors.classes.len()], 0.15 + 0.6 * sure);
                    let is_marked = match class % 3 {
                        0 => false,
                        1 => (down + right) % PIXELS == 0,
                        _ => down % PIXELS / 2 == 1 && right % PIXELS / 2 == 1,
                    };
                    if is_marked { mixed(area, colors.ink, 0.45) } else { area }
                }
            };
            bytes.extend([pixel[0], pixel[1], pixel[2], u8::MAX]);
        }
        bytes
    }
}

/// How many pixels stand in a row of a picture.
pub const COLUMNS: usize = SIDE * PIXELS;

/// A colour on the way to another one.
fn mixed(from: [u8; 3], to: [u8; 3], part: f64) -> [u8; 3] {
    let channel = |at: usize| f64::from(from[at]) + part * (f64::from(to[at]) - f64::from(from[at]));
    [0, 1, 2].map(|at| channel(at).round() as u8)
}
