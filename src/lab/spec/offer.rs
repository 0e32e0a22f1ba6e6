//! Lists which of all choices each model supports.

use super::{Dataset, Model, Norm, NormPosition, Scheme, Spec};

impl Spec {
    /// Returns the data sets that this model can learn.
    pub fn datasets(&self) -> &'static [Dataset] {
        match self.network.model {
            Model::Mlp => {
                &[Dataset::Digits, Dataset::Spirals, Dataset::Circles, Dataset::Xor, Dataset::Chars, Dataset::Own]
            }
            Model::Gpt => &[Dataset::Chars, Dataset::Own],
        }
    }

    /// Returns the schemes that this model supports: some need transformer blocks, and LSUV is for the MLP only.
    pub fn schemes(&self) -> impl Iterator<Item = Scheme> {
        let model = self.network.model;
        let fits = move |scheme: &&Scheme| match model {
            Model::Mlp => !scheme.needs_blocks(),
            Model::Gpt => **scheme != Scheme::Lsuv,
        };
        Scheme::ALL.iter().filter(fits).copied()
    }

    /// Returns the norms that this model supports: batch norm is for the MLP only.
    pub fn norms(&self) -> impl Iterator<Item = Norm> {
        let model = self.network.model;
        Norm::ALL.iter().copied().filter(move |norm| model == Model::Mlp || *norm != Norm::Batch)
    }

    /// Returns the positions of a norm that this model supports: between weights and activation is for the MLP only.
    pub fn norm_positions(&self) -> impl Iterator<Item = NormPosition> {
        let model = self.network.model;
        NormPosition::ALL.iter().copied().filter(move |at| model == Model::Mlp || *at != NormPosition::Inner)
    }
}
