//! Draws the pictures of an experiment.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::in_lab;
use super::store::ExperimentStore;
use crate::desk::figure::schema::StudyFigure;
use crate::desk::figure::{StudyLook, figure};
use crate::lab::lang::Lang;
use crate::shell::browser;
use crate::shell::effect::effect;
use crate::shell::figure::FigureChange;
use crate::shell::painter::Painter;
use crate::shell::palette::Palette;
use crate::shell::plot::{Drawing, on_press};
use crate::shell::view::frame::watch_size;
use crate::study::file::ChartKind;
use crate::study::picture::Picture;
use crate::study::sitting::SittingPhase;

impl Drawing for StudyFigure {
    fn change_to(&self, next: &Self) -> FigureChange {
        if self == next { FigureChange::Curves(Vec::new()) } else { FigureChange::Everything }
    }

    /// At another width the legend has other rows, which Plotly computes only for a new figure; in another language a press
    /// opens another address, and listeners are attached to a new figure.
    fn is_left_for(&self, next: &Self) -> bool {
        self.layout.width != next.layout.width || self.opens != next.opens
    }

    fn attach(&self, element: &HtmlElement) {
        if let Some(lang) = self.opens {
            on_press(element, move |link| open(&link, lang));
        }
    }
}

/// Opens a network in the lab, in a new tab.
fn open(link: &str, lang: Lang) {
    let features = "noopener";
    window().open_with_url_and_target_and_features(&in_lab(link, lang), "_blank", features).ok();
}

/// The choice whether σ is shown as it is or in units of He's, where that makes a difference.
pub(super) fn units(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let name = Memo::new(move |_| {
        let scalable = |picture: &&Picture| picture.curves.iter().any(|curve| curve.scaled.is_some());
        store
            .with_report(|report| report.pictures.iter().find(scalable).map(|picture| picture.x.name.clone()))
            .flatten()
    });
    let plain = move || name.get().unwrap_or_default();
    let scaled = move || site.tell("scaled", &[("name", &plain())]);
    view! {
        <div
            class="segments"
            id="units"
            role="radiogroup"
            aria-label=site.text("units")
            hidden=move || name.get().is_none()
        >
            <label>
                <input
                    type="radio"
                    name="units"
                    value="plain"
                    data-testid="units-plain"
                    prop:checked=move || !store.scaled.get()
                    on:change=move |_| store.scaled.set(false)
                />
                <span id="unit-plain">{plain}</span>
            </label>
            <label>
                <input
                    type="radio"
                    name="units"
                    value="scaled"
                    data-testid="units-scaled"
                    prop:checked=move || store.scaled.get()
                    on:change=move |_| store.scaled.set(true)
                />
                <span id="unit-scaled">{scaled}</span>
            </label>
        </div>
    }
    .into_any()
}

/// The frames of the pictures, one for each.
pub(super) fn pictures(store: ExperimentStore) -> AnyView {
    let painter = StoredValue::new_local(Painter::<StudyFigure>::default());
    let dark = browser::media("(prefers-color-scheme: dark)");
    let palette = RwSignal::new(Palette::default());
    effect(move || {
        dark.track();
        palette.set(Palette::read());
    });
    // The button on the bar is the site's script's.
    let _listener = window_event_listener_untyped("init-lab:colours", move |_| {
        palette.try_set(Palette::read());
    });
    // The kinds of the pictures decide how wide their frames are.
    let kinds = Memo::new(move |_| {
        let kinds = |pictures: &[Picture]| pictures.iter().map(|picture| picture.kind).collect::<Vec<_>>();
        let id = store.shown();
        (id, store.with_report(|report| kinds(&report.pictures)).unwrap_or_default())
    });
    let frames = move || {
        let (_, kinds) = kinds.get();
        kinds.into_iter().enumerate().map(|(index, kind)| frame(store, index, kind, painter, palette)).collect_view()
    };
    view! { <div id="pictures">{frames}</div> }.into_any()
}

fn frame(
    store: ExperimentStore,
    index: usize,
    kind: ChartKind,
    painter: StoredValue<Painter<StudyFigure>, LocalStorage>,
    palette: RwSignal<Palette>,
) -> AnyView {
    let site = store.site;
    let picture = Memo::new(move |_| {
        store.with_report(|report| report.pictures.get(index).filter(|picture| picture.kind == kind).cloned()).flatten()
    });
    let running = Memo::new(move |_| store.with_shown(|sitting| sitting.phase == SittingPhase::Running) == Some(true));
    let title = move || {
        picture.with(|picture| {
            let picture = picture.as_ref()?;
            let name = site.say(title(picture));
            Some(if picture.panel.is_empty() { name } else { format!("{}: {name}", picture.panel) })
        })
    };
    let id = format!("picture-{index}");
    let name = StoredValue::new(id.clone());
    let canvas = NodeRef::<leptos::html::Div>::new();
    // The picture that was shown last, because the picture may disappear before its frame does.
    let last = StoredValue::new(picture.get_untracked());
    effect(move || {
        let Some(element) = canvas.get() else { return };
        let (element, id): (HtmlElement, String) = (element.unchecked_ref::<HtmlElement>().clone(), name.get_value());
        watch_size(&element, painter.get_value(), id.clone());
        painter.get_value().add(&id, element, move |width, height| {
            let (palette, lang) = (palette.get_untracked(), site.lang.get_untracked());
            let look = StudyLook { palette, lang, width, height, scaled: store.scaled.get_untracked() };
            last.with_value(|picture| picture.as_ref().map(|picture| figure(picture, &look)))
        });
        on_cleanup(move || {
            painter.try_with_value(|painter| painter.remove(&id));
        });
    });
    effect(move || {
        palette.track();
        site.lang.track();
        store.scaled.track();
        painter.with_value(|painter| name.with_value(|name| painter.mark(name)));
    });
    effect(move || {
        if let Some(picture) = picture.get() {
            last.set_value(Some(picture));
        }
        // What comes of a run is drawn at once where it ends or is held, and now and then on the way there.
        let can_wait = running.get();
        painter.with_value(|painter| {
            name.with_value(|name| if can_wait { painter.mark_patiently(name) } else { painter.mark(name) });
        });
    });
    view! {
        <figure class="panel picture" data-testid=id data-kind=kind.id()>
            <h3>{title}</h3>
            <div class="canvas" node_ref=canvas></div>
        </figure>
    }
    .into_any()
}

/// The key of a picture's title.
fn title(picture: &Picture) -> &'static str {
    match picture.kind {
        ChartKind::Losses => "train-loss",
        ChartKind::Cost => "ms",
        ChartKind::Overflow => "exit",
        ChartKind::Training | ChartKind::Gradients | ChartKind::Spread | ChartKind::Tails | ChartKind::Histogram => {
            picture.kind.id()
        }
        ChartKind::Curves | ChartKind::Map | ChartKind::Pairs => picture.measure.id(),
    }
}
