//! Estimates of several settings with their intervals, one above the other, as a forest plot shows them.

use serde::{Deserialize, Serialize};

use super::file::{EndMeasure, Scale};
use super::plan::StudyPlan;
use crate::lab::number::show;

/// The free space on either side of what is drawn, as a share of it.
const MARGIN: f64 = 0.04;

/// The estimates of an experiment, setting by setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Forest {
    /// The measure in which two sides differ; none where the estimates are values of a sweep.
    pub measure: Option<EndMeasure>,
    /// The name of that sweep; empty where two sides are compared.
    pub name: String,
    /// The two sides of which the estimates are the differences, second minus first; empty where there are none.
    pub sides: Vec<String>,
    /// How the axis of the estimates is divided.
    pub scale: Scale,
    /// The range that the estimates are to be compared with: no difference, or what is claimed of σ.
    pub reference: Option<[f64; 2]>,
    /// The smallest and the largest value that was tried, where the estimates are values of a sweep.
    pub tried: Option<[f64; 2]>,
    /// The sweeps by which the settings differ, with their values.
    pub axes: Vec<ForestAxis>,
    /// The settings, in the order of the plan.
    pub rows: Vec<ForestRow>,
}

/// A sweep by which settings differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForestAxis {
    /// The name of the sweep.
    pub name: String,
    /// What its values are called.
    pub labels: Vec<String>,
}

/// A setting and its estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForestRow {
    /// The places of its values on the axes.
    pub at: Vec<usize>,
    /// What it is called; empty where there is one setting only.
    pub label: String,
    /// What it came to.
    pub outcome: ForestOutcome,
    /// The estimate between the ends of its interval: low, middle, high. There is none where networks still train, and
    /// where none reached its end.
    pub estimate: Option<[f64; 3]>,
    /// How many networks left f32, of each side.
    pub lost: [usize; 2],
}

/// What a setting came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForestOutcome {
    /// Not all of its networks have made their steps.
    Waiting,
    /// The first of the two sides is better.
    First,
    /// The second of the two sides is better.
    Second,
    /// Neither side is clearly better.
    Open,
    /// Some of its networks learned.
    Learned,
    /// None of its networks learned.
    Unlearned,
    /// All of its networks left f32.
    Diverged,
}

impl ForestOutcome {
    /// The name in keys of texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::First => "first",
            Self::Second => "second",
            Self::Open => "open",
            Self::Learned => "learned",
            Self::Unlearned => "unlearned",
            Self::Diverged => "diverged",
        }
    }
}

/// Where the marks of a forest plot stand, as shares of its width.
#[derive(Clone, Debug, PartialEq)]
pub struct ForestPlot {
    /// The range that the estimates are compared with.
    pub reference: Option<[f64; 2]>,
    /// The marks of each row: low, middle, high.
    pub rows: Vec<Option<[f64; 3]>>,
    /// The ticks of the axis, and what stands at them.
    pub ticks: Vec<(f64, String)>,
}

impl Forest {
    /// The sweeps of a plan by which settings differ if these are left out.
    pub(super) fn axes(plan: &StudyPlan, without: &[usize]) -> Vec<ForestAxis> {
        let rest = (0..plan.axes.len()).filter(|axis| !without.contains(axis)).map(|axis| &plan.axes[axis]);
        rest.map(|axis| ForestAxis { name: axis.name.clone(), labels: axis.labels.clone() }).collect()
    }

    /// The smallest and the largest value of a sweep.
    pub(super) fn tried(plan: &StudyPlan, axis: usize) -> Option<[f64; 2]> {
        let numbers = || plan.axes[axis].numbers.iter().copied();
        Some([numbers().min_by(f64::total_cmp)?, numbers().max_by(f64::total_cmp)?])
    }

    /// The settings of a plan if these sweeps are left out, each with its networks; none has come to anything yet.
    pub(super) fn settings(plan: &StudyPlan, without: &[usize]) -> Vec<(ForestRow, Vec<usize>)> {
        let row = |(label, group): (String, Vec<usize>)| {
            let places = plan.networks[group[0]].at.iter().enumerate();
            let at = places.filter(|(axis, _)| !without.contains(axis)).map(|(_, place)| *place).collect();
            (ForestRow { at, label, outcome: ForestOutcome::Waiting, estimate: None, lost: [0, 0] }, group)
        };
        plan.panels(without).into_iter().map(row).collect()
    }

    /// The number of settings that have come to this.
    pub fn count(&self, outcome: ForestOutcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome).count()
    }

    /// Places the marks. All estimates, what was tried and the range that they are compared with are within the plot.
    pub fn plot(&self) -> ForestPlot {
        let map = |value: f64| if self.scale == Scale::Log { libm::log10(value) } else { value };
        let estimates = self.rows.iter().filter_map(|row| row.estimate).flatten();
        let ends = self.reference.into_iter().chain(self.tried).flatten();
        let all = estimates.chain(ends).map(map).filter(|value| value.is_finite());
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return ForestPlot { reference: None, rows: vec![None; self.rows.len()], ticks: Vec::new() };
        }
        let span = if high > low { high - low } else { 1.0 };
        let (start, width) = (low - MARGIN * span, (1.0 + 2.0 * MARGIN) * span);
        let place = |value: f64| (map(value) - start) / width;
        let ticks = if self.scale == Scale::Log { powers(low, high) } else { steps(low, high) };
        ForestPlot {
            reference: self.reference.map(|range| range.map(place)),
            rows: self.rows.iter().map(|row| row.estimate.map(|estimate| estimate.map(place))).collect(),
            ticks: ticks.into_iter().map(|value| (place(value), show(value))).collect(),
        }
    }
}

/// The powers of ten between two logarithms; where there are fewer than two, twice and five times them too.
fn powers(low: f64, high: f64) -> Vec<f64> {
    let within = |digits: &[f64]| -> Vec<f64> {
        let decades = low.floor() as i32..=high.ceil() as i32;
        let all = decades.flat_map(|power| digits.iter().map(move |digit| digit * libm::pow(10.0, f64::from(power))));
        all.filter(|value| (low - 1e-9..=high + 1e-9).contains(&libm::log10(*value))).collect()
    };
    let whole = within(&[1.0]);
    if whole.len() > 1 { whole } else { within(&[1.0, 2.0, 5.0]) }
}

/// The multiples of 1, 2 or 5 times a power of ten between two numbers, of which there are three to seven.
fn steps(low: f64, high: f64) -> Vec<f64> {
    if high <= low {
        return vec![low];
    }
    let power = libm::pow(10.0, libm::log10((high - low) / 3.0).floor());
    let step = [5.0, 2.0, 1.0].map(|digit| digit * power).into_iter().find(|step| (high - low) / step >= 2.5);
    let step = step.unwrap_or(power);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    // Adding 0 makes no tick of −0.
    (first..=last).map(|index| index as f64 * step + 0.0).collect()
}
