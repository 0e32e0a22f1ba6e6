//! Sets a challenge: a field for the goal, which says in words what was typed, or what is wrong with it.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::site::DeskSite;
use super::draft::Draft;
use crate::lab::goal::{Goal, GoalFault, GoalMetric};
use crate::lab::task::Task;

/// The field, and what it comes to.
pub(super) fn goal(draft: Draft, site: DeskSite) -> AnyView {
    // What stands in the field while somebody types, which is not yet how the lab would write it.
    let typed = RwSignal::new(None::<String>);
    let fault = RwSignal::new(None::<GoalFault>);
    let own = move || draft.lab.with(|lab| lab.task.as_ref().map(|task| task.goal.text()).unwrap_or_default());
    let set = move |text: String| {
        match Goal::parse(&text) {
            _ if text.trim().is_empty() => {
                fault.set(None);
                draft.change(|lab| lab.task = None);
            }
            Ok(goal) => {
                fault.set(None);
                draft.change(|lab| lab.task = Some(Arc::new(Task { goal, start: lab.spec.clone() })));
            }
            // The lab keeps the goal that it had.
            Err(problem) => fault.set(Some(problem)),
        }
        typed.set(Some(text));
    };
    let leave = move |_| {
        if fault.with_untracked(Option::is_none) {
            typed.set(None);
        }
    };
    let words = move || {
        let lang = site.lang.get();
        if let Some(GoalFault { problem, part }) = fault.get() {
            let why = format!("goal-error.{}", problem.id());
            return site.tell("goal-fault", &[("part", &part), ("why", lang.text(&why))]);
        }
        let told = |task: &Arc<Task>| format!("{} {}", lang.goal(&task.goal), lang.freedom(&task.goal));
        let metrics = || GoalMetric::IDS.join(" ");
        draft
            .lab
            .with(|lab| lab.task.as_ref().map(told))
            .unwrap_or_else(|| site.tell("goal-hint", &[("metrics", &metrics())]))
    };
    view! {
        <label class="wide">
            <span>{site.text("goal")}</span>
            <input
                name="goal"
                data-testid="goal"
                type="text"
                maxlength="400"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="goal-words"
                aria-invalid=move || fault.with(Option::is_some).to_string()
                prop:value=move || typed.get().unwrap_or_else(own)
                on:input=move |event| set(event_target_value(&event))
                on:blur=leave
            />
        </label>
        <p class="hint" id="goal-words" data-testid="goal-words">
            {words}
        </p>
    }
    .into_any()
}
