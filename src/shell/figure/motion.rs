//! How one figure can be had from another with less work than drawing it anew.

use super::schema::{Axis, Figure, Layout, Trace};

/// What a picture needs to become another, the dearest first.
pub enum Change {
    /// To be drawn anew.
    Everything,
    /// Other steps of its axes' ticks, before their ranges and these curves: a third of the work of
    /// drawing it anew.
    Ticks(Vec<usize>),
    /// Other ranges of its axes, before these curves: as little.
    View(Vec<usize>),
    /// That these curves move, or grow: as little.
    Curves(Vec<usize>),
}

impl Figure {
    /// The next thing to do to get from this figure to another.
    pub fn change_to(&self, next: &Self) -> Change {
        let pairs = || self.data.iter().zip(&next.data);
        if self.data.len() != next.data.len()
            || self.layout.frame() != next.layout.frame()
            || !pairs().all(|(trace, next)| trace.becomes(next))
        {
            return Change::Everything;
        }
        let moved = pairs().enumerate().filter(|(_, (trace, next))| trace != next).map(|(at, _)| at).collect();
        let moved = self.with_edges(moved);
        match &self.layout {
            layout if layout.ticks() != next.layout.ticks() => Change::Ticks(moved),
            layout if *layout != next.layout => Change::View(moved),
            _ => Change::Curves(moved),
        }
    }
}

impl Figure {
    /// These curves with both edges of every area of which one is among them: Plotly takes away an area whose one
    /// edge moves alone.
    pub fn with_edges(&self, curves: Vec<usize>) -> Vec<usize> {
        let is_area = |at: usize| self.data.get(at).is_some_and(|trace| trace.fill.is_some());
        let moves = |at: usize| {
            let below = at > 0 && is_area(at) && curves.contains(&(at - 1));
            curves.contains(&at) || below || (is_area(at + 1) && curves.contains(&(at + 1)))
        };
        (0..self.data.len()).filter(|at| moves(*at)).collect()
    }
}

impl Change {
    /// What is left to do after it.
    pub fn rest(self) -> Option<Self> {
        match self {
            Self::Ticks(moved) => Some(Self::View(moved)),
            Self::View(moved) => Some(Self::Curves(moved)),
            Self::Everything | Self::Curves(_) => None,
        }
    }
}

impl Trace {
    fn becomes(&self, next: &Self) -> bool {
        // Plotly leaves out a trace without points, and an area is filled from one end to the other.
        let has_points = |trace: &Self| !trace.x.is_empty();
        let points = |trace: &Self| trace.y.iter().map(Option::is_some).collect::<Vec<_>>();
        self.look() == next.look()
            && has_points(self) == has_points(next)
            && (self.fill.is_none() || points(self) == points(next))
    }

    fn look(&self) -> impl PartialEq + use<'_> {
        let Self { mode, line, marker, fill, fillcolor, hoverinfo, hovertemplate, .. } = self;
        (mode, line, marker, fill, fillcolor, hoverinfo, hovertemplate)
    }
}

impl Layout {
    /// What must stay for a view to change: of what differs between figures of a chart, all but
    /// ranges and the steps of ticks.
    fn frame(&self) -> impl PartialEq + use<'_> {
        let Self { width, height, font, xaxis, yaxis, shapes, annotations, .. } = self;
        (width, height, font, xaxis.frame(), yaxis.frame(), shapes, annotations)
    }

    /// From one tick to the next, where the chart says it.
    pub fn ticks(&self) -> [Option<f64>; 2] {
        [self.xaxis.dtick, self.yaxis.dtick]
    }
}

impl Axis {
    fn frame(&self) -> impl PartialEq + use<'_> {
        let Self { r#type, linecolor, tickfont, dtick, tickvals, ticktext, title, .. } = self;
        (r#type, linecolor, tickfont, dtick.is_some(), tickvals, ticktext, title)
    }
}
