//! The scores q·k by the width d, and what softmax makes of some of them before and after they are divided by √d.

use super::{Remark, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::spec::Spec;
use crate::science::toy::scores::{Scores, entropy, softmax};

/// From which largest probability on a softmax is said to see one key alone.
const SHARP: f64 = 0.9;

/// The spread of scores, and two softmaxes.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCurve {
    /// σ of the entries of q and k.
    pub sigma: f64,
    /// The standard deviation of the scores for d = 2, 3, ….
    pub measured: Vec<f64>,
    /// σ²·√d for the same d.
    pub expected: Vec<f64>,
    /// The scores of one query with each key, at the largest d.
    pub scores: Vec<f64>,
    /// Their softmax.
    pub before: Vec<f64>,
    /// The softmax of the scores divided by √d.
    pub after: Vec<f64>,
}

/// The smallest width, from which the courses count.
pub const FIRST_WIDTH: usize = 2;

impl ScoreCurve {
    /// Returns the curve of a spec.
    pub fn new(spec: &Spec) -> Self {
        let (width, sigma, keys) = (spec.network.width, spec.start.std, spec.network.context);
        let unit = sigma * sigma;
        let drawn = Scores::new(width, spec.run.seed);
        let expected = (FIRST_WIDTH..=width).map(|d| unit * (d as f64).sqrt());
        let scores: Vec<f64> = drawn.first.iter().take(keys).map(|score| unit * score).collect();
        let root = (width as f64).sqrt();
        Self {
            sigma,
            measured: drawn.stds.iter().skip(FIRST_WIDTH - 1).map(|std| unit * std).collect(),
            expected: expected.collect(),
            before: softmax(&scores, 1.0),
            after: softmax(&scores, 1.0 / root),
            scores,
        }
    }

    /// Returns the spreads by width as a table.
    pub fn sizes(&self) -> Table {
        let rows =
            self.measured.iter().zip(&self.expected).zip(FIRST_WIDTH..).map(|((measured, expected), d)| {
                (RowLabel::Number(d.to_string()), vec![Some(*measured), Some(*expected)])
            });
        Table::new(&["width-d", "std-scores", "std-expected"], rows.collect())
    }

    /// Returns the softmaxes by key as a table.
    pub fn shares(&self) -> Table {
        let rows = (0..self.scores.len()).map(|key| {
            let values = [self.scores[key], self.before[key], self.after[key]].map(Some);
            (RowLabel::Number((key + 1).to_string()), values.to_vec())
        });
        Table::new(&["key", "score", "softmax-before", "softmax-after"], rows.collect())
    }

    /// Returns what is said of the scores.
    pub fn remark(&self, lang: Lang) -> Remark {
        let most = |shares: &[f64]| shares.iter().copied().fold(0.0, f64::max);
        let (before, after) = (most(&self.before), most(&self.after));
        let (id, mark) = match (before > SHARP, after > SHARP) {
            (true, true) => ("scores-sharp", "vanishing"),
            (true, false) => ("scores-root", "none"),
            (false, _) => ("scores-even", "steady"),
        };
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        let values = [
            ("d", (self.measured.len() + FIRST_WIDTH - 1).to_string()),
            ("std", show(self.measured.last().copied().unwrap_or_default())),
            ("expected", show(self.expected.last().copied().unwrap_or_default())),
            ("keys", self.scores.len().to_string()),
            ("before", percent(before)),
            ("after", percent(after)),
            ("sharp", show(entropy(&self.before))),
            ("soft", show(entropy(&self.after))),
            ("even", show(libm::log(self.scores.len() as f64))),
        ];
        let tell = |key: &str| lang.tell(&format!("toy.{key}"), &values);
        Remark { id, mark, words: join(vec![tell("scores-size"), tell("scores-shares")]) }
    }
}
