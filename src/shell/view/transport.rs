//! The buttons that play, pause, make one step, start again from the same weights and draw other ones.
//! They say in words what they do.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Lens;
use super::icon::Icon;
use super::show::Show;
use crate::lab::state::{Edit, RunEdit};
use crate::shell::effect::effect;

/// The row of buttons.
#[component]
pub fn Transport(running: Memo<bool>, over: Memo<bool>, lens: Lens) -> impl IntoView {
    let (play, pause) = (NodeRef::<leptos::html::Button>::new(), NodeRef::<leptos::html::Button>::new());
    // Only one of the two buttons is there at a time. The keyboard's focus is handed to the other one before
    // the first goes: when an element with the focus disappears, the focus falls back to the whole page.
    effect(move || {
        let running = running.get();
        let (Some(play), Some(pause)) = (play.get(), pause.get()) else { return };
        let (gone, there): (&HtmlElement, &HtmlElement) = if running { (&play, &pause) } else { (&pause, &play) };
        there.set_hidden(false);
        let focused = document().active_element();
        if focused.as_ref() == Some(gone.unchecked_ref::<Element>()) {
            there.focus().ok();
        }
        gone.set_hidden(true);
    });
    let shown = lens.shows("play");
    let locked = lens.locks("play");
    view! {
        <div class="transport" role="group" aria-label=lens.text("transport.title")>
            <Show when=move || shown.get()>
                <button
                    type="button"
                    class="primary"
                    data-testid="play"
                    node_ref=play
                    disabled=move || locked.get()
                    title=lens.text("transport.play-hint")
                    on:click=move |_| lens.edit.run(Edit::Play)
                >
                    <Icon name="play" />
                    <span>{lens.text("transport.play")}</span>
                </button>
                <button
                    type="button"
                    class="primary"
                    data-testid="pause"
                    node_ref=pause
                    hidden=true
                    disabled=move || locked.get()
                    title=lens.text("transport.pause-hint")
                    on:click=move |_| lens.edit.run(Edit::Pause)
                >
                    <Icon name="pause" />
                    <span>{lens.text("transport.pause")}</span>
                </button>
            </Show>
            <Action
                part="step"
                texts=["transport.step", "transport.step-hint"]
                off=over
                edit=|| Edit::Step(1)
                lens=lens
            />
            <Action part="reset" texts=["transport.reset", "transport.reset-hint"] edit=|| Edit::Reset lens=lens />
            <Action part="reseed" texts=["transport.reseed", "transport.reseed-hint"] edit=|| Edit::Reseed lens=lens />
        </div>
    }
}

#[component]
fn Action(
    part: &'static str,
    texts: [&'static str; 2],
    #[prop(optional, into)] off: Option<Memo<bool>>,
    edit: fn() -> Edit,
    lens: Lens,
) -> impl IntoView {
    let shown = lens.shows(part);
    let locked = lens.locks(part);
    view! {
        <Show when=move || shown.get()>
            <button
                type="button"
                class="action"
                data-testid=part
                title=lens.text(texts[1])
                disabled=move || locked.get() || off.is_some_and(|off| off.get())
                on:click=move |_| lens.edit.run(edit())
            >
                <Icon name=part />
                <span>{lens.text(texts[0])}</span>
            </button>
        </Show>
    }
}

/// Lets keys do what the buttons do, unless the reader switched that off (WCAG 2.1.4) or is in the bar, at the foot of
/// the page, or in a dialog. An embedded lab hears keys only while it has the focus, as any frame does.
pub fn listen_to_keys(running: Memo<bool>, keys: RwSignal<bool>, lens: Lens) {
    let _listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() || event.default_prevented() {
            return;
        }
        let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let key = event.key();
        if !keys.get_untracked() || on.is_some_and(|element| takes(&element, &key)) {
            return;
        }
        let (part, edit) = match key.as_str() {
            " " if running.get_untracked() => ("play", Edit::Pause),
            " " => ("play", Edit::Play),
            "s" => ("step", Edit::Step(1)),
            "r" => ("reset", Edit::Reset),
            "n" => ("reseed", Edit::Reseed),
            "p" => ("pin", Edit::Run(RunEdit::Pin)),
            _ => return,
        };
        let allowed = lens.view.with_untracked(|view| view.shows_part(part) && !view.locks_part(part))
            && lens.spec.with_untracked(|spec| spec.has_part(part));
        if allowed {
            event.prevent_default();
            lens.edit.run(edit);
        }
    });
}

/// Whether the element itself needs the key. A slider needs neither the space bar nor letters.
fn takes(element: &Element, key: &str) -> bool {
    let name = element.tag_name();
    if element.closest(".top, .foot, .skip, dialog").ok().flatten().is_some() {
        return true;
    }
    let slider = name == "INPUT" && element.get_attribute("type").as_deref() == Some("range");
    match name.as_str() {
        "INPUT" | "SELECT" | "TEXTAREA" => !slider,
        "BUTTON" | "A" | "SUMMARY" => key == " ",
        _ => false,
    }
}
