//! What a model can have, of what there is to choose from.

use super::{Dataset, Model, Norm, NormPosition, Scheme, Spec};

impl Spec {
    /// The data this model can learn.
    pub fn datasets(&self) -> &'static [Dataset] {
        match self.network.model {
            Model::Mlp => &[Dataset::Digits, Dataset::Spirals],
            Model::Gpt => &[Dataset::Chars],
        }
    }

    /// The schemes this model can have.
    pub fn schemes(&self) -> impl Iterator<Item = Scheme> {
        let model = self.network.model;
        let fits = move |scheme: &&Scheme| match model {
            Model::Mlp => !scheme.needs_blocks(),
            Model::Gpt => **scheme != Scheme::Lsuv,
        };
        Scheme::ALL.iter().filter(fits).copied()
    }

    /// The norms this model can have.
    pub fn norms(&self) -> impl Iterator<Item = Norm> {
        let model = self.network.model;
        Norm::ALL.iter().copied().filter(move |norm| model == Model::Mlp || *norm != Norm::Batch)
    }

    /// Where they can stand.
    pub fn norm_positions(&self) -> impl Iterator<Item = NormPosition> {
        let model = self.network.model;
        NormPosition::ALL.iter().copied().filter(move |at| model == Model::Mlp || *at != NormPosition::Inner)
    }
}
