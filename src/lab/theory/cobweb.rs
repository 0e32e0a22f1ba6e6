//! Computes the map of correlations: how a layer changes the correlation of two inputs, applied layer after layer.

use super::{Setting, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::spec::Spec;
use crate::science::phase::{CorrelationMap, phase_with};

/// The number of intervals of the curve, evenly over correlations from 0 to 1.
const POINTS: usize = 50;

/// The correlation map, and the path of this network's layers along it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cobweb {
    /// The points (c, C(c)) of the map.
    pub curve: Vec<[f64; 2]>,
    /// The correlation c of two similar inputs of one class, and then that after each hidden layer.
    pub steps: Vec<f64>,
    /// The fixed point c* to which the map leads in the end.
    pub fixed: f64,
    grows: bool,
    dropped: bool,
}

impl Cobweb {
    /// Computes the map at the fixed point of q, or at the largest q that phase theory considers if q has none.
    pub fn new(spec: &Spec) -> Self {
        let Setting { weight_var, bias_var, .. } = Setting::of(spec);
        let rest = phase_with(spec.phi(), weight_var, bias_var, spec.training.dropout);
        let ln_q = rest.map_or(f64::INFINITY, |phase| libm::log(phase.q));
        let map = CorrelationMap::new(spec.phi(), weight_var, bias_var, spec.training.dropout, ln_q);
        let curve = (0..=POINTS).map(|i| i as f64 / POINTS as f64).map(|c| [c, map.apply(c)]).collect();
        let mut c = spec.profile(false).likest();
        let mut steps = vec![c];
        for _ in 0..spec.network.depth {
            c = map.apply(c);
            steps.push(c);
        }
        // If q has no fixed point or it is 0, the map is iterated instead, because it may be the identity.
        let far = || (0..1000).fold(c, |c, _| map.apply(c));
        let fixed = rest.filter(|phase| phase.q > 0.0).map_or_else(far, |phase| phase.correlation);
        Self { curve, steps, fixed, grows: rest.is_none(), dropped: spec.training.dropout > 0.0 }
    }

    pub(super) fn words(&self, lang: Lang) -> String {
        let c = |c: Option<&f64>| show(c.copied().unwrap_or(0.0));
        let values = [
            ("first", c(self.steps.first())),
            ("last", c(self.steps.last())),
            ("depth", (self.steps.len() - 1).to_string()),
            ("fixed", show(self.fixed)),
        ];
        let kept = self.steps.first().is_some_and(|first| (first - self.fixed).abs() < 1e-6);
        let end = match self.fixed {
            _ if kept => "theory.kept",
            fixed if fixed > 0.999 => "theory.alike",
            _ => "theory.apart",
        };
        let at = if self.grows { "theory.map-grows" } else { "theory.map-rests" };
        let dropped = if self.dropped { lang.text("theory.dropout") } else { "" };
        join(&[
            lang.tell("theory.map", &values),
            lang.text(end).to_owned(),
            lang.text(at).to_owned(),
            dropped.to_owned(),
        ])
    }

    pub(super) fn table(&self) -> Table {
        let label = |layer: usize| RowLabel::Number(layer.to_string());
        let rows = self.steps.iter().enumerate().map(|(layer, c)| (label(layer), vec![Some(*c)]));
        Table::new(&["layer", "correlation"], rows.collect())
    }
}
