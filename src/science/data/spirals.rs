//! Three interleaved spirals, made from a seed: a problem of two numbers that no straight line solves.

use std::f64::consts::TAU;

use super::super::seed::Stream;
use super::{ExampleTable, POINTS, points};

/// The number of classes, each of which is an arm.
const CLASSES: usize = 3;

/// The number of turns of an arm from the middle to the rim.
const TURNS: f64 = 1.0;

/// The standard deviation of the noise, where the rim has radius 1.
const NOISE: f64 = 0.03;

/// 600 points for training and 150 held out, whose classes take turns. The mean square of the training inputs is 1.
///
/// ```text
/// radius r = 0.1 + 0.9·u,  angle = 2π·(TURNS·r + class/3),  each coordinate + N(0, NOISE²)
/// ```
pub fn spirals(seed: u64) -> ExampleTable {
    let mut stream = Stream::new(seed, "spirals");
    let point = |row: usize| {
        let class = row % CLASSES;
        let radius = 0.1 + 0.9 * stream.uniform();
        let angle = TAU * (TURNS * radius + class as f64 / CLASSES as f64);
        let mut coordinate = |side: f64| radius * side + NOISE * stream.normal();
        ([coordinate(libm::cos(angle)), coordinate(libm::sin(angle))], class)
    };
    points((0..POINTS).map(point), CLASSES)
}
