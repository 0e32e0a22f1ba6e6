//! What is found in an experiment, beside its answer.

use leptos::prelude::*;

use super::sentence::sentence;
use super::store::ExperimentStore;
use crate::study::finding::StudyFinding;

/// The findings of the experiment, in sentences. They are open where no answer stands above them.
pub(super) fn findings(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let sentences = Memo::new(move |_| {
        let sentence = |finding: &StudyFinding| sentence(site, finding);
        store.with_report(|report| report.findings.iter().map(sentence).collect::<Vec<_>>()).unwrap_or_default()
    });
    let rows = move || sentences.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let open = Memo::new(move |_| store.with_report(|report| report.answer.is_none()).unwrap_or(false));
    view! {
        <section class="panel" id="found" hidden=move || sentences.with(Vec::is_empty)>
            <details data-testid="statistics" prop:open=move || open.get()>
                <summary>{site.text("found")}</summary>
                <ul id="findings" data-testid="findings">
                    {rows}
                </ul>
            </details>
        </section>
    }
    .into_any()
}
