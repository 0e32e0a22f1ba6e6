//! Reads and writes the keys and values of a link as the fragment of an address.

use std::borrow::Cow;

use crate::lab::notice::Notice;
use crate::lab::pin::Letter;

/// The largest length of a link in bytes; the rest is cut off. No lab needs a tenth of it, and each unknown key costs a
/// notice.
const LONGEST: usize = 4096;

/// The keys that others add to addresses to count who comes from where. They say nothing of a lab.
const TRACKERS: &[&str] = &[
    "_ga", "_gl", "_hsenc", "_hsmi", "dclid", "fbclid", "gbraid", "gclid", "igshid", "mc_cid", "mc_eid", "mkt_tok",
    "msclkid", "ref_src", "ttclid", "twclid", "wbraid", "yclid",
];

/// How often a link may have been percent-encoded as a whole on its way.
const MOST_CODINGS: usize = 3;

/// Returns the keys and values of a link, with the last value of a key that is given twice, and a notice if the link is
/// too long.
pub(super) fn pairs(hash: &str) -> (Vec<(String, String)>, Vec<Notice>) {
    let mut notices = Vec::new();
    let straight = straightened(hash.trim().trim_start_matches(['#', '?']));
    let mut text = straight.as_ref();
    if text.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text = &text[..cut];
        notices.push(Notice::too_long());
    }
    let counts_readers = |(key, _): &(String, String)| key.starts_with("utm_") || TRACKERS.contains(&key.as_str());
    let all: Vec<(String, String)> =
        form_urlencoded::parse(text.as_bytes()).into_owned().filter(|pair| !counts_readers(pair)).collect();
    let is_last =
        |(index, (key, _)): &(usize, &(String, String))| all[index + 1..].iter().all(|(later, _)| later != key);
    (all.iter().enumerate().filter(is_last).map(|(_, pair)| pair.clone()).collect(), notices)
}

/// Undoes what editors, mail programs and previews do to links: they write `&` as an entity, or percent-encode the whole,
/// so that its first key would have all of it for a value. No link of the lab looks like that.
fn straightened(link: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(link);
    for _ in 0..MOST_CODINGS {
        let is_encoded = text.contains('%') && (!text.contains('=') || text.starts_with("v=1%"));
        if is_encoded {
            text = Cow::Owned(decoded(&text).trim_start_matches(['#', '?']).to_owned());
        }
    }
    while text.contains("&amp;") {
        text = Cow::Owned(text.replace("&amp;", "&"));
    }
    text
}

/// Undoes one percent-encoding, and leaves what is none as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Writes keys and values as a fragment. Ids and numbers, as most of them are, need no escaping in it, but a formula
/// does.
pub(super) fn written(entries: Vec<(&'static str, String)>) -> String {
    let mut link = String::new();
    for (key, value) in entries {
        link.push(if link.is_empty() { '#' } else { '&' });
        link.push_str(key);
        link.push('=');
        let pins = Letter::from_id(key).is_some() || matches!(key, "goal" | "from" | "code");
        for byte in value.bytes() {
            match byte {
                b' ' => link.push('+'),
                // A pin is a link of its own, and a goal a sentence: a person can read their signs.
                b'=' if pins => link.push('='),
                b'%' | b'&' | b'+' | b'#' | b'=' | 0..=31 | 127.. => link.push_str(&format!("%{byte:02X}")),
                _ => link.push(char::from(byte)),
            }
        }
    }
    link
}
