//! What a watched experiment is taken up from: its file, what was seen, and where each of its networks stands.

use serde::{Deserialize, Serialize};

use crate::engine::checkpoint::Checkpoint;
use crate::lab::protocol::Failure;
use crate::study::file::Refusal;
use crate::study::verdict::watch::Track;

/// The version of the format. A checkpoint of another version is not read.
const VERSION: u32 = 3;

/// A watched experiment as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct WatchCheckpoint {
    version: u32,
    /// Its file.
    pub(super) text: String,
    /// What was seen of each network, whether it rests, and what it goes on from.
    pub(super) networks: Vec<(Track, bool, Option<Checkpoint>)>,
}

impl WatchCheckpoint {
    pub(super) fn new(text: String, networks: Vec<(Track, bool, Option<Checkpoint>)>) -> Self {
        Self { version: VERSION, text, networks }
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Failure> {
        postcard::to_allocvec(self).map_err(|error| Failure::Panic(error.to_string()))
    }

    /// Reads what [`Self::write`] wrote, if this program did.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        // The version stands first, so that another one is known before the rest is misread.
        match postcard::take_from_bytes::<u32>(bytes) {
            Ok((VERSION, _)) => postcard::from_bytes(bytes).map_err(|_| unreadable()),
            _ => Err(unreadable()),
        }
    }
}

/// The checkpoint is of another version of the program, or of another experiment.
pub(super) fn unreadable() -> Refusal {
    Refusal::whole("kept-unreadable", "")
}
