//! The small pictures of the gallery's cards, and what their lines mean.

use leptos::prelude::*;

use super::Lens;
use crate::lab::gallery::{DECADES, DepthSketch, SKETCH};
use crate::lab::lang::Lang;

/// What the lines of the pictures mean.
pub(super) fn key_of_curves(lens: Lens) -> AnyView {
    let line = |class: &'static str| {
        view! {
            <svg class="sketch" viewBox="0 0 24 8" aria-hidden="true">
                <path class=class d="M0 4h24" />
            </svg>
        }
    };
    view! {
        {lens.text("gallery.key")}
        " "
        <span>{line("holds")}{lens.text("gallery.line-variance")}</span>
        <span>{line("gradient")}{lens.text("gallery.line-gradient")}</span>
        <span>{move || lens.lang.get().fill("gallery.axis", &[("decades", &DECADES.to_string())])}</span>
    }
    .into_any()
}

/// What stands in a picture without a curve.
fn note(sketch: &DepthSketch, lang: Lang) -> Option<String> {
    match (sketch.dead, sketch.variance.is_empty()) {
        (true, _) => Some("= 0".to_owned()),
        (false, true) => Some(lang.text("gallery.silent").to_owned()),
        (false, false) => None,
    }
}

/// The curves of a card's networks: those of the first one, and fainter those that it is compared with.
pub(super) fn curves(sketches: &[DepthSketch], lang: Lang) -> AnyView {
    let lines = sketches.iter().enumerate().rev().map(|(at, sketch)| {
        let zone = sketch.zone.map_or("", |zone| zone.id());
        let class = if at == 0 { zone.to_owned() } else { format!("{zone} other") };
        view! {
            {(at == 0).then(|| view! { <path class="gradient" d=sketch.gradient.clone() /> })}
            <path class=class d=sketch.variance.clone() />
            {note(sketch, lang)
                .filter(|_| at == 0)
                .map(|words| {
                    view! {
                        <text x=SKETCH[0] / 2.0 y=SKETCH[1] - 10.0>
                            {words}
                        </text>
                    }
                })}
        }
    });
    lines.collect_view().into_any()
}
