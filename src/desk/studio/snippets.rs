//! Shows the text to paste for each kind of page, with a button that copies it.

use std::time::Duration;

use leptos::html::Code;
use leptos::prelude::*;

use super::super::site::DeskSite;
use super::draft::Draft;
use super::segments::{Segments, segments};
use crate::lab::snippet::Snippet;
use crate::shell::browser;

/// How long a button says whether it copied.
const SAID: Duration = Duration::from_secs(2);

/// The result of copying: the snippet, and the key of the text that says what happened.
type CopyOutcome = Option<(Snippet, &'static str)>;

/// The section of the texts to paste, and of the boxes of what is saved.
pub(super) fn snippets(saved: AnyView, draft: Draft, site: DeskSite) -> AnyView {
    let kind = draft.kind;
    let outcome = RwSignal::new(None);
    let kinds = Segments {
        name: "kind",
        heading: "take",
        test_prefix: "kind-",
        ids: Snippet::ALL.iter().filter(|snippet| snippet.kind() == **snippet).map(|snippet| snippet.id()).collect(),
        first: Snippet::Link.id(),
    };
    let boxes = Snippet::ALL.iter().map(|snippet| snippet_box(*snippet, kind, outcome, draft, site));
    view! {
        <section class="panel take" aria-labelledby="take">
            <h2 id="take">{site.text("take")}</h2>
            {segments(kinds, site, move |id| kind.set(id))}
            <div id="outputs">{boxes.collect_view()} {saved}</div>
            <p class="unseen" id="said" role="status">
                {move || outcome.get().map_or_else(String::new, |(_, key)| site.say(key))}
            </p>
            <p class="hint" id="local" hidden=!browser::is_local()>
                {site.text("local")}
            </p>
        </section>
    }
    .into_any()
}

/// A text to paste, which is visible if its kind of page is chosen.
fn snippet_box(
    snippet: Snippet,
    kind: RwSignal<&'static str>,
    outcome: RwSignal<CopyOutcome>,
    draft: Draft,
    site: DeskSite,
) -> AnyView {
    let id = snippet.id();
    let code = NodeRef::<Code>::new();
    let text = Memo::new(move |_| draft.with_embedding(|embedding| snippet.text(embedding)));
    let note = move || site.say(&format!("{id}-note"));
    let press = move |_| {
        browser::copy(text.get_untracked(), move |copied| {
            if let Some(code) = code.get_untracked().filter(|_| !copied) {
                browser::select(&code);
            }
            outcome.set(Some((snippet, if copied { "copied" } else { "selected" })));
            set_timeout(move || outcome.set(None), SAID);
        });
    };
    let said = move || outcome.get().filter(|(copied, _)| *copied == snippet).map_or("copy", |(_, key)| key);
    view! {
        <div class="output" hidden=move || kind.get() != snippet.kind().id()>
            <p class="hint">{note}</p>
            <pre>
                <code data-testid=format!("out-{id}") node_ref=code>
                    {text}
                </code>
            </pre>
            <button
                type="button"
                data-testid=format!("copy-{id}")
                aria-label=move || format!("{}: {}", site.say("copy"), note())
                on:click=press
            >
                {move || site.say(said())}
            </button>
        </div>
    }
    .into_any()
}
