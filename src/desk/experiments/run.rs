//! The panel that runs an experiment: its buttons, how far it is, and what went wrong.

use js_sys::{Date, Number};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::gallery;
use super::store::ExperimentStore;
use crate::lab::lang::Lang;
use crate::lab::protocol::{Device, DeviceReason, DeviceReport};
use crate::study::file::ChartKind;
use crate::study::report::StudyReport;
use crate::study::sitting::{Sitting, SittingPhase, StudyEstimate, StudyTrouble};
use crate::study::verdict::watch::Watched;

/// The panel that runs the experiment.
pub(super) fn panel(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let phase = Memo::new(move |_| store.with_shown(|sitting| sitting.phase).unwrap_or_default());
    let busy = Memo::new(move |_| phase.get().is_busy());
    let under_way = move || matches!(phase.get(), SittingPhase::Running | SittingPhase::Held);
    let kept =
        Memo::new(move |_| store.with_shown(|sitting| sitting.record.as_ref().map(|record| record.steps)).flatten());
    let take_up = move || {
        let steps = kept.get().map(|steps| count(steps, site.lang.get())).unwrap_or_default();
        site.tell("take-up", &[("steps", &steps)])
    };
    let is_watched = Memo::new(move |_| store.with_report(|report| report.watch.is_some()).unwrap_or(false));
    let share = move || store.with_report(|report| report.share).unwrap_or(0.0);
    let hold = move || site.say(if phase.get() == SittingPhase::Held { "go" } else { "hold" });
    let trouble = Memo::new(move |_| trouble(store));
    view! {
        <section class="panel run" aria-labelledby="run-title">
            <h2 id="run-title">{site.text("run-title")}</h2>
            <div class="buttons">
                <button
                    type="button"
                    class="first"
                    id="take-up"
                    data-testid="take-up"
                    hidden=move || busy.get() || kept.get().is_none()
                    on:click=move |_| store.go_on()
                >
                    {take_up}
                </button>
                <button
                    type="button"
                    class:first=move || kept.get().is_none()
                    id="run"
                    data-testid="run"
                    hidden=move || busy.get()
                    on:click=move |_| store.start()
                >
                    {move || site.say(if kept.get().is_some() { "anew" } else { "run" })}
                </button>
                <button
                    type="button"
                    id="hold"
                    data-testid="hold"
                    hidden=move || !under_way()
                    on:click=move |_| store.hold()
                >
                    {hold}
                </button>
                <button
                    type="button"
                    id="end"
                    data-testid="end"
                    hidden=move || !under_way()
                    on:click=move |_| store.finish()
                >
                    {site.text("end")}
                </button>
            </div>
            // Watched networks are trained for as long as the reader likes, so there is no progress to show.
            <progress
                id="progress"
                max="1"
                aria-label=site.text("run-title")
                hidden=move || !busy.get() || is_watched.get()
                prop:value=share
            ></progress>
            <p class="hint" data-testid="cost" hidden=move || phase.get() != SittingPhase::Idle>
                {move || cost(store)}
            </p>
            <p class="hint" id="status" data-testid="status" role="status">
                {move || store.with_shown(|sitting| status(sitting, store)).unwrap_or_default()}
            </p>
            {elsewhere(store)}
            <p class="notice" id="notice" data-testid="notice" role="alert" hidden=move || trouble.get().is_none()>
                {move || trouble.get()}
            </p>
        </section>
    }
    .into_any()
}

/// Says which other experiment is running, or was until its worker died.
fn elsewhere(store: ExperimentStore) -> AnyView {
    let other = Memo::new(move |_| store.sittings.with(|sittings| sittings.elsewhere()));
    let words = move || {
        other.get().map(|other| {
            let Some(trouble) = &other.trouble else {
                let (done, networks) =
                    other.progress.map_or((0, "…".to_owned()), |(done, all)| (done, all.to_string()));
                return store.site.tell("elsewhere", &[("done", &done.to_string()), ("networks", &networks)]);
            };
            told(trouble, store)
        })
    };
    let link = move || {
        other.get().map(|other| {
            view! { <a href=format!("#{}", other.id)>{store.title_of(&other.id)}</a> }
        })
    };
    view! {
        <p class="hint" id="elsewhere" data-testid="elsewhere" hidden=move || other.get().is_none()>
            {link}
            " "
            {words}
        </p>
    }
    .into_any()
}

/// What went wrong, with the line of the file where there is one.
fn trouble(store: ExperimentStore) -> Option<String> {
    let trouble = store.with_shown(|sitting| sitting.trouble.clone()).flatten();
    let unreachable = || {
        let nothing = StudyTrouble { key: "unreachable".to_owned(), detail: String::new(), line: 0 };
        store.unreachable.get().then_some(nothing)
    };
    let trouble = trouble.or_else(unreachable)?;
    let why = told(&trouble, store);
    Some(match trouble.line {
        0 => why,
        line => store.site.tell("at-line", &[("line", &line.to_string()), ("why", &why)]),
    })
}

fn told(trouble: &StudyTrouble, store: ExperimentStore) -> String {
    store.site.tell(&trouble.key, &[("detail", &trouble.detail)])
}

/// How far the experiment is, when its result was kept, and which device computes it.
fn status(sitting: &Sitting, store: ExperimentStore) -> String {
    let device = sitting.begun.as_ref().map(|begun| {
        let DeviceReport { device, adapter, reason, .. } = &begun.device;
        let name = if *device == Device::Cpu { format!("CPU ({adapter})") } else { adapter.clone() };
        let workers = store.workers.get();
        let spread = (sitting.phase == SittingPhase::Running && workers > 1)
            .then(|| store.site.tell("workers", &[("workers", &workers.to_string())]));
        let device = store.site.tell("device", &[("device", &name)]);
        [Some(device), spread, reason.and_then(|reason| refusal(reason, store))]
    });
    let parts = progress(sitting, store).into_iter().chain(device.into_iter().flatten().flatten());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The reason why an existing GPU does not compute the experiment.
fn refusal(reason: DeviceReason, store: ExperimentStore) -> Option<String> {
    let key = match reason {
        DeviceReason::TooLarge => "device-too-large",
        DeviceReason::WrongNumbers => "device-wrong-numbers",
        DeviceReason::Died => "device-died",
        _ => return None,
    };
    Some(store.site.say(key))
}

fn progress(sitting: &Sitting, store: ExperimentStore) -> Vec<String> {
    let (site, lang) = (store.site, store.site.lang.get());
    let kept = |at: f64| site.tell("kept", &[("date", &date(at, lang))]);
    let report = match (sitting.phase, &sitting.report) {
        (SittingPhase::Loading, _) => return vec![site.say("loading")],
        (SittingPhase::Idle, _) | (_, None) => return sitting.record.iter().map(|record| kept(record.at)).collect(),
        (_, Some(report)) => report,
    };
    if let Some(watch) = &report.watch {
        return watched(sitting.phase, watch, store);
    }
    let (done, networks) = (report.done.to_string(), report.networks.to_string());
    let numbers = |key: &str| site.tell(key, &[("done", &done), ("networks", &networks)]);
    let phase = sitting.phase.id();
    // The date is shown if the result was kept before this page was opened.
    let date = || sitting.kept_at.map(kept);
    match report.pictures.first().map(|picture| picture.kind) {
        Some(ChartKind::Cost) => [numbers(&format!("{phase}-sizes"))].into_iter().chain(date()).collect(),
        Some(ChartKind::Overflow) => [numbers(&format!("{phase}-passes"))].into_iter().chain(date()).collect(),
        _ if sitting.phase != SittingPhase::Running => [numbers(phase)].into_iter().chain(date()).collect(),
        _ => {
            let left = left(report, store);
            vec![site.tell("running", &[("done", &done), ("networks", &networks), ("left", &left)])]
        }
    }
}

/// What it costs to run the experiment that is shown: as long as it took here, if it did; else as a few of its networks say
/// that were trained for a moment; and before they were, what is known of the site's experiment.
fn cost(store: ExperimentStore) -> String {
    let (id, text) = (store.shown(), store.text());
    let took = store.entry_of(&id, |entry| store.own_seconds(entry)).flatten().filter(|_| !store.is_changed());
    let of_file =
        |sitting: &Sitting| sitting.estimate.as_ref().filter(|(file, _)| *file == text).map(|(_, estimate)| *estimate);
    match store.with_shown(of_file).flatten().filter(|_| took.is_none()) {
        Some(StudyEstimate { networks, updates, seconds }) => {
            let (networks, steps) = (networks.to_string(), count(updates, store.site.lang.get()));
            let time = gallery::time(store.site, store.together(seconds));
            store.site.tell("cost-here", &[("networks", &networks), ("steps", &steps), ("time", &time)])
        }
        None => store.entry_of(&id, |entry| gallery::cost(store, entry)).unwrap_or_default(),
    }
}

/// How long the experiment still takes.
fn left(report: &StudyReport, store: ExperimentStore) -> String {
    let site = store.site;
    match report.seconds_left {
        None => site.say("soon"),
        Some(seconds) if seconds < 90.0 => site.tell("seconds", &[("time", &seconds.ceil().to_string())]),
        Some(seconds) => site.tell("minutes", &[("time", &(seconds / 60.0).ceil().to_string())]),
    }
}

fn watched(phase: SittingPhase, watch: &Watched, store: ExperimentStore) -> Vec<String> {
    let site = store.site;
    let steps = count(watch.networks.iter().map(|network| network.step).sum(), site.lang.get());
    let time = watch.step_ms.map(|time| site.tell("a-step", &[("time", &time.round().to_string())]));
    [site.tell(&format!("watch-{}", phase.id()), &[("steps", &steps)])].into_iter().chain(time).collect()
}

/// A count in the language's notation.
fn count(value: u64, lang: Lang) -> String {
    match lang {
        Lang::En => Number::from(value as f64).to_locale_string(lang.id()).into(),
        // Vietnamese sets thousands apart with a point, which on this site is the decimal sign of both languages.
        Lang::Vi => value.to_string(),
    }
}

fn date(at: f64, lang: Lang) -> String {
    Date::new(&JsValue::from_f64(at)).to_locale_string(lang.id(), &JsValue::UNDEFINED).into()
}
