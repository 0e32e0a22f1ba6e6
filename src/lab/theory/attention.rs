//! Computes the attention of the first weights by block: the spread of its logits, and the entropy of its softmax.

use super::join;
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::prediction::Prediction;
use crate::lab::spec::{AttentionScale, Spec};
use crate::science::entropy::{entropy, freezing_point};
use crate::science::layer::LayerId;
use crate::science::sharpness::peak;

/// The spread of the attention logits and the entropy of attention, by block.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionCurve {
    /// The standard deviation of a row's logits and the mean entropy at the last position in nats, by block.
    pub blocks: Vec<[f64; 2]>,
    /// The context T, which is the number of positions that the last one sees.
    pub context: usize,
    scale: AttentionScale,
}

impl AttentionCurve {
    /// Computes the curve of a GPT. It has no blocks if theory says nothing.
    pub fn new(spec: &Spec, prediction: &Prediction) -> Self {
        let context = spec.network.context;
        let mut blocks: Vec<[f64; 2]> = Vec::new();
        for &s in prediction.logits.iter().flat_map(|logits| &logits.attention) {
            // With a norm most blocks have the same logits, so the entropy is computed once for them.
            let entropy = match blocks.last() {
                Some([same, known]) if (s / same - 1.0).abs() < 1e-6 => *known,
                _ => entropy(context, s),
            };
            blocks.push([s, entropy]);
        }
        Self { blocks, context, scale: spec.attention() }
    }

    /// Returns ln T, the entropy in nats if all positions have equal weight.
    pub fn limit(&self) -> f64 {
        libm::log(self.context as f64)
    }

    pub(super) fn words(&self, lang: Lang) -> String {
        let freezing = freezing_point(self.context);
        let largest = self.blocks.iter().map(|block| block[0]).fold(0.0, f64::max);
        let key = match largest {
            s if s >= freezing => "theory.frozen",
            s if s >= 1.0 => "theory.choosing",
            _ => "theory.even",
        };
        let [first, last] = [self.blocks.first(), self.blocks.last()].map(|block| block.copied().unwrap_or_default());
        let ends = |index: usize| {
            let (first, last): (String, String) = (show(first[index]), show(last[index]));
            if first == last { first } else { format!("{first} … {last}") }
        };
        let values = [
            ("scale", lang.option("attention", self.scale.id())),
            ("std", ends(0)),
            ("entropy", ends(1)),
            ("limit", show(self.limit())),
            ("t", self.context.to_string()),
            ("freezing", show(freezing)),
            ("peak", show(peak(self.context, largest))),
        ];
        join(&[lang.tell("theory.attention", &values), lang.tell(key, &values), lang.text("theory.normal").to_owned()])
    }

    pub(super) fn table(&self) -> Table {
        let rows = self.blocks.iter().enumerate();
        let label = |index: usize| RowLabel::Layer(LayerId::Block(index + 1));
        let rows = rows.map(|(index, block)| (label(index), block.map(Some).to_vec()));
        Table::new(&["layer", "logit-std", "entropy"], rows.collect())
    }
}
