//! Two rings around one middle, made from a seed: a problem of two numbers whose border is closed.

use std::f64::consts::TAU;

use super::super::seed::Stream;
use super::{ExampleTable, POINTS, points};

/// The number of classes, each of which is a ring.
const CLASSES: usize = 2;

/// The standard deviation of the noise, where the outer ring has radius 1.
const NOISE: f64 = 0.08;

/// 600 points for training and 150 held out, whose classes take turns: 0 is the inner ring, 1 the outer one. The mean
/// square of the training inputs is 1.
///
/// ```text
/// radius r = (1 + class)/2,  angle = 2π·u,  each coordinate + N(0, NOISE²)
/// ```
pub fn circles(seed: u64) -> ExampleTable {
    let mut stream = Stream::new(seed, "circles");
    let point = |row: usize| {
        let class = row % CLASSES;
        let (radius, angle) = ((1 + class) as f64 / 2.0, TAU * stream.uniform());
        let mut coordinate = |side: f64| radius * side + NOISE * stream.normal();
        ([coordinate(libm::cos(angle)), coordinate(libm::sin(angle))], class)
    };
    points((0..POINTS).map(point), CLASSES)
}
