//! With which power sizes grow along a sweep: lines through the logarithms of the curves of charts.

use super::chart::split;
use super::file::{Chart, ChartKind, Measure};
use super::finding::{Finding, whole};
use super::plan::Plan;
use super::protocol::{Cell, Table};
use super::record::Record;
use super::statistics::{Line, line};
use crate::lab::number::Number;

/// size ∝ x^slope, of one curve.
struct Law {
    measure: Measure,
    /// The sweep along x.
    along: String,
    /// What the picture is of.
    panel: String,
    /// What the curve is of.
    curve: String,
    line: Option<Line>,
    /// Networks without a size: they left f32, or are 0.
    lost: usize,
}

/// Whether a power can be looked for in a chart.
pub fn has_powers(plan: &Plan, chart: &Chart) -> bool {
    let x = plan.axis(chart.x.as_deref()).map(|axis| &plan.axes[axis]);
    let positive = x.is_some_and(|axis| axis.knob.is_some() && axis.numbers.iter().all(|number| *number > 0.0));
    chart.kind == ChartKind::Curves && chart.measure.is_size() && positive
}

/// The laws of the pictures that are whole.
fn laws(plan: &Plan, records: &[Record]) -> Vec<Law> {
    let mut laws = Vec::new();
    for chart in plan.file.charts.iter().filter(|chart| has_powers(plan, chart)) {
        let Some(x) = plan.axis(chart.x.as_deref()) else { continue };
        let by = plan.axis(chart.by.as_deref());
        let axis = &plan.axes[x];
        let point = |index: &usize| {
            let size = records[*index].measure(chart.measure)?;
            let at = axis.numbers[plan.networks[*index].at[x]];
            (size > 0.0 && size.is_finite()).then(|| (libm::log(at), libm::log(size)))
        };
        let own: Vec<usize> = [Some(x), by].into_iter().flatten().collect();
        for (panel, group) in whole(plan.panels(&own), records) {
            for (label, curve) in split(plan, &group, by) {
                let points: Vec<(f64, f64)> = curve.iter().filter_map(point).collect();
                let knob = by.filter(|by| plan.axes[*by].knob.is_some()).map(|by| &plan.axes[by].name);
                laws.push(Law {
                    measure: chart.measure,
                    along: axis.name.clone(),
                    panel: panel.clone(),
                    curve: knob.map_or(label.clone(), |name| format!("{name} {label}")),
                    line: line(&points),
                    lost: curve.len() - points.len(),
                });
            }
        }
    }
    laws
}

/// A sentence a curve, with all pictures that have it.
pub(super) fn findings(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let laws = laws(plan, records);
    let lost: usize = laws.iter().map(|law| law.lost).sum();
    for law in laws {
        let Some(Line { slope, error, .. }) = law.line else { continue };
        let key = if law.measure == Measure::HiddenSize { "slope-hidden-size" } else { "slope-logit-size" };
        let panel = if law.panel.is_empty() { String::new() } else { format!(" ({})", law.panel) };
        // What rounds to 0 has no sign.
        let slope = libm::round(slope * 100.0) / 100.0 + 0.0;
        let power = format!("{}^{slope:.2} ± {error:.2}{panel}", law.along);
        match found.iter_mut().find(|finding| finding.key == key && finding.values["panel"] == law.curve) {
            Some(Finding { values, .. }) => values.entry("powers").or_default().push_str(&format!(", {power}")),
            None => found.push(Finding::new(key, [("panel", law.curve), ("powers", power)])),
        }
    }
    found.extend((lost > 0).then(|| Finding::new("slope-lost", [("lost", lost.to_string())])));
    found
}

/// The exponents as numbers.
pub(super) fn table(plan: &Plan, records: &[Record]) -> Table {
    let columns = ["measure", "panel", "curve", "slope", "error", "points"].map(str::to_owned).into();
    let number = |value: Option<f64>| Cell::Number(value.map(Number));
    let row = |law: Law| {
        vec![
            Cell::Text(law.measure.id().to_owned()),
            Cell::Text(law.panel),
            Cell::Text(law.curve),
            number(law.line.map(|line| line.slope)),
            number(law.line.map(|line| line.error)),
            number(law.line.map(|line| line.points as f64)),
        ]
    };
    Table { id: "slopes", columns, rows: laws(plan, records).into_iter().map(row).collect() }
}
