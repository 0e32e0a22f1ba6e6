//! A paragraph below a chart, which is there while there is something to say.

use leptos::prelude::*;

/// Makes sentences from the signals they are about.
pub type Words = Box<dyn Fn() -> String + Send + Sync>;

/// A paragraph of one sentence or several. It is gone where there is nothing to say.
pub fn note(id: &'static str, words: Words) -> AnyView {
    let text = Memo::new(move |_| words());
    view! {
        <p class="assumptions" data-testid=id hidden=move || text.with(String::is_empty)>
            {move || text.get()}
        </p>
    }
    .into_any()
}
