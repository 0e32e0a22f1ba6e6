//! A challenge's goal: conditions on measured numbers, and which knobs may be turned for it.
//!
//! It is written in a link, `goal=valLoss<1.9@300;keep=lr`, in a language that a teacher can type and that addresses
//! leave as it is. Parts stand between `;`. A condition is a metric, `<`, `>` or `=a..b`, and perhaps a step: `@300` by
//! step 300, `@=300` at step 300. All conditions have to hold in one frame. `keep` lists knobs or groups of knobs that
//! must stay as they were, `only` those that alone may change.

mod breach;
mod measure;
mod reader;
mod words;

pub use reader::{GoalFault, GoalProblem};

use super::knob::{Group, Knob};
use crate::science::choice::choices;

choices! {
    /// A measured number that a goal can be about.
    pub enum GoalMetric {
        /// The loss over the training batch, in nats.
        Loss "loss",
        /// The loss over held-out data, in nats.
        ValLoss "valLoss",
        /// The share of held-out predictions that are right.
        Accuracy "accuracy",
        /// How many times the variance of the last hidden layer's output is larger or smaller than that of the first.
        VarianceRatio "variance-ratio",
        /// How many times the gradient of the first hidden layer is larger or smaller than that of the last.
        GradientRatio "gradient-ratio",
        /// The variance of the last hidden layer's output.
        Variance "variance",
        /// The smallest signal share of a hidden layer.
        SignalShare "signal-share",
        /// The smallest position share of a block (GPT).
        PositionShare "position-share",
        /// The largest attention weight of a query, in the block where it is largest (GPT).
        AttentionPeak "attention-peak",
        /// The median over the matrices of std(last update)/std(weights).
        UpdateRatio "update-ratio",
        /// The largest share of dead units in a hidden layer.
        DeadShare "dead",
        /// The largest share of saturated activations in a hidden layer.
        SaturatedShare "saturated",
    }
}

/// Where a metric has to lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GoalRange {
    /// Below this number.
    Below(f64),
    /// Above this number.
    Above(f64),
    /// Between these numbers, or at one of them.
    Between(f64, f64),
}

impl GoalRange {
    /// Whether a number lies there; NaN lies nowhere.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Below(most) => value < most,
            Self::Above(least) => value > least,
            Self::Between(least, most) => (least..=most).contains(&value),
        }
    }
}

/// When a metric has to lie there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalTime {
    /// At any step.
    Ever,
    /// At this step or before.
    By(u64),
    /// At this step.
    At(u64),
}

impl GoalTime {
    /// Whether a measurement at this step counts.
    pub fn admits(self, step: u64) -> bool {
        match self {
            Self::Ever => true,
            Self::By(last) => step <= last,
            Self::At(only) => step == only,
        }
    }

    /// The last step that counts, if there is one.
    pub fn last(self) -> Option<u64> {
        match self {
            Self::Ever => None,
            Self::By(step) | Self::At(step) => Some(step),
        }
    }
}

/// One condition of a goal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// The number that it is about.
    pub metric: GoalMetric,
    /// Where the number has to lie.
    pub range: GoalRange,
    /// When it has to lie there.
    pub time: GoalTime,
}

/// What is to be reached, and which knobs may be turned for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goal {
    /// The conditions, all of which have to hold in one frame. There is at least one.
    pub conditions: Vec<Condition>,
    /// The ids of knobs and groups that must stay as they were.
    pub keep: Vec<&'static str>,
    /// The ids of the knobs and groups that alone may change, if there are any.
    pub only: Vec<&'static str>,
}

impl Goal {
    /// Whether a knob may be turned. The device changes no number, so it is free.
    pub fn allows(&self, knob: &Knob) -> bool {
        let named = |list: &[&str]| list.contains(&knob.id) || list.contains(&knob.group.id());
        // A list of widths sets depth and width too.
        let sizes = ["depth", "width"].map(|id| self.keep.contains(&id));
        let kept = named(&self.keep) || knob.id == "widths" && sizes.contains(&true);
        knob.id == "device" || !kept && (self.only.is_empty() || named(&self.only))
    }

    /// The last step at which the goal can be reached, if there is one.
    pub fn last_step(&self) -> Option<u64> {
        self.conditions.iter().filter_map(|condition| condition.time.last()).min()
    }

    /// Whether it is about units, which are measured only where somebody asks.
    pub fn needs_units(&self) -> bool {
        let is_of_units = |metric| matches!(metric, GoalMetric::DeadShare | GoalMetric::SaturatedShare);
        self.conditions.iter().any(|condition| is_of_units(condition.metric))
    }

    /// Returns the goal as a link has it; [`Self::parse`] reads it again.
    pub fn text(&self) -> String {
        let condition = |Condition { metric, range, time }: &Condition| {
            let range = match range {
                GoalRange::Below(most) => format!("<{most}"),
                GoalRange::Above(least) => format!(">{least}"),
                GoalRange::Between(least, most) => format!("={least}..{most}"),
            };
            let time = match time {
                GoalTime::Ever => String::new(),
                GoalTime::By(step) => format!("@{step}"),
                GoalTime::At(step) => format!("@={step}"),
            };
            format!("{}{range}{time}", metric.id())
        };
        let lists = [("keep", &self.keep), ("only", &self.only)].into_iter().filter(|(_, ids)| !ids.is_empty());
        let lists = lists.map(|(key, ids)| format!("{key}={}", ids.join(",")));
        self.conditions.iter().map(condition).chain(lists).collect::<Vec<_>>().join(";")
    }
}

/// Returns the id of a knob or a group of knobs, if it is one.
fn knob_or_group(id: &str) -> Option<&'static str> {
    let group = || Group::ALL.iter().map(|group| group.id()).find(|name| *name == id);
    Knob::find(id).map(|knob| knob.id).or_else(group)
}
