//! Says a goal in words. They are made from the goal itself, so that they cannot differ from the rule.

use super::{Condition, Goal, GoalMetric, GoalRange, GoalTime};
use crate::lab::lang::Lang;
use crate::lab::number::show;

impl GoalMetric {
    /// Whether a person says it as a percentage.
    fn is_share(self) -> bool {
        matches!(
            self,
            Self::Accuracy
                | Self::SignalShare
                | Self::PositionShare
                | Self::AttentionPeak
                | Self::DeadShare
                | Self::SaturatedShare
        )
    }

    fn is_ratio(self) -> bool {
        matches!(self, Self::VarianceRatio | Self::GradientRatio)
    }

    /// Writes a value of this metric for a person.
    pub fn show(self, value: f64) -> String {
        if self.is_ratio() {
            format!("×{}", show(value))
        } else if self.is_share() {
            format!("{} %", show(100.0 * value))
        } else {
            show(value)
        }
    }
}

impl Lang {
    /// The name of a metric of a goal.
    pub fn metric(self, metric: GoalMetric) -> String {
        self.text(&format!("goal.metric.{}", metric.id())).to_owned()
    }

    /// A condition as a clause.
    pub fn condition(self, condition: &Condition) -> String {
        let Condition { metric, time, .. } = *condition;
        let asked = format!("{} {}", self.metric(metric), self.asked(condition));
        match time {
            GoalTime::Ever => asked,
            GoalTime::By(step) => self.tell("goal.by", &[("condition", asked), ("step", step.to_string())]),
            GoalTime::At(step) => self.tell("goal.at", &[("condition", asked), ("step", step.to_string())]),
        }
    }

    /// Where the number of a condition has to lie.
    pub fn asked(self, condition: &Condition) -> String {
        let metric = condition.metric;
        match condition.range {
            GoalRange::Below(most) => self.tell("goal.below", &[("value", metric.show(most))]),
            GoalRange::Above(least) => self.tell("goal.above", &[("value", metric.show(least))]),
            GoalRange::Between(least, most) => {
                self.tell("goal.between", &[("least", metric.show(least)), ("most", metric.show(most))])
            }
        }
    }

    /// What a goal asks for, as a sentence.
    pub fn goal(self, goal: &Goal) -> String {
        let conditions: Vec<String> = goal.conditions.iter().map(|condition| self.condition(condition)).collect();
        self.tell("goal.ask", &[("conditions", conditions.join(self.text("goal.and")))])
    }

    /// The numbers of a goal's conditions, with their names.
    pub fn goal_numbers(self, goal: &Goal, values: &[f64]) -> String {
        let number = |(condition, value): (&Condition, &f64)| {
            format!("{} {}", self.metric(condition.metric), condition.metric.show(*value))
        };
        goal.conditions.iter().zip(values).map(number).collect::<Vec<_>>().join(", ")
    }

    /// Which knobs may be turned for a goal, as sentences; nothing where all may.
    pub fn freedom(self, goal: &Goal) -> String {
        let lists =
            [("goal.keep", &goal.keep), ("goal.only", &goal.only)].into_iter().filter(|(_, ids)| !ids.is_empty());
        let told = lists.map(|(key, ids)| self.tell(key, &[("knobs", self.knobs(ids.iter().copied()))]));
        told.collect::<Vec<_>>().join(" ")
    }

    /// The names of knobs and groups of knobs.
    pub fn knobs<'a>(self, ids: impl Iterator<Item = &'a str>) -> String {
        let name = |id: &str| {
            let is_group = crate::lab::knob::Group::ALL.iter().any(|group| group.id() == id);
            if is_group {
                self.tell("goal.group", &[("group", self.text(&format!("group.{id}")).to_owned())])
            } else {
                self.label(id)
            }
        };
        ids.map(name).collect::<Vec<_>>().join(", ")
    }
}
