//! Who trains what, where several workers train one experiment.
//!
//! One worker, the lead, has the experiment: it trains, judges and reports, and would do so alone. While there is more
//! left than a moment's work, helpers ask it for groups of networks that nobody trains yet, one at a time, so that
//! whoever is quicker trains more. A group whose helper dies is trained again. This is pure: the page that keeps a pool
//! does what the answers say.

use super::protocol::{StudyCommand, StudyEvent};

/// Helpers are started where the rest would take longer than this, in seconds: it takes about one to start them.
const WORTHWHILE_SECONDS: f64 = 3.0;
/// A helper that died so often is not started again.
const MOST_DEATHS: u32 = 3;
/// A browser has so many workers at most; beyond this, handing groups out costs more than it brings.
const MOST_WORKERS: usize = 16;
/// Up to so much memory, in gigabytes, there is no helper, and up to the next there is one.
const LITTLE_MEMORY: [f64; 2] = [2.0, 4.0];

/// A task for the page.
#[derive(Clone, Debug, PartialEq)]
pub enum PoolTask {
    /// Send this to the lead.
    Lead(StudyCommand),
    /// Start the helper of this number, and say when it is ready.
    Start(usize),
    /// Send this to the helper of this number.
    Helper(usize, StudyCommand),
    /// End the helper of this number.
    End(usize),
}

/// What a helper does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum HelperState {
    /// It is not there.
    #[default]
    Absent,
    /// It is being started, for this group.
    Starting(usize),
    /// It has nothing to do, but a group was asked for.
    Free,
    /// It trains this group.
    Busy(usize),
}

/// What a helper is to train next. It is asked for while the helper still trains, because the lead answers only between its
/// own slices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum NextGroup {
    /// Nobody asked yet.
    #[default]
    Unknown,
    /// The lead was asked, and has not answered.
    Asked,
    /// This group.
    Known(usize),
}

/// A helper, and how often it died.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Helper {
    state: HelperState,
    /// What it trains after its group.
    next: NextGroup,
    deaths: u32,
}

/// The experiment that is trained.
#[derive(Clone, Debug, PartialEq)]
struct PooledStudy {
    run: u32,
    text: String,
    held: bool,
    /// Whether helpers were asked to join.
    spread: bool,
}

/// The workers beside the lead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkerPool {
    helpers: Vec<Helper>,
    study: Option<PooledStudy>,
}

/// How many helpers a machine has room for, from its processor's cores, its memory in gigabytes where a browser tells,
/// and whether it is held in a hand: phones and tablets have less memory than cores.
///
/// The page itself needs a core, unless there are only two, of which it takes little.
pub fn helpers(cores: usize, memory: Option<f64>, handheld: bool) -> usize {
    let workers = if cores > 2 { cores - 1 } else { cores };
    let most = match memory {
        Some(memory) if memory <= LITTLE_MEMORY[0] => 1,
        Some(memory) if memory <= LITTLE_MEMORY[1] => 2,
        None if handheld => 2,
        _ => MOST_WORKERS,
    };
    workers.min(most).saturating_sub(1)
}

impl WorkerPool {
    /// A pool with room for so many helpers, none of which is started.
    pub fn new(helpers: usize) -> Self {
        Self { helpers: vec![Helper::default(); helpers], study: None }
    }

    /// How many workers train now, the lead among them.
    pub fn workers(&self) -> usize {
        1 + self.helpers.iter().filter(|helper| matches!(helper.state, HelperState::Busy(_))).count()
    }

    /// How long an experiment takes all workers together, in seconds, if it takes one of them so long.
    pub fn together(&self, seconds: f64) -> f64 {
        if seconds > WORTHWHILE_SECONDS { seconds / (1 + self.helpers.len()) as f64 } else { seconds }
    }

    /// The lead is asked for another experiment, in place of any other.
    pub fn begin(&mut self, run: u32, text: &str) -> Vec<PoolTask> {
        let tasks = self.stop();
        self.study = Some(PooledStudy { run, text: text.to_owned(), held: false, spread: false });
        tasks
    }

    /// The experiment waits, or goes on.
    pub fn hold(&mut self, held: bool) -> Vec<PoolTask> {
        let Some(study) = &mut self.study else { return Vec::new() };
        study.held = held;
        self.busy().map(|helper| PoolTask::Helper(helper, StudyCommand::Hold(held))).collect()
    }

    /// The experiment ends, or its lead died: helpers do too.
    pub fn stop(&mut self) -> Vec<PoolTask> {
        self.study = None;
        let mut tasks = Vec::new();
        for (index, helper) in self.helpers.iter_mut().enumerate() {
            helper.next = NextGroup::Unknown;
            if std::mem::take(&mut helper.state) != HelperState::Absent {
                tasks.push(PoolTask::End(index));
            }
        }
        tasks
    }

    /// Takes in what the lead says.
    pub fn hear(&mut self, event: &StudyEvent) -> Vec<PoolTask> {
        let Some(study) = &mut self.study else { return Vec::new() };
        let run = study.run;
        match event {
            StudyEvent::Update(update) if update.run == run && update.over => self.stop(),
            StudyEvent::Update(update) if update.run == run && !study.spread => {
                study.spread = update.seconds_left.is_some_and(|left| left > WORTHWHILE_SECONDS);
                let asks = if study.spread { self.helpers.len() } else { 0 };
                vec![PoolTask::Lead(StudyCommand::Lend(run)); asks]
            }
            StudyEvent::Lent { run: lent, group } if *lent == run => self.assign(*group),
            _ => Vec::new(),
        }
    }

    /// Has a helper train a group: one that has nothing to do, else one that asked for more before it was done, or else a new
    /// one.
    fn assign(&mut self, group: usize) -> Vec<PoolTask> {
        let able = |helper: &Helper| helper.deaths < MOST_DEATHS;
        let free = self.helpers.iter().position(|helper| helper.state == HelperState::Free);
        let asked = || self.helpers.iter().position(|helper| helper.next == NextGroup::Asked);
        if let (None, Some(index)) = (free, asked()) {
            self.helpers[index].next = NextGroup::Known(group);
            return Vec::new();
        }
        let absent = || self.helpers.iter().position(|helper| helper.state == HelperState::Absent && able(helper));
        match (free, free.or_else(absent)) {
            (Some(index), _) => self.train(index, group),
            (None, Some(index)) => {
                self.helpers[index].state = HelperState::Starting(group);
                vec![PoolTask::Start(index)]
            }
            (None, None) => self.redo(group),
        }
    }

    fn train(&mut self, index: usize, group: usize) -> Vec<PoolTask> {
        let Some(PooledStudy { run, text, held, .. }) = self.study.clone() else { return Vec::new() };
        self.helpers[index].state = HelperState::Busy(group);
        let holds = held.then_some(StudyCommand::Hold(true));
        let commands = [StudyCommand::Train { run, text, group }].into_iter().chain(holds);
        commands.map(|command| PoolTask::Helper(index, command)).collect()
    }

    /// A helper is there.
    pub fn ready(&mut self, index: usize) -> Vec<PoolTask> {
        match self.helpers[index].state {
            HelperState::Starting(group) => self.train(index, group),
            _ => Vec::new(),
        }
    }

    /// Takes in what a helper says. When its group is done, it asks for the next.
    pub fn hear_helper(&mut self, index: usize, event: StudyEvent) -> Vec<PoolTask> {
        let (Some(study), HelperState::Busy(group)) = (&self.study, self.helpers[index].state) else {
            return Vec::new();
        };
        match event {
            StudyEvent::Shared(share) if share.run == study.run && share.group == group => {
                let (over, ending) = (!share.records.is_empty(), share.is_ending);
                let lend = PoolTask::Lead(StudyCommand::Lend(study.run));
                let mut tasks = vec![PoolTask::Lead(StudyCommand::Take(share))];
                let helper = &mut self.helpers[index];
                match (over, helper.next) {
                    (true, NextGroup::Known(next)) => {
                        helper.next = NextGroup::Unknown;
                        tasks.extend(self.train(index, next));
                    }
                    (true, asked) => {
                        (helper.state, helper.next) = (HelperState::Free, NextGroup::Unknown);
                        tasks.extend(Some(lend).filter(|_| asked == NextGroup::Unknown));
                    }
                    (false, NextGroup::Unknown) if ending => {
                        helper.next = NextGroup::Asked;
                        tasks.push(lend);
                    }
                    (false, _) => {}
                }
                tasks
            }
            _ => Vec::new(),
        }
    }

    /// A helper died: its group is trained again, by whoever comes first.
    pub fn die(&mut self, index: usize) -> Vec<PoolTask> {
        let helper = &mut self.helpers[index];
        helper.deaths += 1;
        let next = std::mem::take(&mut helper.next);
        match std::mem::take(&mut helper.state) {
            HelperState::Starting(group) | HelperState::Busy(group) => {
                let mut tasks = vec![PoolTask::End(index)];
                tasks.extend(self.redo(group));
                if let NextGroup::Known(next) = next {
                    tasks.extend(self.redo(next));
                }
                if self.helpers[index].deaths < MOST_DEATHS {
                    tasks.extend(self.study.iter().map(|study| PoolTask::Lead(StudyCommand::Lend(study.run))));
                }
                tasks
            }
            HelperState::Absent | HelperState::Free => vec![PoolTask::End(index)],
        }
    }

    fn redo(&self, group: usize) -> Vec<PoolTask> {
        let redo = |study: &PooledStudy| PoolTask::Lead(StudyCommand::Redo { run: study.run, group });
        self.study.iter().map(redo).collect()
    }

    fn busy(&self) -> impl Iterator<Item = usize> {
        let is_busy = |helper: &Helper| matches!(helper.state, HelperState::Busy(_));
        self.helpers.iter().enumerate().filter(move |(_, helper)| is_busy(helper)).map(|(index, _)| index)
    }
}
