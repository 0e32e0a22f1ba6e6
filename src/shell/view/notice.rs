//! Tells what could not be taken as it was asked for and what went wrong. It is said once, and the reader puts it away.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::show::Show;
use crate::lab::lang::Lang;
use crate::lab::protocol::Failure;
use crate::lab::state::{Edit, EngineState, State};

/// The box with the notices; it is there only while there is something to say.
#[component]
pub fn Notices(state: RwSignal<State>, lens: Lens) -> impl IntoView {
    let any = Memo::new(move |_| state.with(|state| state.failure.is_some() || !state.notices.is_empty()));
    let lines = move || {
        let lang = lens.lang.get();
        state.with(|state| {
            let failure = state.failure.as_ref().map(|failure| told(failure, state.engine, state.taken_up(), lang));
            let notices = state.notices.iter().map(|notice| lang.notice(notice));
            failure.into_iter().chain(notices).map(|line| view! { <li>{line}</li> }).collect_view()
        })
    };
    view! {
        <div class="notices" role="status">
            <Show when=move || any.get()>
                <div class="notice" data-testid="notice">
                    <ul>{lines}</ul>
                    <button
                        type="button"
                        class="ghost"
                        data-testid="dismiss"
                        title=lens.text("notice-close")
                        aria-label=lens.text("notice-close")
                        on:click=move |_| lens.edit.run(Edit::Dismiss)
                    >
                        <Icon name="close" />
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// Says what happened to the engine, and what happens next.
fn told(failure: &Failure, engine: EngineState, taken_up: Option<u64>, lang: Lang) -> String {
    let what = lang.failure(failure);
    if matches!(failure, Failure::Missing(_)) {
        return what;
    }
    let detail = match failure {
        Failure::Panic(text) | Failure::DeviceLost(text) => text.lines().next().unwrap_or_default(),
        Failure::NoWebGpu(_) | Failure::OutOfMemory | Failure::Missing(_) | Failure::Gone => "",
    };
    let next = match (engine, taken_up) {
        (EngineState::Dead, _) => lang.text("failure-dead").to_owned(),
        (_, Some(step)) => lang.fill("failure-taken-up", &[("step", &step.to_string())]),
        _ => lang.text("failure-restarted").to_owned(),
    };
    if detail.is_empty() { format!("{what} {next}") } else { format!("{what} {next} ({detail})") }
}
