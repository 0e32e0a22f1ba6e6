//! One host for whatever pages ask for: what takes the place of what, and that they share one GPU.

use std::cell::Cell;
use std::rc::Rc;

use burn::tensor::Device;
use init_lab::engine::device::{Fate, GpuAdapter, OpenGpu};
use init_lab::engine::host::Host;
use init_lab::lab::protocol::{Command, Device as Kind, DeviceReason, Event, Why};
use init_lab::lab::sweep::networks;
use init_lab::study::protocol::{Inbound, Outbound, StudyCommand, StudyEvent};

use crate::driven::{ready, spec, start};

const LINK: &str = "depth=2&width=16&batch=8&steps=20&device=webgpu";

/// A CPU that calls itself a GPU and counts how often it is opened.
struct CountedGpu {
    opened: Rc<Cell<usize>>,
    fate: Fate,
}

impl OpenGpu for CountedGpu {
    async fn open(&mut self, _: bool) -> Result<GpuAdapter, DeviceReason> {
        self.opened.set(self.opened.get() + 1);
        let (name, fate) = ("twin".to_owned(), self.fate.clone());
        Ok(GpuAdapter { device: Device::flex(), name, software: false, most: u64::MAX, fate })
    }
}

struct Worker {
    host: Host<CountedGpu>,
    opened: Rc<Cell<usize>>,
    fate: Fate,
}

impl Worker {
    fn new() -> Self {
        let (opened, fate) = (Rc::new(Cell::new(0)), Fate::default());
        let gpu = CountedGpu { opened: Rc::clone(&opened), fate: fate.clone() };
        Self { host: Host::new(gpu), opened, fate }
    }

    /// One turn: what it said, and whether there is more to do.
    fn turn(&mut self, messages: Vec<Inbound>) -> (Vec<Outbound>, bool) {
        let mut all = Vec::new();
        let busy = ready(self.host.turn(messages, &mut |message| all.push(message)));
        (all, busy)
    }

    /// Says something and waits until there is nothing to do any more.
    fn finish(&mut self, message: impl Into<Inbound>) -> Vec<Outbound> {
        let (mut all, mut busy) = self.turn(vec![message.into()]);
        while busy {
            let (more, goes_on) = self.turn(Vec::new());
            all.extend(more);
            busy = goes_on;
        }
        all
    }
}

fn study(link: &str) -> StudyCommand {
    let text = format!(
        r#"
base = "{link}"
verdict = "best"
[title]
en = "Two"
[note]
en = "A note."
[[sweep]]
name = "σ"
knob = "std"
values = [0.1, 0.3]
"#
    );
    StudyCommand::Study { run: 1, text }
}

fn sweep() -> Command {
    Command::Sweep { run: 1, specs: networks(&spec(LINK)) }
}

fn is_of_study(message: &Outbound) -> bool {
    matches!(message, Outbound::Study(_))
}

#[test]
fn runs_sweeps_and_experiments_share_one_gpu() {
    let mut worker = Worker::new();
    worker.finish(start(1, LINK));
    worker.finish(sweep());
    let all = worker.finish(study(LINK));
    let device = all.iter().find_map(|message| match message {
        Outbound::Study(StudyEvent::Begun { device, .. }) => Some(device.device),
        _ => None,
    });
    assert_eq!(device, Some(Kind::WebGpu));
    worker.finish(start(2, LINK));
    assert_eq!(worker.opened.get(), 1, "a GPU cannot be opened twice");
}

#[test]
fn an_experiment_and_a_run_take_the_place_of_each_other() {
    let mut worker = Worker::new();
    worker.finish(start(1, LINK));
    let (all, busy) = worker.turn(vec![study(LINK).into()]);
    assert!(busy && all.iter().all(is_of_study), "{all:?}");
    let (all, _) = worker.turn(vec![Command::Resume.into()]);
    assert_eq!(all, [], "there is no run to go on with");
    let all = worker.finish(start(2, LINK));
    assert!(!all.iter().any(is_of_study), "{all:?}");
    let all = worker.finish(Command::Resume);
    assert_eq!(all.last(), Some(&Event::Finished { run: 2, step: 20, why: Why::Done }.into()));
    assert!(!all.iter().any(is_of_study), "nor to go on with an experiment");
}

#[test]
fn an_experiment_on_the_cpu_needs_no_gpu() {
    let mut worker = Worker::new();
    worker.finish(start(1, LINK));
    assert!(worker.fate.is_needed());
    worker.turn(vec![study(&LINK.replace("webgpu", "cpu")).into()]);
    assert!(!worker.fate.is_needed(), "the run that was on it is gone");
}

#[test]
fn the_run_waits_for_a_sweep_and_then_goes_on() {
    let mut worker = Worker::new();
    worker.finish(start(1, LINK));
    let (_, busy) = worker.turn(vec![sweep().into(), Command::Resume.into()]);
    assert!(busy);
    let mut all = Vec::new();
    while let (more, true) = worker.turn(Vec::new()) {
        all.extend(more);
    }
    let is_swept = |message: &Outbound| matches!(message, Outbound::Lab(Event::Swept { .. }));
    let (swept, rest) = all.split_at(all.iter().take_while(|message| is_swept(message)).count());
    assert!(!swept.is_empty() && !rest.is_empty() && !rest.iter().any(is_swept), "{all:?}");
}
