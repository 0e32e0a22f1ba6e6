//! One weight on its way to a target, under four optimizers.

use super::{Remark, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::{show, show_place};
use crate::lab::spec::Spec;
use crate::science::toy::weight::{OPTIMIZERS, WeightCourse};

/// Up to which share of the way a weight counts as having arrived.
const ARRIVED: f64 = 0.02;

/// The courses of one weight.
#[derive(Clone, Debug, PartialEq)]
pub struct OneWeightCurve {
    /// How it is trained.
    pub course: WeightCourse,
    /// The weight at each step from 0 on, under each of [`OPTIMIZERS`]; what left f64 is not finite.
    pub weights: [Vec<f64>; 4],
    /// The step up to which the courses are shown.
    pub step: usize,
}

impl OneWeightCurve {
    /// Returns the courses of a spec, of which a part up to a step is shown.
    pub fn new(spec: &Spec, step: u64) -> Self {
        let course = WeightCourse {
            start: spec.toy.w_start,
            target: spec.toy.w_target,
            lr: spec.training.lr,
            decay: spec.training.wd,
            zero_grad: spec.toy.zero_grad,
        };
        let steps = spec.training.steps.min(spec.max_steps());
        Self { course, weights: course.run(steps as usize), step: step.min(steps) as usize }
    }

    /// Returns the shown numbers as a table: the weights, and the losses beside them.
    pub fn table(&self) -> Table {
        const COLUMNS: &[&str] = &[
            "step",
            "w-sgd",
            "w-momentum",
            "w-adam",
            "w-adamw",
            "loss-sgd",
            "loss-momentum",
            "loss-adam",
            "loss-adamw",
        ];
        let row = |step: usize| {
            let weights = self.weights.each_ref().map(|weights| weights[step]);
            let losses = weights.map(|weight| (weight - self.course.target) * (weight - self.course.target));
            let values = weights.into_iter().chain(losses).map(Some);
            (RowLabel::Number(step.to_string()), values.collect())
        };
        Table::new(COLUMNS, (0..=self.step).map(row).collect())
    }

    /// Returns what is said of the courses.
    pub fn remark(&self, lang: Lang) -> Remark {
        let WeightCourse { start, target, lr, decay, zero_grad } = self.course;
        let (factor, rest, swing) = (self.course.factor(), self.course.rest(), self.course.swing());
        let way = (rest - start).abs().max(f64::MIN_POSITIVE);
        let steps = self.weights[0].len() as i32 - 1;
        let (id, mark) = match zero_grad {
            false if swing.is_none() => ("weight-flies-added", "exploding"),
            false => ("weight-swings", "none"),
            true if factor < -1.0 => ("weight-flies", "exploding"),
            true if factor < 0.0 => ("weight-overshoots", "none"),
            true if way * libm::pow(factor, f64::from(steps)) > ARRIVED * way => ("weight-slow", "vanishing"),
            true => ("weight-arrives", "steady"),
        };
        let mut values: Vec<(&'static str, String)> = vec![
            ("target", show_place(target)),
            ("rest", show(rest)),
            ("lr", show(lr)),
            ("decay", show(decay)),
            ("factor", show(factor)),
            ("swing", swing.map_or(String::new(), show)),
            ("step", self.step.to_string()),
        ];
        for (optimizer, weights) in OPTIMIZERS.into_iter().zip(&self.weights) {
            values.push((optimizer, show(weights[self.step])));
        }
        let tell = |key: &str| lang.tell(&format!("toy.{key}"), &values);
        let first = tell(&format!("{id}-words"));
        let same = decay == 0.0;
        let words = join(vec![first, tell("weight-now"), tell(if same { "weight-no-decay" } else { "weight-decay" })]);
        Remark { id, mark, words }
    }
}
