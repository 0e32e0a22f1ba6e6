//! What became of a network.

use super::file::Measure;
use super::plan::Plan;
use super::table::{Cell, Table};

/// A network's losses, and how it does at its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Training loss before each step, and after the last, in nats.
    pub losses: Vec<f32>,
    /// Loss and share of right predictions once all steps are made.
    pub end: Option<End>,
}

/// How a network does after its last step: loss in nats, share of right predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Over held-out data.
    pub held_out: (f32, f32),
    /// Over training data.
    pub seen: (f32, f32),
    /// Root mean squares over held-out data: of the last hidden layer's output, and of the logits.
    pub sizes: [f64; 2],
}

impl Record {
    /// A measure, once it is known. Not finite where the network blew up.
    pub fn measure(&self, measure: Measure) -> Option<f64> {
        let end = self.end?;
        let value = match measure {
            // One whose last update blew it up was finite in all steps but is lost all the same.
            Measure::TrainLoss if end.held_out.0.is_finite() => return Some(self.last_losses()),
            Measure::TrainLoss => return Some(f64::NAN),
            Measure::HeldOutLoss => end.held_out.0,
            Measure::TrainAccuracy => end.seen.1,
            Measure::HeldOutAccuracy => end.held_out.1,
            Measure::HiddenSize => return Some(end.sizes[0]),
            Measure::LogitSize => return Some(end.sizes[1]),
        };
        // A network of NaN gets as many right as its first class has, which is no result.
        Some(if end.held_out.0.is_finite() { f64::from(value) } else { f64::NAN })
    }

    /// The held-out loss: there is none before the end, and none where the network blew up.
    pub(super) fn held_out(&self) -> Option<f64> {
        self.measure(Measure::HeldOutLoss).filter(|loss| loss.is_finite())
    }

    /// Mean over the last tenth: one batch's loss says little.
    fn last_losses(&self) -> f64 {
        let tail = &self.losses[self.losses.len() - self.losses.len().div_ceil(10)..];
        tail.iter().map(|loss| f64::from(*loss)).sum::<f64>() / tail.len().max(1) as f64
    }
}

/// Makes a row of every network: what it differs in, what became of it, and its link.
pub fn table(plan: &Plan, records: &[Record]) -> Table {
    let row = |(network, record): (usize, &Record)| {
        let measures = Measure::ALL.iter().map(|measure| Cell::number(record.measure(*measure)));
        let link = Cell::text(&plan.networks[network].link);
        plan.labels(network).map(Cell::text).chain(measures).chain([link]).collect()
    };
    let columns = plan.axes.iter().map(|axis| axis.name.as_str()).chain(Measure::IDS.iter().copied()).chain(["link"]);
    Table::new("networks", columns, records.iter().enumerate().map(row))
}
