//! Reads a goal from the text of a link, and says what is wrong with one that it cannot read.

use super::{Condition, Goal, GoalMetric, GoalRange, GoalTime, knob_or_group};
use crate::science::choice::choices;
use crate::science::decimal;

/// The largest number of conditions and lists: more fit in no sentence.
const MOST_PARTS: usize = 8;
/// The largest number of characters. No goal needs a third of it.
const LONGEST: usize = 400;

choices! {
    /// What is wrong with a goal.
    pub enum GoalProblem {
        /// There is no condition in it.
        Empty "empty",
        /// It is too long, or has too many parts.
        Long "long",
        /// A part has no `<`, `>` or `=`.
        Sign "sign",
        /// The lab measures no such thing.
        Metric "metric",
        /// Something is no number where one has to stand.
        Number "number",
        /// The two ends of a range are not two numbers in their order with `..` between them.
        Ends "ends",
        /// Something behind `@` is no step.
        Step "step",
        /// There is no such knob.
        Knob "knob",
    }
}

/// A problem, and the part of the text that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalFault {
    /// What is wrong.
    pub problem: GoalProblem,
    /// Where it is wrong, as it was written.
    pub part: String,
}

fn fault(problem: GoalProblem, part: &str) -> GoalFault {
    GoalFault { problem, part: part.trim().to_owned() }
}

impl Goal {
    /// Reads a goal.
    pub fn parse(text: &str) -> Result<Self, GoalFault> {
        let parts: Vec<&str> = text.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
        if text.len() > LONGEST || parts.len() > MOST_PARTS {
            return Err(fault(GoalProblem::Long, parts.first().unwrap_or(&"")));
        }
        let mut goal = Self::default();
        for part in parts {
            let sign = part.find(['<', '>', '≤', '≥', '=']).ok_or_else(|| fault(GoalProblem::Sign, part))?;
            let (name, rest) = (part[..sign].trim(), &part[sign..]);
            let mut signs = rest.chars();
            let sign = signs.next();
            let rest = signs.as_str();
            match (name, sign) {
                ("keep", Some('=')) => goal.keep.extend(knobs(rest)?),
                ("only", Some('=')) => goal.only.extend(knobs(rest)?),
                _ => {
                    let metric = GoalMetric::from_id(name).ok_or_else(|| fault(GoalProblem::Metric, name))?;
                    let (range, time) = match rest.split_once('@') {
                        Some((range, time)) => (range, read_time(time)?),
                        None => (rest, GoalTime::Ever),
                    };
                    // Who writes ≤ or <= means what < means: measured numbers do not lie on a bound.
                    let number = || read_number(range.trim().trim_start_matches('='));
                    let range = match sign {
                        Some('<' | '≤') => GoalRange::Below(number()?),
                        Some('>' | '≥') => GoalRange::Above(number()?),
                        _ => between(range)?,
                    };
                    goal.conditions.push(Condition { metric, range, time });
                }
            }
        }
        if goal.conditions.is_empty() {
            return Err(fault(GoalProblem::Empty, text));
        }
        Ok(goal)
    }
}

fn knobs(text: &str) -> Result<Vec<&'static str>, GoalFault> {
    let ids = text.split(',').map(str::trim).filter(|id| !id.is_empty());
    ids.map(|id| knob_or_group(id).ok_or_else(|| fault(GoalProblem::Knob, id))).collect()
}

fn read_number(text: &str) -> Result<f64, GoalFault> {
    decimal::read(text.trim()).filter(|number| number.is_finite()).ok_or_else(|| fault(GoalProblem::Number, text))
}

fn between(text: &str) -> Result<GoalRange, GoalFault> {
    let ends = || fault(GoalProblem::Ends, text);
    let (least, most) = text.split_once("..").ok_or_else(ends)?;
    let (least, most) = (read_number(least)?, read_number(most)?);
    if least <= most { Ok(GoalRange::Between(least, most)) } else { Err(ends()) }
}

fn read_time(text: &str) -> Result<GoalTime, GoalFault> {
    let text = text.trim();
    let (digits, exact) = text.strip_prefix('=').map_or((text, false), |digits| (digits.trim(), true));
    let step = digits.parse().map_err(|_| fault(GoalProblem::Step, text))?;
    Ok(if exact { GoalTime::At(step) } else { GoalTime::By(step) })
}
