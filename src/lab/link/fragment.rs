//! Reads and writes the keys and values of a link as the fragment of an address.

use crate::lab::notice::Notice;
use crate::lab::pin::Letter;

/// The largest length of a link in bytes; the rest is cut off. No lab needs a tenth of it, and each unknown key costs a
/// notice.
const LONGEST: usize = 4096;

/// Returns the keys and values of a link, with the last value of a key that is given twice, and a notice if the link is
/// too long.
pub(super) fn pairs(hash: &str) -> (Vec<(String, String)>, Vec<Notice>) {
    let mut notices = Vec::new();
    let mut text = hash.trim().trim_start_matches('#');
    if text.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text = &text[..cut];
        notices.push(Notice::too_long());
    }
    let all: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let is_last =
        |(index, (key, _)): &(usize, &(String, String))| all[index + 1..].iter().all(|(later, _)| later != key);
    (all.iter().enumerate().filter(is_last).map(|(_, pair)| pair.clone()).collect(), notices)
}

/// Writes keys and values as a fragment. Ids and numbers, as most of them are, need no escaping in it, but a formula
/// does.
pub(super) fn written(entries: Vec<(&'static str, String)>) -> String {
    let mut link = String::new();
    for (key, value) in entries {
        link.push(if link.is_empty() { '#' } else { '&' });
        link.push_str(key);
        link.push('=');
        let pins = Letter::from_id(key).is_some();
        for byte in value.bytes() {
            match byte {
                b' ' => link.push('+'),
                // A pin is a link of its own, whose signs a person can read.
                b'=' if pins => link.push('='),
                b'%' | b'&' | b'+' | b'#' | b'=' | 0..=31 | 127.. => link.push_str(&format!("%{byte:02X}")),
                _ => link.push(char::from(byte)),
            }
        }
    }
    link
}
