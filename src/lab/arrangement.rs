//! Decides which of the charts that stand together take more or less than half of a row.

use super::view::Chart;

/// How the charts of a stage share its rows, where there is room for more than one beside another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// The place of the chart that has no partner, and takes its row.
    pub alone: Option<usize>,
    /// Whether gradient, loss and the one chart beside them stand three in a row, where there is room.
    pub in_threes: bool,
    /// Whether the variance is there, which is the largest: the others are lower then.
    pub has_variance: bool,
}

impl Arrangement {
    /// The arrangement of charts by their ids, in their order; those that take their own row always are among them.
    pub fn of(charts: &[&str]) -> Self {
        let has = |chart: Chart| charts.contains(&chart.id());
        let wide = [Chart::Variance, Chart::Digits, Chart::Path].map(Chart::id);
        let mut halves = (0..charts.len()).filter(|at| !wide.contains(&charts[*at]));
        let last = halves.next_back();
        // With those before it, the last one makes an odd number where they are even.
        let alone = last.filter(|_| halves.count() % 2 == 0);
        Self {
            alone,
            in_threes: has(Chart::Gradient)
                && has(Chart::Loss)
                && has(Chart::Weights) != has(Chart::Share)
                && !has(Chart::Attention)
                && !has(Chart::Boundary),
            has_variance: has(Chart::Variance),
        }
    }
}
