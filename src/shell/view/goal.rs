//! The challenge: what is to be reached, how far the run is, hints one at a time, and the completion code. A teacher
//! checks a code in the same place, by making its run once more.

mod check;
mod hints;
mod many;

use check::check;
use hints::hints;
use leptos::html::Code;
use leptos::prelude::*;

use super::Lens;
use super::show::Show;
use crate::lab::attempt::Attempt;
use crate::lab::completion::code;
use crate::lab::goal::{Condition, Goal};
use crate::lab::lang::Lang;
use crate::lab::metric::Frame;
use crate::lab::state::State;
use crate::shell::browser;
use crate::shell::store::Store;

/// What the panel shows of a challenge, besides its words.
#[derive(Clone, Debug, PartialEq)]
struct Standing {
    goal: Goal,
    /// The number of each condition in the newest measurement, and whether it lies where it has to.
    values: Vec<(Option<f64>, bool)>,
    /// The step at which the present run reached the goal.
    reached: Option<u64>,
    /// The code of the last run that did.
    code: Option<String>,
    /// The ids of knobs that were turned and may not be.
    breaches: Vec<&'static str>,
    /// Whether the run cannot be repeated.
    tuned: bool,
    /// The last step that counts, if it has passed.
    late: Option<u64>,
}

impl Standing {
    fn of(state: &State) -> Option<Self> {
        let task = state.lab.task.as_ref()?;
        let Attempt { reached, .. } = &*state.attempt;
        let frame = state.frame.as_ref();
        let measured = |condition: &Condition| {
            let value = frame.and_then(|frame: &Frame| condition.metric.value(frame));
            (value, value.is_some_and(|value| condition.range.holds(value)))
        };
        let last = task.goal.last_step();
        Some(Self {
            values: task.goal.conditions.iter().map(measured).collect(),
            reached: reached.as_ref().map(|reached| reached.step),
            code: state.attempt.last(task).map(code),
            breaches: task.breaches(state.spec()).into_iter().map(|knob| knob.id).collect(),
            tuned: state.record.tuned && reached.is_none(),
            late: last.filter(|last| reached.is_none() && frame.is_some_and(|frame| frame.step > *last)),
            goal: task.goal.clone(),
        })
    }

    /// The heading.
    fn title(&self, lang: Lang) -> String {
        match (self.reached, &self.code) {
            (Some(step), _) => lang.tell("goal.title-reached", &[("step", step.to_string())]),
            (None, Some(_)) => lang.text("goal.title-before").to_owned(),
            (None, None) => lang.text("goal.title").to_owned(),
        }
    }

    /// What stands in the way, as sentences.
    fn obstacles(&self, lang: Lang) -> String {
        let breach = (!self.breaches.is_empty())
            .then(|| lang.tell("goal.breach", &[("knobs", lang.knobs(self.breaches.iter().copied()))]));
        let tuned = self.tuned.then(|| lang.text("goal.tuned").to_owned());
        let late = self.late.filter(|_| !self.tuned).map(|step| lang.tell("goal.late", &[("step", step.to_string())]));
        [breach, tuned, late].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The panel. It is there where the link sets a goal, or brings a code.
pub fn goal(store: Store, lens: Lens) -> AnyView {
    let state = store.state;
    let shown = lens.shows("goal");
    let standing = Memo::new(move |_| state.with(Standing::of));
    let embedded = Memo::new(move |_| lens.view.with(|view| view.embed));
    let has_goal = Memo::new(move |_| standing.with(Option::is_some));
    let checks = Memo::new(move |_| {
        let brings = state.with(|state| !state.lab.code.is_empty() || state.attempt.check.is_some());
        brings || has_goal.get() && !embedded.get()
    });
    let reached = Memo::new(move |_| standing.with(|now| now.as_ref().is_some_and(|now| now.reached.is_some())));
    // A reader of screens hears of what was reached, not of each number on the way.
    let spoken = move || {
        let lang = lens.lang.get();
        standing.with(|now| now.as_ref().filter(|now| now.reached.is_some()).map(|now| now.title(lang)))
    };
    let code = Memo::new(move |_| standing.with(|now| now.as_ref().and_then(|now| now.code.clone())));
    view! {
        <Show when=move || shown.get() && (has_goal.get() || checks.get())>
            <section class="goal" class:reached=move || reached.get() data-testid="goal">
                <Show when=move || has_goal.get()>{stand(standing, lens)}</Show>
                <Show when=move || has_goal.get() && !reached.get()>{hints(state, lens)}</Show>
                {move || code.get().map(|code| proof(code, lens))}
                <Show when=move || checks.get()>{check(state, lens)}</Show>
            </section>
            <p class="unseen" role="status">
                {spoken}
            </p>
        </Show>
    }
    .into_any()
}

/// The goal in words, and how far the run is.
fn stand(standing: Memo<Option<Standing>>, lens: Lens) -> AnyView {
    let told = move |tell: fn(&Standing, Lang) -> String| {
        move || standing.with(|now| now.as_ref().map(|now| tell(now, lens.lang.get())))
    };
    let obstacles = Memo::new(move |_| told(Standing::obstacles)().unwrap_or_default());
    let freedom = Memo::new(move |_| told(|now, lang| lang.freedom(&now.goal))().unwrap_or_default());
    let count = Memo::new(move |_| standing.with(|now| now.as_ref().map_or(0, |now| now.values.len())));
    let row = move |at: usize| {
        let part = move |read: fn(&Standing, usize, Lang) -> Option<String>| {
            move || standing.with(|now| now.as_ref().and_then(|now| read(now, at, lens.lang.get())))
        };
        let holds =
            move || standing.with(|now| now.as_ref().is_some_and(|now| now.values.get(at).is_some_and(|v| v.1)));
        let name = part(|now, at, lang| Some(lang.metric(now.goal.conditions.get(at)?.metric)));
        let asked = part(|now, at, lang| Some(lang.asked(now.goal.conditions.get(at)?)));
        let value = part(|now, at, lang| {
            let shown = now.values.get(at)?.0.map(|value| now.goal.conditions[at].metric.show(value));
            Some(shown.unwrap_or_else(|| lang.text("goal.unmeasured").to_owned()))
        });
        view! {
            <li class:holds=holds data-testid=format!("goal-{}", at + 1)>
                <i aria-hidden="true"></i>
                <span>{name}</span>
                <span>{lens.text("goal.now")} " " <b>{value}</b></span>
                <span>{lens.text("goal.asked")} " " {asked}</span>
                <span class="unseen">
                    {move || lens.lang.get().text(if holds() { "goal.yes" } else { "goal.no" }).to_owned()}
                </span>
            </li>
        }
    };
    view! {
        <h2>{told(Standing::title)}</h2>
        <p data-testid="goal-words">{told(|now, lang| lang.goal(&now.goal))} " " {move || freedom.get()}</p>
        <ul>{move || (0..count.get()).map(row).collect_view()}</ul>
        <p class="problem" role="status" data-testid="goal-obstacles" hidden=move || obstacles.with(String::is_empty)>
            {move || obstacles.get()}
        </p>
    }
    .into_any()
}

/// The completion code, to be copied, and what it is worth.
fn proof(text: String, lens: Lens) -> AnyView {
    let shown = NodeRef::<Code>::new();
    let outcome = RwSignal::new("goal.copy");
    let copied = text.clone();
    let copy = move |_| {
        browser::copy(copied.clone(), move |copied| {
            if let Some(code) = shown.get_untracked().filter(|_| !copied) {
                browser::select(&code);
            }
            outcome.try_set(if copied { "goal.copied" } else { "goal.selected" });
        });
    };
    view! {
        <div class="proof">
            <p>
                <span>{lens.text("goal.code")}</span>
                <code data-testid="goal-code" tabindex="0" node_ref=shown>
                    {text}
                </code>
                <button type="button" data-testid="goal-copy" on:click=copy>
                    {move || lens.lang.get().text(outcome.get()).to_owned()}
                </button>
            </p>
            <p class="small">{lens.text("goal.proof")}</p>
        </div>
    }
    .into_any()
}
