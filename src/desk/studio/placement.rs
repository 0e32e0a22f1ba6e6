//! Chooses how the lab stands in the page: its language, theme and device, whether it starts by itself, what it
//! asks of its reader, its height and its title.

use leptos::prelude::*;

use super::super::site::DeskSite;
use super::draft::Draft;
use super::goal::goal;
use crate::lab::lang::Lang;
use crate::lab::message::PreviewCommand;
use crate::lab::spec::DeviceChoice;
use crate::lab::view::{PredictFirst, Theme};

/// The heights that a frame can be given, in CSS pixels.
const LOWEST: u32 = 100;
const HIGHEST: u32 = 4000;

/// The section of these choices.
pub(super) fn placement(draft: Draft, site: DeskSite) -> AnyView {
    view! {
        <section class="page" aria-labelledby="page">
            <h2 id="page">{site.text("page")}</h2>
            {language(draft, site)}
            {theme(draft, site)}
            {device(draft, site)}
            <label class="check">
                <span>{site.text("autoplay")}</span>
                <input
                    type="checkbox"
                    name="autoplay"
                    data-testid="autoplay"
                    prop:checked=move || draft.lab.with(|lab| lab.view.autoplay)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        draft.preview.post(if on { PreviewCommand::PLAY } else { PreviewCommand::PAUSE });
                        draft.change(|lab| lab.view.autoplay = on);
                    }
                />
            </label>
            <label class="check">
                <span>{site.text("slide")}</span>
                <input
                    type="checkbox"
                    name="slide"
                    data-testid="slide"
                    aria-describedby="slide-hint"
                    prop:checked=move || draft.lab.with(|lab| lab.view.slide)
                    on:change=move |event| draft.change(|lab| lab.view.slide = event_target_checked(&event))
                />
            </label>
            <p class="hint" id="slide-hint">
                {site.text("slide-hint")}
            </p>
            {predict(draft, site)}
            {goal(draft, site)}
            <label>
                <span>{site.text("height")}</span>
                <input
                    name="height"
                    data-testid="height"
                    type="number"
                    min=LOWEST
                    max=HIGHEST
                    step="1"
                    inputmode="numeric"
                    aria-describedby="height-hint"
                    placeholder=move || draft.usual_height()
                    on:input=move |event| draft.height.set(height_of(&event_target_value(&event)))
                />
            </label>
            <p class="hint" id="height-hint">
                {site.text("height-hint")}
            </p>
            <label class="wide">
                <span>{site.text("name")}</span>
                <input
                    name="title"
                    data-testid="title"
                    type="text"
                    maxlength="200"
                    autocomplete="off"
                    aria-describedby="name-hint"
                    placeholder=move || draft.own_title.get()
                    on:input=move |event| draft.title.set(event_target_value(&event))
                />
            </label>
            <p class="hint" id="name-hint">
                {site.text("name-hint")}
            </p>
        </section>
    }
    .into_any()
}

/// The choice of the lab's language: a fixed one, or that of its reader.
fn language(draft: Draft, site: DeskSite) -> AnyView {
    let chosen = move |lang: Option<Lang>| move || draft.lab.with(|lab| lab.view.lang == lang);
    let names = Lang::ALL.iter().map(|lang| {
        view! {
            <option value=lang.id() lang=lang.id() prop:selected=chosen(Some(*lang))>
                {lang.name()}
            </option>
        }
    });
    view! {
        <label>
            <span>{site.text("lang")}</span>
            <select
                name="lang"
                data-testid="lang"
                on:change=move |event| draft.change(|lab| lab.view.lang = Lang::from_id(&event_target_value(&event)))
            >
                <option value="" prop:selected=chosen(None)>
                    {site.text("reader")}
                </option>
                {names.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The choice of the theme, light or dark.
fn theme(draft: Draft, site: DeskSite) -> AnyView {
    let options = Theme::ALL.iter().map(|theme| {
        let theme = *theme;
        let text = if theme == Theme::Auto { "reader" } else { theme.id() };
        let chosen = move || draft.lab.with(|lab| lab.view.theme == theme);
        view! {
            <option value=theme.id() prop:selected=chosen>
                {site.text(text)}
            </option>
        }
    });
    let choose = move |id: String| draft.change(|lab| lab.view.theme = Theme::from_id(&id).unwrap_or(Theme::Auto));
    view! {
        <label>
            <span>{site.text("theme")}</span>
            <select name="theme" data-testid="theme" on:change=move |event| choose(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The choice of the device that the lab computes on.
fn device(draft: Draft, site: DeskSite) -> AnyView {
    let options = DeviceChoice::ALL.iter().map(|device| {
        let device = *device;
        let chosen = move || draft.lab.with(|lab| lab.spec.run.device == device);
        let name = move || site.lang.get().option("device", device.id());
        view! {
            <option value=device.id() prop:selected=chosen>
                {name}
            </option>
        }
    });
    let choose = move |id: String| {
        draft.change(|lab| lab.spec.run.device = DeviceChoice::from_id(&id).unwrap_or(DeviceChoice::Auto));
    };
    view! {
        <label>
            <span>{move || site.lang.get().label("device")}</span>
            <select name="device" data-testid="device" on:change=move |event| choose(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The choice whether students predict the variance before they see it.
fn predict(draft: Draft, site: DeskSite) -> AnyView {
    let options = [None, Some(PredictFirst::Draw), Some(PredictFirst::Choose)].map(|predict| {
        let (value, text) = match predict {
            None => ("", "predict-off"),
            Some(PredictFirst::Draw) => (PredictFirst::Draw.id(), "predict-draw"),
            Some(PredictFirst::Choose) => (PredictFirst::Choose.id(), "predict-choose"),
        };
        let chosen = move || draft.lab.with(|lab| lab.view.predict == predict);
        view! {
            <option value=value prop:selected=chosen>
                {site.text(text)}
            </option>
        }
    });
    let choose = move |id: String| draft.change(|lab| lab.view.predict = PredictFirst::from_id(&id));
    view! {
        <label>
            <span>{site.text("predict")}</span>
            <select name="predict" data-testid="predict" on:change=move |event| choose(event_target_value(&event))>
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The height in CSS pixels that was typed, if the text is one.
fn height_of(typed: &str) -> Option<u32> {
    let number: f64 = typed.parse().ok()?;
    let is_height = (f64::from(LOWEST)..=f64::from(HIGHEST)).contains(&number) && number == libm::floor(number);
    is_height.then_some(number as u32)
}
