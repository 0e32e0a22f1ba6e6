//! The start of a run. Its weights are drawn slice by slice, so that the host hears what comes meanwhile: a newer
//! setting ends the drawing at once, and everything else is carried out when the run is there.

use burn::tensor::Device;

use super::Host;
use crate::engine::device::OpenGpu;
use crate::engine::initial::InitialDraw;
use crate::engine::job::Job;
use crate::engine::job::run::Run;
use crate::lab::metric::RunId;
use crate::lab::protocol::{Command, Event, Progress};
use crate::lab::spec::Spec;
use crate::study::protocol::{Inbound, Outbound};

/// Wall time of a slice of drawing: nobody notices that the host is deaf for so long.
const SLICE_MS: f64 = 60.0;

/// A run whose weights are being drawn.
pub(super) struct Starting {
    run: RunId,
    spec: Spec,
    device: Device,
    draw: InitialDraw,
    /// Whether it is to stand beside the run on the page, which it is compared with.
    beside: bool,
    /// What came since, in its order.
    waiting: Vec<Inbound>,
}

impl Starting {
    /// Keeps a command until the run is there.
    pub(super) fn wait(&mut self, command: Box<Command>) {
        self.waiting.push(Inbound::Lab(command));
    }
}

impl<G: OpenGpu> Host<G> {
    /// Begins a run in place of all that is under way.
    pub(super) async fn start(&mut self, run: RunId, spec: Spec, emit: &mut impl FnMut(Outbound)) {
        // The old run's memory is free before the new one takes its own.
        self.jobs = Default::default();
        self.devices.release();
        let device = self.choose(&spec, 1, emit).await;
        self.begin_drawing(run, spec, device, false, emit).await;
    }

    /// Begins a run beside the one on the page.
    pub(super) async fn accompany(&mut self, run: RunId, spec: Spec, emit: &mut impl FnMut(Outbound)) {
        // What the page shows of the device is about its own run.
        let told = self.device.clone();
        let device = self.choose(&spec, 1, &mut |_| {}).await;
        self.device = told;
        self.begin_drawing(run, spec, device, true, emit).await;
    }

    async fn begin_drawing(
        &mut self,
        run: RunId,
        spec: Spec,
        device: Device,
        beside: bool,
        emit: &mut impl FnMut(Outbound),
    ) {
        let draw = InitialDraw::new(&spec);
        self.jobs.starting = Some(Starting { run, spec, device, draw, beside, waiting: Vec::new() });
        self.draw(emit).await;
    }

    /// Goes on drawing. When all is drawn the network is built, and measured at its initialization.
    pub(super) async fn draw(&mut self, emit: &mut impl FnMut(Outbound)) {
        let Some(mut starting) = self.jobs.starting.take() else { return };
        if !starting.draw.advance_for(SLICE_MS) {
            emit(Event::Progress(Progress::Drawing(starting.draw.percent())).into());
            self.jobs.starting = Some(starting);
            return;
        }
        let Starting { run, spec, device, draw, beside, waiting } = starting;
        self.jobs.queued = waiting;
        let data = self.datasets.load(&spec, &device);
        let mut run = Run::build(run, spec, draw.finish(), data, &device);
        run.measure(if beside { self.measures.beside() } else { self.measures });
        emit(run.started().into());
        if let Err(failure) = run.start().await {
            return emit(Event::Failed(failure).into());
        }
        if let Some(other) = self.jobs.run.as_ref().filter(|_| beside) {
            run.follow(other);
        }
        self.jobs.tell(run.report(), emit);
        if beside {
            self.jobs.companions.push(run);
        } else {
            self.jobs.run = Some(run);
        }
        self.jobs.drop_ended();
    }
}
