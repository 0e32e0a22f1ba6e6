//! The singular values of a matrix or of the Jacobian: what the chart shows, in numbers and in words.

mod words;

use super::curve::{RowLabel, Table};
use super::inspection::{Inspection, Looks, Subject};
use super::number::Number;
use super::prediction::mlp_theory;
use super::runs::RunMark;
use super::spec::{Model, Scheme, Spec, first_shape};
use crate::science::layer::MatrixId;
use crate::science::marchenko::{MarchenkoPastur, SingularLaw};
use crate::science::singular::LEAST_SHARE;

/// What the chart of singular values is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpectrumChoice {
    /// The derivative of the last hidden layer's output with respect to the input. In a GPT it is that of the stream
    /// behind all blocks with respect to the stream behind the embedding, at the last position of a text.
    Hidden,
    /// The derivative of the logits with respect to the same.
    Logits,
    /// A weight matrix.
    Matrix(MatrixId),
}

impl SpectrumChoice {
    /// Everything that a network has singular values of.
    pub fn all(spec: &Spec) -> Vec<Self> {
        let matrices = spec.architecture().matrices().into_iter().map(|site| Self::Matrix(site.id()));
        [Self::Hidden, Self::Logits].into_iter().chain(matrices).collect()
    }

    /// What has to be looked into.
    pub fn subject(self) -> Subject {
        match self {
            Self::Hidden | Self::Logits => Subject::Jacobian,
            Self::Matrix(id) => Subject::Matrix(id),
        }
    }

    /// The singular values that came of a look, from the largest to the smallest, those of all examples together.
    fn values(self, inspection: &Inspection) -> Option<Vec<f64>> {
        let plain = |values: &[Number]| values.iter().map(|value| value.0).collect::<Vec<f64>>();
        let mut values: Vec<f64> = match (self, inspection) {
            (Self::Matrix(id), Inspection::Matrix(spectrum)) if spectrum.matrix == id => plain(&spectrum.values),
            (Self::Hidden, Inspection::Jacobian(spectrum)) => plain(&spectrum.hidden.concat()),
            (Self::Logits, Inspection::Jacobian(spectrum)) => plain(&spectrum.logits.concat()),
            _ => return None,
        };
        values.sort_by(|a, b| b.total_cmp(a));
        Some(values)
    }
}

/// The chart of singular values.
#[derive(Clone, Debug, PartialEq)]
pub struct SpectrumCurve {
    /// What it is about.
    pub choice: SpectrumChoice,
    /// The newest look: its step, and the singular values from the largest to the smallest.
    pub now: Option<(u64, Vec<f64>)>,
    /// The first look, if it was at an earlier step.
    pub first: Option<(u64, Vec<f64>)>,
    /// Where theory expects those of a matrix at the start.
    pub law: Option<SingularLaw>,
    /// Where those of a random matrix lie that is as large, in its sides and in its numbers, as this one now.
    pub random: Option<MarchenkoPastur>,
    /// The root mean square that theory expects of a Jacobian's at the start.
    pub expected: Option<f64>,
    /// The newest looks at the same in the runs that are compared.
    pub others: Vec<ComparedSpectrum>,
}

/// The singular values of another run, from the largest to the smallest.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedSpectrum {
    /// How the run is marked.
    pub mark: RunMark,
    /// The step at which it was looked into.
    pub step: u64,
    /// The singular values.
    pub values: Vec<f64>,
}

/// Numbers about singular values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpectrumSpan {
    /// The largest one.
    pub largest: f64,
    /// The smallest one.
    pub smallest: f64,
    /// The root of their mean square.
    pub rms: f64,
    /// The largest over the smallest, where f32 can tell the smallest from 0.
    pub condition: Option<f64>,
}

/// How many singular values lie between neighbouring edges.
#[derive(Clone, Debug, PartialEq)]
pub struct SpectrumBins {
    /// The edges, one more than there are counts.
    pub edges: Vec<f64>,
    /// Whether they are at equal ratios.
    pub logarithmic: bool,
    /// The share of the singular values in each bin now; none in any where they were not measured.
    pub now: Vec<f64>,
    /// The same at the first look.
    pub first: Option<Vec<f64>>,
    /// The same in the runs that are compared.
    pub others: Vec<(RunMark, Vec<f64>)>,
}

/// The bins of the chart.
const BINS: usize = 32;

impl SpectrumCurve {
    /// What is known of one choice in a run of these settings, from what was looked into there and in others.
    pub fn new(spec: &Spec, looks: &Looks, others: &[(RunMark, Looks)], choice: SpectrumChoice) -> Self {
        let found = |looks: &Looks| -> Vec<(u64, Vec<f64>)> {
            let newest = looks.spectra.iter().rev();
            newest.filter_map(|(step, look)| Some((*step, choice.values(look)?))).collect()
        };
        let mut own = found(looks).into_iter();
        let (now, first) = (own.next(), own.next());
        let compared = |(mark, looks): &(RunMark, Looks)| {
            let (step, values) = found(looks).into_iter().next()?;
            Some(ComparedSpectrum { mark: *mark, step, values })
        };
        let sides = looks.spectra.iter().rev().find_map(|(_, look)| match (choice, look) {
            (SpectrumChoice::Matrix(id), Inspection::Matrix(found)) if found.matrix == id => Some(found.sides),
            _ => None,
        });
        // The sum of the squares of all entries is that of all singular values.
        let random = sides.zip(now.as_ref()).map(|(sides, (_, values))| {
            let std = SpectrumSpan::of(values).rms / (sides[0].max(sides[1]) as f64).sqrt();
            MarchenkoPastur::new(sides, std)
        });
        let law = if let SpectrumChoice::Matrix(id) = choice { law(spec, id) } else { None };
        let others = others.iter().filter_map(compared).collect();
        Self { choice, random, law, expected: expected(spec, choice), now, first, others }
    }

    /// The table: the singular values one by one, beside those at the first look and those of theory.
    pub fn table(&self) -> Table {
        let values = |look: &Option<(u64, Vec<f64>)>| look.as_ref().map_or(Vec::new(), |(_, values)| values.clone());
        let (now, first) = (values(&self.now), values(&self.first));
        let law = self.law.map_or(Vec::new(), |law| law.quantiles(now.len()));
        let label = |at: usize| RowLabel::Number((at + 1).to_string());
        let row = |at: usize| {
            let of = |values: &[f64]| values.get(at).copied();
            (label(at), vec![of(&now), of(&first), of(&law)])
        };
        let columns = &["singular-rank", "singular-now", "singular-first", "singular-theory"];
        let ranked = |other: &ComparedSpectrum| {
            let values = other.values.iter().enumerate();
            (other.mark, values.map(|(at, value)| (label(at), *value)).collect())
        };
        Table::new(columns, (0..now.len()).map(row).collect()).beside(self.others.iter().map(ranked))
    }

    /// The histogram; `None` before the first look, and where no other run was looked into.
    pub fn bins(&self) -> Option<SpectrumBins> {
        let now = self.now.as_ref().map(|(_, values)| values);
        if now.is_none() && self.others.is_empty() {
            return None;
        }
        let first = self.first.as_ref().map(|(_, values)| values);
        let all = || {
            let others = self.others.iter().flat_map(|other| &other.values);
            now.into_iter().flatten().chain(first.into_iter().flatten()).chain(others)
        };
        let edges_of_law = self.law.map_or([0.0; 2], |law| law.edges());
        let highest = all().copied().fold(edges_of_law[1], f64::max);
        let logarithmic = !matches!(self.choice, SpectrumChoice::Matrix(_)) && highest > 0.0;
        let [low, high] = if logarithmic {
            let least = all().copied().filter(|s| *s > LEAST_SHARE * highest).fold(highest, f64::min);
            // The outer bins stay empty, so that nothing touches the frame; a single value is a narrow bar.
            let (low, high) = (libm::log10(least), libm::log10(highest));
            let room = (0.08 * (high - low)).max(0.05);
            [low - room, high + room]
        } else {
            [0.0, if highest > 0.0 { 1.06 * highest } else { 1.0 }]
        };
        let place = |s: f64| if logarithmic { libm::log10(s) } else { s };
        let counted = |values: &[f64]| {
            let mut bins = vec![0.0; BINS];
            for value in values {
                // What is 0, or as good as 0, stands in the first bin of a logarithmic axis.
                let at = (place(*value) - low) / (high - low) * BINS as f64;
                bins[(at.max(0.0) as usize).min(BINS - 1)] += 1.0 / values.len() as f64;
            }
            bins
        };
        let edge = |at: usize| low + (high - low) * at as f64 / BINS as f64;
        let edges = (0..=BINS).map(edge).map(|x| if logarithmic { libm::pow(10.0, x) } else { x }).collect();
        let others = self.others.iter().map(|other| (other.mark, counted(&other.values))).collect();
        Some(SpectrumBins {
            edges,
            logarithmic,
            now: now.map_or(vec![0.0; BINS], |values| counted(values)),
            first: first.map(|values| counted(values)),
            others,
        })
    }
}

impl SpectrumSpan {
    /// The span of singular values that stand from the largest to the smallest.
    pub fn of(values: &[f64]) -> Self {
        let (largest, smallest) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
        // The scale is taken off before anything is squared.
        let square = |s: &f64| if largest > 0.0 { (s / largest) * (s / largest) } else { 0.0 };
        let rms = largest * (values.iter().map(square).sum::<f64>() / values.len().max(1) as f64).sqrt();
        let condition = (smallest > LEAST_SHARE * largest).then(|| largest / smallest);
        Self { largest, smallest, rms, condition }
    }
}

/// Where the singular values of a matrix lie at the start. LSUV scales its matrices by what they do to the data, so that
/// there theory does not say.
fn law(spec: &Spec, id: MatrixId) -> Option<SingularLaw> {
    let plan = spec.plan();
    let site = spec.architecture().matrices().into_iter().find(|site| site.id() == id)?;
    let scheme = plan.init_of(site.role).scheme;
    (scheme != Scheme::Lsuv).then(|| plan.origins(&site, None)[0].singular_law(site.fans))
}

/// The root mean square singular value of a Jacobian at the start: ‖J‖² over the number of its singular values.
fn expected(spec: &Spec, choice: SpectrumChoice) -> Option<f64> {
    if spec.network.model != Model::Mlp {
        return None;
    }
    let shape = first_shape(spec);
    let (at, units) = match choice {
        SpectrumChoice::Hidden => (0, spec.architecture().units(spec.network.depth)),
        SpectrumChoice::Logits => (1, shape.classes),
        SpectrumChoice::Matrix(_) => return None,
    };
    let square = mlp_theory(spec).jacobian_squares()?[at];
    Some((square / units.min(shape.features) as f64).sqrt())
}
