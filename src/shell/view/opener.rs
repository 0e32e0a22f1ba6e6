//! The buttons that open a gallery. They are there at once; the gallery comes later.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use crate::lab::gallery::GalleryKind;

/// A button that opens a gallery, which stands beside the list of the same names.
pub fn gallery_button(kind: GalleryKind, open: RwSignal<Option<GalleryKind>>, lens: Lens) -> AnyView {
    let [hook, key] = match kind {
        GalleryKind::Labs => ["all-labs", "gallery.all-labs"],
        GalleryKind::Schemes => ["all-schemes", "gallery.all-schemes"],
    };
    view! {
        <button
            type="button"
            class="opener"
            data-testid=hook
            aria-haspopup="dialog"
            aria-label=lens.text(key)
            title=lens.text(key)
            on:click=move |_| open.set(Some(kind))
        >
            <Icon name="gallery" />
            <span>{lens.text(key)}</span>
        </button>
    }
    .into_any()
}
