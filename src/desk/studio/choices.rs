//! Chooses what is shown and what is locked, with a row for each control, chart and part, and one for a whole section.

use leptos::prelude::*;

use super::super::site::DeskSite;
use super::draft::Draft;
use super::ranges::{no_range, range_field};
use crate::lab::knob::{Group, Kind};
use crate::lab::selection::{Item, ItemFlag, Section};
use crate::shell::browser;
use crate::shell::view::show::Show;

/// The panel with all sections.
pub(super) fn choices(draft: Draft, site: DeskSite) -> AnyView {
    let sections = Section::ALL.map(|section| choices_of(section, draft, site));
    view! {
        <section aria-labelledby="view">
            <h2 id="view">{site.text("view")}</h2>
            <p class="hint" id="range-hint">
                {site.text("range-hint")}
            </p>
            <div id="groups">{sections.into_iter().collect_view()}</div>
        </section>
    }
    .into_any()
}

/// A section under its name, with the number of its items that are shown.
fn choices_of(section: Section, draft: Draft, site: DeskSite) -> AnyView {
    let members = Memo::new(move |_| {
        let is_member = |item: &Item| item.section() == section;
        draft.items.with(|items| items.iter().copied().filter(is_member).collect::<Vec<Item>>())
    });
    let exists = Memo::new(move |_| members.with(|members| !members.is_empty()));
    let has_several = Memo::new(move |_| members.with(|members| members.len() > 1));
    let name = Memo::new(move |_| site.lang.get().section(section));
    let all = Memo::new(move |_| site.say("all"));
    let all_of = Memo::new(move |_| format!("{}, {}", name.get(), all.get()));
    let count = move || {
        let FlagCount { items, shown, .. } = FlagCount::of(members, ItemFlag::Show, draft);
        format!("{shown}/{items}")
    };
    // On a phone there is room for one open section only.
    let is_open = section == Section::Charts
        || section == Section::Controls(Group::Start) && browser::matches("(min-width: 721px)");
    let flags = section.flags();
    let has_ranges = matches!(section, Section::Controls(_));
    let heads = move || {
        let range = has_ranges.then(|| view! { <span class="range">{site.text("range")}</span> });
        (flags.iter().map(move |flag| view! { <span>{site.text(flag.id())}</span> }).collect_view(), range)
    };
    let whole = move || {
        let boxes = boxes(format!("all-{}", section.id()), all_of, members, flags, draft, site);
        row(all, (boxes, no_range(has_ranges)).into_any(), ().into_any())
    };
    let single = move |item: Item| {
        let name = Memo::new(move |_| draft.lab.with(|lab| site.lang.get().item_in(lab.spec.kind(), item)));
        let boxes = boxes(item.id().to_owned(), name, Memo::new(move |_| vec![item]), flags, draft, site);
        match item {
            Item::Knob(knob) if matches!(knob.kind, Kind::Range(_)) => {
                let [field, problem] = range_field(knob, name, draft, site);
                row(name, (boxes, field).into_any(), problem)
            }
            _ => row(name, (boxes, no_range(has_ranges)).into_any(), ().into_any()),
        }
    };
    let section = move || {
        view! {
            <details open=is_open data-testid=format!("group-{}", section.id())>
                <summary>{name}<small>{count}</small></summary>
                <div class="row head" aria-hidden="true">
                    <span></span>
                    {heads()}
                </div>
                <Show when=move || has_several.get()>{whole()}</Show>
                <For each=move || members.get() key=|item| item.id() children=single />
            </details>
        }
    };
    view! { <Show when=move || exists.get()>{section()}</Show> }.into_any()
}

/// A row of a section, and what is to be said below it.
fn row(name: Memo<String>, cells: AnyView, below: AnyView) -> AnyView {
    view! {
        <div class="row">
            <span>{name}</span>
            {cells}
        </div>
        {below}
    }
    .into_any()
}

/// A box for each flag of some items, which have a name for screen readers.
fn boxes(
    test_id: String,
    full_name: Memo<String>,
    members: Memo<Vec<Item>>,
    flags: &'static [ItemFlag],
    draft: Draft,
    site: DeskSite,
) -> AnyView {
    let boxes = flags.iter().map(|flag| {
        let flag = *flag;
        // The boxes show the result of a click, which may be less than it asked for, since an item that is hidden
        // cannot be locked.
        let count = move || FlagCount::of(members, flag, draft);
        view! {
            <input
                type="checkbox"
                data-testid=format!("{}-{test_id}", flag.id())
                aria-label=move || format!("{}: {}", site.say(flag.id()), full_name.get())
                prop:checked=move || count().flagged == count().items
                prop:indeterminate=move || (1..count().items).contains(&count().flagged)
                prop:disabled=move || flag == ItemFlag::Lock && count().shown == 0
                on:change=move |event| {
                    draft.set_flag(&members.get_untracked(), flag, event_target_checked(&event));
                }
            />
        }
    });
    boxes.collect_view().into_any()
}

/// How many items there are, how many of them are shown, and how many of those have a flag.
struct FlagCount {
    items: usize,
    shown: usize,
    flagged: usize,
}

impl FlagCount {
    fn of(members: Memo<Vec<Item>>, flag: ItemFlag, draft: Draft) -> Self {
        members.with(|members| {
            draft.lab.with(|lab| {
                let shown = || members.iter().filter(|item| item.has(ItemFlag::Show, &lab.view));
                let flagged = shown().filter(|item| item.has(flag, &lab.view)).count();
                Self { items: members.len(), shown: shown().count(), flagged }
            })
        })
    }
}
