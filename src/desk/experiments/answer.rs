//! The answer of an experiment, which stands above everything that it is made of: a sentence, who wins where, and the
//! estimates with their intervals.

use leptos::prelude::*;

use super::gallery::time;
use super::grid::grid;
use super::sentence::{sentence, state};
use super::sketch::picture;
use super::store::ExperimentStore;
use crate::lab::number::show;
use crate::study::answer::StudyAnswer;
use crate::study::forest::{Forest, ForestOutcome, ForestRow};
use crate::study::recorded::RecordedResult;
use crate::study::sketch::StudySketch;

/// An answer, and whether it is the site's recorded one.
#[derive(Clone, PartialEq)]
struct Shown {
    answer: StudyAnswer,
    recorded: Option<RecordedResult>,
}

/// The panel of the answer. Until the experiment was run here, it has what the site recorded.
pub(super) fn panel(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let shown = Memo::new(move |_| {
        if let Some(answer) = store.with_report(|report| report.answer.clone()) {
            return answer.map(|answer| Shown { answer, recorded: None });
        }
        let recorded = store.recorded(&store.shown())?;
        Some(Shown { answer: recorded.answer.clone(), recorded: Some(recorded) })
    });
    let measure = RwSignal::new(0_usize);
    let source = move || {
        shown.with(|shown| shown.as_ref().map(|shown| if shown.recorded.is_some() { "recorded" } else { "own" }))
    };
    let words = move || shown.with(|shown| shown.as_ref().map(|shown| sentence(site, &shown.answer.sentence)));
    let so_far = move || {
        shown.with(|shown| {
            let forest = shown.as_ref()?.answer.forests.first()?;
            let waiting = forest.count(ForestOutcome::Waiting);
            let done = (forest.rows.len() - waiting).to_string();
            let all = forest.rows.len().to_string();
            (waiting > 0 && waiting < forest.rows.len()).then(|| site.tell("so-far", &[("done", &done), ("all", &all)]))
        })
    };
    let origin = move || {
        shown.with(|shown| {
            let recorded = shown.as_ref()?.recorded.as_ref()?;
            Some(site.tell("recorded-note", &[("time", &time(site, recorded.seconds))]))
        })
    };
    let forest = Memo::new(move |_| {
        shown.with(|shown| {
            let forests = &shown.as_ref()?.answer.forests;
            forests.get(measure.get()).or(forests.first()).cloned()
        })
    });
    let small = move || {
        let recorded = shown.with(|shown| shown.as_ref().and_then(|shown| shown.recorded.clone()));
        recorded.filter(|recorded| recorded.answer.forests.is_empty()).and_then(|recorded| picture(&recorded))
    };
    let legend = move || {
        shown.with(|shown| match shown.as_ref()?.recorded.as_ref()?.sketch.as_ref()? {
            StudySketch::Cells { names: [x, y], .. } => Some(site.tell("sketch-cells", &[("x", x), ("y", y)])),
            StudySketch::Lines(_) => None,
        })
    };
    view! {
        <section
            class="panel answer"
            data-testid="answer"
            data-source=source
            aria-labelledby="answer-title"
            hidden=move || shown.with(Option::is_none)
        >
            <h2 id="answer-title">{site.text("answer")}</h2>
            <p class="sentence" data-testid="answer-sentence">
                {words}
            </p>
            <p class="hint" data-testid="answer-so-far" hidden=move || so_far().is_none()>
                {so_far}
            </p>
            <p class="hint" data-testid="answer-recorded" hidden=move || origin().is_none()>
                {origin}
            </p>
            {small}
            <p class="hint" hidden=move || legend().is_none()>
                {legend}
            </p>
            {measures(store, shown, measure)}
            {move || {
                forest
                    .get()
                    .map(|forest| {
                        view! {
                            {grid(site, &forest)}
                            {plot(store, &forest)}
                        }
                    })
            }}
        </section>
    }
    .into_any()
}

/// The choice of the measure, where sides are compared by several.
fn measures(store: ExperimentStore, shown: Memo<Option<Shown>>, chosen: RwSignal<usize>) -> AnyView {
    let site = store.site;
    let names = Memo::new(move |_| {
        let forests = shown.with(|shown| shown.as_ref().map(|shown| shown.answer.forests.clone())).unwrap_or_default();
        forests.iter().filter_map(|forest| forest.measure).collect::<Vec<_>>()
    });
    let option = move |(index, name): (usize, &'static str)| {
        view! {
            <label>
                <input
                    type="radio"
                    name="answer-measure"
                    data-testid=format!("answer-by-{name}")
                    prop:checked=move || chosen.get() == index
                    on:change=move |_| chosen.set(index)
                />
                <span>{site.text(name)}</span>
            </label>
        }
    };
    let options = move || names.get().into_iter().map(|measure| measure.id()).enumerate().map(option).collect_view();
    view! {
        <div
            class="segments"
            role="radiogroup"
            aria-label=site.text("measure")
            hidden=move || names.with(|names| names.len() < 2)
        >
            {options}
        </div>
    }
    .into_any()
}

/// A share of the width, as the style sheet writes it.
fn percent(share: f64) -> String {
    format!("{:.2}%", 100.0 * share)
}

/// The estimates with their intervals, one setting below the other.
fn plot(store: ExperimentStore, forest: &Forest) -> AnyView {
    let site = store.site;
    let marks = forest.plot();
    let zone = marks.reference.map(|[low, high]| (percent(low), percent(high - low)));
    let reference =
        move || zone.clone().map(|(left, width)| view! { <i class="reference" style:left=left style:width=width></i> });
    let row = |(row, marks): (&ForestRow, &Option<[f64; 3]>)| {
        let drawn = marks.map(|[low, middle, high]| {
            view! {
                <i class="interval" style:left=percent(low) style:width=percent(high - low)></i>
                <i class="middle" style:left=percent(middle)></i>
            }
        });
        let name = if row.label.is_empty() { site.say("answer-all") } else { row.label.clone() };
        view! {
            <tr data-outcome=row.outcome.id()>
                <th scope="row">{name}</th>
                <td class="marks" aria-hidden="true">
                    {reference()}
                    {drawn}
                </td>
                <td class="value">{value(store, forest, row)}</td>
            </tr>
        }
    };
    let rows = forest.rows.iter().zip(&marks.rows).map(row).collect_view();
    let tick = |(place, text): &(f64, String)| view! { <span style:left=percent(*place)>{text.clone()}</span> };
    let ticks = marks.ticks.iter().map(tick).collect_view();
    let caption = match (forest.measure, &forest.sides[..]) {
        (Some(measure), [first, second]) => {
            let name = site.say(measure.id());
            site.tell("forest-difference", &[("measure", &name), ("first", first), ("second", second)])
        }
        _ if forest.reference.is_some() => site.tell("forest-claimed", &[("name", &forest.name)]),
        _ if forest.rows.iter().filter_map(|row| row.estimate).any(|[low, _, high]| low < high) => {
            site.tell("forest-band", &[("name", &forest.name)])
        }
        _ => site.tell("forest-best", &[("name", &forest.name)]),
    };
    view! {
        <table class="forest" data-testid="forest">
            <caption>{caption}</caption>
            <tbody>{rows}</tbody>
            <tfoot aria-hidden="true">
                <tr>
                    <td></td>
                    <td class="ticks">{ticks}</td>
                    <td></td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

/// What a setting came to, in words.
fn value(store: ExperimentStore, forest: &Forest, row: &ForestRow) -> String {
    let site = store.site;
    let state = || state(store.site, forest, row.outcome);
    let Some([low, middle, high]) = row.estimate else {
        return lost(store, row).map_or_else(state, |lost| format!("{}; {lost}", state()));
    };
    let numbers = [low, middle, high].map(show);
    let values = [("low", numbers[0].as_str()), ("middle", &numbers[1]), ("high", &numbers[2])];
    let text = match forest.sides.len() {
        2 => format!("{}: {}", state(), site.tell("forest-interval", &values)),
        _ if low == high => numbers[1].clone(),
        _ => site.tell("forest-range", &values),
    };
    match lost(store, row).filter(|_| forest.sides.len() == 2) {
        Some(lost) => format!("{text}; {lost}"),
        None => text,
    }
}

/// How many networks of each side left f32, if any did.
fn lost(store: ExperimentStore, row: &ForestRow) -> Option<String> {
    let [first, second] = row.lost.map(|count| count.to_string());
    (row.lost != [0, 0] && row.outcome != ForestOutcome::Diverged)
        .then(|| store.site.tell("forest-lost", &[("first", &first), ("second", &second)]))
}
