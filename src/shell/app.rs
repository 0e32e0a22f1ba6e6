//! The page as a whole: which part stands where, and which changes the document itself has to follow.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement};

use super::browser;
use super::embed::follow_height;
use super::palette::Palette;
use super::plot;
use super::store::Store;
use super::view::Lens;
use super::view::charts::measured_charts;
use super::view::frame::Easel;
use super::view::header::Header;
use super::view::knobs::FirstControls;
use super::view::later::{LatePart, fetch_late_parts, later};
use super::view::menu::close_menus;
use super::view::notice::Notices;
use super::view::panel::{more_controls, open_controls};
use super::view::question::Question;
use super::view::status::{Status, brief_status};
use super::view::transport::{Transport, listen_to_keys};
use crate::lab::gallery::GalleryKind;
use crate::lab::lang::Lang;
use crate::lab::state::{Edit, EngineState, Phase, State};
use crate::lab::view::Theme;
use crate::shell::effect::effect;
use crate::shell::sight::watch_sight;
use crate::shell::view::show::Show;

/// Puts the lab on the page, in place of the first picture that index.html carries, in a language
/// whose texts are there; `own` is the reader's.
pub fn mount(language: &str, own: &str, texts: &JsValue) {
    let [language, own] = [language, own].map(|id| Lang::from_id(id).unwrap_or(Lang::En));
    language.learn(browser::texts(texts));
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    mount_to_body(move || view! { <App language=language own=own /> });
}

/// The whole lab, as one component.
#[component]
pub fn App(
    /// The language that it begins in.
    language: Lang,
    /// The reader's language.
    own: Lang,
) -> impl IntoView {
    let store = Store::open(language, own);
    let lens = Lens::new(store);
    let palette = RwSignal::new(Palette::default());
    let easel = Easel::new(palette, store.late);
    let embedded = Memo::new(move |_| store.view.with(|view| view.embed));
    let slide = Memo::new(move |_| store.view.with(|view| view.slide));
    let running = Memo::new(move |_| store.state.with(State::running));
    let over = Memo::new(move |_| store.state.with(|state| matches!(state.phase, Phase::Finished(_))));
    // What a student is to predict is not told before.
    let asks = lens.asks;
    let root = NodeRef::<leptos::html::Div>::new();
    follow_document(store, palette);
    fetch_late_parts(store, easel);
    let gallery = RwSignal::new(None::<GalleryKind>);
    let keys = RwSignal::new(browser::keys_are_on());
    listen_to_keys(running, keys, lens);
    close_menus();
    // What draws the charts has let the engine go first.
    let comes =
        Memo::new(move |_| store.state.with(|state| state.engine == EngineState::Loading && !state.spec().is_toy()));
    effect(move || {
        if !comes.get() {
            plot::fetch();
        }
    });
    follow_drags(easel.dragging);
    Effect::new(move |before: Option<()>| {
        if let Some(root) = root.get()
            && before.is_none()
        {
            follow_height(&root);
            play_when_seen(&root, store);
        }
    });
    view! {
        <div class="lab" class:embedded=move || embedded.get() class:slide=move || slide.get() node_ref=root>
            <Show when=move || !embedded.get()>
                <Header lab=store.lab dark=store.dark own=store.own_theme gallery=gallery lens=lens />
            </Show>
            <main class="board" id="main" tabindex="-1">
                <Question store=store easel=easel lens=lens />
                <Show when=move || !asks.get()>{later(LatePart::Verdict, store, easel, lens)}</Show>
                {later(LatePart::Goal, store, easel, lens)}
                <Notices state=store.state lens=lens />
                <div class="panel">
                    <div class="dock">
                        <FirstControls gallery=gallery lens=lens />
                        {later(LatePart::Derivation, store, easel, lens)}
                        <Transport running=running over=over lens=lens />
                        {brief_status(store.state, lens)}
                    </div>
                    {open_controls(store, easel, lens)}
                    <Status state=store.state lens=lens />
                    {later(LatePart::OwnData, store, easel, lens)}
                    {more_controls(is_wide(), store, easel, lens)}
                </div>
                <Stage store=store easel=easel lens=lens />
            </main>
            {later(LatePart::Foot(keys), store, easel, lens)}
            {later(LatePart::Gallery(gallery), store, easel, lens)}
        </div>
    }
}

/// Whether the window is wide enough to show the knobs of a part of the lab at first: on a phone there is room only for
/// the names of their groups.
fn is_wide() -> bool {
    browser::matches("(min-width: 721px)")
}

/// The part of the page with the charts and the verdict.
#[component]
fn Stage(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let charts = Memo::new(move |_| lens.view.with(|view| lens.spec.with(|spec| view.measured_charts(spec))));
    let head = [LatePart::Chips, LatePart::SlowMotion, LatePart::ChartList(charts)]
        .map(|part| later(part, store, easel, lens));
    let below = [LatePart::RunList, LatePart::Sweep, LatePart::Theory, LatePart::Code, LatePart::Tile]
        .map(|part| later(part, store, easel, lens));
    let top = NodeRef::<leptos::html::Div>::new();
    measured_charts(top, charts, store, easel, lens);
    view! {
        <div class="stage">
            <div class="stage-head" node_ref=top>
                {head.into_iter().collect_view()}
            </div>
            {below.into_iter().collect_view()}
        </div>
    }
}

/// Language and theme belong to the document, for screen readers and style sheets; the charts'
/// colours come from the style sheet that the theme chose.
fn follow_document(store: Store, palette: RwSignal<Palette>) {
    let root = document().document_element();
    let themed = root.clone();
    effect(move || {
        store.dark.track();
        if let Some(root) = &themed {
            match store.view.with(|view| view.theme) {
                Theme::Auto => match store.own_theme.get() {
                    None => root.remove_attribute("data-theme").ok(),
                    Some(theme) => root.set_attribute("data-theme", theme.id()).ok(),
                },
                theme => root.set_attribute("data-theme", theme.id()).ok(),
            };
        }
        palette.set(Palette::read());
    });
    effect(move || {
        let lang = store.lang.get();
        if let Some(root) = &root {
            root.set_attribute("lang", lang.id()).ok();
        }
        document().set_title(lang.text("title"));
    });
}

/// Knows whether a slider is held: from the press on it until the pointer is lifted, wherever that is.
fn follow_drags(dragging: RwSignal<bool>) {
    let _begin = window_event_listener(leptos::ev::pointerdown, move |event| {
        let is_slider = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if is_slider.is_some_and(|input| input.type_() == "range") {
            dragging.set(true);
        }
    });
    let end = move || {
        if dragging.get_untracked() {
            dragging.set(false);
        }
    };
    let _end = window_event_listener(leptos::ev::pointerup, move |_| end());
    let _cancel = window_event_listener(leptos::ev::pointercancel, move |_| end());
}

/// Does what `autoplay` in a link asks for: training begins once the lab is seen, not while it is out of sight
/// further down in a page.
fn play_when_seen(root: &HtmlElement, store: Store) {
    if !store.view.with_untracked(|view| view.autoplay) {
        return;
    }
    watch_sight(root, move |is_seen| {
        if is_seen {
            store.edit(Edit::Play);
        }
        !is_seen
    });
}
