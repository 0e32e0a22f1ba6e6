//! What a derivation says in a language.

use super::{Derivation, DerivedVariance, Factor};
use crate::lab::diagnosis::keeps_backward;
use crate::lab::lang::Lang;
use crate::lab::number::{round_to, show};
use crate::lab::spec::{Model, Spec};

impl Derivation {
    /// Says by what a layer multiplies the variance, and what all layers make of it.
    pub fn words(&self, spec: &Spec, lang: Lang) -> String {
        let kind = if spec.network.model == Model::Gpt { "block" } else { "layer" };
        let variance = match self.variance {
            DerivedVariance::Sums => "derivation.sums",
            DerivedVariance::Stream if spec.network.residual => "derivation.stream",
            DerivedVariance::Stream => "derivation.output",
        };
        let [from, last] = self.ends.map(|layer| lang.layer(layer));
        let values = [
            ("each", lang.text(&format!("each.{kind}")).to_owned()),
            ("variance", lang.text(variance).to_owned()),
            ("formula", self.formula()),
            ("product", self.product_text()),
            ("layer", lang.layer(self.layer)),
            ("layers", self.layers.to_string()),
            ("from", from),
            ("last", last),
            ("whole", self.whole_text()),
        ];
        // A single number needs no sign of equality.
        let one = if self.factors.len() == 1 { "-one" } else { "" };
        let step = if self.varies { "derivation.here" } else { "derivation.each" };
        let whole = if self.varies { "derivation.whole-varies" } else { "derivation.whole" };
        [lang.tell(&format!("{step}{one}"), &values), lang.tell(whole, &values)].join(" ")
    }

    /// Says to which σ [`Self::level`] leads, as the text of a button.
    pub fn level_words(spec: &Spec, level: f64, lang: Lang) -> String {
        let key =
            if keeps_backward(spec.network.activation) { "derivation.level-gradient" } else { "derivation.level" };
        lang.tell(key, &[("level", show(round_to(level, 3)))])
    }
}

impl Factor {
    /// Says what the factor is.
    pub fn words(&self, spec: &Spec, lang: Lang) -> String {
        let act = lang.option("act", spec.network.activation.id());
        let norm = lang.option("norm", spec.network.norm.id());
        lang.tell(
            &format!("derivation.factor.{}", self.key),
            &[("activation", act), ("norm", norm), ("value", self.text.clone())],
        )
    }
}
