//! Computes how far the last update moved each weight matrix, in units of the matrix itself: std(update)/std(weights),
//! the "update:data ratio" of Karpathy's lecture "Building makemore, part 3" (2022), beside what theory says of the
//! first update.

use std::collections::BTreeMap;

use super::curve::{DepthCurve, Quantity, RowLabel, Table};
use super::lang::Lang;
use super::number::show;
use super::prediction::Prediction;
use super::record::RunRecord;
use super::runs::RunMark;
use super::spec::{Model, Optimizer, Role, Scheme, Spec};
use super::state::State;
use crate::science::layer::{LayerId, MatrixId};
use crate::science::site::Site;

/// The ratio that Karpathy's rule of thumb calls healthy, 10⁻³, which he says of log₁₀ as "about −3".
pub const RULE: f64 = 1e-3;
/// Below this ratio the rule of thumb calls an update too slow.
const SLOW: f64 = 1e-4;
/// Above this ratio it calls an update too fast.
const FAST: f64 = 1e-2;

/// The ε that Adam adds to the root of its second moment.
const EPSILON: f64 = 1e-8;

/// One matrix of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixUpdate {
    /// Which matrix it is.
    pub id: MatrixId,
    /// std(last update)/std(weights), of the shown measurement.
    pub measured: Option<f64>,
    /// Theory's ratio of the first update.
    pub predicted: Option<f64>,
}

/// The ratio by matrix, from input to output.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateCurve {
    /// The matrices of the spec on the page.
    pub matrices: Vec<MatrixUpdate>,
    /// The measured ratios of the runs that are compared, each from input to output.
    pub others: Vec<(RunMark, Vec<(MatrixId, f64)>)>,
    /// Whether the measurement is still of the run before, and this run's is on its way.
    pub stale: bool,
    /// Whether the rule of the updates is one of the Adams.
    adam: bool,
    /// Why theory has no line, as the key of a sentence.
    silence: Option<&'static str>,
}

impl UpdateCurve {
    /// The ratios of the shown run beside theory's first update.
    pub fn new(state: &State, prediction: &Prediction) -> Self {
        let spec = state.spec();
        let shown = state.shown();
        let gradients = DepthCurve::new(state, prediction, Quantity::Gradient);
        let silence = silence(spec, &gradients);
        let matrices = spec.architecture().matrices().into_iter().map(|site| {
            let id = site.id();
            let measured = shown.and_then(|frame| frame.weight(id)?.update_ratio).map(|ratio| ratio.0);
            let first = state.initial.as_ref().and_then(|frame| frame.weight(id)).map(|weight| weight.std.0);
            let sigma = first.unwrap_or_else(|| spec.plan().std_at(&site));
            let gradient = gradients.points.iter().find(|point| point.layer == id.layer);
            let gradient = gradient.and_then(|point| point.predicted).filter(|_| !gradients.relative);
            let predicted = if silence.is_some() { None } else { first_ratio(spec, &site, sigma, gradient) };
            MatrixUpdate { id, measured, predicted }
        });
        Self {
            matrices: matrices.collect(),
            others: compared(state),
            stale: state.frame.is_none() && state.stale.is_some(),
            adam: is_adam(spec),
            silence,
        }
    }

    /// Returns the roles that the network's matrices have, in the order of the first matrix of each.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        for matrix in &self.matrices {
            if !roles.contains(&matrix.id.role) {
                roles.push(matrix.id.role);
            }
        }
        roles
    }

    /// Returns sentences that say which matrices the last update moved least and most, and what the rule of thumb says
    /// of them.
    pub fn words(&self, lang: Lang) -> String {
        let ratios = || self.matrices.iter().filter_map(|matrix| Some((matrix.id, matrix.measured?)));
        let count = ratios().count();
        let mut moved: Vec<(MatrixId, f64)> = ratios().filter(|(_, ratio)| *ratio > 0.0 && ratio.is_finite()).collect();
        let still = ratios().filter(|(_, ratio)| *ratio == 0.0).count();
        moved.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let mut sentences = Vec::new();
        let numbers = |few: usize| [("few", few.to_string()), ("count", count.to_string())];
        if let [(least, low), .., (most, high)] = moved[..] {
            let values =
                [("low", show(low)), ("least", lang.matrix(least)), ("high", show(high)), ("most", lang.matrix(most))];
            sentences.push(lang.tell("updates.ends", &values));
            let slow = moved.iter().filter(|(_, ratio)| *ratio < SLOW).count();
            let fast = moved.iter().filter(|(_, ratio)| *ratio > FAST).count();
            sentences.push(lang.text("updates.rule").to_owned());
            match (slow, fast) {
                (0, 0) => sentences.push(lang.text("updates.between").to_owned()),
                _ => {
                    sentences.extend((slow > 0).then(|| lang.tell("updates.slow", &numbers(slow))));
                    sentences.extend((fast > 0).then(|| lang.tell("updates.fast", &numbers(fast))));
                }
            }
        } else if count == 0 {
            sentences.push(lang.text("updates.none").to_owned());
        }
        sentences.extend((still > 0).then(|| lang.tell("updates.still", &numbers(still))));
        let lost = count - moved.len() - still;
        sentences.extend((lost > 0).then(|| lang.tell("updates.lost", &numbers(lost))));
        sentences.join(" ")
    }

    /// Returns what the line of theory is, or why there is none.
    pub fn note(&self, lang: Lang) -> String {
        lang.text(self.silence.unwrap_or(if self.adam { "updates.adam" } else { "updates.sgd" })).to_owned()
    }

    /// Returns the ratios by matrix.
    pub fn table(&self) -> Table {
        let row = |matrix: &MatrixUpdate| (RowLabel::Matrix(matrix.id), vec![matrix.measured, matrix.predicted]);
        let rows =
            |ratios: &[(MatrixId, f64)]| ratios.iter().map(|(id, ratio)| (RowLabel::Matrix(*id), *ratio)).collect();
        let others = self.others.iter().map(|(mark, ratios)| (*mark, rows(ratios)));
        const COLUMNS: &[&str] = &["matrix", "update-ratio", "predicted-update"];
        Table::new(COLUMNS, self.matrices.iter().map(row).collect()).beside(others)
    }
}

/// The ratios of the runs that are compared, at the step that is shown of the present one.
fn compared(state: &State) -> Vec<(RunMark, Vec<(MatrixId, f64)>)> {
    let ratios = |(mark, record): (RunMark, &RunRecord)| {
        let weights = record.at(state.moment())?.weights.iter();
        Some((mark, weights.filter_map(|weight| Some((weight.id, weight.update_ratio?.0))).collect()))
    };
    state.compared().into_iter().filter_map(ratios).collect()
}

/// The ratios of the followed layers over steps, and their table.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateHistory {
    /// The points of each layer, from input to output.
    pub curves: UpdateCourses,
    /// The same of the runs that are compared.
    pub others: Vec<(RunMark, UpdateCourses)>,
    /// The step that the reader looks at, if that is not now.
    pub playhead: Option<u64>,
}

/// The ratios of followed layers, from input to output, each by step.
pub type UpdateCourses = Vec<(LayerId, Vec<(u64, f64)>)>;

impl UpdateHistory {
    /// The kept series of the present run.
    pub fn new(state: &State) -> Self {
        let others = state.compared().into_iter();
        Self {
            curves: state.record.updates.curves(),
            others: others.map(|(mark, record)| (mark, record.updates.curves())).collect(),
            playhead: state.past.as_ref().map(|frame| frame.step),
        }
    }

    /// Returns the course of the first, the middle or the last followed layer, by 0, 1 and 2. A network with two such
    /// layers has no middle one.
    pub fn line(&self, index: usize) -> Option<&(LayerId, Vec<(u64, f64)>)> {
        course(&self.curves, index)
    }

    /// Returns the ratios by step, with a column for each of the three lines.
    pub fn table(&self) -> Table {
        let mut rows: BTreeMap<u64, Vec<Option<f64>>> = BTreeMap::new();
        for column in 0..3 {
            for (step, ratio) in self.line(column).into_iter().flat_map(|(_, points)| points) {
                rows.entry(*step).or_insert_with(|| vec![None; 3])[column] = Some(*ratio);
            }
        }
        let rows = rows.into_iter().map(|(step, ratios)| (RowLabel::Number(step.to_string()), ratios));
        Table::new(&["step", "first-layer", "middle-layer", "last-layer"], rows.collect())
    }

    /// Returns sentences that say where each followed layer began, and where it is at the step that the reader looks
    /// at.
    pub fn words(&self, lang: Lang) -> String {
        let moment = self.playhead.unwrap_or(u64::MAX);
        let ends = self.curves.iter().filter_map(|(layer, points)| {
            let last = points.iter().rev().find(|(step, _)| *step <= moment);
            let ((from, first), (to, last)) = points.first().zip(last)?;
            let values = [
                ("layer", lang.layer(*layer)),
                ("first", show(*first)),
                ("from", from.to_string()),
                ("last", show(*last)),
                ("to", to.to_string()),
            ];
            Some(lang.tell("updates.course", &values))
        });
        let courses: Vec<String> = ends.collect();
        if courses.is_empty() {
            return lang.text("updates.none").to_owned();
        }
        lang.fill("updates.courses", &[("courses", &courses.join("; "))]) + " " + lang.text("updates.rule")
    }
}

/// The first, the middle or the last of some courses, by 0, 1 and 2.
pub fn course(courses: &UpdateCourses, index: usize) -> Option<&(LayerId, Vec<(u64, f64)>)> {
    match (index, courses.len()) {
        (0, _) => courses.first(),
        (1, 3) => courses.get(1),
        (2, count @ 2..) => courses.get(count - 1),
        _ => None,
    }
}

fn is_adam(spec: &Spec) -> bool {
    matches!(spec.training.optimizer, Optimizer::Adam | Optimizer::AdamW)
}

/// The key of the sentence that says why theory has no first update for this network, if it has none.
fn silence(spec: &Spec, gradients: &DepthCurve) -> Option<&'static str> {
    if spec.start.scheme == Scheme::Mup {
        // Each matrix has a rate of its own, by the engine's table.
        Some("updates.no-mup")
    } else if is_adam(spec) {
        None
    } else if spec.network.model == Model::Gpt {
        Some("updates.no-blocks")
    } else if spec.training.clip > 0.0 {
        Some("updates.no-clip")
    } else if gradients.points.iter().all(|point| point.predicted.is_none()) {
        Some("updates.no-gradient")
    } else {
        gradients.relative.then_some("updates.no-anchor")
    }
}

/// Theory's ratio of the first update, for weights with the standard deviation σ and gradients with the root mean
/// square g, the decay λ and the rate η of the first step.
///
/// ```text
/// SGD, momentum   Δw = −η·(g + λw)         a = η·g
/// Adam            Δw = −η·g/(|g| + ε)      a = η·g/(g + ε)      with g + λw for g
/// AdamW           Δw = −η·g/(|g| + ε) − ηλw
/// std(Δw) = √(a² + (ηλσ)²)      std(w + Δw) = √(a² + (1 − ηλ)²·σ²)
/// ```
///
/// The first update does not know the weights beyond its decay, so variances add up.
fn first_ratio(spec: &Spec, site: &Site, sigma: f64, gradient: Option<f64>) -> Option<f64> {
    let training = &spec.training;
    let rate = training.lr / training.warmup.max(1) as f64;
    let part = |gradient: f64| rate * gradient / (gradient + EPSILON);
    let coupled = |gradient: f64| libm::hypot(gradient, training.wd * sigma);
    let (own, decay) = match training.optimizer {
        // The rows of characters that a batch does not have get no gradient, unless the head shares the table.
        _ if site.role == Role::Token && !spec.network.tied => return None,
        Optimizer::Sgd | Optimizer::Momentum => (rate * gradient?, rate * training.wd),
        Optimizer::Adam => (gradient.map_or(rate, |gradient| part(coupled(gradient))), 0.0),
        Optimizer::AdamW => (gradient.map_or(rate, part), rate * training.wd),
    };
    let update = (own * own + decay * decay * sigma * sigma).sqrt();
    let kept = (1.0 - decay) * sigma;
    Some(update / (own * own + kept * kept).sqrt()).filter(|ratio| sigma > 0.0 && ratio.is_finite() && *ratio > 0.0)
}
