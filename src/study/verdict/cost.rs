//! The verdict `cost`: what does a step cost the first network, the first two, four and so on, trained
//! together? Nothing is trained to its end.

use crate::lab::number::show;
use crate::study::answer::StudyAnswer;
use crate::study::file::ChartKind;
use crate::study::finding::StudyFinding;
use crate::study::picture::{AxisData, Curve, Picture};
use crate::study::table::{Cell, ResultTable};

/// The times that were measured on a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// What the device is called.
    pub device: String,
    /// How many networks are trained together, and the milliseconds of their step.
    pub times: Vec<(usize, f64)>,
}

/// Draws the time of a step over the number of networks, a curve for each device.
pub fn pictures(timings: &[Timing]) -> Vec<Picture> {
    let point = |(networks, ms): &(usize, f64)| (*networks as f64, Some(*ms));
    let curve = |Timing { device, times }: &Timing| Curve::through(device, times.iter().map(point));
    let curves = timings.iter().map(curve).collect();
    vec![Picture { curves, ..Picture::new(ChartKind::Cost, AxisData::named("networks")) }]
}

/// Says what the largest number of networks costs beside one, for each device.
pub fn findings(timings: &[Timing]) -> Vec<StudyFinding> {
    let finding = |Timing { device, times }: &Timing| {
        let (&(one, alone), &(many, together)) = (times.first()?, times.last()?);
        let (times, gain) = (together / alone, (many as f64 * alone) / (one as f64 * together));
        let values =
            [("device", device.clone()), ("many", many.to_string()), ("times", show(times)), ("gain", show(gain))];
        (many > one).then(|| StudyFinding::new("cost", values))
    };
    timings.iter().filter_map(finding).collect()
}

/// Makes a row of each time.
pub fn table(timings: &[Timing]) -> ResultTable {
    let rows = timings.iter().flat_map(|Timing { device, times }| {
        times
            .iter()
            .map(move |(networks, ms)| vec![Cell::text(device), Cell::number(*networks as f64), Cell::number(*ms)])
    });
    ResultTable::new("costs", ["device", "networks", "ms"], rows)
}

/// Says what the largest number of networks costs on the first device.
pub fn answer(timings: &[Timing]) -> Option<StudyAnswer> {
    findings(timings).first().map(|finding| StudyAnswer::retold("answer-cost", finding))
}
