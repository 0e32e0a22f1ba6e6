//! A reader's own data: the bytes of a file become a table or a text, or one fault that says what is wrong and where.
//!
//! Nothing of it is ever sent anywhere. The reading is written here, and no crate does it: a fault needs the line and the
//! column, decimal commas and class columns are rules of the lab, and what is left to a crate is the quotes, forty lines.

mod cells;
mod decoded;
mod rows;
mod written;

use serde::{Deserialize, Serialize};

use super::super::choice::choices;
use super::{ExampleTable, Text};

pub use rows::read_table;
pub use written::read_text;

/// The largest file, in bytes: as text, as cells and as numbers it is in memory at one time.
pub const MOST_BYTES: usize = 20_000_000;
/// The most columns that are inputs.
pub const MOST_FEATURES: usize = 1000;
/// The most rows; a fifth of them is judged at once.
pub const MOST_ROWS: usize = 10_000;
/// The most numbers of a table.
pub const MOST_NUMBERS: usize = 2_000_000;
/// The most classes.
pub const MOST_CLASSES: usize = 100;
/// The fewest rows of a table.
pub const LEAST_ROWS: usize = 10;
/// The fewest rows of a class: four to train and one that is held out.
pub const LEAST_OF_CLASS: usize = 5;
/// The fewest characters of a text: a tenth is held out, and a window of it has up to 256 characters and one more.
pub const LEAST_CHARACTERS: usize = 3000;
/// The most different characters of a text, which a byte can number.
pub const MOST_CHARACTERS: usize = 256;
/// The largest size of a number, whose square is still a number.
pub const LARGEST: f64 = 1e30;

choices! {
    /// What is wrong with a file.
    pub enum OwnFaultKind {
        /// There is nothing in it.
        Empty "empty",
        /// It is no text.
        Binary "binary",
        /// It is a text, but not in UTF-8 or UTF-16.
        Encoding "encoding",
        /// It is larger than [`MOST_BYTES`].
        Large "large",
        /// A quote does not end.
        Quote "quote",
        /// It has one column.
        OneColumn "one-column",
        /// It has more than [`MOST_FEATURES`] columns of inputs.
        ManyColumns "many-columns",
        /// It has more than [`MOST_ROWS`] rows.
        ManyRows "many-rows",
        /// It has more than [`MOST_NUMBERS`] numbers.
        ManyNumbers "many-numbers",
        /// It has fewer than [`LEAST_ROWS`] rows.
        FewRows "few-rows",
        /// A row has more or fewer cells than the first.
        Ragged "ragged",
        /// A cell is empty.
        Missing "missing",
        /// A cell of a column of numbers is none.
        Word "word",
        /// A number is infinite, none, or beyond [`LARGEST`].
        Infinite "infinite",
        /// All numbers of a column are the same, and so in every column.
        Constant "constant",
        /// All rows are of one class.
        OneClass "one-class",
        /// There are more than [`MOST_CLASSES`] classes.
        ManyClasses "many-classes",
        /// A class has fewer than [`LEAST_OF_CLASS`] rows.
        FewOfClass "few-of-class",
        /// A text has fewer than [`LEAST_CHARACTERS`] characters.
        ShortText "short-text",
        /// A text has more than [`MOST_CHARACTERS`] different characters.
        ManyCharacters "many-characters",
    }
}

/// What is wrong with a file, and where. What does not apply is 0 or empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFault {
    /// What is wrong.
    pub kind: OwnFaultKind,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The word that stands there, or the name of a class.
    pub word: String,
    /// How many there are.
    pub count: usize,
    /// How many there may be, or have to be.
    pub bound: usize,
}

impl OwnFault {
    /// A fault of the whole file.
    pub fn new(kind: OwnFaultKind) -> Self {
        Self { kind, line: 0, column: 0, word: String::new(), count: 0, bound: 0 }
    }

    /// A fault of a number that is too large or too small.
    pub fn counted(kind: OwnFaultKind, count: usize, bound: usize) -> Self {
        Self { count, bound, ..Self::new(kind) }
    }

    fn at(kind: OwnFaultKind, line: usize, column: usize, word: &str) -> Self {
        Self { line, column, word: shortened(word), ..Self::new(kind) }
    }
}

/// A table of the reader's.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnTable {
    /// The standardized rows, as those of the digits.
    pub table: ExampleTable,
    /// The names of the columns that are inputs, or nothing where the file has no line with names.
    pub columns: Vec<String>,
    /// What the classes are called in the file, in the order of their numbers.
    pub labels: Vec<String>,
    /// The same bytes have the same mark.
    pub mark: u32,
}

/// A text of the reader's.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnText {
    /// The text as tokens.
    pub text: Text,
    /// The same bytes have the same mark.
    pub mark: u32,
}

/// Tells files apart (FNV-1a of 32 bits).
fn mark(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The first characters of a word, which may be a whole book.
fn shortened(word: &str) -> String {
    const MOST: usize = 24;
    let mut short: String = word.chars().take(MOST).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}
