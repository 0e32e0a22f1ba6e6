//! Three interleaved spirals, made from a seed: a problem of two numbers that no straight line solves.

use std::f64::consts::TAU;

use super::super::seed::Stream;
use super::{ExampleTable, scale_to_unit};

/// The number of classes, each of which is an arm.
const CLASSES: usize = 3;

/// The number of rows for training.
const TRAIN: usize = 600;

/// The number of rows held out.
const HELD_OUT: usize = 150;

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
    let rows = TRAIN + HELD_OUT;
    let mut inputs = Vec::with_capacity(rows * 2);
    let mut labels = Vec::with_capacity(rows);
    for row in 0..rows {
        let class = row % CLASSES;
        let radius = 0.1 + 0.9 * stream.uniform();
        let angle = TAU * (TURNS * radius + class as f64 / CLASSES as f64);
        inputs.push(radius * libm::cos(angle) + NOISE * stream.normal());
        inputs.push(radius * libm::sin(angle) + NOISE * stream.normal());
        labels.push(class as u32);
    }
    scale_to_unit(&mut inputs, TRAIN, 2);
    ExampleTable {
        inputs: inputs.into_iter().map(|x| x as f32).collect(),
        labels,
        features: 2,
        classes: CLASSES,
        train: TRAIN,
    }
}
