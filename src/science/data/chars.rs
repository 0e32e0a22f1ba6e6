//! A public-domain English text for the next-character task (see `static/data/README.md` for its
//! source).

use std::collections::BTreeSet;

use super::Text;

/// The text as it ships.
static TEXT: &str = include_str!("../../../static/data/text.txt");

/// The text as tokens, the first 90 % to train. Its distinct characters, sorted, are the
/// vocabulary; there are at most 96.
pub fn chars() -> Text {
    let vocabulary: Vec<char> = TEXT.chars().collect::<BTreeSet<_>>().into_iter().collect();
    let index = |c: char| vocabulary.binary_search(&c).unwrap_or(0) as u8;
    let tokens: Vec<u8> = TEXT.chars().map(index).collect();
    let train = tokens.len() * 9 / 10;
    Text { tokens, vocabulary, train }
}
