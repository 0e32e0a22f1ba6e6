//! Computes the charts of theory alone, which stand beside no measurement. A chart is computed only while somebody
//! looks at it.

mod attention;
mod cobweb;
mod plane;

pub use attention::AttentionCurve;
pub use cobweb::Cobweb;
pub use plane::{Plane, Regime};

use super::curve::Table;
use super::lang::Lang;
use super::prediction::Prediction;
use super::spec::{Model, Norm, Scheme, Spec};
use super::view::Chart;
use crate::science::lsuv::room;
use crate::science::moments::log_moments;

/// Returns why the charts of theory have nothing to say about this network, as the key of a sentence, or `None` if they
/// have.
pub fn absent(spec: &Spec) -> Option<&'static str> {
    if !spec.plan().is_random() {
        Some("assumption.random")
    } else if spec.network.model == Model::Mlp && (spec.network.norm != Norm::None || spec.network.residual) {
        Some("theory.plain")
    } else {
        None
    }
}

/// Returns whether a chart, of theory or not, has something to show for this network.
pub fn has_chart(chart: Chart, spec: &Spec) -> bool {
    chart.applies(spec) && !(Chart::THEORY.contains(&chart) && absent(spec).is_some())
}

/// What one of the theory charts shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Insight {
    /// The plane of σ_w and σ_b, between order and chaos.
    Phase(Plane),
    /// The map of the correlation of two inputs.
    Correlation(Cobweb),
    /// The sharpness of attention by block.
    Attention(AttentionCurve),
}

impl Insight {
    /// Computes a chart of `Chart::THEORY`.
    pub fn new(chart: Chart, spec: &Spec, prediction: &Prediction) -> Self {
        match chart {
            Chart::Phase => Self::Phase(Plane::new(spec, prediction)),
            Chart::Correlation => Self::Correlation(Cobweb::new(spec)),
            _ => Self::Attention(AttentionCurve::new(spec, prediction)),
        }
    }

    /// Returns sentences that say what the chart shows, what this means and what it assumes.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Phase(plane) => plane.words(lang),
            Self::Correlation(cobweb) => cobweb.words(lang),
            Self::Attention(curve) => curve.words(lang),
        }
    }

    /// Returns the numbers of the chart as a table.
    pub fn table(&self) -> Table {
        match self {
            Self::Phase(plane) => plane.table(),
            Self::Correlation(cobweb) => cobweb.table(),
            Self::Attention(curve) => curve.table(),
        }
    }
}

/// A plain perceptron as phase theory sees it, with one σ_w² = n_in·`E[w²]` and one σ_b² for all layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// σ_w² of the first square layer, which stands for all of them; with dropout it is divided by 1 − p.
    pub weight_var: f64,
    /// σ_b², the variance of the biases.
    pub bias_var: f64,
    /// Whether another hidden layer has a different σ_w². The first layer, with its own fan, does not count.
    pub uneven: bool,
}

impl Setting {
    /// Returns the setting of a perceptron's spec.
    pub fn of(spec: &Spec) -> Self {
        let plan = spec.plan();
        let sites = spec.architecture().matrices();
        // This is the index of the first square matrix, or of the only one.
        let second = usize::from(spec.network.depth > 1);
        let weight_var = |index: usize| sites[index].fans.fan_in as f64 * plan.second_moment(&sites[index]);
        let first = weight_var(second);
        let uneven = (second..spec.network.depth).any(|index| (weight_var(index) / first - 1.0).abs() > 1e-9);
        let bias_var = plan.init.bias_var(sites[second].fans, spec.start.bias);
        let weight_var = match room(bias_var) {
            // LSUV scales the weights so that the variance of z is 1.
            Some(room) if spec.start.scheme == Scheme::Lsuv => room * libm::exp(-log_moments(spec.phi(), 0.0).second),
            _ => first,
        };
        let weight_var = weight_var / (1.0 - spec.training.dropout);
        Self { weight_var, bias_var, uneven: uneven && spec.start.scheme != Scheme::Lsuv }
    }
}

/// Joins sentences with spaces, and leaves out empty ones.
fn join(sentences: &[String]) -> String {
    let mut text = String::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    text
}
