//! Shows something as long as a condition holds.

use leptos::children::ViewFn;
use leptos::either::Either;
use leptos::prelude::*;

/// What something depends on.
pub struct ShownWhile(Box<dyn Fn() -> bool + Send + Sync>);

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for ShownWhile {
    fn from(holds: F) -> Self {
        Self(Box::new(holds))
    }
}

/// Does what Leptos's component of this name does. That one is compiled anew for each condition and each content, which
/// was a fortieth of the page.
#[component]
pub fn Show(
    /// Whether the children are shown, or the fallback.
    #[prop(into)]
    when: ShownWhile,
    /// What is shown as long as the condition holds.
    children: ChildrenFn,
    /// What is shown else, by default nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| (when.0)());
    let shown = move || match holds.get() {
        true => Either::Left(children()),
        false => Either::Right(fallback.run()),
    };
    shown.into_any()
}
