//! From a file to a text as tokens.

use std::collections::BTreeMap;

use super::super::Text;
use super::decoded::decoded;
use super::{LEAST_CHARACTERS, MOST_CHARACTERS, OwnFault, OwnFaultKind, OwnText, mark};

/// Reads a text, whose vocabulary is its distinct characters, sorted, and of which the first nine tenths are for
/// training, as of the text that the lab has.
///
/// # Errors
///
/// What is wrong.
pub fn read_text(bytes: &[u8]) -> Result<OwnText, OwnFault> {
    let text = decoded(bytes)?;
    let count = text.chars().count();
    if count < LEAST_CHARACTERS {
        return Err(OwnFault::counted(OwnFaultKind::ShortText, count, LEAST_CHARACTERS));
    }
    let mut places: BTreeMap<char, usize> = text.chars().map(|sign| (sign, 0)).collect();
    if places.len() > MOST_CHARACTERS {
        return Err(OwnFault::counted(OwnFaultKind::ManyCharacters, places.len(), MOST_CHARACTERS));
    }
    places.values_mut().enumerate().for_each(|(at, place)| *place = at);
    let tokens: Vec<u8> = text.chars().map(|sign| places[&sign] as u8).collect();
    let train = tokens.len() * 9 / 10;
    Ok(OwnText { text: Text { tokens, vocabulary: places.into_keys().collect(), train }, mark: mark(bytes) })
}
