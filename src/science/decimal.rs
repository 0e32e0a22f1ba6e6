//! Reads decimal numbers in links, fields and formulas.
//!
//! The standard library's reader is exact for any text, and brings a table of 10 kB that does not
//! compress, a twenty-fifth of the page. This one gives back every number that was printed, and is
//! within three units in the last place for texts of more digits than a number has.

use libm::pow;

/// The number of decimal digits that 64 bits always hold.
const MOST_DIGITS: usize = 19;

/// The number that a text such as `-2`, `0.05`, `.5` or `1e-3` means; `None` for any other text.
pub fn read(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, exponent) = match rest.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?.clamp(-9999, 9999)),
        None => (rest, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let (mut mantissa, mut scale, mut count) = (0_u64, exponent, 0);
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(10)?);
        let behind_point = index >= whole.len();
        if count < MOST_DIGITS {
            mantissa = 10 * mantissa + digit;
            count += usize::from(mantissa > 0);
            scale -= i32::from(behind_point);
        } else {
            scale += i32::from(!behind_point);
        }
    }
    let size = nearest(mantissa, scale);
    Some(if negative { -size } else { size })
}

/// The number nearest to mantissa·10^scale.
fn nearest(mantissa: u64, scale: i32) -> f64 {
    let close = scaled(mantissa as f64, scale);
    if mantissa == 0 || !close.is_finite() || close == 0.0 {
        return close;
    }
    // Each operation so far has rounded. Of the neighbouring numbers the one is meant that prints as this text does.
    let wanted = digits_of(&format!("{mantissa}e{scale}"));
    let bits = close.to_bits();
    let around = [0, 1, -1, 2, -2, 3, -3].map(|offset: i64| f64::from_bits(bits.wrapping_add_signed(offset)));
    around.into_iter().find(|number| digits_of(&format!("{number:e}")) == wanted).unwrap_or(close)
}

fn scaled(mantissa: f64, scale: i32) -> f64 {
    // Powers of ten from 10^−22 to 10^22 are exact, and beyond 10^±300 a power alone would leave the range.
    let part = |scale: i32| if scale < 0 { 1.0 / pow(10.0, f64::from(-scale)) } else { pow(10.0, f64::from(scale)) };
    match scale {
        -22..=-1 => mantissa / pow(10.0, f64::from(-scale)),
        0..=300 => mantissa * part(scale),
        -300..=-23 => mantissa * part(scale),
        301.. => mantissa * part(300) * part((scale - 300).min(300)),
        _ => mantissa * part(-300) * part((scale + 300).max(-300)),
    }
}

/// The significant digits of a number, and the power of ten of the last one.
fn digits_of(text: &str) -> (String, i32) {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, fraction].concat();
    let shown = all.trim_end_matches('0');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let dropped = (all.len() - shown.len()) as i32;
    (shown.to_owned(), exponent - fraction.len() as i32 + dropped)
}
