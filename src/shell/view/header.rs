//! The bar at the top, with the prepared labs, the link to hand on, the language, and light or dark.

use std::time::Duration;

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::opener::gallery_button;
use super::show::Show;
use super::site::{SitePart, site_nav, skip_link};
use crate::lab::catalog;
use crate::lab::gallery::GalleryKind;
use crate::lab::lang::Lang;
use crate::lab::link::Lab;
use crate::lab::state::Edit;
use crate::lab::view::Theme;
use crate::shell::browser::{self, keep_theme};
use crate::shell::effect::effect;

/// The bar at the top. Embedded labs have none.
#[component]
pub fn Header(
    lab: Memo<Lab>,
    dark: Memo<bool>,
    own: RwSignal<Option<Theme>>,
    gallery: RwSignal<Option<GalleryKind>>,
    lens: Lens,
) -> impl IntoView {
    // Which lab this is goes along, so that the other pages can lead back to it.
    let experiments = move || {
        let mut lab = lab.get();
        (lab.view.lang, lab.view.autoplay) = (None, false);
        let link = browser::encoded(lab.link().trim_start_matches('#'));
        format!("experiments.html?lang={}&lab={link}", lens.lang.get().id())
    };
    let here = move || lab.with(Lab::link);
    let studio = move || format!("studio.html{}", lab.with(Lab::link));
    let change = move |_| {
        let is_dark = dark.get_untracked();
        let theme = if is_dark { Theme::Light } else { Theme::Dark };
        keep_theme(theme);
        own.set(Some(theme));
        lens.edit.run(Edit::Theme(other(is_dark)));
    };
    view! {
        <header class="top">
            {skip_link(lens.lang)} <a class="brand" href="#v=1" aria-label="Init Lab">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <path class="theory" d="M4 10h24" />
                    <path class="died" d="M4 10c6 0 6 14 24 14" />
                    <circle cx="4" cy="10" r="2.6" />
                    <circle cx="12" cy="16.4" r="2.6" />
                    <circle cx="20" cy="22.6" r="2.6" />
                </svg>
                <span>"Init Lab"</span>
            </a> {site_nav(SitePart::Lab, Box::new(here), Box::new(experiments), Box::new(studio), lens.lang)}
            <div class="labs">{gallery_button(GalleryKind::Labs, gallery, lens)} <Labs lab=lab lens=lens /></div>
            <Share lab=lab lens=lens /> <Languages lens=lens />
            <button
                type="button"
                class="ghost"
                data-testid="theme"
                title=move || lens.lang.get().text(if dark.get() { "header.light" } else { "header.dark" })
                aria-label=move || lens.lang.get().text(if dark.get() { "header.light" } else { "header.dark" })
                on:click=change
            >
                {move || {
                    let name = if dark.get() { "light" } else { "dark" };
                    view! { <Icon name=name /> }
                }}
            </button>
        </header>
    }
}

/// The theme that the button changes to. Where the system has that theme by itself it is `auto`, so that the
/// link need not name it.
fn other(dark: bool) -> Theme {
    let system_dark = browser::matches("(prefers-color-scheme: dark)");
    match (dark, system_dark) {
        (true, false) | (false, true) => Theme::Auto,
        (true, true) => Theme::Light,
        (false, false) => Theme::Dark,
    }
}

#[component]
fn Labs(lab: Memo<Lab>, lens: Lens) -> impl IntoView {
    let chosen = Memo::new(move |_| lab.with(|lab| lab.experiment).unwrap_or_default());
    let select = NodeRef::<leptos::html::Select>::new();
    effect(move || {
        let chosen = chosen.get();
        if let Some(select) = select.get() {
            select.set_value(chosen);
        }
    });
    let options = catalog::all().iter().map(|experiment| {
        view! { <option value=experiment.id>{move || lens.lang.get().experiment(experiment.id)}</option> }
    });
    view! {
        <select
            data-testid="experiment"
            aria-label=lens.text("header.labs")
            node_ref=select
            on:change=move |event| {
                let id = event_target_value(&event);
                lens.edit.run(Edit::Experiment(catalog::find(&id).map(|experiment| experiment.id)));
                browser::show_start();
            }
        >
            <option value="">{lens.text("header.plain")}</option>
            {options.collect_view()}
        </select>
    }
}

#[component]
fn Share(lab: Memo<Lab>, lens: Lens) -> impl IntoView {
    let shown = lens.shows("share");
    let outcome = RwSignal::new(None);
    let text = move || {
        lens.lang.get().text(match outcome.get() {
            None => "header.share",
            Some(true) => "header.shared",
            Some(false) => "header.not-shared",
        })
    };
    let copy = move |_| {
        browser::copy(browser::address_of(&lab.with_untracked(Lab::link)), move |copied| {
            outcome.set(Some(copied));
            set_timeout(move || outcome.set(None), Duration::from_secs(2));
        });
    };
    view! {
        <Show when=move || shown.get()>
            <button
                type="button"
                class="plain share"
                data-testid="share"
                title=lens.text("header.share-hint")
                on:click=copy
            >
                {move || {
                    let name = if outcome.get() == Some(true) { "done" } else { "link" };
                    view! { <Icon name=name /> }
                }}
                <span aria-live="polite">{text}</span>
            </button>
        </Show>
    }
}

#[component]
fn Languages(lens: Lens) -> impl IntoView {
    let buttons = Lang::ALL.iter().copied().map(|lang| {
        view! {
            <button
                type="button"
                data-testid=format!("lang-{}", lang.id())
                lang=lang.id()
                title=lang.name()
                // A name begins with what is seen, for whoever says it aloud to press it.
                aria-label=format!("{} {}", lang.id().to_ascii_uppercase(), lang.name())
                aria-pressed=move || (lens.lang.get() == lang).to_string()
                on:click=move |_| lens.edit.run(Edit::Lang(lang))
            >
                {lang.id().to_ascii_uppercase()}
            </button>
        }
    });
    view! {
        <div class="segments" role="group" aria-label=lens.text("header.language")>
            {buttons.collect_view()}
        </div>
    }
}
