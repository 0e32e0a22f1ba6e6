//! What theory says beside its curves, in sentences below them: what it assumes and this network
//! does not keep, which layer leaves which format, where training begins and where weights come to
//! rest.

use leptos::prelude::*;

use super::Lens;
use super::note::note;
use crate::lab::assumption::broken;
use crate::lab::forecast::{doubt, equilibrium};
use crate::lab::number::show;
use crate::lab::range::leaving;
use crate::shell::store::Store;

/// What a reader of the variance should know of theory: which of its assumptions this network does not keep, and which
/// numbers a format could not hold.
pub fn reservations(store: Store, lens: Lens) -> AnyView {
    (assumptions(store, lens), ranges(store, lens)).into_any()
}

/// A sentence for each assumption of the theory that this network does not keep.
fn assumptions(store: Store, lens: Lens) -> AnyView {
    let words = move || {
        let lang = lens.lang.get();
        let mut text = String::new();
        for broken in lens.spec.with(|spec| store.prediction.with(|theory| broken(spec, theory))) {
            let layer = broken.layer.map(|layer| lang.layer(layer)).unwrap_or_default();
            text += &lang.fill(&format!("assumption.{}", broken.key), &[("layer", &layer)]);
            text.push(' ');
        }
        text
    };
    note("assumptions", Box::new(words))
}

/// Says which layers have numbers that a number format could not hold: f32, in which the lab trains, or any if the
/// reader wants to see all formats.
fn ranges(store: Store, lens: Lens) -> AnyView {
    let words = move || {
        let mut text = String::new();
        let wants_all = lens.view.with(|view| view.formats);
        let found = lens.spec.with(|spec| store.prediction.with(|theory| leaving(spec, theory)));
        for leaving in found.into_iter().filter(|leaving| wants_all || leaving.is_met()) {
            text += &leaving.words(lens.lang.get());
            text.push(' ');
        }
        text
    };
    note("range", Box::new(words))
}

/// Says where the predicted first loss cannot be relied on.
pub fn first_loss(store: Store, lens: Lens) -> AnyView {
    let words = move || {
        let found = lens.spec.with(|spec| store.prediction.with(|theory| doubt(spec, theory)));
        found.map(|(key, std)| lens.lang.get().tell(key, &[("std", show(std))])).unwrap_or_default()
    };
    note("first-loss", Box::new(words))
}

/// Says which size weight decay brings the weights to.
pub fn rest(lens: Lens) -> AnyView {
    let words = move || match lens.spec.with(equilibrium) {
        Some(rest) => {
            let factor = if rest.factor == 1.0 { String::new() } else { format!("{}·", show(rest.factor)) };
            let values = [("factor", factor), ("std", show(rest.std)), ("steps", show(rest.steps))];
            lens.lang.get().tell("forecast.equilibrium", &values)
        }
        None => String::new(),
    };
    note("equilibrium", Box::new(words))
}
