//! The section with the code of the network, which the reader opens: PyTorch's lines, which follow every knob, to be
//! copied, and a file to be downloaded that compares.

use std::time::Duration;

use leptos::html::Code;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::Lens;
use crate::lab::code::{CodeFile, LOSSES, MeasuredNumbers, NetworkCode, SitePieces, ends_before};
use crate::lab::link::Lab;
use crate::lab::record::RunRecord;
use crate::lab::spec::Spec;
use crate::shell::browser;
use crate::shell::store::Store;

/// How long a button says what came of it.
const SAID: Duration = Duration::from_secs(4);

/// What a reader can take along, by the ends of names.
const COPY: &str = "copy";
const SCRIPT: &str = "py";
const NOTEBOOK: &str = "ipynb";

/// The section. An embedded lab has it where its link asks for it, and then it is open.
pub fn code(store: Store, lens: Lens) -> AnyView {
    let offered = Memo::new(move |_| lens.view.with(|view| view.offers_code()));
    let asked = lens.view.with_untracked(|view| view.embed);
    let open = RwSignal::new(asked);
    let section = move || {
        view! {
            <details
                class="theory"
                data-testid="code"
                open=asked
                on:toggle=move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
            >
                <summary>{lens.text("code.title")}</summary>
                {move || if open.get() { body(store, lens) } else { ().into_any() }}
            </details>
        }
    };
    (move || if offered.get() { section().into_any() } else { ().into_any() }).into_any()
}

fn body(store: Store, lens: Lens) -> AnyView {
    let text = Memo::new(move |_| lens.spec.with(|spec| NetworkCode::new(spec).text()));
    let facts = Memo::new(move |_| store.state.with(|state| Comparable::of(state.spec(), &state.record)));
    let shown = NodeRef::<Code>::new();
    // What was pressed last, and the key of what came of it.
    let outcome = RwSignal::new(None::<(&'static str, &'static str)>);
    let say = move |what: &'static str, key: &'static str| {
        outcome.set(Some((what, key)));
        // The section may be closed by then.
        let forget = move || {
            outcome.try_set(None);
        };
        set_timeout(forget, SAID);
    };
    let copy = move |_| {
        browser::copy(text.get_untracked(), move |copied| {
            if let Some(code) = shown.get_untracked().filter(|_| !copied) {
                browser::select(&code);
            }
            say(COPY, if copied { "code.copied" } else { "code.selected" });
        });
    };
    let download = move |kind: &'static str| {
        spawn_local(async move {
            match file(store, lens).await {
                Ok(file) if kind == SCRIPT => browser::download("init-lab.py", "text/x-python", &file.script()),
                Ok(file) => browser::download("init-lab.ipynb", "application/x-ipynb+json", &file.notebook()),
                Err(_) => say(kind, "code.failed"),
            }
        });
    };
    let button = move |kind: &'static str, key: &'static str| {
        view! {
            <button
                type="button"
                data-testid=format!("code-{kind}")
                hidden=move || lens.spec.with(|spec| spec.own_shape().is_some())
                on:click=move |_| download(kind)
            >
                {lens.text(key)}
            </button>
        }
    };
    let copies = move || match outcome.get() {
        Some((COPY, key)) => lens.lang.get().text(key).to_owned(),
        _ => lens.lang.get().text("code.copy").to_owned(),
    };
    let said = move || outcome.get().map_or_else(String::new, |(_, key)| lens.lang.get().text(key).to_owned());
    let failed =
        move || outcome.get().filter(|(what, _)| *what != COPY).map(|(_, key)| lens.lang.get().text(key).to_owned());
    let said_of = move || {
        if lens.spec.with(|spec| spec.own_shape().is_some()) {
            return lens.lang.get().text("code.own").to_owned();
        }
        facts.with(|facts| facts.words(lens))
    };
    view! {
        <div class="code">
            <p>{lens.text("code.about")}</p>
            <p data-testid="code-words">{said_of}</p>
            <div class="row">
                <button type="button" data-testid="code-copy" on:click=copy>
                    {copies}
                </button>
                {button(SCRIPT, "code.py")}
                {button(NOTEBOOK, "code.ipynb")}
            </div>
            <p class="unseen" role="status">
                {said}
            </p>
            <p class="problem" hidden=move || failed().is_none()>
                {failed}
            </p>
            // A reader with a keyboard scrolls in it.
            <pre tabindex="0" role="region" aria-label=lens.text("code.lines")>
                <code data-testid="code-text" node_ref=shown>
                    {move || text.get()}
                </code>
            </pre>
        </div>
    }
    .into_any()
}

/// How much the file can compare.
#[derive(Clone, Debug, PartialEq)]
struct Comparable {
    layers: usize,
    losses: usize,
    tuned: bool,
    adapts: Option<u64>,
}

impl Comparable {
    fn of(spec: &Spec, record: &RunRecord) -> Self {
        let numbers = MeasuredNumbers::of(record, spec);
        Self {
            layers: numbers.variances.len(),
            losses: numbers.losses.len(),
            tuned: record.tuned,
            adapts: ends_before(spec),
        }
    }

    /// What is said of it.
    fn words(&self, lens: Lens) -> String {
        let lang = lens.lang.get();
        let most = self.adapts.map_or(LOSSES, |at| LOSSES.min(at as usize));
        let numbers = [
            ("layers", self.layers.to_string()),
            ("losses", self.losses.to_string()),
            ("steps", most.to_string()),
            ("at", self.adapts.unwrap_or_default().to_string()),
        ];
        let keys = [
            Some(match [self.layers, self.losses] {
                [0, _] => "code.nothing",
                [_, 1] => "code.compares-first",
                _ => "code.compares",
            }),
            (self.layers > 0 && self.tuned).then_some("code.tuned"),
            (self.layers > 0 && !self.tuned && self.losses < most).then_some("code.more"),
            self.adapts.map(|_| "code.adapts"),
        ];
        keys.into_iter().flatten().map(|key| lang.tell(key, &numbers)).collect::<Vec<_>>().join(" ")
    }
}

/// Puts the file together; what is the same for every network is fetched.
async fn file(store: Store, lens: Lens) -> Result<CodeFile, JsValue> {
    // Points of a plane are drawn by the file itself.
    let data = match lens.spec.with_untracked(Spec::dataset) {
        data if data.is_planar() => String::new(),
        data => browser::fetch_text(&format!("code/{}.txt", data.id())).await?,
    };
    let pieces = SitePieces { program: browser::fetch_text("code/lab.txt").await?, data };
    Ok(store.state.with_untracked(|state| {
        let spec = state.spec();
        let numbers = MeasuredNumbers::of(&state.record, spec);
        let link = browser::address_of(&Lab::link(&state.lab));
        CodeFile::new(spec, &numbers, lens.lang.get_untracked().text("code.file"), &link, &pieces)
    }))
}
