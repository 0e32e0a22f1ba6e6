//! An experiment that several workers train: what they find together is what one finds alone, to the last bit.

use std::collections::VecDeque;

use init_lab::engine::device::NoGpu;
use init_lab::engine::host::Host;
use init_lab::study::pool::{PoolTask, WorkerPool};
use init_lab::study::protocol::{Inbound, Outbound, StudyCommand, StudyEvent};
use init_lab::study::report::StudyReport;

use crate::driven::ready;

const FILE: &str = r#"
base = "depth=3&batch=16&steps=30&lr=1&device=cpu"
verdict = "band"
[title]
en = "Band"
[note]
en = "A note."
[[sweep]]
name = "σ"
knob = "std"
values = [0.03, 0.25, 3.0, 10.0]
[[sweep]]
name = "width"
knob = "width"
values = [8, 24]
[[sweep]]
name = "optimizer"
knob = "opt"
values = ["sgd", "adam"]
[[sweep]]
name = "seed"
knob = "seed"
values = [1, 2, 3]
[[chart]]
kind = "curves"
x = "σ"
by = "width"
"#;

/// A page with a lead and helpers, which take turns as workers would.
struct Page {
    lead: Host<NoGpu>,
    helpers: Vec<Option<Host<NoGpu>>>,
    pool: WorkerPool,
    report: StudyReport,
    /// Groups that helpers handed over, and those that died with one.
    shared: Vec<(usize, usize)>,
    redone: Vec<usize>,
    /// The helpers that die in the middle of their next group.
    doomed: Vec<usize>,
}

impl Page {
    fn new(helpers: usize, doomed: Vec<usize>) -> Self {
        Self {
            lead: Host::new(NoGpu),
            helpers: (0..helpers).map(|_| None).collect(),
            pool: WorkerPool::new(helpers),
            report: StudyReport::default(),
            shared: Vec::new(),
            redone: Vec::new(),
            doomed,
        }
    }

    fn run(&mut self) -> &StudyReport {
        assert_eq!(self.pool.begin(1, FILE), []);
        self.tell_lead(vec![StudyCommand::Study { run: 1, text: FILE.to_owned() }]);
        for _ in 0..10_000 {
            if self.report.over {
                return &self.report;
            }
            self.tell_lead(Vec::new());
            for index in 0..self.helpers.len() {
                self.tell_helper(index, Vec::new());
            }
        }
        panic!("it does not end: {:?}", self.report.done);
    }

    fn tell_lead(&mut self, commands: Vec<StudyCommand>) {
        for mut event in said(&mut self.lead, commands) {
            assert!(!matches!(event, StudyEvent::Refused { .. }), "{event:?}");
            if let StudyEvent::Update(update) = &mut event {
                self.report.apply((**update).clone());
                // Whatever this machine makes of it, there is enough to do for all.
                update.seconds_left = Some(100.0);
            }
            let tasks = self.pool.hear(&event);
            self.carry_out(tasks);
        }
    }

    fn tell_helper(&mut self, index: usize, commands: Vec<StudyCommand>) {
        let Some(host) = &mut self.helpers[index] else { return };
        for event in said(host, commands) {
            if let Some(place) = self.doomed.iter().position(|doomed| *doomed == index) {
                self.doomed.remove(place);
                let tasks = self.pool.die(index);
                return self.carry_out(tasks);
            }
            if let StudyEvent::Shared(share) = &event
                && !share.records.is_empty()
            {
                self.shared.push((index, share.group));
            }
            let tasks = self.pool.hear_helper(index, event);
            self.carry_out(tasks);
        }
    }

    fn carry_out(&mut self, tasks: Vec<PoolTask>) {
        let mut tasks = VecDeque::from(tasks);
        while let Some(task) = tasks.pop_front() {
            match task {
                PoolTask::Lead(command) => {
                    if let StudyCommand::Redo { group, .. } = command {
                        self.redone.push(group);
                    }
                    self.tell_lead(vec![command]);
                }
                PoolTask::Start(index) => {
                    self.helpers[index] = Some(Host::new(NoGpu));
                    tasks.extend(self.pool.ready(index));
                }
                PoolTask::Helper(index, command) => self.tell_helper(index, vec![command]),
                PoolTask::End(index) => self.helpers[index] = None,
            }
        }
    }
}

fn said(host: &mut Host<NoGpu>, commands: Vec<StudyCommand>) -> Vec<StudyEvent> {
    let mut events = Vec::new();
    let commands = commands.into_iter().map(Inbound::from).collect();
    ready(host.turn(commands, &mut |message| match message {
        // As on the wire, so that nothing is lost there.
        Outbound::Study(event) => {
            let text = serde_json::to_string(&event).expect("JSON");
            events.push(serde_json::from_str(&text).expect("an event"));
        }
        other => panic!("{other:?}"),
    }));
    events
}

/// All that is found, as text: what is not a number equals itself there.
fn found(report: &StudyReport) -> String {
    let StudyReport { answer, pictures, findings, tables, done, .. } = report;
    serde_json::to_string(&(answer, pictures, findings, tables, done)).expect("JSON")
}

#[test]
fn several_workers_find_what_one_finds() {
    let mut alone = Page::new(0, Vec::new());
    let expected = found(alone.run());
    assert!(expected.contains("null"), "one of these networks blows up, which has to survive the way");
    let mut three = Page::new(3, Vec::new());
    assert_eq!(found(three.run()), expected);
    let mut workers: Vec<usize> = three.shared.iter().map(|(helper, _)| *helper).collect();
    workers.sort_unstable();
    workers.dedup();
    assert_eq!(workers, [0, 1, 2], "every helper trained something: {:?}", three.shared);
    assert!((three.report.share - 1.0).abs() < 1e-9, "all work is counted once: {}", three.report.share);
}

#[test]
fn the_group_of_a_helper_that_dies_is_trained_again() {
    let mut alone = Page::new(0, Vec::new());
    let expected = found(alone.run());
    let mut page = Page::new(2, vec![0, 1, 1]);
    assert_eq!(found(page.run()), expected);
    assert_eq!(page.redone.len(), 3);
}

#[test]
fn a_group_is_handed_over_once() {
    let mut page = Page::new(1, Vec::new());
    page.run();
    let mut groups: Vec<usize> = page.shared.iter().map(|(_, group)| *group).collect();
    groups.sort_unstable();
    let count = groups.len();
    groups.dedup();
    assert_eq!(groups.len(), count);
}
