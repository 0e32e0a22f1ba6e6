//! What the charts by depth have in common: their curve, which of its marks a picture has, and how far its axis goes.

use leptos::prelude::*;

use super::frame::Easel;
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

/// The axis of a chart by depth. While something is dragged it only grows, so that a curve that moves is seen to move;
/// when that is let go, the axis becomes that of the curve.
#[derive(Clone, Copy)]
pub struct HeldAxis {
    decades: StoredValue<Option<[f64; 2]>>,
    dragging: RwSignal<bool>,
}

impl HeldAxis {
    /// The axis of a chart that an easel draws.
    pub fn new(easel: Easel) -> Self {
        Self { decades: StoredValue::new(None), dragging: easel.dragging }
    }

    /// Follows the presses and releases after which the axis may be another one.
    pub fn track(self) {
        self.dragging.track();
    }

    /// The ends of the axis, as powers of ten, of a curve that has these by itself.
    pub fn around(self, own: [f64; 2]) -> [f64; 2] {
        let held = self.decades.get_value().filter(|_| self.dragging.get_untracked());
        let ends = held.map_or(own, |[low, high]| [low.min(own[0]), high.max(own[1])]);
        self.decades.set_value(Some(ends));
        ends
    }
}
