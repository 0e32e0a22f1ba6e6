//! What one worker tells of networks that it trained for an experiment that another has.
//!
//! Numbers go as their bits: a loss that is not a number has no place in JSON, and what is added up of all workers has
//! to be to the last bit what one of them would have found.

use serde::{Deserialize, Serialize};

use super::record::{End, Record};

/// How far the networks of a group are, that are trained together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupShare {
    /// The number of the order.
    pub run: u32,
    /// The number of the group.
    pub group: usize,
    /// The updates that were made, of each network.
    pub steps: u64,
    /// How long that took, in milliseconds of wall time.
    pub spent_ms: f64,
    /// Whether about one slice is left, so that the next group can be asked for.
    pub is_ending: bool,
    /// What became of its networks, in the order of the group; nothing before all their steps are made.
    pub records: Vec<RecordBits>,
}

/// A record, bit by bit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordBits {
    losses: Vec<u32>,
    /// Held-out loss and share, those over training data, and both halves of both sizes.
    end: Option<[u32; 8]>,
}

impl From<&Record> for RecordBits {
    fn from(record: &Record) -> Self {
        let end = record.end.map(|End { held_out, seen, sizes }| {
            let [hidden, logits] = sizes.map(f64::to_bits);
            let [a, b, c, d] = [held_out.0, held_out.1, seen.0, seen.1].map(f32::to_bits);
            [a, b, c, d, (hidden >> 32) as u32, hidden as u32, (logits >> 32) as u32, logits as u32]
        });
        Self { losses: record.losses.iter().map(|loss| loss.to_bits()).collect(), end }
    }
}

impl From<&RecordBits> for Record {
    fn from(bits: &RecordBits) -> Self {
        let end = bits.end.map(|[a, b, c, d, high, low, upper, lower]| {
            let [a, b, c, d] = [a, b, c, d].map(f32::from_bits);
            let sizes = [(high, low), (upper, lower)].map(|(high, low)| u64::from(high) << 32 | u64::from(low));
            End { held_out: (a, b), seen: (c, d), sizes: sizes.map(f64::from_bits) }
        });
        Self { losses: bits.losses.iter().map(|loss| f32::from_bits(*loss)).collect(), end }
    }
}
