//! The text of a file's bytes: UTF-8, or UTF-16 where its first two bytes say so, with any ends of lines.

use super::{MOST_BYTES, OwnFault, OwnFaultKind};

/// Returns the text, whose lines end with a line feed alone.
pub(super) fn decoded(bytes: &[u8]) -> Result<String, OwnFault> {
    if bytes.len() > MOST_BYTES {
        return Err(OwnFault::counted(OwnFaultKind::Large, bytes.len() / 1_000_000, MOST_BYTES / 1_000_000));
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => sixteen(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => sixteen(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => eight(rest)?,
        _ => eight(bytes)?,
    };
    if text.trim().is_empty() {
        return Err(OwnFault::new(OwnFaultKind::Empty));
    }
    // No text has this character, and nearly every other file has it.
    if text.contains('\0') {
        return Err(OwnFault::new(OwnFaultKind::Binary));
    }
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

fn eight(bytes: &[u8]) -> Result<String, OwnFault> {
    if bytes.contains(&0) {
        return Err(OwnFault::new(OwnFaultKind::Binary));
    }
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        OwnFault { line, ..OwnFault::new(OwnFaultKind::Encoding) }
    })
}

fn sixteen(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, OwnFault> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map_err(|_| OwnFault::new(OwnFaultKind::Binary))
}
