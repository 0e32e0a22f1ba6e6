//! A curve over steps that never outgrows its chart.

/// Points of a curve. When it is full, every second point goes, and from then on only every second
/// new one stays: old and new points keep the same spacing however long the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    points: Vec<(u64, f64)>,
    stride: u64,
    last: Option<(u64, f64)>,
}

/// Points that a chart a thousand pixels wide can show.
const MOST: usize = 1024;

impl Default for Series {
    fn default() -> Self {
        Self { points: Vec::new(), stride: 1, last: None }
    }
}

impl Series {
    /// Adds the value at a step; steps only grow.
    pub fn push(&mut self, step: u64, value: f64) {
        self.last = Some((step, value));
        if !step.is_multiple_of(self.stride) {
            return;
        }
        if self.points.len() == MOST {
            self.stride *= 2;
            let stride = self.stride;
            self.points.retain(|(step, _)| step.is_multiple_of(stride));
            if !step.is_multiple_of(stride) {
                return;
            }
        }
        self.points.push((step, value));
    }

    /// The points to draw; the newest is always among them.
    pub fn points(&self) -> impl Iterator<Item = (u64, f64)> {
        let kept = self.points.last().copied();
        self.points.iter().copied().chain(self.last.filter(|last| Some(last.0) != kept.map(|k| k.0)))
    }

    /// The newest point.
    pub fn last(&self) -> Option<(u64, f64)> {
        self.last
    }

    /// Whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.last.is_none()
    }
}
