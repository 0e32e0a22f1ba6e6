//! An experiment that is watched: a few transformers are trained side by side and looked at while they
//! learn. The one that has come the least far goes on, slice by slice.

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::checkpoint::Checkpoint;
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::pacer::Pacer;
use crate::engine::sampler::Sampler;
use crate::engine::session::Session;
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::study::file::Refusal;
use crate::study::plan::StudyPlan;
use crate::study::report::StudyReport;
use crate::study::verdict::watch::{
    Chosen, Ending, Runner, Track, Watched, WrittenText, findings, next_look, next_text, pictures, table,
};

mod checkpoint;
mod snapshot;

use checkpoint::{WatchCheckpoint, unreadable};
use snapshot::record;

/// Wall time of a slice.
const SLICE_MS: f64 = 400.0;
/// Characters that are written in a slice.
const CHARACTERS: usize = 20;
/// How often a running experiment is reported at least.
const REPORT_MS: f64 = 1000.0;
/// How often a running experiment is kept.
const CHECKPOINT_MS: f64 = 30_000.0;

/// Networks that are watched while they train.
pub(crate) struct Watch {
    run: u32,
    text: String,
    plan: StudyPlan,
    device: Device,
    networks: Vec<WatchedNetwork>,
    chosen: Chosen,
    pacer: Pacer,
    /// Wall time of a step, averaged over the last slices; none before the first.
    step_ms: Option<f64>,
    /// When the last checkpoint was made.
    kept_at: f64,
    /// The number of snapshots, texts and ends at the last report, and when that was.
    reported: (usize, f64),
}

#[derive(Default)]
struct WatchedNetwork {
    /// What was seen of it.
    track: Track,
    /// Whether it waits while others train.
    rests: bool,
    /// None before its first slice.
    session: Option<Session>,
    /// What its session is to go on from.
    from: Option<Checkpoint>,
    /// The text that it is writing.
    sampler: Option<Sampler>,
}

impl Watch {
    /// An experiment none of whose networks is built yet.
    pub(crate) fn new(run: u32, text: String, plan: StudyPlan, device: Device) -> Self {
        let networks = plan.networks.iter().map(|_| WatchedNetwork::default()).collect();
        Self {
            run,
            text,
            plan,
            device,
            networks,
            chosen: Chosen::default(),
            pacer: Pacer::new(SLICE_MS, u64::MAX),
            step_ms: None,
            kept_at: now_ms(),
            reported: (0, 0.0),
        }
    }

    /// The number of the order, in the page's count.
    pub(crate) fn run(&self) -> u32 {
        self.run
    }

    /// The file of the experiment of a checkpoint.
    pub(crate) fn file_of(bytes: &[u8]) -> Result<String, Refusal> {
        Ok(WatchCheckpoint::read(bytes)?.text)
    }

    /// Goes on from a checkpoint of this experiment.
    pub(crate) fn take_up(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let WatchCheckpoint { networks, .. } = WatchCheckpoint::read(bytes)?;
        let specs = self.plan.networks.iter().map(|network| &network.spec);
        let fits = |(spec, (_, _, from)): (&Spec, &(Track, bool, Option<Checkpoint>))| {
            from.as_ref().is_none_or(|from| from.fits(spec))
        };
        if networks.len() != self.networks.len() || !specs.zip(&networks).all(fits) {
            return Err(unreadable());
        }
        let taken = |(track, rests, from)| WatchedNetwork { track, rests, from, ..WatchedNetwork::default() };
        self.networks = networks.into_iter().map(taken).collect();
        Ok(())
    }

    /// The updates made, of all networks, and a checkpoint from which the experiment can be taken up later.
    pub(crate) async fn checkpoint(&mut self) -> Result<(u64, Vec<u8>), Failure> {
        let mut networks = Vec::new();
        for network in &self.networks {
            let from = match &network.session {
                Some(session) => Some(session.checkpoint().await?),
                None => network.from.clone(),
            };
            networks.push((network.track.clone(), network.rests, from));
        }
        self.kept_at = now_ms();
        let step = self.networks.iter().map(|network| network.track.step()).sum();
        Ok((step, WatchCheckpoint::new(self.text.clone(), networks).write()?))
    }

    /// Whether it is time for a checkpoint: the last one is old, or the experiment is over.
    pub(crate) fn is_checkpoint_due(&self) -> bool {
        self.is_over() || now_ms() - self.kept_at > CHECKPOINT_MS
    }

    /// Shows another network, block or snapshot.
    pub(crate) fn show(&mut self, chosen: Chosen) {
        self.chosen = chosen;
    }

    /// Lets a network wait, or go on.
    pub(crate) fn rest(&mut self, network: usize, rests: bool) {
        if let Some(network) = self.networks.get_mut(network) {
            network.rests = rests;
        }
    }

    /// The network that goes on: of those that may, the one that has come the least far.
    fn next(&self) -> Option<usize> {
        let may = |index: &usize| !self.networks[*index].rests && self.networks[*index].track.end.is_none();
        (0..self.networks.len()).filter(may).min_by_key(|index| self.networks[*index].track.step())
    }

    /// A slice of the network that goes on: it is built, or writes, or trains.
    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        let Some(index) = self.next() else { return Ok(()) };
        if self.networks[index].session.is_none() {
            return self.build(index, datasets).await;
        }
        let spec = &self.plan.networks[index].spec;
        let WatchedNetwork { track, session: Some(session), sampler, .. } = &mut self.networks[index] else {
            return Ok(());
        };
        if let Some(sampling) = sampler {
            if sampling.sample(session.trainer(), CHARACTERS).await? {
                track.texts.push(WrittenText { step: session.step(), text: sampling.text() });
                *sampler = None;
            }
            return Ok(());
        }
        let step = session.step();
        let due = track.looks.last().map_or(0, |look| next_look(look.step)).max(step + 1);
        let writes = next_text(step);
        let count = self.pacer.steps().min(due - step).min(writes - step).min(session.left());
        let begun = now_ms();
        let slice = session.advance(count as usize, step + count == due || count == session.left()).await?;
        let step_ms = self.pacer.record(begun, count, None);
        self.step_ms = Some(self.step_ms.map_or(step_ms, |old| 0.5 * (old + step_ms)));
        record(track, session, slice, spec).await?;
        if session.step() == writes && track.end.is_none() {
            *sampler = Some(Sampler::new(spec, session.step(), &self.device));
        }
        Ok(())
    }

    /// Builds a network, at its start or at its checkpoint.
    async fn build(&mut self, index: usize, datasets: &mut Datasets) -> Result<(), Failure> {
        let spec = &self.plan.networks[index].spec;
        let data = datasets.load(spec, &self.device);
        let mut session = Session::build(self.run, spec.clone(), data, &self.device);
        let network = &mut self.networks[index];
        match network.from.take() {
            // It was compared with the network's tensors when it was taken up.
            Some(from) if session.go_on(&from) => {}
            _ => {
                let slice = session.start().await?;
                network.track = Track::default();
                record(&mut network.track, &session, slice, spec).await?;
                match session.left() {
                    // It was to be seen at its start, and was.
                    0 => network.track.end = network.track.end.take().or(Some(Ending::Done)),
                    _ => network.sampler = Some(Sampler::new(spec, 0, &self.device)),
                }
            }
        }
        network.session = Some(session);
        Ok(())
    }

    fn share(&self) -> f64 {
        let all: u64 = self.plan.networks.iter().map(|network| network.spec.training.steps).sum();
        let made: u64 = self.networks.iter().map(|network| network.track.step()).sum();
        made as f64 / all.max(1) as f64
    }

    /// What was seen of the network that is shown.
    fn shown(&self) -> Option<&Track> {
        self.networks.get(self.chosen.network).map(|network| &network.track)
    }

    fn watched(&self) -> Watched {
        let runner = |(index, network): (usize, &WatchedNetwork)| Runner {
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

impl Job for Watch {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let tracks: Vec<&Track> = self.networks.iter().map(|network| &network.track).collect();
        let done = tracks.iter().filter(|track| track.end.is_some()).count();
        JobReport::Study(Box::new(StudyReport {
            run: self.run,
            done,
            networks: tracks.len(),
            share: self.share(),
            // It goes on for as long as somebody likes.
            seconds_left: None,
            over: self.is_over(),
            pictures: pictures(&self.plan, &tracks, self.chosen),
            findings: findings(&self.plan, &tracks, self.chosen),
            tables: self.chosen.data.then(|| table(self.shown())).into_iter().collect(),
            watch: Some(self.watched()),
            ..StudyReport::default()
        }))
    }

    /// Every network came to its end.
    fn is_over(&self) -> bool {
        self.networks.iter().all(|network| network.track.end.is_some())
    }

    /// Networks that rest leave none that may go on, and yet it is not over.
    fn has_work(&self) -> bool {
        self.next().is_some()
    }

    /// A snapshot, a text, an end, or a second of training.
    fn has_news(&mut self) -> bool {
        let all = self.networks.iter().map(|network| &network.track);
        let seen = all.map(|track| track.looks.len() + track.texts.len() + usize::from(track.end.is_some())).sum();
        let has_news = seen != self.reported.0 || now_ms() - self.reported.1 > REPORT_MS;
        if has_news {
            self.reported = (seen, now_ms());
        }
        has_news
    }

    fn watch(&mut self) -> Option<&mut Watch> {
        Some(self)
    }
}
