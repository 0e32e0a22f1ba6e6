//! The choice of four curves: what theory says of the network, and three others of its size.

use super::Guess;
use crate::science::choice::choices;
use crate::science::seed::Stream;

choices! {
    /// What a variance may do with depth, roughly.
    pub enum CurveShape {
        /// It falls by the same factor in each layer.
        Dies "dies",
        /// It keeps its size.
        Holds "holds",
        /// It grows by the same factor in each layer.
        Grows "grows",
        /// It falls in the first third, and then keeps its size.
        DiesThenHolds "dies-then-holds",
        /// It grows in the first third, and then keeps its size.
        GrowsThenHolds "grows-then-holds",
    }
}

impl CurveShape {
    /// The change of log₁₀ at a share of the depth, in units of the whole change.
    fn at(self, share: f64) -> f64 {
        match self {
            Self::Dies => -share,
            Self::Holds => 0.0,
            Self::Grows => share,
            Self::DiesThenHolds => -(3.0 * share).min(1.0),
            Self::GrowsThenHolds => (3.0 * share).min(1.0),
        }
    }
}

/// Four curves to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct GuessChoice {
    /// The curves, with the shapes that they have or are nearest to.
    pub curves: Vec<(CurveShape, Guess)>,
    /// The index of theory's curve.
    pub right: usize,
}

/// How large the changes of the other curves are at least, in decades, so that they look different on paper.
const LEAST: f64 = 2.0;

impl GuessChoice {
    /// Makes the choice for theory's variances of the layers from 1 on, in an order that the seed and theory fix. Values
    /// beyond `reach` decades from 1 stand at the end of the axis. Returns `None` where theory has no curve, and for a
    /// single layer, which has no shape.
    pub fn new(theory: &[Option<f64>], reach: f64, seed: u64) -> Option<Self> {
        let log = |variance: &Option<f64>| Some(variance.filter(|v| *v >= 0.0)?.log10().clamp(-reach, reach));
        let truth: Vec<f64> = theory.iter().map(log).collect::<Option<_>>()?;
        let (first, last) = (*truth.first()?, truth.len().checked_sub(1).filter(|last| *last > 0)?);
        let size = truth.iter().map(|value| (value - first).abs()).fold(LEAST, f64::max);
        let curve = |shape: CurveShape| -> Vec<f64> {
            (0..=last).map(|index| first + size * shape.at(index as f64 / last as f64)).collect()
        };
        let distance = |shape: CurveShape| {
            curve(shape).iter().zip(&truth).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
        };
        // The nearest shape names the truth. The second nearest goes too, so that no other curve looks like it.
        let mut shapes = CurveShape::ALL.to_vec();
        shapes.sort_by(|one, other| distance(*one).total_cmp(&distance(*other)));
        let mut stream = Stream::new(seed, &format!("guess {:.2} {:.2}", first, truth[last]));
        let nearest = shapes.remove(0);
        let spare = if distance(shapes[0]) < 0.4 * size { 0 } else { stream.below(shapes.len()) };
        shapes.remove(spare);
        let mut curves: Vec<(CurveShape, Guess)> =
            shapes.into_iter().map(|shape| (shape, Guess::through(&curve(shape)))).collect();
        curves.push((nearest, Guess::through(&truth)));
        let mut order: Vec<u32> = (0..curves.len() as u32).collect();
        stream.shuffle(&mut order);
        let right = order.iter().position(|index| *index as usize + 1 == order.len())?;
        Some(Self { curves: order.into_iter().map(|index| curves[index as usize].clone()).collect(), right })
    }
}
