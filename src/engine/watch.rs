//! A few transformers trained side by side and looked at while they learn: the one that has come the
//! least far goes on, slice by slice.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::checkpoint::Checkpoint;
use super::clock::now_ms;
use super::session::Session;
use super::writer::Writer;
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::study::file::Refusal;
use crate::study::plan::StudyPlan;
use crate::study::protocol::StudyReport;
use crate::study::verdict::watch::{
    Chosen, Ending, Runner, Track, Watched, WrittenText, findings, next_look, next_text, pictures, table,
};

mod kept;
mod look;

use kept::{Kept, unreadable};
use look::take;

/// Wall time of a slice.
const SLICE_MS: f64 = 400.0;
/// Characters that are written in a slice.
const CHARACTERS: usize = 20;
/// A running experiment is told of at least so often.
const TELL_MS: f64 = 1000.0;
/// So often a running experiment is kept.
const KEEP_MS: f64 = 30_000.0;

/// Networks being watched.
pub(super) struct Watch {
    run: u32,
    text: String,
    plan: StudyPlan,
    device: Device,
    data: Option<Rc<Data>>,
    networks: Vec<Network>,
    chosen: Chosen,
    step_ms: Option<f64>,
    /// When it was kept last.
    kept: f64,
    /// Looks, texts and ends that were told of, and when.
    told: (usize, f64),
}

#[derive(Default)]
struct Network {
    track: Track,
    rests: bool,
    /// None before its first slice, and once it is over.
    session: Option<Session>,
    /// What its session is to go on from.
    from: Option<Checkpoint>,
    writer: Option<Writer>,
}

impl Watch {
    /// None of the networks is built yet.
    pub(super) fn new(run: u32, text: String, plan: StudyPlan, device: Device) -> Self {
        let networks = plan.networks.iter().map(|_| Network::default()).collect();
        let (data, step_ms, chosen) = (None, None, Chosen::default());
        let (kept, told) = (now_ms(), (0, 0.0));
        Self { run, text, plan, device, data, networks, chosen, step_ms, kept, told }
    }

    /// The number of the order.
    pub(super) fn run(&self) -> u32 {
        self.run
    }

    /// The file of what was kept.
    pub(super) fn file_of(bytes: &[u8]) -> Result<String, Refusal> {
        Ok(Kept::read(bytes)?.text)
    }

    /// Takes up what was kept of this experiment.
    pub(super) fn take_up(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let Kept { networks, .. } = Kept::read(bytes)?;
        let specs = self.plan.networks.iter().map(|network| &network.spec);
        let fits = |(spec, (_, _, from)): (&Spec, &(Track, bool, Option<Checkpoint>))| {
            from.as_ref().is_none_or(|from| from.fits(&spec.architecture().parameters()))
        };
        if networks.len() != self.networks.len() || !specs.zip(&networks).all(fits) {
            return Err(unreadable());
        }
        let taken = |(track, rests, from)| Network { track, rests, from, ..Network::default() };
        self.networks = networks.into_iter().map(taken).collect();
        Ok(())
    }

    /// The experiment as it stands, to be taken up later, and the updates made.
    pub(super) async fn keep(&mut self) -> Result<(u64, Vec<u8>), Failure> {
        let mut networks = Vec::new();
        for network in &self.networks {
            let from = match &network.session {
                Some(session) => Some(session.checkpoint().await?),
                None => network.from.clone(),
            };
            networks.push((network.track.clone(), network.rests, from));
        }
        self.kept = now_ms();
        let step = self.networks.iter().map(|network| network.track.step()).sum();
        Ok((step, Kept::new(self.text.clone(), networks).write()?))
    }

    /// Whether it was not kept for long.
    pub(super) fn is_due(&self) -> bool {
        now_ms() - self.kept > KEEP_MS
    }

    /// Every network came to its end.
    pub(super) fn is_over(&self) -> bool {
        self.networks.iter().all(|network| network.track.end.is_some())
    }

    /// Whether there is a network that may go on.
    pub(super) fn has_work(&self) -> bool {
        self.next().is_some()
    }

    /// Shows another network, block or look.
    pub(super) fn show(&mut self, chosen: Chosen) {
        self.chosen = chosen;
    }

    /// Lets a network wait, or go on.
    pub(super) fn rest(&mut self, network: usize, rests: bool) {
        if let Some(network) = self.networks.get_mut(network) {
            network.rests = rests;
        }
    }

    fn next(&self) -> Option<usize> {
        let may = |index: &usize| !self.networks[*index].rests && self.networks[*index].track.end.is_none();
        (0..self.networks.len()).filter(may).min_by_key(|index| self.networks[*index].track.step())
    }

    /// One slice of the network that has come the least far.
    pub(super) async fn slice(&mut self) -> Result<(), Failure> {
        let Some(index) = self.next() else { return Ok(()) };
        if self.networks[index].session.is_none() {
            return self.build(index).await;
        }
        let spec = &self.plan.networks[index].spec;
        let Network { track, session: Some(session), writer, .. } = &mut self.networks[index] else { return Ok(()) };
        if let Some(writing) = writer {
            if writing.write(session.trainer(), CHARACTERS).await? {
                track.texts.push(WrittenText { step: session.step(), text: writing.text() });
                *writer = None;
            }
            return Ok(());
        }
        let step = session.step();
        let due = track.looks.last().map_or(0, |look| next_look(look.step)).max(step + 1);
        let room = (SLICE_MS / self.step_ms.unwrap_or(SLICE_MS)).max(1.0) as u64;
        let writes = next_text(step);
        let count = room.min(due - step).min(writes - step).min(session.left());
        let begun = now_ms();
        let slice = session.advance(count as usize, step + count == due || count == session.left()).await?;
        let step_ms = (now_ms() - begun) / count as f64;
        self.step_ms = Some(self.step_ms.map_or(step_ms, |old| 0.5 * (old + step_ms)));
        take(track, session, slice, spec).await?;
        if session.step() == writes && track.end.is_none() {
            *writer = Some(Writer::new(spec, session.step(), &self.device));
        }
        Ok(())
    }

    /// Builds a network, at its start or where it was kept.
    async fn build(&mut self, index: usize) -> Result<(), Failure> {
        let spec = &self.plan.networks[index].spec;
        let data = match &self.data {
            Some(data) if data.fits(spec) => Rc::clone(data),
            _ => Rc::clone(self.data.insert(Rc::new(Data::load(spec, &self.device)))),
        };
        let mut session = Session::build(self.run, spec.clone(), data, &self.device);
        let network = &mut self.networks[index];
        match network.from.take() {
            // It was compared with the network's tensors when it was taken up.
            Some(from) if session.go_on(&from) => {}
            _ => {
                let slice = session.start().await?;
                network.track = Track::default();
                take(&mut network.track, &session, slice, spec).await?;
                match session.left() {
                    // It was to be seen at its start, and was.
                    0 => network.track.end = network.track.end.take().or(Some(Ending::Done)),
                    _ => network.writer = Some(Writer::new(spec, 0, &self.device)),
                }
            }
        }
        network.session = Some(session);
        Ok(())
    }

    /// Whether there is something to tell: a look, a text, an end, or a second of training.
    pub(super) fn has_news(&mut self) -> bool {
        let all = self.networks.iter().map(|network| &network.track);
        let seen = all.map(|track| track.looks.len() + track.texts.len() + usize::from(track.end.is_some())).sum();
        let news = seen != self.told.0 || now_ms() - self.told.1 > TELL_MS;
        if news {
            self.told = (seen, now_ms());
        }
        news
    }

    pub(super) fn report(&self, over: bool) -> StudyReport {
        let tracks: Vec<&Track> = self.networks.iter().map(|network| &network.track).collect();
        let done = tracks.iter().filter(|track| track.end.is_some()).count();
        StudyReport {
            run: self.run,
            done,
            networks: tracks.len(),
            share: self.share(),
            // It goes on for as long as somebody likes.
            seconds_left: None,
            over,
            pictures: pictures(&self.plan, &tracks, self.chosen),
            findings: findings(&self.plan, &tracks, self.chosen),
            tables: self.chosen.data.then(|| table(self.shown())).into_iter().collect(),
            watch: Some(self.watched()),
        }
    }

    fn share(&self) -> f64 {
        let all: u64 = self.plan.networks.iter().map(|network| network.spec.training.steps).sum();
        let made: u64 = self.networks.iter().map(|network| network.track.step()).sum();
        made as f64 / all.max(1) as f64
    }

    /// What was seen of the network that is looked at.
    fn shown(&self) -> Option<&Track> {
        self.networks.get(self.chosen.network).map(|network| &network.track)
    }

    fn watched(&self) -> Watched {
        let runner = |(index, network): (usize, &Network)| Runner {
            name: self.plan.name(index),
            link: self.plan.networks[index].link.clone(),
            step: network.track.step(),
            rests: network.rests,
            end: network.track.end.clone(),
        };
        let shown = self.shown();
        Watched {
            networks: self.networks.iter().enumerate().map(runner).collect(),
            chosen: self.chosen,
            blocks: self.plan.networks.get(self.chosen.network).map_or(0, |network| network.spec.network.depth),
            looks: shown.map(|track| track.looks.iter().map(|look| look.step).collect()).unwrap_or_default(),
            texts: shown.map(|track| track.texts.clone()).unwrap_or_default(),
            step_ms: self.step_ms,
        }
    }
}
