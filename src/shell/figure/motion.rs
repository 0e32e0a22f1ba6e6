//! Finds out how one figure can be made from another with less work than drawing it anew.

use super::schema::{Axis, Figure, Layout, Trace};

/// What has to be done to a picture so that it becomes another, the most expensive first. The numbers are the
/// places of the curves that change.
pub enum FigureChange {
    /// It has to be drawn anew.
    Everything,
    /// Its axes need other steps between their ticks, and after that other ranges, and these curves move. That is a
    /// third of the work of drawing it anew.
    Ticks(Vec<usize>),
    /// Its axes need other ranges, and after that these curves move; this takes as little.
    View(Vec<usize>),
    /// These curves move or grow; this takes as little.
    Curves(Vec<usize>),
}

impl Figure {
    /// The first thing to do to get from this figure to another; [`FigureChange::rest`] says what comes after it.
    pub fn change_to(&self, next: &Self) -> FigureChange {
        let pairs = || self.data.iter().zip(&next.data);
        if self.data.len() != next.data.len()
            || self.layout.frame() != next.layout.frame()
            || !pairs().all(|(trace, next)| trace.becomes(next))
        {
            return FigureChange::Everything;
        }
        let moved = pairs().enumerate().filter(|(_, (trace, next))| trace != next).map(|(at, _)| at).collect();
        let moved = self.with_edges(moved);
        match &self.layout {
            layout if layout.ticks() != next.layout.ticks() => FigureChange::Ticks(moved),
            layout if *layout != next.layout => FigureChange::View(moved),
            _ => FigureChange::Curves(moved),
        }
    }
}

impl Figure {
    /// These curves, and both edges of every area of which they have one: Plotly removes an area of which only one
    /// edge moves.
    pub fn with_edges(&self, curves: Vec<usize>) -> Vec<usize> {
        let is_area = |at: usize| self.data.get(at).is_some_and(|trace| trace.fill.is_some());
        let moves = |at: usize| {
            let below = at > 0 && is_area(at) && curves.contains(&(at - 1));
            curves.contains(&at) || below || (is_area(at + 1) && curves.contains(&(at + 1)))
        };
        (0..self.data.len()).filter(|at| moves(*at)).collect()
    }
}

impl FigureChange {
    /// What is left to do after this change.
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
        // Plotly leaves out a trace without points, and fills an area between the two curves' own ends.
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
    /// What must be equal in two figures of a chart if only their view differs: everything that may change in a
    /// chart but ranges and the steps of ticks.
    fn frame(&self) -> impl PartialEq + use<'_> {
        let Self { width, height, font, xaxis, yaxis, shapes, annotations, .. } = self;
        (width, height, font, xaxis.frame(), yaxis.frame(), shapes, annotations)
    }

    /// The distances from one tick to the next, where the chart gives them.
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
