//! Records what became of a network.

use super::file::EndMeasure;
use super::plan::StudyPlan;
use super::table::{Cell, ResultTable};

/// A network's losses, and how it does at its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The training loss before each step and after the last, in nats.
    pub losses: Vec<f32>,
    /// How it does once all its steps are made.
    pub end: Option<End>,
}

/// How a network does after its last step, as its loss in nats and its share of right predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Loss and share over held-out data.
    pub held_out: (f32, f32),
    /// Loss and share over training data.
    pub seen: (f32, f32),
    /// The root mean squares of the last hidden layer's output and of the logits, over held-out data.
    pub sizes: [f64; 2],
}

impl Record {
    /// A measure, once it is known. It is not finite where the network blew up.
    pub fn measure(&self, measure: EndMeasure) -> Option<f64> {
        let end = self.end?;
        let value = match measure {
            // A network that its last update blew up was finite in all steps, but is lost all the same.
            EndMeasure::TrainLoss if end.held_out.0.is_finite() => return Some(self.last_losses()),
            EndMeasure::TrainLoss => return Some(f64::NAN),
            EndMeasure::HeldOutLoss => end.held_out.0,
            EndMeasure::TrainAccuracy => end.seen.1,
            EndMeasure::HeldOutAccuracy => end.held_out.1,
            EndMeasure::HiddenSize => return Some(end.sizes[0]),
            EndMeasure::LogitSize => return Some(end.sizes[1]),
        };
        // A network of NaN gets as many right as its first class has, which is no result.
        Some(if end.held_out.0.is_finite() { f64::from(value) } else { f64::NAN })
    }

    /// The held-out loss: there is none before the end, and none where the network blew up.
    pub(super) fn held_out(&self) -> Option<f64> {
        self.measure(EndMeasure::HeldOutLoss).filter(|loss| loss.is_finite())
    }

    /// The mean over the last tenth of the steps, because the loss of one batch says little.
    fn last_losses(&self) -> f64 {
        let tail = &self.losses[self.losses.len() - self.losses.len().div_ceil(10)..];
        tail.iter().map(|loss| f64::from(*loss)).sum::<f64>() / tail.len().max(1) as f64
    }
}

/// Makes a row of every network: what it differs in, what became of it, and its link.
pub fn table(plan: &StudyPlan, records: &[Record]) -> ResultTable {
    let row = |(network, record): (usize, &Record)| {
        let measures = EndMeasure::ALL.iter().map(|measure| Cell::number(record.measure(*measure)));
        let link = Cell::text(&plan.networks[network].link);
        plan.labels(network).map(Cell::text).chain(measures).chain([link]).collect()
    };
    let columns =
        plan.axes.iter().map(|axis| axis.name.as_str()).chain(EndMeasure::IDS.iter().copied()).chain(["link"]);
    ResultTable::new("networks", columns, records.iter().enumerate().map(row))
}
