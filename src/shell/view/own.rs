//! The place for a reader's own data: a button for a file, where one can be dropped or pasted, what was found in it, and a
//! button that forgets it. It stands where the network learns such data.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, HtmlInputElement, HtmlTextAreaElement};

use super::Lens;
use super::show::Show;
use crate::lab::knob::Knob;
use crate::lab::own::{OwnEdit, OwnFile, OwnReport, too_large};
use crate::lab::spec::{Dataset, Model};
use crate::lab::state::Edit;
use crate::shell::store::Store;

/// The box, while the reader's own data is chosen. Where a lab shows a part and no choice of data, it is there as long as
/// there is none.
pub fn own_data(store: Store, lens: Lens) -> AnyView {
    let model = Memo::new(move |_| lens.spec.with(|spec| spec.network.model));
    let shown = move || Knob::find("data").is_some_and(|knob| lens.view.with(|view| view.shows_knob(knob)));
    let asked = Memo::new(move |_| {
        let shown = shown();
        lens.spec.with(|spec| spec.run.data == Dataset::Own && !spec.is_toy() && (shown || spec.lacks_data()))
    });
    (move || if asked.get() { place(model, store, lens).into_any() } else { ().into_any() }).into_any()
}

fn place(model: Memo<Model>, store: Store, lens: Lens) -> impl IntoView {
    let found = Memo::new(move |_| {
        store.state.with(|state| {
            let file = state.own.of(model.get())?;
            Some((file.name.clone(), file.report.clone()?))
        })
    });
    let reading = Memo::new(move |_| store.state.with(|state| state.own.is_reading()));
    let words = move || {
        let lang = lens.lang.get();
        let kind = if model.get() == Model::Mlp { "table" } else { "text" };
        match found.get() {
            _ if reading.get() => lang.text("own.reading").to_owned(),
            Some((name, report)) => told(&name, &report, kind, lens),
            None => lang.text(&format!("own.absent-{kind}")).to_owned(),
        }
    };
    let about = move || {
        let kind = if model.get() == Model::Mlp { "own.table" } else { "own.text" };
        lens.lang.get().text(kind)
    };
    let offer = move |file: File| take(file, model.get_untracked(), lens);
    let choose = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            offer(file);
        }
        // The same file can be chosen again after it was changed.
        input.set_value("");
    };
    let paste = move |event: ClipboardEvent| {
        event.prevent_default();
        let Some(data) = event.clipboard_data() else { return };
        take_transfer(&data, model.get_untracked(), lens);
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        let Some(data) = event.data_transfer() else { return };
        take_transfer(&data, model.get_untracked(), lens);
    };
    // What a phone's keyboard puts in without a paste.
    let typed = move |event: web_sys::Event| {
        let area = event_target::<HtmlTextAreaElement>(&event);
        take_text(&area.value(), model.get_untracked(), lens);
        area.set_value("");
    };
    let forget = move |_| lens.edit.run(Edit::Own(OwnEdit::Forget(model.get_untracked())));
    let pick = NodeRef::<leptos::html::Input>::new();
    let open = move |_| {
        if let Some(pick) = pick.get_untracked() {
            pick.click();
        }
    };
    view! {
        <section
            class="own"
            class:absent=move || found.get().is_none()
            data-testid="own"
            aria-label=lens.text("own.title")
            on:dragover=|event| event.prevent_default()
            on:drop=drop
        >
            <p data-testid="own-words" role="status">
                {words}
            </p>
            <p class="quiet">{about}</p>
            <div class="row">
                <button type="button" data-testid="own-pick" on:click=open>
                    {lens.text("own.pick")}
                </button>
                <input
                    type="file"
                    hidden
                    accept=".csv,.tsv,.txt,text/*"
                    data-testid="own-file"
                    aria-label=lens.text("own.pick")
                    node_ref=pick
                    on:change=choose
                />
                <label>
                    {lens.text("own.drop")} " "
                    <textarea
                        rows="1"
                        data-testid="own-paste"
                        aria-label=lens.text("own.paste")
                        on:paste=paste
                        on:change=typed
                    ></textarea>
                </label>
            </div>
            <Show when=move || found.get().is_some()>
                <p class="quiet">
                    {lens.text("own.stays")} " "
                    <button type="button" class="plain" data-testid="own-forget" on:click=forget>
                        {lens.text("own.forget")}
                    </button>
                </p>
            </Show>
        </section>
    }
}

/// What was found in a file.
fn told(name: &str, report: &OwnReport, kind: &str, lens: Lens) -> String {
    let lang = lens.lang.get();
    // A pasted text has no name.
    let name = if name.is_empty() { lang.text("own.pasted") } else { name };
    let listed = |names: &[String], all: usize| {
        let more = if names.len() < all { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    };
    let values = [
        ("name", name.to_owned()),
        ("features", report.features.to_string()),
        ("classes", report.classes.to_string()),
        ("labels", listed(&report.labels, report.classes)),
        ("examples", report.examples.to_string()),
        ("held", report.held_out.to_string()),
        ("columns", listed(&report.columns, report.features)),
    ];
    let mut words = lang.tell(&format!("own.is-{kind}"), &values);
    if !report.columns.is_empty() {
        words.push(' ');
        words.push_str(&lang.tell("own.columns", &values));
    }
    words
}

/// Takes what was dropped or pasted: a file, or else a text.
fn take_transfer(data: &DataTransfer, model: Model, lens: Lens) {
    match data.files().and_then(|files| files.get(0)) {
        Some(file) => take(file, model, lens),
        None => take_text(&data.get_data("text/plain").unwrap_or_default(), model, lens),
    }
}

fn take_text(text: &str, model: Model, lens: Lens) {
    if !text.is_empty() {
        let file = OwnFile::new(String::new(), text.as_bytes().to_vec());
        lens.edit.run(Edit::Own(OwnEdit::Offer(model, file)));
    }
}

/// Reads a file, unless its size says that it cannot be learned.
fn take(file: File, model: Model, lens: Lens) {
    let size = file.size() as usize;
    if too_large(size).is_some() {
        return lens.edit.run(Edit::Own(OwnEdit::TooLarge(size)));
    }
    spawn_local(async move {
        // A file that was removed since cannot be read; then nothing happens.
        if let Ok(bytes) = JsFuture::from(file.array_buffer()).await {
            let bytes = Uint8Array::new(&bytes).to_vec();
            lens.edit.run(Edit::Own(OwnEdit::Offer(model, OwnFile::new(file.name(), bytes))));
        }
    });
}
