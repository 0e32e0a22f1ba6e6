//! Prepared labs: one TOML file each in `static/experiments`, listed here.

use std::sync::OnceLock;

use super::lang::read;

/// A prepared start. Its name and what to look at are texts of the languages, `lab.<id>.title` and
/// `.note`: the page's program has none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The `x` of a link.
    pub id: &'static str,
    /// Differences to the defaults, as a link.
    pub link: String,
}

/// File name and source, in the menu's order.
pub const SOURCES: &[(&str, &str)] = &[
    ("vanish", include_str!("../../static/experiments/vanish.toml")),
    ("explode", include_str!("../../static/experiments/explode.toml")),
    ("kaiming", include_str!("../../static/experiments/kaiming.toml")),
    ("xavier-relu", include_str!("../../static/experiments/xavier-relu.toml")),
    ("pytorch", include_str!("../../static/experiments/pytorch.toml")),
    ("tanh", include_str!("../../static/experiments/tanh.toml")),
    ("batchnorm", include_str!("../../static/experiments/batchnorm.toml")),
    ("gelu-he", include_str!("../../static/experiments/gelu-he.toml")),
    ("band", include_str!("../../static/experiments/band.toml")),
    ("residual-growth", include_str!("../../static/experiments/residual-growth.toml")),
    ("llama", include_str!("../../static/experiments/llama.toml")),
    ("zeros", include_str!("../../static/experiments/zeros.toml")),
    ("lora", include_str!("../../static/experiments/lora.toml")),
    ("new-tokens", include_str!("../../static/experiments/new-tokens.toml")),
    ("e1", include_str!("../../static/experiments/e1.toml")),
    ("e2", include_str!("../../static/experiments/e2.toml")),
    ("e3", include_str!("../../static/experiments/e3.toml")),
    ("map", include_str!("../../static/experiments/map.toml")),
];

/// Every prepared lab.
pub fn all() -> &'static [Experiment] {
    static ALL: OnceLock<Vec<Experiment>> = OnceLock::new();
    // A file that does not parse is left out here and fails the tests.
    ALL.get_or_init(|| SOURCES.iter().filter_map(|(id, source)| parse(id, source)).collect())
}

/// The prepared lab of this id.
pub fn find(id: &str) -> Option<&'static Experiment> {
    all().iter().find(|experiment| experiment.id == id)
}

fn parse(id: &'static str, source: &str) -> Option<Experiment> {
    Some(Experiment { id, link: read(source).remove("link")? })
}
