//! What pages and the worker say to each other: what the lab does ([`crate::lab::protocol`]), and what is said of
//! experiments, which the lab does not know.

use serde::{Deserialize, Serialize};

use super::file::{Bilingual, Refusal};
use super::finding::StudyFinding;
use super::picture::Picture;
use super::table::ResultTable;
use super::verdict::watch::{Chosen, Watched};
use crate::lab::protocol::{Command, DeviceReport, Event};

/// From a page to the worker. On the wire it is what it contains, since no name is of both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Inbound {
    /// Of the lab's network, or of the worker itself.
    Lab(Box<Command>),
    /// Of an experiment.
    Study(StudyCommand),
}

/// From the worker to a page. On the wire it is what it contains, since no name is of both; a page that asks
/// for no experiments may read [`Event`]s only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outbound {
    /// Of the lab's network, or of the worker itself.
    Lab(Event),
    /// Of an experiment.
    Study(StudyEvent),
    /// What a watched experiment can be taken up from. It comes as bytes, not as JSON.
    #[serde(skip)]
    Checkpoint {
        /// The number of the order.
        run: u32,
        /// Updates made, of all networks.
        steps: u64,
        /// What is to be handed over in [`StudyCommand::TakeUp`], and is read by nobody else.
        bytes: Vec<u8>,
    },
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

impl From<Event> for Outbound {
    fn from(event: Event) -> Self {
        Self::Lab(event)
    }
}

impl From<StudyEvent> for Outbound {
    fn from(event: StudyEvent) -> Self {
        Self::Study(event)
    }
}

/// What a page may want of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyCommand {
    /// Run the experiment of this file, in place of any other and of the lab's run.
    Study {
        /// Its number, in the page's count.
        run: u32,
        /// The file.
        text: String,
    },
    /// Wait after the present slice, or go on.
    Hold(bool),
    /// End it; what is known stays.
    Finish,
    /// Of a watched experiment: show this.
    Look(Chosen),
    /// Of a watched experiment: let a network wait, or go on.
    Rest {
        /// Which.
        network: usize,
        /// Whether it waits.
        rests: bool,
    },
    /// Of a watched experiment: hand over what it could be taken up from.
    Keep,
    /// Take up what was handed over, in place of any other experiment. It comes as bytes, not as JSON.
    #[serde(skip)]
    TakeUp {
        /// Its number, in the page's count.
        run: u32,
        /// What was handed over.
        kept: Vec<u8>,
    },
}

/// What there is to tell of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyEvent {
    /// The file is no experiment.
    Refused {
        /// The number of the order.
        run: u32,
        /// Why.
        why: Refusal,
    },
    /// It begins.
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
    /// What has changed in how it stands.
    Update(Box<StudyUpdate>),
}

/// How an experiment stands, as a page keeps it: [`StudyReport::apply`] takes in what the worker tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StudyReport {
    /// The number of the order.
    pub run: u32,
    /// Networks that made all their steps.
    pub done: usize,
    /// Networks.
    pub networks: usize,
    /// The share of the work that is done, from 0 to 1.
    pub share: f64,
    /// How long the rest will take at the pace so far, in seconds; none at the beginning.
    pub seconds_left: Option<f64>,
    /// Nothing more will come.
    pub over: bool,
    /// What is drawn.
    pub pictures: Vec<Picture>,
    /// What was found, of what is whole.
    pub findings: Vec<StudyFinding>,
    /// What was measured, and what was computed of it.
    pub tables: Vec<ResultTable>,
    /// How watched networks stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watched>,
}

/// What has changed in how an experiment stands. The counters are always there; of what is large there is only
/// what differs from what was told before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StudyUpdate {
    /// As in [`StudyReport`].
    pub run: u32,
    /// As in [`StudyReport`].
    pub done: usize,
    /// As in [`StudyReport`].
    pub networks: usize,
    /// As in [`StudyReport`].
    pub share: f64,
    /// As in [`StudyReport`].
    pub seconds_left: Option<f64>,
    /// As in [`StudyReport`].
    pub over: bool,
    /// The pictures that changed.
    pub pictures: ListUpdate<Picture>,
    /// The findings that changed.
    pub findings: ListUpdate<StudyFinding>,
    /// The tables that changed.
    pub tables: ListUpdate<ResultTable>,
    /// How watched networks stand, as a list of one, or of none.
    pub watch: ListUpdate<Watched>,
}

/// What has changed in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListUpdate<T> {
    /// How many there are now.
    pub length: usize,
    /// Those that are new or not what they were, with their places, upwards.
    pub changed: Vec<(usize, T)>,
}

impl StudyReport {
    /// Takes in what has changed. The first update of an experiment has all of it, so that nothing is left of
    /// what was known of another.
    pub fn apply(&mut self, update: StudyUpdate) {
        let StudyUpdate { run, done, networks, share, seconds_left, over, pictures, findings, tables, watch } = update;
        let known = std::mem::take(self);
        *self = Self {
            run,
            done,
            networks,
            share,
            seconds_left,
            over,
            pictures: pictures.applied(known.pictures),
            findings: findings.applied(known.findings),
            tables: tables.applied(known.tables),
            watch: watch.applied(known.watch.into_iter().collect()).pop(),
        };
    }
}

/// Knows what a page was told of an experiment, so as to tell it only what has changed.
#[derive(Default)]
pub struct Reporter {
    told: StudyReport,
}

impl Reporter {
    /// What has changed since the report before; at first, everything.
    pub fn update(&mut self, report: StudyReport) -> StudyUpdate {
        let told = std::mem::replace(&mut self.told, report);
        let StudyReport { run, done, networks, share, seconds_left, over, pictures, findings, tables, watch } =
            &self.told;
        StudyUpdate {
            run: *run,
            done: *done,
            networks: *networks,
            share: *share,
            seconds_left: *seconds_left,
            over: *over,
            pictures: ListUpdate::between(&told.pictures, pictures),
            findings: ListUpdate::between(&told.findings, findings),
            tables: ListUpdate::between(&told.tables, tables),
            watch: ListUpdate::between(told.watch.as_slice(), watch.as_slice()),
        }
    }
}

impl<T: Clone + PartialEq> ListUpdate<T> {
    fn between(before: &[T], now: &[T]) -> Self {
        let is_new = |(index, item): &(usize, &T)| before.get(*index) != Some(*item);
        let changed = now.iter().enumerate().filter(is_new).map(|(index, item)| (index, item.clone())).collect();
        Self { length: now.len(), changed }
    }
}

impl<T> ListUpdate<T> {
    fn applied(self, mut list: Vec<T>) -> Vec<T> {
        list.truncate(self.length);
        for (index, item) in self.changed {
            match list.get_mut(index) {
                Some(place) => *place = item,
                None => list.push(item),
            }
        }
        list
    }
}
