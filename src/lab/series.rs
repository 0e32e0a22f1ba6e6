//! Keeps a curve over steps within the number of points that a chart can show.

use serde::{Deserialize, Serialize};

/// The points of a curve. When it is full, every second point is dropped, and from then on only every second new one is
/// kept, so old and new points have the same spacing however long the run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    points: Vec<(u64, f64)>,
    stride: u64,
    last: Option<(u64, f64)>,
}

/// The largest number of points: a chart that is a thousand pixels wide cannot show more.
const MOST: usize = 1024;

impl Default for Series {
    fn default() -> Self {
        Self { points: Vec::new(), stride: 1, last: None }
    }
}

impl Series {
    /// Adds the value at a step. Steps must grow from call to call.
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

    /// Returns the points to draw, of which the last is always the newest.
    pub fn points(&self) -> impl Iterator<Item = (u64, f64)> {
        let kept = self.points.last().copied();
        self.points.iter().copied().chain(self.last.filter(|last| Some(last.0) != kept.map(|k| k.0)))
    }

    /// Returns the curve up to a step.
    pub fn until(&self, step: u64) -> Self {
        let points: Vec<(u64, f64)> = self.points.iter().copied().filter(|point| point.0 <= step).collect();
        let last = self.last.filter(|last| last.0 <= step).or(points.last().copied());
        Self { points, last, stride: self.stride }
    }

    /// Returns the newest point, or `None` if there is none.
    pub fn last(&self) -> Option<(u64, f64)> {
        self.last
    }

    /// Returns whether no point was added.
    pub fn is_empty(&self) -> bool {
        self.last.is_none()
    }
}
