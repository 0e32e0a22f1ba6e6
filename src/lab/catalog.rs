//! Prepared labs: a TOML file each in `static/experiments`, which `build.rs` makes a table of.

/// A prepared start. Its name and what to look at are texts of the languages, `lab.<id>.title` and
/// `.note`: the page's program has none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The `x` of a link.
    pub id: &'static str,
    /// Differences to the defaults, as a link.
    pub link: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/prepared.rs"));

/// Every prepared lab.
pub fn all() -> &'static [Experiment] {
    PREPARED
}

/// The prepared lab of this id.
pub fn find(id: &str) -> Option<&'static Experiment> {
    PREPARED.iter().find(|experiment| experiment.id == id)
}
