//! Handwritten digits: the test part of the UCI "Optical Recognition of Handwritten Digits", 1797
//! images of 8×8 pixels with 17 grey levels (see `static/data/README.md` for source and licence).

use super::super::seed::Stream;
use super::{ExampleTable, scale_to_unit};

/// The number of pixels of an image.
const FEATURES: usize = 64;

/// The number of rows for training; the other 360 are held out.
const TRAIN: usize = 1437;

/// The images, each as 64 bytes of grey levels from 0 to 16 and one byte with its label.
static BYTES: &[u8] = include_bytes!("../../../static/data/digits.bin");

/// The 1797 digits in one fixed random order, 1437 to train and 360 held out.
///
/// The order comes from the stream `digits` of seed 0 and never changes, so that results of
/// different seeds are about the same split. Each pixel is standardized with the mean and the
/// standard deviation of the training rows (a pixel that is the same in all of them becomes 0);
/// then one factor for all makes the mean square of the training inputs 1.
pub fn digits() -> ExampleTable {
    let rows = shuffled();
    let train = TRAIN.min(rows.len());

    let mut inputs = vec![0.0; rows.len() * FEATURES];
    for pixel in 0..FEATURES {
        let grey = |row: &&[u8]| f64::from(row[pixel]);
        let mean = rows[..train].iter().map(grey).sum::<f64>() / train as f64;
        let deviations = rows[..train].iter().map(|row| grey(row) - mean);
        let std = (deviations.map(|x| x * x).sum::<f64>() / train as f64).sqrt();
        if std > 0.0 {
            for (row, input) in rows.iter().zip(inputs.chunks_exact_mut(FEATURES)) {
                input[pixel] = (grey(row) - mean) / std;
            }
        }
    }
    scale_to_unit(&mut inputs, train, FEATURES);

    ExampleTable {
        inputs: inputs.into_iter().map(|x| x as f32).collect(),
        labels: rows.iter().map(|row| u32::from(row[FEATURES])).collect(),
        features: FEATURES,
        classes: 10,
        train,
    }
}

/// The grey levels of the digits, from 0 to 16 pixel by pixel, in the order of [`digits`].
pub fn images() -> Vec<&'static [u8]> {
    shuffled().into_iter().map(|row| &row[..FEATURES]).collect()
}

/// The rows in their fixed random order.
fn shuffled() -> Vec<&'static [u8]> {
    let rows: Vec<&[u8]> = BYTES.chunks_exact(FEATURES + 1).collect();
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    Stream::new(0, "digits").shuffle(&mut order);
    order.iter().map(|&index| rows[index as usize]).collect()
}
