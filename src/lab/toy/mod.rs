//! What the small labs show: their curves, their tables, and what is said of them. All of it follows from the settings,
//! so that it is there in the same frame; only a product of large matrices takes a while.

mod chain;
mod scores;
mod weight;

pub use chain::{ChainCurve, F32_ENDS};
pub use scores::{FIRST_WIDTH, ScoreCurve};
pub use weight::OneWeightCurve;

/// What stands in the place of the verdict: a heading, and sentences.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// The id of what was found, for test hooks; the heading is the text `toy.<id>`.
    pub id: &'static str,
    /// What is wrong with the signal: whether it explodes, vanishes, or neither, as the style sheet marks it.
    pub mark: &'static str,
    /// The sentences.
    pub words: String,
}

/// Joins sentences with spaces.
fn join(sentences: Vec<String>) -> String {
    sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}
