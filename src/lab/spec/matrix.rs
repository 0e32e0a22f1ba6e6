//! Which layers and weight matrices a network has, and where each stands.

use super::{DataShape, Model, Role, Spec, first_shape};
use crate::science::layer::LayerId;
use crate::science::site::{Fans, Site};

/// The layers of a spec, input to output, as every table and message has them.
pub fn layers(spec: &Spec) -> Vec<LayerId> {
    let depth = 1..=spec.depth;
    match spec.model {
        Model::Mlp => depth.map(LayerId::Hidden).chain([LayerId::Output]).collect(),
        Model::Gpt => {
            [LayerId::Embedding].into_iter().chain(depth.map(LayerId::Block)).chain([LayerId::Head]).collect()
        }
    }
}

/// Where every weight matrix of a spec stands, input to output.
pub fn sites(spec: &Spec) -> Vec<Site> {
    let depth = spec.depth;
    if spec.model == Model::Mlp {
        let hidden = (1..=depth).map(|l| matrix(spec, Role::Hidden, l));
        return hidden.chain([matrix(spec, Role::Output, depth + 1)]).collect();
    }
    let [tables @ .., head] = Role::OF_GPT.as_slice() else { return Vec::new() };
    let (tables, block) = tables.split_at(2);
    let there = |roles: &[Role], layer| {
        let there: Vec<Role> = roles.iter().copied().filter(|role| spec.has(*role)).collect();
        there.into_iter().map(move |role| matrix(spec, role, layer))
    };
    let blocks = (1..=depth).flat_map(|l| there(block, l));
    there(tables, 0).chain(blocks).chain(there(&[*head], depth + 1)).collect()
}

fn matrix(spec: &Spec, role: Role, layer: usize) -> Site {
    let DataShape { features, classes, .. } = first_shape(spec);
    let (d, wide) = (spec.width, spec.block.hidden(spec.width));
    let (fan_in, fan_out) = match role {
        Role::Hidden if layer == 1 => (features, d),
        Role::Output | Role::Head | Role::Token => (d, classes),
        Role::Position => (d, spec.context),
        Role::MlpIn | Role::MlpUp => (d, wide),
        Role::MlpOut => (wide, d),
        Role::Hidden | Role::Query | Role::Key | Role::Value | Role::AttentionOut => (d, d),
    };
    let heads = if spec.model == Model::Gpt { spec.heads } else { 1 };
    Site { role, fans: Fans { fan_in, fan_out }, layer, depth: spec.depth, width: d, heads }
}

/// The σ of the first matrix of a role.
pub(crate) fn first_sigma(spec: &Spec, role: Role) -> f64 {
    let layer = if role.is_table() { 0 } else { 1 };
    let layer = if role.is_last() { spec.depth + 1 } else { layer };
    spec.plan().std_at(&matrix(spec, role, layer))
}
