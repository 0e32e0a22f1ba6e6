//! The verdict `slope`: with which power do sizes grow along a sweep? Lines through the logarithms of
//! the curves of charts say.

use crate::study::answer::StudyAnswer;
use crate::study::file::{ChartKind, EndMeasure, FileChart, Refusal};
use crate::study::finding::StudyFinding;
use crate::study::groups::{split, whole};
use crate::study::plan::StudyPlan;
use crate::study::record::Record;
use crate::study::statistics::{Regression, line};
use crate::study::table::{Cell, ResultTable};

/// The law size ∝ x^slope of one curve.
struct PowerLaw {
    measure: EndMeasure,
    /// The sweep along x.
    along: String,
    /// What the networks of the picture have in common.
    panel: String,
    /// What the curve is of.
    curve: String,
    line: Option<Regression>,
    /// How many networks have no size, because they left f32 or their size is 0.
    lost: usize,
}

/// Refuses a file without a chart in which a power can be looked for.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    let any = plan.file.charts.iter().any(|chart| has_powers(plan, chart));
    if any { Ok(()) } else { Err(Refusal::whole("slope-lacks", "")) }
}

/// Says whether the logarithms of a chart's numbers exist, and are of sizes.
fn has_powers(plan: &StudyPlan, chart: &FileChart) -> bool {
    let x = plan.axis(chart.x.as_deref()).map(|axis| &plan.axes[axis]);
    let positive = x.is_some_and(|axis| axis.knob.is_some() && axis.numbers.iter().all(|number| *number > 0.0));
    chart.kind == ChartKind::Curves && chart.measure.is_size() && positive
}

/// Fits a law to each curve of the pictures that are whole.
fn laws(plan: &StudyPlan, records: &[Record]) -> Vec<PowerLaw> {
    let mut laws = Vec::new();
    for chart in plan.file.charts.iter().filter(|chart| has_powers(plan, chart)) {
        let Some(x) = plan.axis(chart.x.as_deref()) else { continue };
        let by = plan.axis(chart.by.as_deref());
        let axis = &plan.axes[x];
        let point = |index: &usize| {
            let size = records[*index].measure(chart.measure)?;
            (size > 0.0 && size.is_finite()).then(|| (libm::log(plan.number(*index, x)), libm::log(size)))
        };
        let own: Vec<usize> = [Some(x), by].into_iter().flatten().collect();
        for (panel, group) in whole(plan, records, &own) {
            for (label, curve) in split(plan, &group, by) {
                let points: Vec<(f64, f64)> = curve.iter().filter_map(point).collect();
                let knob = by.filter(|by| plan.axes[*by].knob.is_some()).map(|by| &plan.axes[by].name);
                laws.push(PowerLaw {
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

/// Says the power of each curve once, for all pictures that have it.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let mut found: Vec<StudyFinding> = Vec::new();
    let laws = laws(plan, records);
    let lost: usize = laws.iter().map(|law| law.lost).sum();
    for law in laws {
        let Some(Regression { slope, error, .. }) = law.line else { continue };
        let key = if law.measure == EndMeasure::HiddenSize { "slope-hidden-size" } else { "slope-logit-size" };
        let panel = if law.panel.is_empty() { String::new() } else { format!(" ({})", law.panel) };
        // A slope that rounds to 0 must not be shown as −0.
        let slope = libm::round(slope * 100.0) / 100.0 + 0.0;
        let power = format!("{}^{slope:.2} ± {error:.2}{panel}", law.along);
        match found.iter_mut().find(|finding| finding.key == key && finding.values["panel"] == law.curve) {
            Some(StudyFinding { values, .. }) => {
                values.entry("powers".into()).or_default().push_str(&format!(", {power}"))
            }
            None => found.push(StudyFinding::new(key, [("panel", law.curve), ("powers", power)])),
        }
    }
    found.extend((lost > 0).then(|| StudyFinding::new("slope-lost", [("lost", lost.to_string())])));
    found
}

/// Makes a row of each law.
pub(super) fn table(plan: &StudyPlan, records: &[Record]) -> Option<ResultTable> {
    let row = |law: PowerLaw| {
        let line = law.line.map(|line| [line.slope, line.error, line.points as f64]);
        let line = line.map_or([const { Cell::Number(None) }; 3], |numbers| numbers.map(Cell::number));
        let names = [law.measure.id().to_owned(), law.panel, law.curve];
        names.map(Cell::text).into_iter().chain(line).collect()
    };
    let columns = ["measure", "panel", "curve", "slope", "error", "points"];
    Some(ResultTable::new("slopes", columns, laws(plan, records).into_iter().map(row)))
}

/// Says the powers of the last curve of the first measure, which is the one furthest from the start.
pub(super) fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    let all = findings(plan, records);
    let first = all.first().filter(|finding| finding.key != "slope-lost")?;
    let last = all.iter().rfind(|finding| finding.key == first.key)?;
    let key = if last.key == "slope-hidden-size" { "answer-hidden-size" } else { "answer-logit-size" };
    Some(StudyAnswer::retold(key, last))
}
