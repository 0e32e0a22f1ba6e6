//! What pairs answer in one sentence, and the differences behind it, setting by setting.

use super::{COMPARED, Comparison, comparisons};
use crate::lab::number::show;
use crate::study::answer::StudyAnswer;
use crate::study::file::{EndMeasure, Scale};
use crate::study::finding::StudyFinding;
use crate::study::forest::{Forest, ForestOutcome, ForestRow};
use crate::study::plan::StudyPlan;
use crate::study::record::Record;
use crate::study::statistics::SIGNIFICANT;

/// Says which side wins where, by training loss; the estimates are the mean differences by each measure.
pub(in crate::study::verdict) fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    let all = comparisons(plan, records);
    let row = |row: ForestRow, measure: EndMeasure| {
        let own = all.iter().find(|one| one.measure == measure && one.panel == row.label);
        own.map_or(row.clone(), |one| filled(row, one))
    };
    let forest = |measure: EndMeasure| Forest {
        measure: Some(measure),
        name: String::new(),
        sides: plan.axes[0].labels.clone(),
        scale: Scale::Linear,
        reference: Some([0.0, 0.0]),
        tried: None,
        axes: Forest::axes(plan, &[0, 1]),
        rows: Forest::settings(plan, &[0, 1]).into_iter().map(|(setting, _)| row(setting, measure)).collect(),
    };
    let forests: Vec<Forest> = COMPARED.iter().map(|measure| forest(*measure)).collect();
    Some(StudyAnswer { sentence: sentence(&forests[0], plan.axes[1].labels.len()), forests })
}

/// A setting with what its pairs came to.
fn filled(row: ForestRow, one: &Comparison) -> ForestRow {
    let Some(outcome) = &one.outcome else { return ForestRow { outcome: ForestOutcome::Open, ..row } };
    let estimate = outcome.means.map(|means| [means.interval[0], means.mean, means.interval[1]]);
    let better = if one.measure == EndMeasure::TrainLoss { -outcome.direction } else { outcome.direction };
    let result = match () {
        () if outcome.lost == [outcome.pairs; 2] => ForestOutcome::Diverged,
        () if one.holm >= SIGNIFICANT => ForestOutcome::Open,
        () if better > 0.0 => ForestOutcome::Second,
        () => ForestOutcome::First,
    };
    ForestRow { outcome: result, estimate, lost: outcome.lost, ..row }
}

/// Chooses the sentence about training losses.
fn sentence(forest: &Forest, pairs: usize) -> StudyFinding {
    let known = forest.rows.len() - forest.count(ForestOutcome::Waiting);
    let [first, second] = [ForestOutcome::First, ForestOutcome::Second].map(|outcome| Wins::of(forest, outcome));
    let values = [
        ("first", forest.sides[0].clone()),
        ("second", forest.sides[1].clone()),
        ("settings", known.to_string()),
        ("open", (known - first.count - second.count).to_string()),
        ("pairs", pairs.to_string()),
    ];
    let is_single = forest.rows.len() == 1;
    let (key, sides) = match (first.count, second.count) {
        _ if known == 0 => ("answer-waiting", [None, None]),
        (0, 0) => (if is_single { "answer-open" } else { "answer-all-open" }, [None, None]),
        (1.., 1..) => ("answer-both", [Some((&first, 0)), Some((&second, 1))]),
        (0, _) => (Wins::key(&second, is_single), [None, Some((&second, 1))]),
        (_, 0) => (Wins::key(&first, is_single), [Some((&first, 0)), None]),
    };
    let mut sentence = StudyFinding::new(key, values);
    let names = [["first-wins", "first-size", "first-where"], ["second-wins", "second-size", "second-where"]];
    for (wins, side) in sides.into_iter().flatten() {
        let size = wins.largest.map_or("?".to_owned(), show);
        let [count, by, place] = names[side];
        sentence.fill([(count, wins.count.to_string()), (by, size.clone()), (place, wins.place.clone())]);
        let [winner, loser] = [forest.sides[side].clone(), forest.sides[1 - side].clone()];
        sentence.fill([("winner", winner), ("loser", loser), ("wins", wins.count.to_string())]);
        sentence.fill([("size", size), ("where", wins.place.clone()), ("lost", wins.lost.to_string())]);
    }
    sentence
}

/// Where one side is better.
struct Wins {
    count: usize,
    /// The largest mean difference there; none where too few pairs have one.
    largest: Option<f64>,
    /// The setting of that difference.
    place: String,
    /// How many networks of the other side left f32 there.
    lost: usize,
}

impl Wins {
    fn of(forest: &Forest, outcome: ForestOutcome) -> Self {
        let own = || forest.rows.iter().filter(|row| row.outcome == outcome);
        let sizes = own().filter_map(|row| Some((row.estimate?[1].abs(), row)));
        let largest = sizes.max_by(|one, other| one.0.total_cmp(&other.0));
        let other = usize::from(outcome == ForestOutcome::First);
        Self {
            count: own().count(),
            largest: largest.map(|(size, _)| size),
            place: largest.map(|(_, row)| row.label.clone()).unwrap_or_default(),
            lost: own().map(|row| row.lost[other]).sum(),
        }
    }

    /// The sentence of a side that wins alone.
    fn key(&self, is_single: bool) -> &'static str {
        match (is_single, self.largest) {
            (true, Some(_)) => "answer-wins",
            (false, Some(_)) => "answer-wins-often",
            (true, None) => "answer-survives",
            (false, None) => "answer-survives-often",
        }
    }
}
