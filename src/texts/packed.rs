//! Data as text: compressed (zlib) and in base64, so that a file for a notebook can carry them.

/// The signs of base64.
const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// How hard to compress: as hard as it goes.
const LEVEL: u8 = 10;

/// The data as text.
pub(crate) fn packed(data: &[u8]) -> String {
    base64(&miniz_oxide::deflate::compress_to_vec_zlib(data, LEVEL))
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * place)) as usize & 63];
            // Three bytes are four signs; of fewer, fewer have a meaning.
            text.push(if place > three.len() { '=' } else { char::from(sign) });
        }
    }
    text
}
