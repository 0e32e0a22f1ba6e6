//! What the charts by depth have in common: their curve, and which of its marks a picture has.

use leptos::prelude::*;

use crate::lab::curve::{DepthCurve, Point, Quantity};
use crate::shell::store::Store;

/// The keys of the marks that a picture by depth does not have now, of dots of step 0, a line and a band.
pub fn absent_marks(curve: Memo<DepthCurve>) -> Memo<Vec<&'static str>> {
    Memo::new(move |_| {
        curve.with(|curve| {
            let none = |has: fn(&Point) -> bool| !curve.points.iter().any(has);
            let initial = none(|point| point.initial.is_some()).then_some(&["initial"][..]);
            let line = none(|point| point.predicted.is_some()).then_some(&["predicted"][..]);
            let band = none(|point| point.band.is_some()).then_some(&["band", "rough-band"][..]);
            [initial, line, band].into_iter().flatten().flatten().copied().collect()
        })
    })
}

/// A curve by depth of the run as it is shown, with theory's.
pub fn depth_curve(store: Store, quantity: Quantity) -> DepthCurve {
    store.state.with(|state| store.prediction.with(|prediction| DepthCurve::new(state, prediction, quantity)))
}
