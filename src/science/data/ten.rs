//! The pictures of ten digits: the first held-out one of each class. The page shows them, which has no use for the other
//! 1787, so they stand in a file of their own. A test makes it again from all digits.

/// One digit a line, one sign a pixel: its grey level from 0 to 16 in base 17.
static PICTURES: &str = include_str!("../../../static/data/ten.txt");

/// How many grey levels there are.
const LEVELS: u32 = 17;

/// The picture of a digit, 8×8 pixels row by row, each from 0 (paper) to 1 (ink).
pub fn picture(digit: usize) -> Vec<f64> {
    let signs = PICTURES.lines().nth(digit).unwrap_or_default().chars();
    signs.map(|sign| f64::from(sign.to_digit(LEVELS).unwrap_or(0)) / f64::from(LEVELS - 1)).collect()
}
