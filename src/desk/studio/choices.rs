//! What is shown and what is locked: a row for each control, chart and part, and one for all of a section.

use leptos::prelude::*;

use super::super::site::Site;
use super::draft::Draft;
use crate::lab::knob::Group;
use crate::lab::selection::{Item, Permission, Section};
use crate::shell::browser;

/// The sections.
pub(super) fn choices(draft: Draft, site: Site) -> AnyView {
    let sections = Section::ALL.map(|section| choices_of(section, draft, site));
    view! {
        <section aria-labelledby="view">
            <h2 id="view">{site.text("view")}</h2>
            <div id="groups">{sections.into_iter().collect_view()}</div>
        </section>
    }
    .into_any()
}

/// A section under its name, with how much of it is shown.
fn choices_of(section: Section, draft: Draft, site: Site) -> AnyView {
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
        let PermissionCount { of, shown, .. } = PermissionCount::count(members, Permission::Show, draft);
        format!("{shown}/{of}")
    };
    // Phones have room for the names of the sections only.
    let is_open = section == Section::Charts
        || section == Section::Controls(Group::Start) && browser::matches("(min-width: 721px)");
    let permissions = section.permissions();
    let heads = move || permissions.iter().map(move |permission| view! { <span>{site.text(permission.id())}</span> });
    let whole = move || row(format!("all-{}", section.id()), [all, all_of], members, permissions, draft, site);
    let single = move |item: Item| {
        let name = Memo::new(move |_| site.lang.get().item(item));
        row(item.id().to_owned(), [name, name], Memo::new(move |_| vec![item]), permissions, draft, site)
    };
    let section = move || {
        view! {
            <details open=is_open data-testid=format!("group-{}", section.id())>
                <summary>{name}<small>{count}</small></summary>
                <div class="row head" aria-hidden="true"><span></span>{heads().collect_view()}</div>
                <Show when=move || has_several.get()>{whole()}</Show>
                <For each=move || members.get() key=|item| item.id() children=single />
            </details>
        }
    };
    view! { <Show when=move || exists.get()>{section()}</Show> }.into_any()
}

/// A row of what can be chosen about some items: its name, and its name where a screen reader does not know the section.
fn row(
    test_id: String,
    [name, full_name]: [Memo<String>; 2],
    members: Memo<Vec<Item>>,
    permissions: &'static [Permission],
    draft: Draft,
    site: Site,
) -> AnyView {
    let boxes = permissions.iter().map(|permission| {
        let permission = *permission;
        // The boxes say what came of a gesture, which may be less than it asked for: nothing that is not shown is locked.
        let count = move || PermissionCount::count(members, permission, draft);
        view! {
            <input
                type="checkbox"
                data-testid=format!("{}-{test_id}", permission.id())
                aria-label=move || format!("{}: {}", site.say(permission.id()), full_name.get())
                prop:checked=move || count().having == count().of
                prop:indeterminate=move || (1..count().of).contains(&count().having)
                prop:disabled=move || permission == Permission::Lock && count().shown == 0
                on:change=move |event| {
                    draft.permit(&members.get_untracked(), permission, event_target_checked(&event));
                }
            />
        }
    });
    view! { <div class="row"><span>{name}</span>{boxes.collect_view()}</div> }.into_any()
}

/// How many of some items are shown, and have a permission as well.
struct PermissionCount {
    of: usize,
    shown: usize,
    having: usize,
}

impl PermissionCount {
    fn count(members: Memo<Vec<Item>>, permission: Permission, draft: Draft) -> Self {
        members.with(|members| {
            draft.lab.with(|lab| {
                let shown = || members.iter().filter(|item| item.has(Permission::Show, &lab.view));
                let having = shown().filter(|item| item.has(permission, &lab.view)).count();
                Self { of: members.len(), shown: shown().count(), having }
            })
        })
    }
}
