//! The numbers of a watched network.

use super::track::{MATRICES, NetworkLook, Track};
use crate::science::shape::Shape;
use crate::study::file::EndMeasure;
use crate::study::table::{Cell, ResultTable};

/// Makes a row of each block in each look.
pub fn table(track: Option<&Track>) -> ResultTable {
    let row = |look: &NetworkLook, (block, shapes): (usize, &[Shape; 3])| {
        let gradient = look.gradients.get(block + 1).copied().flatten();
        let own = [look.step as f64, look.held_out, block as f64 + 1.0].map(Cell::number);
        let shapes = shapes.iter().flat_map(|shape| [shape.std, shape.kurtosis, shape.near_zero].map(Cell::number));
        own.into_iter().chain([Cell::number(gradient)]).chain(shapes).collect()
    };
    let looks = track.into_iter().flat_map(|track| &track.looks);
    let rows = looks.flat_map(|look| look.shapes.iter().enumerate().map(move |block| row(look, block)));
    let columns = ["step", EndMeasure::HeldOutLoss.id(), "block", "gradient"].map(str::to_owned).into_iter();
    let of = |matrix: &str| ["std", "kurtosis", "near-zero"].map(|name| format!("{matrix} {name}"));
    ResultTable::new("looks", columns.chain(MATRICES.into_iter().flat_map(of)), rows)
}
