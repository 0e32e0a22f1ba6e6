//! The verdict `map`, and theory's line over such a map.

use super::file::Measure;
use super::finding::{Finding, whole};
use super::plan::Plan;
use super::record::Record;
use crate::lab::forecast::{guessing, signal_depth};
use crate::lab::sweep::{LEARNED, LEAST_GAIN};

/// Theory's depth at each place of the sweep along: what is drawn, and what networks are counted by.
/// None where theory says nothing, and everywhere if the sweep up is not the depth.
pub(super) fn depths(plan: &Plan, group: &[usize], [x, y]: [usize; 2]) -> Vec<Option<f64>> {
    let is_depth = plan.axes[y].knob.as_deref() == Some("depth");
    // The deepest network of a column: neither χ₁ nor the line depends on the depth from two layers on.
    let column = |place: usize| {
        let own = group.iter().filter(move |index| plan.networks[**index].at[x] == place);
        own.max_by_key(|index| plan.networks[**index].spec.depth)
    };
    let depth = |place: usize| column(place).and_then(|index| signal_depth(&plan.networks[*index].spec));
    (0..plan.axes[x].numbers.len()).map(|place| if is_depth { depth(place) } else { None }).collect()
}

/// How many networks learned, and how many on either side of theory's line.
pub(super) fn findings(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (panel, group) in whole(plan.panels(&[0, 1]), records) {
        let loss = |index: usize| records[index].measure(Measure::HeldOutLoss).filter(|loss| loss.is_finite());
        let guess = guessing(&plan.networks[group[0]].spec);
        let best = group.iter().filter_map(|index| loss(*index)).fold(guess, f64::min);
        let gain = guess - best;
        let learned =
            |index: &usize| gain >= LEAST_GAIN && loss(*index).is_some_and(|loss| guess - loss >= LEARNED * gain);
        let count = |indices: &[usize]| indices.iter().filter(|index| learned(index)).count().to_string();
        let size = |indices: &[usize]| indices.len().to_string();
        let values = [("panel", panel.clone()), ("learned", count(&group)), ("all", size(&group))];
        found.push(Finding::new("map-learned", values));
        let depths = depths(plan, &group, [0, 1]);
        let line = |index: &usize| depths[plan.networks[*index].at[0]];
        let (told, silent): (Vec<usize>, Vec<usize>) = group.iter().partition(|index| line(index).is_some());
        if told.is_empty() {
            continue;
        }
        let within = |index: &usize| line(index).is_some_and(|depth| plan.networks[*index].spec.depth as f64 <= depth);
        let (near, far): (Vec<usize>, Vec<usize>) = told.iter().partition(|index| within(index));
        let values = [
            ("panel", panel.clone()),
            ("in", count(&near)),
            ("near", size(&near)),
            ("out", count(&far)),
            ("far", size(&far)),
        ];
        found.push(Finding::new("map-theory", values));
        if !silent.is_empty() {
            found.push(Finding::new("map-silent", [("panel", panel), ("silent", size(&silent))]));
        }
    }
    found
}
