//! The verdict `watch`: what happens in a few transformers, side by side, for as long as somebody looks?
//!
//! Every other experiment asks what became of its networks; this one asks how it came about: what happens
//! to Q, K and V in each block, to the gradients, the losses and the text that the network writes. Now and
//! then a network is looked at, more and more rarely as it goes on; what was seen is a [`Track`].

use crate::lab::spec::{Adapt, Model};
use crate::study::file::Refusal;
use crate::study::plan::StudyPlan;

mod finding;
mod picture;
mod table;
mod track;

pub use finding::findings;
pub use picture::pictures;
pub use table::table;
pub use track::{
    Chosen, Ending, MATRICES, NetworkLook, Runner, Track, Watched, WrittenText, histogram_range, next_look, next_text,
};

/// The most networks that may be watched: nobody looks at more, and all are in memory at once.
const MOST_WATCHED: usize = 8;

/// Refuses charts, too many networks, and networks without Q, K and V from start to end.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    if !plan.file.charts.is_empty() {
        return Err(Refusal::whole("watch-charts", ""));
    }
    if plan.networks.len() > MOST_WATCHED {
        return Err(Refusal::whole("too-many", MOST_WATCHED.to_string()));
    }
    plan.require("watch-gpt", |spec| spec.network.model == Model::Gpt && spec.adapt.kind == Adapt::Off)
}
