//! The messages between pages and the worker, as JSON: those of the lab ([`crate::lab::protocol`]), and those
//! of experiments, which the lab does not know.

use serde::{Deserialize, Deserializer, Serialize};

use super::file::{Bilingual, Refusal};
use super::named::by_first_letter;
use super::report::StudyUpdate;
use super::share::GroupShare;
use super::sitting::StudyEstimate;
use super::verdict::watch::Chosen;
use crate::lab::protocol::{Command, DeviceReport, Event};

/// A message to the worker. On the wire it is what it contains: names of the lab's commands begin with a large letter,
/// those of experiments with a small one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Inbound {
    /// A command that concerns the lab's network, or the worker itself.
    Lab(Box<Command>),
    /// A command that concerns an experiment.
    Study(StudyCommand),
}

/// A message to a page. On the wire it is what it contains, told apart as [`Inbound`] is. A page that asks for no
/// experiments may read it as an [`Event`]. `Bytes` are how a program holds bytes that it does not read: a page
/// leaves them where the browser has them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Outbound<Bytes = Vec<u8>> {
    /// An event that concerns the lab's network, or the worker itself.
    Lab(Event),
    /// An event that concerns an experiment.
    Study(StudyEvent),
    /// What a watched experiment can be taken up from. It is handed over as bytes and never is JSON.
    #[serde(skip)]
    Checkpoint {
        /// The number of the order.
        run: u32,
        /// The updates that were made, of all networks.
        steps: u64,
        /// The bytes that are to come back in [`StudyCommand::TakeUp`]; nobody else reads them.
        bytes: Bytes,
    },
}

impl<'de> Deserialize<'de> for Inbound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_first_letter::<StudyCommand, Command, _, _>(deserializer)
    }
}

impl<'de, Bytes> Deserialize<'de> for Outbound<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_first_letter::<StudyEvent, Event, _, _>(deserializer)
    }
}

impl From<Command> for Inbound {
    fn from(command: Command) -> Self {
        Self::Lab(Box::new(command))
    }
}

impl From<StudyCommand> for Inbound {
    fn from(command: StudyCommand) -> Self {
        Self::Study(command)
    }
}

impl<Bytes> From<Event> for Outbound<Bytes> {
    fn from(event: Event) -> Self {
        Self::Lab(event)
    }
}

impl<Bytes> From<StudyEvent> for Outbound<Bytes> {
    fn from(event: StudyEvent) -> Self {
        Self::Study(event)
    }
}

/// A command that concerns an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyCommand {
    /// Run the experiment of this file, in place of any other and of the lab's run.
    Study {
        /// Its number, in the page's count.
        run: u32,
        /// The text of the file.
        text: String,
    },
    /// Say how long the experiment of this file would take, unless something else is under way.
    Estimate {
        /// The number of the order.
        run: u32,
        /// The text of the file.
        text: String,
    },
    /// Wait after the present slice if this is true, else go on.
    Hold(bool),
    /// End the experiment; what is known of it stays.
    Finish,
    /// Show this of a watched experiment.
    Look(Chosen),
    /// Let a network of a watched experiment wait, or go on.
    Rest {
        /// The number of the network, from 0.
        network: usize,
        /// Whether it waits.
        rests: bool,
    },
    /// Hand over what a watched experiment could be taken up from.
    Keep,
    /// Name a group of networks of the experiment of this number that another worker is to train.
    Lend(u32),
    /// Take in what another worker made of a group.
    Take(GroupShare),
    /// Train a group that was lent after all, because the other worker died.
    Redo {
        /// The number of the experiment.
        run: u32,
        /// The number of the group.
        group: usize,
    },
    /// Train a group of the experiment of this file on the CPU, for the worker that has the experiment.
    Train {
        /// The number of the experiment.
        run: u32,
        /// The text of its file.
        text: String,
        /// The number of the group.
        group: usize,
    },
    /// Take up what was handed over, in place of any other experiment and of the lab's run. It is handed over as
    /// bytes and never is JSON.
    #[serde(skip)]
    TakeUp {
        /// Its number, in the page's count.
        run: u32,
        /// What was handed over.
        kept: Vec<u8>,
    },
}

/// An event that concerns an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyEvent {
    /// The file is no experiment.
    Refused {
        /// The number of the order.
        run: u32,
        /// The reason.
        why: Refusal,
    },
    /// The experiment begins.
    Begun {
        /// The number of the order.
        run: u32,
        /// Its name and question.
        title: Bilingual,
        /// What to look at.
        note: Bilingual,
        /// Where it is computed.
        device: DeviceReport,
    },
    /// How long an experiment would take one worker.
    Estimated {
        /// The number of the order.
        run: u32,
        /// What was found.
        estimate: StudyEstimate,
    },
    /// What has changed in how it stands.
    Update(Box<StudyUpdate>),
    /// Another worker is to train this group.
    Lent {
        /// The number of the experiment.
        run: u32,
        /// The number of the group.
        group: usize,
    },
    /// How far the group is that is trained for another worker's experiment.
    Shared(GroupShare),
}
