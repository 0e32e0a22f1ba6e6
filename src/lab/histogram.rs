//! How the numbers of one layer are spread, or of all layers one above the other: as they are now, as they were at the
//! start, and what theory expects of the start.

mod words;

use std::sync::Arc;

use super::curve::Table;
use super::metric::{Content, Frame};
use super::prediction::Prediction;
use super::runs::RunMark;
use super::spec::{Model, Role, Scheme, Spec};
use super::state::State;
use crate::science::density::{activations, preactivations};
use crate::science::histogram::{Distribution, HISTOGRAM_BINS};
use crate::science::layer::{LayerId, MatrixId};

/// What a reader chose to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistogramChoice {
    /// Which numbers.
    pub content: Content,
    /// Of which matrix of each block (GPT). One that has no such numbers gives way to the first that has.
    pub role: Role,
    /// Of which layer alone; with none, of all.
    pub layer: Option<LayerId>,
    /// Whether each layer is drawn in units of its own root mean square, and not all on one axis.
    pub own_units: bool,
}

/// The distributions of one matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramRow {
    /// Which matrix it is of.
    pub id: MatrixId,
    /// As it is now; `None` where it is not measured, or where a number left f32.
    pub now: Option<Distribution>,
    /// As it was at step 0, once training has gone on from there.
    pub start: Option<Distribution>,
    /// What theory expects of step 0.
    pub theory: Option<Distribution>,
    /// The same matrix in the runs that are compared.
    pub others: Vec<(RunMark, Distribution)>,
    /// Whether it is measured, and a number is not finite.
    pub is_broken: bool,
    /// The share of the layer's units that are never active, where that applies.
    pub dead: Option<f64>,
}

/// The distributions of all matrices that a reader chose.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramCurve {
    /// What was chosen.
    pub choice: HistogramChoice,
    /// The matrices, from input to output.
    pub rows: Vec<HistogramRow>,
    /// Whether the measurement is still of the run before, and this run's is on its way.
    pub stale: bool,
}

/// A picture has at most so many layers one above the other: more could not be told apart.
const MOST_ROWS: usize = 14;

impl Default for HistogramChoice {
    fn default() -> Self {
        Self { content: Content::Activations, role: Role::MlpIn, layer: None, own_units: true }
    }
}

impl HistogramChoice {
    /// The roles of matrices among which there is a choice, in a GPT.
    pub fn roles(self, spec: &Spec) -> Vec<Role> {
        let net = spec.architecture();
        if net.model == Model::Mlp {
            return Vec::new();
        }
        match self.content {
            Content::Weights | Content::Gradients => Role::OF_GPT.into_iter().filter(|role| net.has(*role)).collect(),
            Content::Preactivations => vec![Role::Query, Role::Key, Role::Value, Role::MlpIn, Role::Head],
            Content::Activations => vec![Role::MlpIn],
        }
    }

    /// The role that is shown: the chosen one if its matrices have such numbers.
    pub fn shown_role(self, spec: &Spec) -> Option<Role> {
        let roles = self.roles(spec);
        roles.iter().find(|role| **role == self.role).or(roles.last()).copied()
    }

    /// All matrices with such numbers, from input to output, whatever layer is chosen.
    pub fn matrices(self, spec: &Spec) -> Vec<MatrixId> {
        let depth = spec.network.depth;
        let Some(role) = self.shown_role(spec) else {
            let hidden = (1..=depth).map(|number| LayerId::Hidden(number).matrix());
            let output = (self.content != Content::Activations).then(|| LayerId::Output.matrix());
            return hidden.chain(output).collect();
        };
        match role {
            Role::Token | Role::Position => vec![MatrixId { layer: LayerId::Embedding, role }],
            Role::Head => vec![LayerId::Head.matrix()],
            _ => (1..=depth).map(|number| MatrixId { layer: LayerId::Block(number), role }).collect(),
        }
    }

    /// The matrices in the picture: those of the chosen layer, if it has one, or of all layers. Of many they are
    /// evenly chosen, with the first and the last.
    pub fn shown(self, spec: &Spec) -> Vec<MatrixId> {
        let all = self.matrices(spec);
        if let Some(own) = all.iter().find(|id| Some(id.layer) == self.layer) {
            return vec![*own];
        }
        if all.len() <= MOST_ROWS {
            return all;
        }
        let place = |row: usize| (row * (all.len() - 1) + (MOST_ROWS - 1) / 2) / (MOST_ROWS - 1);
        (0..MOST_ROWS).map(|row| all[place(row)]).collect()
    }

    /// What theory expects of the shown matrices at the start. It follows from the spec alone.
    pub fn theory(self, spec: &Spec, prediction: &Prediction) -> Vec<(MatrixId, Option<Distribution>)> {
        let expect = |id: MatrixId| (id, expected(spec, prediction, self.content, id));
        self.shown(spec).into_iter().map(expect).collect()
    }
}

/// What theory expects of some numbers of a matrix at the start. Of gradients it says no more than their size, and of
/// LSUV's weights not even that.
fn expected(spec: &Spec, prediction: &Prediction, content: Content, id: MatrixId) -> Option<Distribution> {
    let net = spec.architecture();
    let variance = || {
        let place = prediction.ids.iter().position(|layer| *layer == id.layer)?;
        prediction.layers[place].preactivation_var.filter(|_| id == id.layer.matrix())
    };
    match content {
        Content::Weights => {
            let site = net.matrices().into_iter().find(|site| site.id() == id)?;
            let plan = spec.plan();
            let is_known = plan.init_of(site.role).scheme != Scheme::Lsuv;
            is_known.then(|| plan.origins(&site, spec.start.bias)[0].distribution(&site))
        }
        Content::Preactivations => preactivations(variance()?),
        // A norm between z and φ makes the variance 1, whatever z is.
        Content::Activations if net.inner_norm() => activations(net.activation, 1.0),
        Content::Activations => activations(net.activation, variance()?),
        Content::Gradients => None,
    }
}

impl HistogramCurve {
    /// The measured histograms beside theory's.
    pub fn new(state: &State, choice: HistogramChoice, theory: &[(MatrixId, Option<Distribution>)]) -> Self {
        let shown = state.shown();
        let initial = state.initial.as_ref().filter(|initial| shown.is_some_and(|frame| frame.step > initial.step));
        let find = |frame: Option<&Frame>, id: MatrixId| {
            let mut all = frame.map_or(&[][..], |frame| &frame.histograms).iter();
            all.find(|histogram| histogram.content == choice.content && histogram.id == id).cloned()
        };
        let others = state.compared().into_iter();
        let others = others.filter_map(|(mark, record)| Some((mark, record.history.last_histograms(state.moment())?)));
        let compared: Vec<(RunMark, &Arc<Frame>)> = others.collect();
        let rows = theory.iter().map(|(id, theory)| {
            let now = find(shown, *id);
            let others =
                compared.iter().filter_map(|(mark, frame)| Some((*mark, find(Some(frame), *id)?.distribution()?)));
            let has_units = matches!(choice.content, Content::Activations | Content::Preactivations);
            let layer = shown.and_then(|frame| frame.layer(id.layer)).filter(|_| has_units && *id == id.layer.matrix());
            HistogramRow {
                id: *id,
                now: now.as_ref().and_then(|now| now.distribution()),
                start: find(initial, *id).and_then(|start| start.distribution()),
                theory: theory.clone(),
                others: others.collect(),
                is_broken: now.is_some_and(|now| now.distribution().is_none()),
                dead: layer.and_then(|layer| layer.dead_units).map(|share| share.0),
            }
        });
        Self { choice, rows: rows.collect(), stale: state.frame.is_none() && state.stale.is_some() }
    }

    /// What a row's numbers are divided by in the picture.
    pub fn unit(&self, row: &HistogramRow) -> f64 {
        let size = row.now.as_ref().or(row.start.as_ref()).or(row.theory.as_ref()).map_or(1.0, size);
        if self.choice.own_units && size > 0.0 { size } else { 1.0 }
    }

    /// The runs that are compared in any row, in the order in which they are drawn.
    pub fn marks(&self) -> Vec<RunMark> {
        let mut marks: Vec<RunMark> = Vec::new();
        for (mark, _) in self.rows.iter().flat_map(|row| &row.others) {
            if !marks.contains(mark) {
                marks.push(*mark);
            }
        }
        marks
    }

    /// The table of what is drawn: of one layer its bins, of several what characterizes each.
    pub fn table(&self) -> Table {
        words::table(self)
    }

    /// The sentences that say what is seen now.
    pub fn remarks(&self) -> Vec<super::diagnosis::Sentence> {
        words::remarks(self)
    }
}

/// The root mean square.
fn size(distribution: &Distribution) -> f64 {
    (distribution.mean * distribution.mean + distribution.std * distribution.std).sqrt()
}

/// The outline of a distribution, of height 1 at its peak: the middles of the bins, with a point at height 0 before and
/// after. Exact zeros are not in it. It has as many points for every distribution, so that a picture can move.
pub fn outline(distribution: &Distribution, unit: f64) -> Vec<(f64, f64)> {
    let peak = distribution.shares.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let middle = |bin: usize| 0.5 * (distribution.edge(bin) + distribution.edge(bin + 1)) / unit;
    let points = distribution.shares.iter().enumerate().map(|(bin, share)| (middle(bin), share / peak));
    let [low, high] = [0, HISTOGRAM_BINS].map(|edge| (distribution.edge(edge) / unit, 0.0));
    std::iter::once(low).chain(points).chain([high]).collect()
}

/// The single value that most numbers of a distribution have, if there is one, and their share: 0, or the mean where
/// all numbers are equal.
pub fn point(distribution: &Distribution, unit: f64) -> (f64, f64) {
    let is_constant = distribution.std == 0.0 && distribution.zeros == 0.0;
    if is_constant { (distribution.mean / unit, 1.0) } else { (0.0, distribution.zeros) }
}

/// From where to where a distribution has numbers worth drawing, with 0 if many are exactly that.
pub fn extent(distribution: &Distribution, unit: f64) -> [f64; 2] {
    let shares = &distribution.shares;
    let peak = shares.iter().copied().fold(0.0, f64::max);
    let is_seen = |share: &f64| *share > 1e-3 * peak;
    let first = shares.iter().position(is_seen).unwrap_or(HISTOGRAM_BINS / 2);
    let last = shares.iter().rposition(is_seen).unwrap_or(HISTOGRAM_BINS / 2 - 1);
    let [low, high] = [first, last + 1].map(|edge| distribution.edge(edge) / unit);
    if distribution.zeros > 0.0 { [low.min(0.0), high.max(0.0)] } else { [low, high] }
}
