//! Four squares around the middle, made from a seed, each of the class of the one opposite: the oldest problem that no
//! single layer solves (Minsky and Papert 1969).

use super::super::seed::Stream;
use super::{ExampleTable, POINTS, points};

/// The number of classes: coordinates of one sign, and of two.
const CLASSES: usize = 2;

/// Half of the way between two squares, where each side ends at 1.
const GAP: f64 = 0.1;

/// 600 points for training and 150 held out, whose classes take turns: 0 where x·y is positive, 1 where it is negative.
/// The mean square of the training inputs is 1.
///
/// ```text
/// |x| and |y| = GAP + (1 − GAP)·u,  the four pairs of signs by turns
/// ```
pub fn xor(seed: u64) -> ExampleTable {
    let mut stream = Stream::new(seed, "xor");
    let point = |row: usize| {
        let class = row % CLASSES;
        let x = if (row / CLASSES).is_multiple_of(2) { 1.0 } else { -1.0 };
        let y = if class == 0 { x } else { -x };
        let mut side = || GAP + (1.0 - GAP) * stream.uniform();
        ([x * side(), y * side()], class)
    };
    points((0..POINTS).map(point), CLASSES)
}
