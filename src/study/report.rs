//! How an experiment stands, whole as a page keeps it, and as what has changed, which is what the worker tells.

use serde::{Deserialize, Serialize};

use super::answer::StudyAnswer;
use super::finding::StudyFinding;
use super::picture::Picture;
use super::table::ResultTable;
use super::verdict::watch::Watched;

/// How an experiment stands, as a page keeps it. The worker tells what changes in it ([`StudyReport::apply`]).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StudyReport {
    /// The number of the order.
    pub run: u32,
    /// The number of networks that made all their steps.
    pub done: usize,
    /// The number of all networks.
    pub networks: usize,
    /// The share of the work that is done, from 0 to 1.
    pub share: f64,
    /// How long the rest will take at the pace so far, in seconds; none at the beginning.
    pub seconds_left: Option<f64>,
    /// How long it computed so far, in seconds; 0 where nobody measured it.
    #[serde(default)]
    pub seconds_spent: f64,
    /// Whether nothing more will come.
    pub over: bool,
    /// The answer in one sentence, as far as it is known. Reports that a browser kept of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<StudyAnswer>,
    /// What is drawn.
    pub pictures: Vec<Picture>,
    /// What was found, of what is complete.
    pub findings: Vec<StudyFinding>,
    /// What was measured, and what was computed of it.
    pub tables: Vec<ResultTable>,
    /// How watched networks stand; none of other experiments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watched>,
}

/// What has changed in a [`StudyReport`] since the update before. The counters are always there; of what is
/// large there is only what is not what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StudyUpdate {
    /// As [`StudyReport::run`].
    pub run: u32,
    /// As [`StudyReport::done`].
    pub done: usize,
    /// As [`StudyReport::networks`].
    pub networks: usize,
    /// As [`StudyReport::share`].
    pub share: f64,
    /// As [`StudyReport::seconds_left`].
    pub seconds_left: Option<f64>,
    /// As [`StudyReport::seconds_spent`].
    #[serde(default)]
    pub seconds_spent: f64,
    /// As [`StudyReport::over`].
    pub over: bool,
    /// What has changed in the answer: a list of one, or of none. A worker of an earlier version, which the browser's
    /// cache may still have, says nothing of it.
    #[serde(default)]
    pub answer: ListUpdate<StudyAnswer>,
    /// What has changed in the pictures.
    pub pictures: ListUpdate<Picture>,
    /// What has changed in the findings.
    pub findings: ListUpdate<StudyFinding>,
    /// What has changed in the tables.
    pub tables: ListUpdate<ResultTable>,
    /// What has changed in how watched networks stand: a list of one, or of none.
    pub watch: ListUpdate<Watched>,
}

/// What has changed in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListUpdate<T> {
    /// The length of the list now.
    pub length: usize,
    /// The entries that are new or not what they were, with their places in the list, upwards.
    pub changed: Vec<(usize, T)>,
}

impl StudyReport {
    /// Takes in what has changed. The first update of an experiment has everything, so that nothing is left of what
    /// was known of another.
    pub fn apply(&mut self, update: StudyUpdate) {
        let StudyUpdate { run, done, networks, share, seconds_left, seconds_spent, over, .. } = update;
        let StudyUpdate { answer, pictures, findings, tables, watch, .. } = update;
        let known = std::mem::take(self);
        *self = Self {
            run,
            done,
            networks,
            share,
            seconds_left,
            seconds_spent,
            over,
            answer: answer.applied(known.answer.into_iter().collect()).pop(),
            pictures: pictures.applied(known.pictures),
            findings: findings.applied(known.findings),
            tables: tables.applied(known.tables),
            watch: watch.applied(known.watch.into_iter().collect()).pop(),
        };
    }
}

/// Makes updates of reports: it knows what a page was told of an experiment. Each experiment needs one of its own,
/// so that its first update has everything.
#[derive(Default)]
pub struct Reporter {
    /// The report before.
    told: StudyReport,
}

impl Reporter {
    /// What has changed in this report since the one before.
    pub fn update(&mut self, report: StudyReport) -> StudyUpdate {
        let told = std::mem::replace(&mut self.told, report);
        let StudyReport { run, done, networks, share, seconds_left, seconds_spent, over, .. } = &self.told;
        let StudyReport { answer, pictures, findings, tables, watch, .. } = &self.told;
        StudyUpdate {
            run: *run,
            done: *done,
            networks: *networks,
            share: *share,
            seconds_left: *seconds_left,
            seconds_spent: *seconds_spent,
            over: *over,
            answer: ListUpdate::between(told.answer.as_slice(), answer.as_slice()),
            pictures: ListUpdate::between(&told.pictures, pictures),
            findings: ListUpdate::between(&told.findings, findings),
            tables: ListUpdate::between(&told.tables, tables),
            watch: ListUpdate::between(told.watch.as_slice(), watch.as_slice()),
        }
    }
}

impl<T> Default for ListUpdate<T> {
    fn default() -> Self {
        Self { length: 0, changed: Vec::new() }
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
