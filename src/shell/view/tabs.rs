//! The knobs that are not always in sight, a tab for each group. The tab that a reader opened is there again on the next
//! visit; where they never opened one, it is the tab of what a link sets.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Lens;
use super::knobs::{any_shown, group_body};
use super::show::Show;
use crate::lab::knob::KnobPlace::{Common, Rare};
use crate::lab::knob::{Group, KNOBS, Knob};
use crate::lab::link::Lab;
use crate::shell::browser;

/// The groups that have a tab, in their order: what a student changes after σ comes first. Single matrices stand with
/// the start of all.
const TABS: [Group; 4] = [Group::Optimizer, Group::Network, Group::Start, Group::Run];

/// Shows the tabs, and below them the knobs of the one that is open. The others stay on the page, hidden.
pub fn tabs(lab: Memo<Lab>, lens: Lens) -> AnyView {
    let rows = |group: Group| KNOBS.iter().filter(move |knob| is_in(knob, group));
    let offered = TABS.map(|group| any_shown(rows(group), lens));
    let changed = TABS.map(|group| {
        Memo::new(move |_| {
            lens.spec.with(|spec| {
                // On which device it is computed is no change of the network.
                let mut base = spec.plain();
                base.run.device = spec.run.device;
                rows(group).any(|knob| knob.applies(spec) && knob.differs(spec, &base))
            })
        })
    });
    let first_changed = move || changed.iter().position(|changed| changed.get_untracked());
    let kept = browser::kept_tab().and_then(|name| TABS.iter().position(|group| group.id() == name));
    let chosen = RwSignal::new(kept.or_else(first_changed).unwrap_or(0));
    let open = Memo::new(move |_| {
        let chosen = chosen.get();
        if offered[chosen].get() { Some(chosen) } else { offered.iter().position(Memo::get) }
    });
    // A prepared lab that is chosen shows what it changes, if that is not in sight already.
    Effect::new(move |before: Option<Option<&'static str>>| {
        let experiment = lab.with(|lab| lab.experiment);
        if before.is_some_and(|before| before != experiment)
            && !changed[chosen.get_untracked()].get_untracked()
            && let Some(at) = first_changed()
        {
            chosen.set(at);
        }
        experiment
    });
    let choose = move |at: usize| {
        chosen.set(at);
        browser::keep_tab(TABS[at].id());
    };
    let key = move |event: KeyboardEvent| {
        let Some(from) = open.get_untracked() else { return };
        let there: Vec<usize> = (0..TABS.len()).filter(|at| offered[*at].get_untracked()).collect();
        let place = there.iter().position(|at| *at == from).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (place + 1) % there.len(),
            "ArrowLeft" => (place + there.len() - 1) % there.len(),
            "Home" => 0,
            "End" => there.len() - 1,
            _ => return,
        };
        event.prevent_default();
        choose(there[to]);
        let tab = document().get_element_by_id(&format!("tab-{}", TABS[there[to]].id()));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            tab.focus().ok();
        }
    };
    let heads = (0..TABS.len()).map(|at| {
        let id = TABS[at].id();
        let is_open = move || open.get() == Some(at);
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{id}")
                data-testid=format!("tab-{id}")
                aria-controls=format!("panel-{id}")
                aria-selected=move || is_open().to_string()
                tabindex=move || if is_open() { "0" } else { "-1" }
                hidden=move || !offered[at].get()
                on:click=move |_| choose(at)
                on:keydown=key
            >
                {lens.words(format!("tab.{id}"))}
                <Show when=move || changed[at].get()>
                    <i title=lens.text("tab.changed")></i>
                    <span class="unseen">{lens.text("tab.changed")}</span>
                </Show>
            </button>
        }
    });
    let bodies = (0..TABS.len()).map(|at| {
        let id = TABS[at].id();
        view! {
            <div
                class="group"
                role="tabpanel"
                id=format!("panel-{id}")
                data-group=id
                aria-labelledby=format!("tab-{id}")
                hidden=move || open.get() != Some(at)
            >
                {group_body(TABS[at], &[Common], lens)}
                {(TABS[at] == Group::Start).then(|| matrices(lens))}
            </div>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label=lens.text("tab.label") hidden=move || open.get().is_none()>
            {heads.collect_view()}
        </div>
        {bodies.collect_view()}
    }
    .into_any()
}

/// The matrices one by one, which only a transformer has.
fn matrices(lens: Lens) -> AnyView {
    let any = any_shown(KNOBS.iter().filter(|knob| knob.group == Group::Matrices), lens);
    view! {
        <Show when=move || any.get()>
            <details class="rare" data-group=Group::Matrices.id()>
                <summary>{lens.words(format!("group.{}", Group::Matrices.id()))}</summary>
                {group_body(Group::Matrices, &[Common], lens)}
            </details>
        </Show>
    }
    .into_any()
}

/// Whether a knob stands in the tab of a group.
fn is_in(knob: &Knob, group: Group) -> bool {
    let owner = if knob.group == Group::Matrices { Group::Start } else { knob.group };
    owner == group && matches!(knob.place, Common | Rare)
}
