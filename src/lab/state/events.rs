//! Takes in what the worker reports. Events of an earlier run change nothing.

use std::sync::Arc;

use super::{EngineState, MOST_DEATHS, Phase, State};
use crate::lab::examples::DigitPath;
use crate::lab::metric::{Frame, Measures};
use crate::lab::protocol::{Command, Device, DeviceReason, DeviceReport, Event, Failure};
use crate::lab::spec::DeviceChoice;

impl State {
    /// Takes in an event of the worker, and returns the commands to send in answer.
    pub fn apply(&mut self, event: Event) -> Vec<Command> {
        let mut commands = self.hear(event);
        commands.extend(self.check_on());
        commands
    }

    fn hear(&mut self, event: Event) -> Vec<Command> {
        if self.hear_companion(&event) {
            return Vec::new();
        }
        match event {
            Event::Ready => {
                // What did not come before has come.
                self.failure.take_if(|failure| matches!(failure, Failure::Missing(_)));
                return self.engine_ready();
            }
            Event::Progress(progress) => self.progress = Some(progress).filter(|_| self.awaits()),
            Event::Device(report) => self.device = Some(self.explained(report)),
            Event::Started { run, shape } if run == self.run => self.shape = Some(shape),
            Event::Frame(frame) if frame.run == self.run => self.take(frame),
            Event::Trail { run, frames } if run == self.run => self.record.fill(&frames),
            Event::Paused { run, step } if run == self.run && !matches!(self.phase, Phase::Finished(_)) => {
                // A slice that was under way when a new drag began ends in a pause that means nothing for the new run,
                // which goes on waiting for its first frame.
                self.phase = if self.frame.is_some() { Phase::Paused } else { Phase::Waiting };
                let goes_on = self.stepping && self.playing && self.last_step() == Some(step);
                self.stepping = false;
                if goes_on {
                    self.phase = Phase::Running;
                    return vec![Command::Resume];
                }
                return self.next_steps().into_iter().collect();
            }
            Event::Finished { run, why, .. } if run == self.run => {
                self.attempt.end(run);
                self.phase = Phase::Finished(why);
                self.playing = false;
                self.asked.clear();
                self.stepping = false;
            }
            Event::Swept { run, step, outcomes } => {
                self.progress = None;
                if let Some(sweep) = self.sweep.as_mut().filter(|sweep| sweep.run == run && sweep.running()) {
                    (sweep.step, sweep.outcomes) = (step, outcomes);
                }
            }
            Event::Inspecting { request, share } => self.looks.advance(request, share),
            Event::Inspected { run, step, request, result } if run == self.run => {
                if let Some(found) = self.looks.end(request, result) {
                    self.record.looks.take(step, found);
                }
            }
            Event::Written(run, line) if run == self.run => self.examples.write(line),
            Event::Data { model, result } => return self.hear_data(model, result),
            Event::Kept { run, step, kept } => self.keep_training(run, step, kept),
            Event::Failed(failure) => self.died(failure),
            // A sign of life is only for the page's watch over the worker, and the other events belong to an earlier
            // run.
            Event::Alive
            | Event::Started { .. }
            | Event::Frame(_)
            | Event::Trail { .. }
            | Event::Paused { .. }
            | Event::Finished { .. }
            | Event::Inspected { .. }
            | Event::Written(..) => {}
        }
        Vec::new()
    }

    /// Corrects the reason for the CPU. If the page asked for it because an engine had died, nobody chose it: then the
    /// reason is that death if the device was a GPU, or else the reason of the report before.
    fn explained(&self, mut report: DeviceReport) -> DeviceReport {
        if report.reason == Some(DeviceReason::Asked) && self.lab.spec.run.device != DeviceChoice::Cpu {
            report.reason = match &self.device {
                Some(before) if before.device == Device::Cpu => before.reason,
                Some(_) | None => Some(DeviceReason::Died),
            };
        }
        report
    }

    fn take(&mut self, mut frame: Frame) {
        if self.pass_over(&frame) {
            return;
        }
        self.progress = None;
        self.stale = None;
        if let Some(before) = &self.frame {
            keep_units(before, &mut frame);
            keep_heads(before, &mut frame);
            // A picture knows its step, so that the steps until the next one can have it too.
            frame.plane = frame.plane.or_else(|| before.plane.clone());
        }
        let start = std::mem::take(&mut frame.start_histograms);
        if let Some(initial) = self.initial.as_mut().filter(|_| !start.is_empty()) {
            initial.histograms = start;
        }
        let path = std::mem::take(&mut frame.path);
        if !path.is_empty() {
            // It is many numbers, of which nobody is shown earlier ones.
            self.examples.path = Some(Arc::new(DigitPath { step: frame.step, layers: path }));
        }
        self.record.take(&frame);
        self.attempt.take(&frame, &self.lab, self.record.tuned);
        // What is remembered has each histogram once; the frame on the page has the newest.
        if let Some(before) = self.frame.as_mut().filter(|_| frame.histograms.is_empty()) {
            frame.histograms = std::mem::take(&mut before.histograms);
        }
        if frame.step == 0 {
            self.initial = Some(frame.clone());
            self.anchor = Some(frame.clone());
        }
        if self.phase == Phase::Waiting {
            self.phase = if self.stepping { Phase::Running } else { Phase::Paused };
        } else if frame.step > 0 && self.playing {
            self.phase = Phase::Running;
            // An engine that dies at the same step again and again is given up.
            if frame.step > self.resting.died_at {
                self.deaths = 0;
            }
        }
        self.frame = Some(frame);
    }

    fn engine_ready(&mut self) -> Vec<Command> {
        self.engine = EngineState::Ready;
        if self.is_toy() {
            return self.own.commands();
        }
        let measures = Some(self.measures()).filter(|measures| *measures != Measures::default());
        let mut commands: Vec<Command> = measures.map(Command::Measure).into_iter().collect();
        commands.extend(self.own.commands());
        if self.awaits_own() {
            return commands;
        }
        commands.push(self.start());
        commands.extend(self.take_up());
        commands.extend(self.companions());
        if self.playing {
            commands.push(self.onward());
        }
        commands.extend(self.next_steps());
        commands
    }

    fn died(&mut self, failure: Failure) {
        if self.is_toy() {
            // Nothing on the page is computed by it. A network that is chosen later starts another.
            self.engine = EngineState::Loading;
            return;
        }
        // A file that does not come was asked for three times, and says nothing about the GPU.
        let is_missing = matches!(failure, Failure::Missing(_));
        self.deaths = if is_missing { MOST_DEATHS } else { self.deaths + 1 };
        self.give_up_sweep();
        self.cpu_only |= !is_missing;
        self.progress = None;
        self.failure = Some(failure);
        self.resting.died_at = self.record.step().unwrap_or(0);
        if !self.go_back_to_kept() {
            self.begin();
        }
        if self.deaths >= MOST_DEATHS {
            self.playing = false;
            self.engine = EngineState::Dead;
        } else {
            self.engine = EngineState::Loading;
        }
    }
}

/// What is known of units stands in the frames between two measurements as it was measured last.
fn keep_units(before: &Frame, frame: &mut Frame) {
    for (layer, before) in frame.layers.iter_mut().zip(&before.layers) {
        layer.dead_units = layer.dead_units.or(before.dead_units);
        layer.saturated_share = layer.saturated_share.or(before.saturated_share);
    }
}

/// While training runs, heads are measured a few times a second only, so a frame has those of a moment ago.
fn keep_heads(before: &Frame, frame: &mut Frame) {
    if frame.heads.is_empty() {
        frame.heads.clone_from(&before.heads);
    }
}
