//! Which figure can be had from another by moving its curves.

use super::schema::{Figure, Trace};

impl Figure {
    /// Whether nothing but the curves' places differs, which Plotly draws in less than half the time.
    pub fn moves_to(&self, next: &Self) -> bool {
        self.layout == next.layout
            && self.data.len() == next.data.len()
            && self.data.iter().zip(&next.data).all(|(trace, next)| trace.moves_to(next))
    }
}

impl Trace {
    fn moves_to(&self, next: &Self) -> bool {
        // Plotly moves the points there are; it neither adds any nor takes any away.
        let points = |trace: &Self| trace.y.iter().map(Option::is_some).collect::<Vec<_>>();
        self.look() == next.look() && points(self) == points(next)
    }

    fn look(&self) -> impl PartialEq + use<'_> {
        let Self { mode, line, marker, fill, fillcolor, hoverinfo, hovertemplate, .. } = self;
        (mode, line, marker, fill, fillcolor, hoverinfo, hovertemplate)
    }
}
