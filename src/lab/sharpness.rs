//! The sharpness over steps, beside the bound that the learning rate sets: what the chart shows, in numbers and in words.
//!
//! ```text
//! gradient descent   w ← w − ηg                       stable where λ < 2/η
//! momentum           v ← βv + g,  w ← w − ηv          λ < 2(1 + β)/η                        β = 0.9
//! Adam               m ← β₁m + (1 − β₁)g, in its own units
//!                                                     λ < 2(1 + β₁)/((1 − β₁)η) = 38/η      β₁ = 0.9
//! ```
//!
//! Cohen et al. 2021 (arXiv:2103.00065) and 2022 (arXiv:2207.14484). The bounds are for a loss that is a parabola, and
//! for steps along the gradient of all data; on batches training may keep below them. Weight decay is neglected.

use super::curve::{RowLabel, Table};
use super::inspection::LossSharpness;
use super::lang::Lang;
use super::number::show;
use super::runs::RunMark;
use super::spec::Optimizer;
use super::state::State;

/// β of momentum, and β₁ of the Adams.
const BETA: f64 = 0.9;
/// A sharpness within this share of the bound is at it.
const NEAR: f64 = 0.1;

/// The chart of the sharpness.
#[derive(Clone, Debug, PartialEq)]
pub struct SharpnessCurve {
    /// What was measured, by step.
    pub points: Vec<(u64, LossSharpness)>,
    /// What was measured of the runs that are compared.
    pub others: Vec<(RunMark, Vec<(u64, LossSharpness)>)>,
    /// The step that the reader looks at, if that is not now.
    pub playhead: Option<u64>,
    optimizer: Optimizer,
    clips: bool,
    /// η at its highest, for the bound before anything was measured.
    rate: f64,
}

impl SharpnessCurve {
    /// What is known of the present run, and of those that are compared.
    pub fn new(state: &State) -> Self {
        let training = &state.spec().training;
        let (optimizer, clips, rate) = (training.optimizer, training.clip > 0.0, training.lr);
        let known = state.compared().into_iter().filter(|(_, record)| !record.looks.sharpness.is_empty());
        let others = known.map(|(mark, record)| (mark, record.looks.sharpness.clone())).collect();
        let playhead = state.past.as_ref().map(|frame| frame.step);
        Self { points: state.record.looks.sharpness.clone(), others, playhead, optimizer, clips, rate }
    }

    /// The sharpness above which steps of this length grow.
    pub fn bound(&self, rate: f64) -> f64 {
        let factor = match self.optimizer {
            Optimizer::Sgd => 2.0,
            Optimizer::Momentum => 2.0 * (1.0 + BETA),
            Optimizer::Adam | Optimizer::AdamW => 2.0 * (1.0 + BETA) / (1.0 - BETA),
        };
        factor / rate
    }

    /// The bound as it was at each measurement; before the first it is that of the learning rate itself.
    pub fn bounds(&self) -> Vec<(u64, f64)> {
        if self.points.is_empty() {
            return vec![(0, self.bound(self.rate))];
        }
        self.points.iter().map(|(step, point)| (*step, self.bound(point.rate))).collect()
    }

    /// The table.
    pub fn table(&self) -> Table {
        let row = |(step, point): &(u64, LossSharpness)| {
            let values = [point.value.0, point.error.0, self.bound(point.rate), point.rate];
            (RowLabel::Number(step.to_string()), values.map(Some).to_vec())
        };
        let columns = &["step", "sharpness", "sharpness-error", "bound", "rate"];
        let values = |points: &[(u64, LossSharpness)]| {
            points.iter().map(|(step, point)| (RowLabel::Number(step.to_string()), point.value.0)).collect()
        };
        let others = self.others.iter().map(|(mark, points)| (*mark, values(points)));
        Table::new(columns, self.points.iter().map(row).collect()).beside(others)
    }

    /// Says what is seen.
    pub fn words(&self, lang: Lang) -> String {
        let rule = match self.optimizer {
            Optimizer::Sgd => "2/η",
            Optimizer::Momentum => "3.8/η",
            Optimizer::Adam | Optimizer::AdamW => "38/η",
        };
        let rule = |rate: f64| [("rule", rule.to_owned()), ("bound", show(self.bound(rate)))];
        let Some((step, point)) = self.points.last() else {
            return lang.tell("sharpness.before", &rule(self.rate));
        };
        let (value, error) = (point.value.0, point.error.0);
        let told = [("step", step.to_string()), ("value", show(value)), ("error", show(error))];
        if error >= value.abs() {
            return lang.tell("sharpness.unclear", &told);
        }
        let units = if point.preconditioned { "sharpness.own-units" } else { "sharpness.measured" };
        let mut sentences = vec![lang.tell(units, &told)];
        let bound = self.bound(point.rate);
        let key = match value / bound {
            _ if value < 0.0 => "sharpness.negative",
            ratio if ratio < 1.0 - NEAR => "sharpness.below",
            ratio if ratio <= 1.0 + NEAR => "sharpness.edge",
            _ => "sharpness.above",
        };
        let share = ("share", show(100.0 * value / bound));
        sentences.push(lang.tell(key, &[rule(point.rate).to_vec(), vec![share]].concat()));
        if self.clips {
            sentences.push(lang.text("sharpness.clipped").to_owned());
        }
        sentences.join(" ")
    }
}
