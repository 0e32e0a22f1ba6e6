//! A quantity of every layer over the steps of a run, as a picture whose pixels are layers and steps.

use super::curve::{Quantity, measured};
use super::record::RunRecord;
use crate::science::layer::LayerId;

/// The picture: rows are layers from input to output, and columns are evenly spaced steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// The layers, from the top row down.
    pub layers: Vec<LayerId>,
    /// How many columns there are.
    pub columns: usize,
    /// The pixels, row by row: how many powers of ten the value lies above the level at which it neither fades nor
    /// blows up, infinite where it is 0 or not finite. There is none where nothing was measured.
    pub pixels: Vec<Option<f64>>,
}

impl Strip {
    /// The picture of a run between two steps. A variance is compared with that of the inputs, which is 1, and a
    /// gradient with the median of step 0.
    pub fn new(record: &RunRecord, quantity: Quantity, steps: [f64; 2], columns: usize) -> Option<Self> {
        let first = record.history.first()?;
        let last = record.step()? as f64;
        let layers: Vec<LayerId> = first.layers.iter().map(|layer| layer.id).collect();
        let level = match quantity {
            Quantity::Gradient => median(layers.iter().filter_map(|layer| measured(first, *layer, quantity))),
            _ => 1.0,
        };
        let step = |column: usize| steps[0] + (steps[1] - steps[0]) * (column as f64 + 0.5) / columns as f64;
        let frames: Vec<_> = (0..columns)
            .map(|column| {
                let step = step(column);
                // Half a column beyond the last step still belongs to it.
                let reach = last + 0.5 * (steps[1] - steps[0]) / columns as f64;
                if step <= reach { record.at(step.max(0.0) as u64) } else { None }
            })
            .collect();
        let pixel = |layer: LayerId, column: usize| {
            let value = measured(frames[column]?, layer, quantity)?;
            Some(if value.is_nan() { f64::INFINITY } else { (value / level).log10() })
        };
        let pixels = layers.iter().flat_map(|layer| (0..columns).map(move |column| (*layer, column)));
        let pixels = pixels.map(|(layer, column)| pixel(layer, column)).collect();
        Some(Self { columns, pixels, layers })
    }
}

/// The middle one of positive numbers, or 1.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.filter(|value| *value > 0.0 && value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}
