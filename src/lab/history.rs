//! Keeps the measurements of a run within a bounded number of frames, so that a reader can go back to any part of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::metric::Frame;

/// The frames of a run, oldest first: the newest ones all, and of the others as many, evenly apart, as fit. The frame
/// of step 0 is always among them.
///
/// Frames are shared, so that a copy of a history costs next to nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Frames that are at least `spacing` steps apart.
    spaced: Vec<Arc<Frame>>,
    spacing: u64,
    /// The newest frames, which are thinned as newer ones come. What happened last is looked at most closely.
    recent: Vec<Arc<Frame>>,
    /// The steps that were looked at one by one, where the run broke last: first and last. Their frames all stay.
    close: Option<(u64, u64)>,
}

/// The largest number of frames that are evenly apart. A strip of a few hundred pixels cannot show more.
const MOST: usize = 240;
/// A frame that has no histograms is drawn with those of one of so many frames, itself included.
const NEAR: usize = 8;
/// How many of the newest frames are all kept. The steps before a divergence, one by one, are fewer.
const RECENT: usize = 48;

impl History {
    /// Adds a frame. One of a step that is already past replaces everything from there on. Its losses are left out,
    /// because a series of their own has them.
    pub fn push(&mut self, frame: &Frame) {
        let frame = Arc::new(Frame { losses: Vec::new(), ..frame.clone() });
        self.cut(frame.step);
        self.recent.push(frame);
        self.thin();
    }

    /// Adds frames of steps between the newest ones, those that are not known. They stay, and those that were added so
    /// before need not any more.
    pub fn insert(&mut self, frames: &[Frame]) {
        self.close = frames.first().zip(frames.last()).map(|(first, last)| (first.step, last.step));
        frames.iter().for_each(|frame| self.insert_one(frame));
    }

    fn insert_one(&mut self, frame: &Frame) {
        let at = self.recent.partition_point(|other| other.step < frame.step);
        let is_new = self.recent.get(at).is_some_and(|next| next.step > frame.step);
        let is_after = at > 0 || self.spaced.last().is_none_or(|last| last.step < frame.step);
        if is_new && is_after {
            self.recent.insert(at, Arc::new(Frame { losses: Vec::new(), ..frame.clone() }));
        }
        self.thin();
    }

    /// Keeps no more of the newest frames than there is room for.
    fn thin(&mut self) {
        if self.recent.len() > RECENT {
            let oldest = self.recent.remove(0);
            self.settle(oldest);
        }
    }

    /// Moves a frame to those that are evenly apart, or drops it.
    fn settle(&mut self, frame: Arc<Frame>) {
        let is_close = self.is_close(&frame);
        if !is_close && self.spaced.last().is_some_and(|last| frame.step < last.step + self.spacing) {
            return;
        }
        self.spaced.push(frame);
        if self.others() > MOST {
            self.halve();
        }
    }

    /// Whether a frame is one of those that were looked at one by one.
    fn is_close(&self, frame: &Frame) -> bool {
        self.close.is_some_and(|(first, last)| (first..=last).contains(&frame.step))
    }

    /// How many frames are evenly apart.
    fn others(&self) -> usize {
        self.spaced.iter().filter(|frame| !self.is_close(frame)).count()
    }

    fn halve(&mut self) {
        let mut index = 0;
        let mut spaced = std::mem::take(&mut self.spaced);
        spaced.retain(|frame| {
            let is_close = self.is_close(frame);
            index += usize::from(!is_close);
            is_close || index % 2 == 1
        });
        self.spaced = spaced;
        let ends = self.spaced.first().zip(self.spaced.last()).map(|(first, last)| last.step - first.step);
        self.spacing = ends.unwrap_or(0) / (self.others().max(2) as u64 - 1);
    }

    /// Drops the frames from a step on.
    fn cut(&mut self, step: u64) {
        for frames in [&mut self.spaced, &mut self.recent] {
            while frames.last().is_some_and(|last| last.step >= step) {
                frames.pop();
            }
        }
    }

    /// All frames, oldest first.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = &Arc<Frame>> {
        self.spaced.iter().chain(&self.recent)
    }

    /// The newest frame of a step that is not later than this one, or else the first frame.
    pub fn at(&self, step: u64) -> Option<&Arc<Frame>> {
        self.frames().rev().find(|frame| frame.step <= step).or_else(|| self.frames().next())
    }

    /// The step of the frame that stands so many frames after (or before) that of a step.
    pub fn beside(&self, step: u64, by: i64) -> Option<u64> {
        let steps: Vec<u64> = self.frames().map(|frame| frame.step).collect();
        let at = steps.iter().rposition(|other| *other <= step)? as i64;
        steps.get((at + by).clamp(0, steps.len() as i64 - 1) as usize).copied()
    }

    /// The same frames with the histograms of few of them, evenly chosen, with the first and the last that have any:
    /// they are many numbers, and a run that is compared is seldom looked at step by step.
    pub fn with_few_histograms(&self, few: usize) -> Self {
        let having = self.frames().filter(|frame| !frame.histograms.is_empty()).map(|frame| frame.step);
        let having: Vec<u64> = having.collect();
        let count = few.min(having.len());
        let place = |index: usize| index * (having.len() - 1) / (count - 1).max(1);
        let kept: Vec<u64> = (0..count).map(|index| having[place(index)]).collect();
        let bare = |frame: &Arc<Frame>| {
            let stays = frame.histograms.is_empty() || kept.contains(&frame.step);
            if stays { frame.clone() } else { Arc::new(Frame { histograms: Vec::new(), ..Frame::clone(frame) }) }
        };
        let all = |frames: &[Arc<Frame>]| frames.iter().map(bare).collect();
        Self { spaced: all(&self.spaced), recent: all(&self.recent), ..*self }
    }

    /// The frame of a step as [`Self::at`] finds it, with the last histograms that were made before it, if it has none.
    pub fn with_histograms(&self, step: u64) -> Option<Arc<Frame>> {
        let frame = self.at(step)?;
        let mut before = self.frames().rev().skip_while(|other| other.step > frame.step).take(NEAR);
        match before.find(|other| !other.histograms.is_empty()) {
            Some(other) if frame.histograms.is_empty() => {
                Some(Arc::new(Frame { histograms: other.histograms.clone(), ..Frame::clone(frame) }))
            }
            _ => Some(frame.clone()),
        }
    }

    /// The newest frame with histograms of a step that is not later than this one, or else the first with any.
    pub fn last_histograms(&self, step: u64) -> Option<&Arc<Frame>> {
        let has_any = |frame: &&Arc<Frame>| !frame.histograms.is_empty();
        let before = self.frames().rev().filter(has_any).find(|frame| frame.step <= step);
        before.or_else(|| self.frames().find(has_any))
    }

    /// The first frame.
    pub fn first(&self) -> Option<&Arc<Frame>> {
        self.frames().next()
    }

    /// The newest frame.
    pub fn last(&self) -> Option<&Arc<Frame>> {
        self.frames().next_back()
    }

    /// How many frames there are.
    pub fn len(&self) -> usize {
        self.spaced.len() + self.recent.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// At most this many of the frames, evenly chosen, with the first and the last, and those that were looked at one by
    /// one. This is what a browser stores.
    pub fn sample(&self, most: usize) -> Vec<&Frame> {
        let all: Vec<&Frame> = self.frames().map(Arc::as_ref).collect();
        if all.len() <= most {
            return all;
        }
        let last = all.len() - 1;
        let parts = most.max(2) - 1;
        let even: BTreeSet<usize> = (0..=parts).map(|part| part * last / parts).collect();
        all.into_iter()
            .enumerate()
            .filter(|(at, frame)| even.contains(at) || self.is_close(frame))
            .map(|(_, frame)| frame)
            .collect()
    }
}

impl<'a> FromIterator<&'a Frame> for History {
    fn from_iter<I: IntoIterator<Item = &'a Frame>>(frames: I) -> Self {
        let mut history = Self::default();
        frames.into_iter().for_each(|frame| history.push(frame));
        history
    }
}
