//! A public-domain English text for the next-character task (see `static/data/README.md` for its
//! source).

use std::collections::BTreeSet;

use super::Text;

/// The text as it is shipped.
static TEXT: &str = include_str!("../../../static/data/text.txt");

/// The text as tokens, of which the first 90 % are for training. The vocabulary is its distinct characters, sorted;
/// there are at most 96.
pub fn chars() -> Text {
    tokens(distinct().collect(), |c| c)
}

/// The text before and after its capital letters become tokens of their own. At first each capital is replaced by its
/// small letter; `with_capitals` keeps it. The new tokens are the last of the vocabulary, so that the old ones keep
/// their indices.
pub fn small(with_capitals: bool) -> Text {
    let (new, mut vocabulary): (Vec<char>, Vec<char>) = distinct().partition(char::is_ascii_uppercase);
    if with_capitals {
        vocabulary.extend(new);
        return tokens(vocabulary, |c| c);
    }
    tokens(vocabulary, |c| c.to_ascii_lowercase())
}

fn distinct() -> impl Iterator<Item = char> {
    TEXT.chars().collect::<BTreeSet<_>>().into_iter()
}

/// The text as tokens of this vocabulary, each character first mapped by `as_token`.
fn tokens(vocabulary: Vec<char>, as_token: fn(char) -> char) -> Text {
    // The text is ASCII; a test holds it to that.
    let mut index = [0; 128];
    for (place, c) in (0..).zip(&vocabulary) {
        index[*c as usize % 128] = place;
    }
    let tokens: Vec<u8> = TEXT.chars().map(|c| index[as_token(c) as usize % 128]).collect();
    let train = tokens.len() * 9 / 10;
    Text { tokens, vocabulary, train }
}
