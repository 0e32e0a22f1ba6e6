//! What the predicted curve assumes and this network does not keep, said below the curve.

use leptos::prelude::*;

use super::Lens;
use crate::lab::assumption::broken;
use crate::shell::store::Store;

/// One sentence for each assumption that does not hold; nothing where all do.
#[component]
pub fn Assumptions(
    /// The spec and theory's curves.
    store: Store,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let found = Memo::new(move |_| lens.spec.with(|spec| store.prediction.with(|theory| broken(spec, theory))));
    let sentences = move || {
        let lang = lens.lang.get();
        let sentence = |broken: &crate::lab::assumption::Broken| {
            let layer = broken.layer.as_ref().map(|layer| lang.layer(layer)).unwrap_or_default();
            lang.fill(&format!("assumption.{}", broken.key), &[("layer", &layer)])
        };
        found.with(|found| found.iter().map(sentence).collect::<Vec<_>>().join(" "))
    };
    view! {
        <p class="assumptions" data-testid="assumptions" hidden=move || found.with(Vec::is_empty)>
            {sentences}
        </p>
    }
}
