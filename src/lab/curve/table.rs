//! The numbers of a chart row by row, as the page and a CSV file show them.

use super::{DepthCurve, Quantity};
use crate::lab::lang::Lang;
use crate::lab::number::Number;
use crate::lab::prediction::Prediction;
use crate::lab::runs::RunMark;
use crate::lab::spec::Model;
use crate::lab::spreadsheet::{Spreadsheet, SpreadsheetCell};
use crate::lab::state::State;
use crate::science::layer::{LayerId, MatrixId};

/// The table of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The keys of the columns' titles, below `table.`.
    pub columns: &'static [&'static str],
    /// The other runs that have a column each, after the others.
    pub others: Vec<RunMark>,
    /// The rows: what each is about, and a number for each further column.
    pub rows: Vec<(RowLabel, Vec<Option<f64>>)>,
}

/// What a row of a table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowLabel {
    /// It is about a layer.
    Layer(LayerId),
    /// It is about a matrix.
    Matrix(MatrixId),
    /// It is about a head of attention, by its block and its number there, from 1.
    Head(LayerId, usize),
    /// It is about the network that is shown, in a table that has others too.
    Here,
    /// It is about a number, in the form in which a person reads it.
    Number(String),
}

impl RowLabel {
    /// The label for programs, which is the same in every language.
    pub fn id(&self) -> String {
        match self {
            Self::Layer(layer) => layer.to_string(),
            Self::Matrix(matrix) => matrix.to_string(),
            Self::Head(block, head) => format!("{block}.head.{head}"),
            Self::Here => "here".to_owned(),
            Self::Number(number) => number.clone(),
        }
    }
}

impl DepthCurve {
    /// The values of the pinned runs in a layer. The ghost is for the eye: nobody asked for its numbers.
    fn others_at(&self, layer: LayerId) -> impl Iterator<Item = Option<f64>> {
        self.others.iter().filter(|other| other.mark.is_pinned()).map(move |other| other.at(layer))
    }

    fn marks(&self) -> Vec<RunMark> {
        self.others.iter().map(|other| other.mark).filter(|mark| mark.is_pinned()).collect()
    }
}

impl Table {
    /// A table of one run alone.
    pub fn new(columns: &'static [&'static str], rows: Vec<(RowLabel, Vec<Option<f64>>)>) -> Self {
        Self { columns, others: Vec::new(), rows }
    }

    /// The table with a column for each pinned run, of its values by row. A row that this run has not comes after the
    /// others.
    pub fn beside(mut self, others: impl IntoIterator<Item = (RunMark, Vec<(RowLabel, f64)>)>) -> Self {
        for (mark, values) in others.into_iter().filter(|(mark, _)| mark.is_pinned()) {
            let width = self.columns.len() - 1 + self.others.len();
            self.others.push(mark);
            self.rows.iter_mut().for_each(|(_, row)| row.push(None));
            for (label, value) in values {
                match self.rows.iter_mut().find(|(known, _)| *known == label) {
                    Some((_, row)) => row[width] = Some(value),
                    None => self.rows.push((label, [vec![None; width], vec![Some(value)]].concat())),
                }
            }
        }
        self
    }

    /// The table of the variances before and after the activation.
    pub fn variance(state: &State, prediction: &Prediction) -> Self {
        let before = DepthCurve::new(state, prediction, Quantity::Preactivation).points;
        let after = DepthCurve::new(state, prediction, Quantity::Activation);
        let rows = before.into_iter().zip(&after.points).map(|(pre, post)| {
            let low = post.band.map(|(low, _)| low);
            let high = post.band.map(|(_, high)| high);
            let mut values = vec![pre.measured, post.measured, pre.predicted, post.predicted, low, high];
            values.extend(after.others_at(pre.layer));
            (RowLabel::Layer(pre.layer), values)
        });
        const COLUMNS: &[&str] = &["layer", "pre", "post", "predicted-pre", "predicted-post", "low", "high"];
        Self { columns: COLUMNS, rows: rows.collect(), others: after.marks() }
    }

    /// The table of the gradients' sizes.
    pub fn gradient(state: &State, prediction: &Prediction) -> Self {
        let curve = DepthCurve::new(state, prediction, Quantity::Gradient);
        let rows = curve.points.iter().map(|point| {
            let values = [point.measured, point.predicted].into_iter().chain(curve.others_at(point.layer));
            (RowLabel::Layer(point.layer), values.collect())
        });
        let columns = &["layer", "gradient", "predicted-gradient"];
        Self { columns, rows: rows.collect(), others: curve.marks() }
    }

    /// The table of what still tells inputs apart, and what tells the positions of one text apart.
    pub fn share(state: &State, prediction: &Prediction) -> Self {
        let curve = DepthCurve::new(state, prediction, Quantity::Share);
        let frame = state.shown();
        const ALL: &[&str] = &["layer", "share", "predicted-share", "position-share", "predicted-position-share"];
        let is_gpt = state.spec().network.model == Model::Gpt;
        let rows = curve.points.iter().zip(&prediction.layers).map(|(point, theory)| {
            let layer = frame.and_then(|frame| frame.layer(point.layer));
            let position = layer.and_then(|layer| layer.position_share).map(|Number(share)| share);
            let mut values = vec![point.measured, point.predicted];
            if is_gpt {
                values.extend([position, theory.position_share]);
            }
            values.extend(curve.others_at(point.layer));
            (RowLabel::Layer(point.layer), values)
        });
        let columns = if is_gpt { ALL } else { &ALL[..3] };
        Self { columns, rows: rows.collect(), others: curve.marks() }
    }

    /// The table of the shares of dead units, or of saturated activations.
    pub fn dead(state: &State, prediction: &Prediction) -> Self {
        let curve = DepthCurve::new(state, prediction, Quantity::Dead);
        let frame = state.shown();
        let rows = curve.points.iter().map(|point| {
            let layer = frame.and_then(|frame| frame.layer(point.layer));
            let number = |number: Option<Number>| number.map(|Number(share)| share);
            let shares = layer.map_or([None; 2], |layer| [number(layer.dead_units), number(layer.saturated_share)]);
            let values = shares.into_iter().chain([point.initial, point.predicted]);
            (RowLabel::Layer(point.layer), values.chain(curve.others_at(point.layer)).collect())
        });
        let columns = &["layer", "dead", "saturated", "at-start", "predicted-saturated"];
        Self { columns, rows: rows.collect(), others: curve.marks() }
    }

    /// The table for other programs, with the titles and names that are the same in every language.
    pub fn for_programs(&self) -> Spreadsheet {
        let titles = self.columns.iter().map(|&key| key.to_owned());
        let others = self.others.iter().map(|mark| format!("run-{}", mark.id()));
        self.spreadsheet(titles.chain(others), RowLabel::id)
    }

    /// The table with the titles and names that a person reads.
    pub fn in_words(&self, lang: Lang) -> Spreadsheet {
        let titles = self.columns.iter().map(|key| lang.text(&format!("table.{key}")).to_owned());
        self.spreadsheet(titles.chain(self.others.iter().map(|mark| lang.mark(*mark))), |label| lang.row(label))
    }

    fn spreadsheet(&self, titles: impl Iterator<Item = String>, name: impl Fn(&RowLabel) -> String) -> Spreadsheet {
        let rows = self.rows.iter().map(|(label, values)| {
            let numbers = values.iter().map(|value| SpreadsheetCell::Number(*value));
            [SpreadsheetCell::Text(name(label))].into_iter().chain(numbers).collect()
        });
        Spreadsheet([titles.map(SpreadsheetCell::Text).collect()].into_iter().chain(rows).collect())
    }
}
