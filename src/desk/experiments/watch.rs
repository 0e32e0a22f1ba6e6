//! Shows networks that are watched while they train: which of them is looked at, in which block and at which step,
//! which of them are paused, and what the chosen one writes.

use leptos::prelude::*;

use super::in_lab;
use super::store::ExperimentStore;
use crate::shell::effect::effect;
use crate::study::protocol::StudyCommand;
use crate::study::verdict::watch::{Chosen, Ending, Runner, Watched};

/// The list of the watched networks, and the choice of what is looked at.
pub(super) fn networks(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let number = Memo::new(move |_| read(store, |watch| watch.networks.len()));
    let rows = move || (0..number.get().unwrap_or(0)).map(|index| row(store, index)).collect_view();
    let looks = Memo::new(move |_| read(store, |watch| watch.looks.clone()).unwrap_or_default());
    let last = move || looks.with(Vec::len).saturating_sub(1);
    let look = move || store.chosen.get().look.unwrap_or(usize::MAX).min(last());
    let at_step = move || {
        let step = looks.with(|looks| looks.get(look()).copied().unwrap_or(0));
        site.tell("at-step", &[("step", &step.to_string())])
    };
    let choose_look = move |event| {
        let look: usize = event_target_value(&event).parse().unwrap_or(0);
        // The last step follows the training.
        choose(store, |chosen| chosen.look = (look < last()).then_some(look));
    };
    view! {
        <section class="panel" id="watch" aria-labelledby="watch-title" hidden=move || number.get().is_none()>
            <h2 id="watch-title">{site.text("watched")}</h2>
            <ul class="networks" id="networks" data-testid="watched">
                {rows}
            </ul>
            <div class="fields">
                <label>
                    <span>{site.text("block")}</span>
                    " "
                    {blocks(store)}
                </label>
                <label class="wide">
                    <span>{site.text("when")}</span>
                    " "
                    <input
                        type="range"
                        id="look"
                        data-testid="look"
                        min="0"
                        max=move || last().to_string()
                        prop:value=move || look().to_string()
                        disabled=move || last() == 0
                        aria-valuetext=at_step
                        on:input=choose_look
                    />
                    " "
                    <output id="look-step" for="look">
                        {at_step}
                    </output>
                </label>
            </div>
        </section>
    }
    .into_any()
}

/// The texts that the chosen network writes.
pub(super) fn texts(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let texts = Memo::new(move |_| read(store, |watch| watch.texts.clone()));
    let rows = move || {
        let written = texts.get().unwrap_or_default().into_iter().rev().map(|written| {
            let step = written.step.to_string();
            view! {
                <li>
                    <h3>{move || site.tell("at-step", &[("step", &step)])}</h3>
                    <pre lang="en">{written.text}</pre>
                </li>
            }
        });
        written.collect_view()
    };
    let nothing = move || texts.with(|texts| texts.as_ref().is_none_or(Vec::is_empty));
    view! {
        <section class="panel" id="texts" aria-labelledby="texts-title" hidden=move || texts.with(Option::is_none)>
            <h2 id="texts-title">{site.text("writes")}</h2>
            <p class="hint">{site.text("writes-note")}</p>
            <p class="hint" id="no-text" hidden=move || !nothing()>
                {site.text("no-text")}
            </p>
            <ol class="written" id="written" data-testid="written">
                {rows}
            </ol>
        </section>
    }
    .into_any()
}

fn read<T>(store: ExperimentStore, read: impl FnOnce(&Watched) -> T) -> Option<T> {
    store.with_report(|report| report.watch.as_ref().map(read)).flatten()
}

/// Changes what is looked at, and tells the worker.
pub(super) fn choose(store: ExperimentStore, change: impl FnOnce(&mut Chosen)) {
    store.chosen.update(change);
    if untrack(|| read(store, |_| ())).is_some() {
        let chosen = Chosen { data: store.shows_data.get_untracked(), ..store.chosen.get_untracked() };
        store.ask(StudyCommand::Look(chosen));
    }
}

fn row(store: ExperimentStore, index: usize) -> AnyView {
    let site = store.site;
    let network = Memo::new(move |_| read(store, |watch| watch.networks.get(index).cloned()).flatten());
    let part = move |of: fn(&Runner) -> String| move || network.with(|network| network.as_ref().map(of));
    let over =
        Memo::new(move |_| network.with(|network| network.as_ref().is_some_and(|network| network.end.is_some())));
    let told = Memo::new(move |_| network.with(|network| network.as_ref().is_some_and(|network| network.rests)));
    effect(move || {
        let told = told.get();
        store.wishes.update(|wishes| {
            if wishes.get(&index) == Some(&told) {
                wishes.remove(&index);
            }
        });
    });
    let rests = move || store.wishes.with(|wishes| wishes.get(&index).copied()).unwrap_or_else(|| told.get());
    let state = move || network.with(|network| network.as_ref().map(|network| state(store, network)));
    let name = part(|network| network.name.clone());
    let label = move || format!("{}: {}", site.say("trains"), name().unwrap_or_default());
    let link = move || network.with(|network| network.as_ref().map(|network| in_lab(&network.link, site.lang.get())));
    let train = move |event| {
        let rests = !event_target_checked(&event);
        store.wishes.update(|wishes| wishes.extend([(index, rests)]));
        store.ask(StudyCommand::Rest { network: index, rests });
    };
    view! {
        <li>
            <label class="name">
                <input
                    type="radio"
                    name="watched"
                    data-testid=format!("look-at-{index}")
                    prop:checked=move || store.chosen.get().network == index
                    on:change=move |_| {
                        choose(
                            store,
                            |chosen| {
                                (chosen.network, chosen.look) = (index, None);
                            },
                        )
                    }
                />
                <span>{name}</span>
            </label>
            <span class="state" data-testid=format!("state-{index}")>
                {state}
            </span>
            <label class="trains">
                <input
                    type="checkbox"
                    data-testid=format!("trains-{index}")
                    aria-label=label
                    prop:checked=move || !rests()
                    disabled=move || over.get()
                    on:change=train
                />
                <span>{site.text("trains")}</span>
            </label>
            <a href=link>{site.text("open")}</a>
        </li>
    }
    .into_any()
}

fn state(store: ExperimentStore, network: &Runner) -> String {
    let step = network.step.to_string();
    match &network.end {
        None => store.site.tell("updates", &[("step", &step)]),
        Some(Ending::Done) => store.site.tell("done", &[("step", &step)]),
        Some(Ending::Diverged { layer }) => {
            let layer = layer.map_or("?".to_owned(), |layer| layer.to_string());
            store.site.tell("blown", &[("step", &step), ("layer", &layer)])
        }
    }
}

/// The choice of the block whose weights the histograms show.
fn blocks(store: ExperimentStore) -> AnyView {
    let number = Memo::new(move |_| read(store, |watch| watch.blocks).unwrap_or(0));
    let chosen = move || store.chosen.get().block.min(number.get().saturating_sub(1));
    let options = move || {
        let option = |index: usize| view! { <option value=index.to_string()>{index + 1}</option> };
        (0..number.get()).map(option).collect_view()
    };
    let select = NodeRef::<leptos::html::Select>::new();
    // This runs after the options are made, because the list may not have them before.
    effect(move || {
        let value = chosen().to_string();
        if let Some(select) = select.get() {
            select.set_value(&value);
        }
    });
    let change = move |event| {
        let block = event_target_value(&event).parse().unwrap_or(0);
        choose(store, |chosen| chosen.block = block);
    };
    view! {
        <select id="block" data-testid="block" node_ref=select on:change=change>
            {options}
        </select>
    }
    .into_any()
}
