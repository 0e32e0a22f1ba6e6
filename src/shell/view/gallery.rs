//! The gallery of prepared labs or of schemes: cards in groups, to be searched, in a dialog over the page.

use std::time::Duration;

use js_sys::JsString;
use leptos::ev::MouseEvent;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::Lens;
use super::depth_curves::{curves, key_of_curves};
use super::icon::Icon;
use crate::lab::catalog;
use crate::lab::gallery::{DepthSketch, GalleryCard, GalleryKind, SKETCH};
use crate::lab::knob::{Knob, KnobSetting};
use crate::lab::link::Lab;
use crate::lab::state::Edit;
use crate::shell::browser;
use crate::shell::effect::effect;

/// What the cards of a gallery read and call.
#[derive(Clone, Copy)]
struct Shelf {
    kind: GalleryKind,
    /// The card of the present lab, or of the present scheme.
    chosen: Memo<Option<&'static str>>,
    /// The pictures of as many cards as were drawn so far, by the cards' ids.
    sketches: RwSignal<Vec<(&'static str, Vec<DepthSketch>)>>,
    /// Does what the list of the same names does, and closes the gallery.
    choose: Callback<&'static str>,
    lens: Lens,
}

/// The dialog. It is open while there is a kind of gallery to show; the browser keeps the focus in it, closes it at
/// Escape, and gives the focus back.
pub fn gallery(open: RwSignal<Option<GalleryKind>>, lab: Memo<Lab>, lens: Lens) -> AnyView {
    let dialog = NodeRef::<Dialog>::new();
    effect(move || {
        if open.get().is_some()
            && let Some(dialog) = dialog.get().filter(|dialog| !dialog.open())
        {
            dialog.show_modal().ok();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    // What lies around the dialog belongs to it, and nothing in it does.
    let press = move |event: MouseEvent| {
        if event.target().is_some_and(|target| target.is_instance_of::<HtmlDialogElement>()) {
            close();
        }
    };
    let title = move || open.get().map(|kind| lens.lang.get().text(&format!("gallery.{}", kind.id())).to_owned());
    view! {
        <dialog
            class="gallery"
            data-testid="gallery"
            aria-label=title
            node_ref=dialog
            on:close=move |_| open.set(None)
            on:click=press
        >
            {move || open.get().map(|kind| shelf(kind, close, lab, lens))}
        </dialog>
    }
    .into_any()
}

/// Everything in the dialog.
fn shelf(kind: GalleryKind, close: impl Fn() + Copy + Send + Sync + 'static, lab: Memo<Lab>, lens: Lens) -> AnyView {
    let choose = Callback::new(move |id: &'static str| {
        close();
        match kind {
            GalleryKind::Labs => {
                lens.edit.run(Edit::Experiment(Some(id)));
                browser::show_start();
            }
            GalleryKind::Schemes => {
                if let Some(knob) = Knob::find("init") {
                    lens.edit.run(Edit::Knob(knob, KnobSetting::Choice(id)));
                }
            }
        }
    });
    let chosen = Memo::new(move |_| match kind {
        GalleryKind::Labs => lab.with(|lab| lab.experiment),
        GalleryKind::Schemes => Some(lens.spec.with(|spec| spec.start.scheme.id())),
    });
    let (search, sketches) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let course = RwSignal::new(None);
    let shelf = Shelf { kind, chosen, sketches, choose, lens };
    let cards = Memo::new(move |_| lens.spec.with_untracked(|spec| kind.cards(spec, lens.lang.get())));
    draw(shelf, cards.with_untracked(|cards| cards.iter().map(|card| card.id).collect()));
    let input = NodeRef::<Input>::new();
    effect(move || {
        // Where there are keys, one can type at once; a phone would show its keyboard over the cards.
        if let Some(input) = input.get().filter(|_| browser::matches("(hover: hover)")) {
            input.focus().ok();
        }
    });
    let found = Memo::new(move |_| {
        let wanted = folded(&search.get());
        let lang = lens.lang.get();
        let fits = |card: &&GalleryCard| {
            let group = lang.text(&format!("gallery.{}", card.group)).to_owned();
            let source =
                card.course.map(|course| lang.text(&format!("course.{course}")).to_owned()).unwrap_or_default();
            let all = folded(&format!("{} {} {} {group} {source}", card.id, card.title, card.words));
            let is_of_course = course.get().is_none_or(|course| card.course == Some(course));
            is_of_course && wanted.split_whitespace().all(|word| all.contains(word))
        };
        cards.with(|cards| cards.iter().filter(fits).cloned().collect::<Vec<_>>())
    });
    let groups = move || {
        let of = |group: &'static str| {
            found.with(|found| found.iter().filter(|card| card.group == group).cloned().collect())
        };
        let groups = kind.groups().iter().map(|&group| (group, of(group)));
        groups
            .filter(|(_, cards): &(_, Vec<_>)| !cards.is_empty())
            .map(|(name, cards)| group(name, cards, shelf))
            .collect_view()
    };
    let said = move || {
        let lang = lens.lang.get();
        lang.fill("gallery.found", &[("number", &found.with(Vec::len).to_string())])
    };
    view! {
        <div class="shelf">
            <header>
                <h2>{lens.words(format!("gallery.{}", kind.id()))}</h2>
                <button
                    type="button"
                    class="ghost"
                    data-testid="gallery-close"
                    aria-label=lens.text("gallery.close")
                    title=lens.text("gallery.close")
                    on:click=move |_| close()
                >
                    <Icon name="close" />
                </button>
                {(kind == GalleryKind::Labs).then(|| choose_course(course, lens))}
                <input
                    type="search"
                    node_ref=input
                    data-testid="gallery-search"
                    autocomplete="off"
                    aria-label=lens.text("gallery.search")
                    placeholder=lens.text("gallery.search")
                    prop:value=move || search.get()
                    on:input=move |event| search.set(event_target_value(&event))
                />
                <p class="unseen" role="status">
                    {said}
                </p>
            </header>
            <p class="key">{key_of_curves(lens)}</p>
            {groups}
            <p class="nothing" hidden=move || found.with(|found| !found.is_empty())>
                {lens.text("gallery.nothing")}
            </p>
        </div>
    }
    .into_any()
}

/// The list of courses, one of which can be looked at alone.
fn choose_course(chosen: RwSignal<Option<&'static str>>, lens: Lens) -> AnyView {
    let option =
        |course: &'static str| view! { <option value=course>{lens.words(format!("course.{course}"))}</option> };
    let choose = move |event| {
        let id = event_target_value(&event);
        chosen.set(catalog::courses().into_iter().find(|course| *course == id));
    };
    view! {
        <select data-testid="gallery-course" aria-label=lens.text("course.choose") on:change=choose>
            <option value="">{lens.words("course.all".to_owned())}</option>
            {catalog::courses().into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// A text as it is searched: in small letters without accents, so that Vietnamese words are found however they are typed.
fn folded(text: &str) -> String {
    let apart: String = JsString::from(text.to_lowercase().as_str()).normalize("NFD").into();
    apart
        .chars()
        .filter(|sign| !('\u{300}'..='\u{36f}').contains(sign))
        .map(|sign| if sign == 'đ' { 'd' } else { sign })
        .collect()
}

/// A group of cards under its name.
fn group(name: &'static str, cards: Vec<GalleryCard>, shelf: Shelf) -> AnyView {
    view! {
        <section data-group=name>
            <h3>{shelf.lens.words(format!("gallery.{name}"))}</h3>
            <ul>{cards.into_iter().map(|one| view! { <li>{card(one, shelf)}</li> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A card, which is one button.
fn card(card: GalleryCard, shelf: Shelf) -> AnyView {
    let id = card.id;
    let drawn = move || {
        shelf.sketches.with(|all| {
            let found = all.iter().find(|(drawn, _)| *drawn == id);
            found.map(|(_, sketches)| curves(sketches, shelf.lens.lang.get()))
        })
    };
    view! {
        <button
            type="button"
            data-testid=format!("gallery-{id}")
            aria-current=move || (shelf.chosen.get() == Some(id)).to_string()
            on:click=move |_| shelf.choose.run(id)
        >
            <svg class="sketch" viewBox=format!("0 0 {} {}", SKETCH[0], SKETCH[1]) aria-hidden="true">
                <path class="level" d=format!("M0 {}H{}", SKETCH[1] / 2.0, SKETCH[0]) />
                {drawn}
            </svg>
            <b>{card.title}</b>
            <span>{card.words}</span>
            {card
                .course
                .map(|course| view! { <span class="course">{shelf.lens.words(format!("course.{course}"))}</span> })}
        </button>
    }
    .into_any()
}

/// Draws one card after the other, so that the page is never busy for long.
fn draw(shelf: Shelf, mut waiting: Vec<&'static str>) {
    if waiting.is_empty() {
        return;
    }
    let id = waiting.remove(0);
    set_timeout(
        move || {
            let Some(specs) = shelf.lens.spec.try_with_untracked(|spec| shelf.kind.specs(id, spec)) else { return };
            let sketches = specs.iter().map(DepthSketch::new).collect();
            // A gallery that was closed meanwhile has nowhere to put it.
            if shelf.sketches.try_update(|all| all.push((id, sketches))).is_some() {
                draw(shelf, waiting);
            }
        },
        Duration::ZERO,
    );
}
