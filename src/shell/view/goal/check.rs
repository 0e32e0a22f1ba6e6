//! Checks a completion code: it is read, and the run that it tells of is made once more.

use leptos::prelude::*;

use super::super::Lens;
use super::many::many;
use crate::lab::attempt::{CheckOutcome, CodeCheck};
use crate::lab::completion::{ClaimFault, RunClaim};
use crate::lab::lang::Lang;
use crate::lab::state::{Edit, State};
use crate::shell::effect::effect;

/// The field for a code, and what came of it. A code of the link is checked at once.
pub(super) fn check(state: RwSignal<State>, lens: Lens) -> AnyView {
    let typed = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<ClaimFault>);
    let run = move |text: String| match state.with_untracked(|state| RunClaim::read(&text, &state.lab)) {
        Ok(claim) => {
            fault.set(None);
            lens.edit.run(Edit::Verify(Box::new(claim)));
        }
        Err(found) => fault.set(Some(found)),
    };
    let brought = Memo::new(move |_| state.with(|state| state.lab.code.clone()));
    effect(move || {
        let code = brought.get();
        if !code.is_empty() && typed.get_untracked() != code {
            typed.set(code.clone());
            run(code);
        }
    });
    let now = Memo::new(move |_| state.with(|state| state.attempt.check.clone()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        run(typed.get_untracked());
    };
    let result =
        move || match (fault.with(Option::is_some), now.with(|now| now.as_ref().map(|now| now.outcome.clone()))) {
            (true, _) => "refused",
            (false, None) => "",
            (false, Some(CheckOutcome::Running)) => "running",
            (false, Some(CheckOutcome::Confirmed(_))) => "confirmed",
            (false, Some(CheckOutcome::Different(_))) => "different",
            (false, Some(CheckOutcome::Ended)) => "ended",
        };
    let words = move || {
        let lang = lens.lang.get();
        fault.with(|fault| match fault {
            Some(fault) => lang.claim_fault(fault),
            None => now.with(|now| now.as_ref().map(|now| verdict(now, lang)).unwrap_or_default()),
        })
    };
    let open = Memo::new(move |_| !brought.get().is_empty() || now.with(Option::is_some));
    view! {
        <details data-testid="goal-check" open=move || open.get()>
            <summary>{lens.text("goal.check")}</summary>
            <form on:submit=submit>
                <label for="goal-check-code">{lens.text("goal.check-hint")}</label>
                <input
                    id="goal-check-code"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-testid="goal-check-code"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" data-testid="goal-check-run">
                    {lens.text("goal.check-run")}
                </button>
            </form>
            <p role="status" data-testid="goal-check-words" data-result=result>
                {words}
            </p>
        </details>
        {many(state, lens)}
    }
    .into_any()
}

/// What running it again has shown.
fn verdict(check: &CodeCheck, lang: Lang) -> String {
    let RunClaim { task, values, step, .. } = &check.claim;
    let said = lang.goal_numbers(&task.goal, values);
    let step = step.to_string();
    match &check.outcome {
        CheckOutcome::Running => lang.tell("goal.running", &[("step", step)]),
        CheckOutcome::Confirmed(found) => {
            lang.tell("goal.confirmed", &[("found", lang.goal_numbers(&task.goal, found)), ("said", said)])
        }
        CheckOutcome::Different(found) => {
            lang.tell("goal.different", &[("found", lang.goal_numbers(&task.goal, found)), ("said", said)])
        }
        CheckOutcome::Ended => lang.tell("goal.ended", &[("step", step)]),
    }
}
