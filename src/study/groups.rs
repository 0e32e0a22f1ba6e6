//! Finds the groups of a plan's networks: those of one curve, of one side of a pair, of one picture that is whole.

use super::file::{EndMeasure, Refusal};
use super::plan::StudyPlan;
use super::record::Record;

/// Splits a group by the value on an axis, each part with its label. Without an axis it is one part.
pub(super) fn split(plan: &StudyPlan, group: &[usize], by: Option<usize>) -> Vec<(String, Vec<usize>)> {
    let Some(by) = by else { return vec![(String::new(), group.to_vec())] };
    let own = |value: usize| group.iter().copied().filter(|index| plan.networks[*index].at[by] == value).collect();
    plan.axes[by].labels.iter().enumerate().map(|(value, label)| (label.clone(), own(value))).collect()
}

/// Gives the measures at the two values of an axis, both in the order of the plan: that makes them pairs.
pub(super) fn sides(
    plan: &StudyPlan,
    records: &[Record],
    group: &[usize],
    axis: usize,
    measure: EndMeasure,
) -> [Vec<f64>; 2] {
    [0, 1].map(|side| {
        let own = group.iter().filter(|index| plan.networks[**index].at[axis] == side);
        own.map(|index| records[*index].measure(measure).unwrap_or(f64::NAN)).collect()
    })
}

/// Refuses an axis that has no [`sides`].
pub(super) fn wants_two(plan: &StudyPlan, axis: usize) -> Result<(), Refusal> {
    let axis = &plan.axes[axis];
    if axis.labels.len() == 2 { Ok(()) } else { Err(Refusal::whole("not-two", &axis.name)) }
}

/// Says whether every network of a group made all its steps.
pub(super) fn is_whole(records: &[Record], group: &[usize]) -> bool {
    group.iter().all(|index| records[*index].end.is_some())
}

/// Gives the panels of what is not on these axes, without those that still train: what is found of a
/// part of a picture may not hold for all of it.
pub(super) fn whole(
    plan: &StudyPlan,
    records: &[Record],
    without: &[usize],
) -> impl Iterator<Item = (String, Vec<usize>)> {
    plan.panels(without).into_iter().filter(|(_, group)| is_whole(records, group))
}

/// Gives each network's place on an axis and its held-out loss, which it has not where it blew up.
pub(super) fn held_out(plan: &StudyPlan, records: &[Record], group: &[usize], axis: usize) -> Vec<(f64, Option<f64>)> {
    group.iter().map(|index| (plan.number(*index, axis), records[*index].held_out())).collect()
}
