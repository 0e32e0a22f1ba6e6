//! The foot of the page.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::show::Show;
use crate::lab::link::Lab;
use crate::shell::browser;

/// The foot of the page: where the data come from, and links to the pages beside the lab or, in another page, to
/// the whole lab.
pub fn foot(lab: Memo<Lab>, keys: RwSignal<bool>, lens: Lens) -> AnyView {
    let embedded = Memo::new(move |_| lens.view.with(|view| view.embed));
    let whole = move || {
        let mut lab = lab.get();
        (lab.view.embed, lab.view.slide) = (false, false);
        lab.view.autoplay = false;
        browser::address_of(&lab.address())
    };
    let switch = move |event| {
        keys.set(event_target_checked(&event));
        browser::keep_keys(keys.get_untracked());
    };
    let source = Memo::new(move |_| {
        lens.spec.with(|spec| format!("source.{}", if spec.is_toy() { "toy" } else { spec.data_id() }))
    });
    view! {
        <footer class="foot">
            <p>{move || lens.lang.get().text(&source.get()).to_owned()}</p>
            <Show
                when=move || embedded.get()
                fallback=move || {
                    view! {
                        <p class="keys">
                            {lens.text("foot.keys")} " " <label>
                                <input
                                    type="checkbox"
                                    data-testid="keys"
                                    prop:checked=move || keys.get()
                                    on:change=switch
                                />
                                {lens.text("foot.keys-on")}
                            </label>
                        </p>
                    }
                }
            >
                <a href=whole target="_blank" rel="noopener" data-testid="full-lab">
                    {lens.text("foot.whole")}
                    <Icon name="open" />
                </a>
            </Show>
        </footer>
    }
    .into_any()
}
