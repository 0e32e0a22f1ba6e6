//! The workers that train groups of an experiment beside the one that has it, as `study::pool` says.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::window;

use super::worker::DeskEvent;
use crate::lab::protocol::Event;
use crate::port::page::WorkerProgram;
use crate::shell::browser;
use crate::shell::worker::Engine;
use crate::study::pool::{PoolTask, WorkerPool, helpers};
use crate::study::protocol::{StudyCommand, StudyEvent};

/// A handle on the helpers, which are started when there is enough to do.
#[derive(Clone)]
pub(super) struct Helpers(Rc<HelpersInner>);

struct HelpersInner {
    pool: RefCell<WorkerPool>,
    engines: RefCell<Vec<Engine<DeskEvent>>>,
    /// Sends a command to the worker that has the experiment.
    lead: Box<dyn Fn(StudyCommand)>,
    /// Hears how many workers train, whenever that may have changed.
    changed: Box<dyn Fn(usize)>,
}

impl Helpers {
    /// As many helpers as this machine has room for, none of them started.
    pub(super) fn new(lead: impl Fn(StudyCommand) + 'static, changed: impl Fn(usize) + 'static) -> Self {
        let count = room();
        let all = Self(Rc::new(HelpersInner {
            pool: RefCell::new(WorkerPool::new(count)),
            engines: RefCell::default(),
            lead: Box::new(lead),
            changed: Box::new(changed),
        }));
        let engine = |index| {
            let own = all.clone();
            Engine::new(WorkerProgram::CpuOnly, move |events| own.fold(index, events))
        };
        all.0.engines.replace((0..count).map(engine).collect());
        all
    }

    /// How long an experiment takes all workers together, in seconds, if it takes one of them so long.
    pub(super) fn together(&self, seconds: f64) -> f64 {
        self.0.pool.borrow().together(seconds)
    }

    /// The lead is asked for another experiment.
    pub(super) fn begin(&self, run: u32, text: &str) {
        self.change(|pool| pool.begin(run, text));
    }

    /// Takes in what the lead is told.
    pub(super) fn follow(&self, command: &StudyCommand) {
        match command {
            StudyCommand::Hold(held) => self.change(|pool| pool.hold(*held)),
            StudyCommand::Finish => self.stop(),
            _ => {}
        }
    }

    /// The lead died.
    pub(super) fn stop(&self) {
        self.change(WorkerPool::stop);
    }

    /// Takes in what the lead says.
    pub(super) fn hear(&self, event: &StudyEvent) {
        self.change(|pool| pool.hear(event));
    }

    fn fold(&self, index: usize, events: Vec<DeskEvent>) {
        for event in events {
            match event {
                DeskEvent::Lab(Event::Ready) => self.change(|pool| pool.ready(index)),
                DeskEvent::Lab(Event::Failed(_)) => self.change(|pool| pool.die(index)),
                DeskEvent::Study(event) => self.change(|pool| pool.hear_helper(index, event)),
                DeskEvent::Lab(_) | DeskEvent::Checkpoint { .. } => {}
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut WorkerPool) -> Vec<PoolTask>) {
        // The pool is not borrowed while tasks are carried out, because what they start may answer at once.
        let tasks = change(&mut self.0.pool.borrow_mut());
        for task in tasks {
            let engine = |index: usize| self.0.engines.borrow().get(index).cloned();
            match task {
                PoolTask::Lead(command) => (self.0.lead)(command),
                PoolTask::Start(index) => engine(index).iter().for_each(Engine::start),
                PoolTask::Helper(index, command) => engine(index).iter().for_each(|engine| engine.post(&[&command])),
                PoolTask::End(index) => engine(index).iter().for_each(Engine::end),
            }
        }
        let workers = self.0.pool.borrow().workers();
        (self.0.changed)(workers);
    }
}

/// How many helpers this machine has room for.
fn room() -> usize {
    let navigator = window().navigator();
    // Not every browser tells how much memory there is.
    let memory = Reflect::get(&navigator, &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64());
    helpers(navigator.hardware_concurrency() as usize, memory, browser::matches("(pointer: coarse)"))
}
