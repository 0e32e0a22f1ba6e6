//! What the chart of singular values shows now, in sentences.

use super::{SpectrumChoice, SpectrumCurve, SpectrumSpan};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::spec::{Model, Role, Scheme, Spec};
use crate::science::layer::{LayerId, MatrixId};
use crate::science::marchenko::SingularLaw;

/// Singular values count as equal up to this ratio.
const EQUAL: f64 = 1.02;
/// All directions count as treated alike up to this ratio, and as kept in size up to this factor.
const ALIKE: f64 = 2.0;

impl SpectrumChoice {
    /// Its name for a person.
    pub fn name(self, model: Model, lang: Lang) -> String {
        match self {
            Self::Hidden if model == Model::Gpt => lang.text("spectrum.blocks").to_owned(),
            Self::Logits if model == Model::Gpt => lang.text("spectrum.blocks-logits").to_owned(),
            Self::Hidden => lang.text("spectrum.hidden").to_owned(),
            Self::Logits => lang.text("spectrum.logits").to_owned(),
            Self::Matrix(MatrixId { layer, role }) => match layer {
                LayerId::Embedding | LayerId::Block(_) => {
                    format!("{} · {}", lang.layer(layer), lang.text(&format!("role.{}", Role::id(role))))
                }
                _ => lang.layer(layer),
            },
        }
    }
}

impl SpectrumCurve {
    /// Says what is seen, beside what theory expects.
    pub fn words(&self, spec: &Spec, lang: Lang) -> String {
        let name = ("name", self.choice.name(spec.network.model, lang));
        let Some((step, values)) = &self.now else {
            let before = lang.tell("spectrum.before", &[name]);
            return [Some(before), self.theory(lang)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        };
        let span = SpectrumSpan::of(values);
        let [small, large, rms] = [span.smallest, span.largest, span.rms].map(show);
        let told = [name, ("step", step.to_string()), ("small", small), ("large", large), ("rms", rms)];
        let (key, found) = match self.choice {
            SpectrumChoice::Matrix(_) => ("spectrum.matrix", self.found(values, &span, spec, lang)),
            _ if spec.network.model == Model::Gpt => ("spectrum.jacobian-text", self.isometry(&span, spec, lang)),
            _ => ("spectrum.jacobian", self.isometry(&span, spec, lang)),
        };
        [Some(lang.tell(key, &told)), self.theory(lang), found].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What theory expects at the start.
    fn theory(&self, lang: Lang) -> Option<String> {
        if let Some(rms) = self.expected {
            return Some(lang.tell("spectrum.expected", &[("rms", show(rms))]));
        }
        let [low, high] = self.law?.edges().map(show);
        let key = match self.law? {
            SingularLaw::Spread(_) => "spectrum.spread",
            SingularLaw::Same(_) => "spectrum.same",
            SingularLaw::Single(0.0) => "spectrum.zero",
            SingularLaw::Single(_) => "spectrum.single",
        };
        Some(lang.tell(key, &[("low", low), ("high", high)]))
    }

    /// How a matrix's singular values differ from those it was drawn with.
    fn found(&self, values: &[f64], span: &SpectrumSpan, spec: &Spec, lang: Lang) -> Option<String> {
        // A matrix that has grown is as random as before, and one that began with more stays so. Few numbers that are
        // not 0 reach further than independent ones would.
        let own = self.first.as_ref().map_or(0.0, |(_, first)| first.first().copied().unwrap_or(0.0));
        let grown = self.random.map_or(0.0, |law| law.highest());
        let count = |edge: f64| values.iter().filter(|s| **s > edge.max(grown).max(own)).count();
        let trained = spec.start.scheme != Scheme::Sparse && self.now.as_ref().is_some_and(|(step, _)| *step > 0);
        let all = ("all", values.len().to_string());
        let condition = || {
            Some(match span.condition {
                _ if span.largest == 0.0 => lang.text("spectrum.nothing").to_owned(),
                Some(ratio) => lang.tell("spectrum.condition", &[("ratio", show(ratio))]),
                None => lang.text("spectrum.singular").to_owned(),
            })
        };
        match self.law {
            Some(SingularLaw::Spread(law)) => match count(law.highest()) {
                0 => Some(lang.text("spectrum.inside").to_owned()),
                count => {
                    let key = if trained { "spectrum.beyond" } else { "spectrum.above" };
                    Some(lang.tell(key, &[("count", count.to_string()), all]))
                }
            },
            Some(SingularLaw::Same(_)) if span.condition.is_some_and(|ratio| ratio <= EQUAL) => {
                Some(lang.text("spectrum.equal").to_owned())
            }
            _ => condition(),
        }
    }

    /// Whether the network keeps small differences of its input, in all directions.
    fn isometry(&self, span: &SpectrumSpan, spec: &Spec, lang: Lang) -> Option<String> {
        if span.largest == 0.0 {
            return Some(lang.text("spectrum.flat").to_owned());
        }
        let keeps = (1.0 / ALIKE..=ALIKE).contains(&span.rms);
        let ratio = ("ratio", span.condition.map_or_else(String::new, show));
        let key = match span.condition {
            Some(ratio) if ratio <= ALIKE && keeps => "spectrum.isometry",
            Some(ratio) if ratio <= ALIKE => "spectrum.alike",
            Some(_) if keeps => "spectrum.uneven",
            Some(_) if span.rms < 1.0 => "spectrum.shrinks",
            Some(_) => "spectrum.grows",
            None => "spectrum.lost",
        };
        let dropout = (spec.training.dropout > 0.0).then(|| format!(" {}", lang.text("spectrum.dropout")));
        Some(lang.tell(key, &[ratio]) + &dropout.unwrap_or_default())
    }
}
