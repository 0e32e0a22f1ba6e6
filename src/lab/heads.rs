//! Computes how sharply each head of attention looks, measured beside what theory expects of the first weights.

use super::curve::{RowLabel, Table};
use super::lang::Lang;
use super::metric::{Frame, HeadMetric};
use super::number::show;
use super::prediction::Prediction;
use super::record::RunRecord;
use super::runs::RunMark;
use super::spec::Spec;
use super::state::State;
use crate::science::choice::choices;
use crate::science::entropy::mean_evenness;
use crate::science::layer::LayerId;
use crate::science::sharpness::mean_peak;

/// From this entropy on a head counts as nearly even.
const EVEN: f64 = 0.9;
/// Up to this entropy a head counts as looking at nearly one position.
const SHARP: f64 = 0.1;

choices! {
    /// What is shown of the heads.
    pub enum HeadQuantity {
        /// The entropy of the softmax, relative to that of an even one.
        Entropy "entropy",
        /// The largest weight of the softmax.
        Peak "peak",
    }
}

/// One head.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadPoint {
    /// The number of its block, from 1.
    pub block: usize,
    /// Its number in the block, from 1.
    pub head: usize,
    /// Its entropy and its largest weight in the shown measurement.
    pub measured: Option<[f64; 2]>,
    /// The same at step 0, once training has gone on from there.
    pub initial: Option<[f64; 2]>,
}

/// The heads of a GPT by block.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadCurve {
    /// All heads, block by block.
    pub heads: Vec<HeadPoint>,
    /// Theory's entropy and largest weight of a head at the start, by block; empty where theory says nothing.
    pub theory: Vec<[f64; 2]>,
    /// The measured heads of the runs that are compared, block by block.
    pub others: Vec<(RunMark, Vec<HeadPoint>)>,
    /// Whether the measurement is still of the run before, and this run's is on its way.
    pub stale: bool,
}

/// Computes what theory expects of a head at the start, by block, in a window of `context` positions: the entropy over
/// that of an even softmax and the largest weight, both averaged over the queries that have a choice.
pub fn expected(prediction: &Prediction, context: usize) -> Vec<[f64; 2]> {
    let mut blocks: Vec<(f64, [f64; 2])> = Vec::new();
    if context < 2 {
        return Vec::new();
    }
    for &s in prediction.logits.iter().flat_map(|logits| &logits.attention) {
        // With a norm most blocks have the same logits, so they are averaged over once.
        let known = blocks.last().filter(|(same, _)| (s / same - 1.0).abs() < 1e-6).map(|(_, numbers)| *numbers);
        blocks.push((
            s,
            known.unwrap_or_else(|| {
                // The first query has no choice, and all its weight on one position.
                let t = context as f64;
                [mean_evenness(context, s), (t * mean_peak(context, s) - 1.0) / (t - 1.0)]
            }),
        ));
    }
    blocks.into_iter().map(|(_, numbers)| numbers).collect()
}

impl HeadCurve {
    /// The heads of the shown run beside what theory [`expected`].
    pub fn new(state: &State, theory: Vec<[f64; 2]>) -> Self {
        let shown = state.shown();
        let initial = state.initial.as_ref().filter(|initial| shown.is_some_and(|frame| frame.step > initial.step));
        let read = |frame: Option<&Frame>, block: usize, head: usize| {
            let is_it = |metric: &&HeadMetric| metric.layer == LayerId::Block(block) && metric.head == head;
            frame?.heads.iter().find(is_it).map(|metric| [metric.entropy.0, metric.peak.0])
        };
        let heads = |spec: &Spec, now: Option<&Frame>, initial: Option<&Frame>| -> Vec<HeadPoint> {
            let (depth, count) = (spec.network.depth, spec.network.heads);
            let all = (1..=depth).flat_map(|block| (1..=count).map(move |head| (block, head)));
            let point = |(block, head)| {
                let [measured, initial] = [now, initial].map(|frame| read(frame, block, head));
                HeadPoint { block, head, measured, initial }
            };
            all.map(point).collect()
        };
        let compared = |(mark, record): (RunMark, &RunRecord)| {
            let frame = record.at(state.moment()).filter(|frame| !frame.heads.is_empty())?;
            Some((mark, heads(&record.spec, Some(frame), None)))
        };
        Self {
            heads: heads(state.spec(), shown, initial),
            theory,
            others: state.compared().into_iter().filter_map(compared).collect(),
            stale: state.frame.is_none() && state.stale.is_some(),
        }
    }

    /// Returns sentences that say which heads are even and which look at one position, and what theory expected.
    pub fn words(&self, lang: Lang) -> String {
        let all: Vec<(&HeadPoint, [f64; 2])> =
            self.heads.iter().filter_map(|head| Some((head, head.measured?))).collect();
        let mut known: Vec<&(&HeadPoint, [f64; 2])> =
            all.iter().filter(|(_, numbers)| numbers.iter().all(|number| number.is_finite())).collect();
        known.sort_by(|(_, one), (_, other)| one[0].total_cmp(&other[0]));
        let numbers = |few: usize| [("few", few.to_string()), ("count", all.len().to_string())];
        let mut sentences = Vec::new();
        if let (Some((sharp, least)), Some((even, most))) = (known.first(), known.last()) {
            let name = |head: &HeadPoint| lang.row(&label(head));
            let values = [
                ("sharp", name(sharp)),
                ("least", show(least[0])),
                ("peak", show(least[1])),
                ("even", name(even)),
                ("most", show(most[0])),
            ];
            sentences.push(lang.tell("heads.ends", &values));
            let few = |is_so: fn(f64) -> bool| known.iter().filter(|(_, [entropy, _])| is_so(*entropy)).count();
            let (evens, sharps) = (few(|entropy| entropy >= EVEN), few(|entropy| entropy <= SHARP));
            sentences.extend((evens > 0).then(|| lang.tell("heads.even", &numbers(evens))));
            sentences.extend((sharps > 0).then(|| lang.tell("heads.sharp", &numbers(sharps))));
        } else if all.is_empty() {
            sentences.push(lang.text("heads.none").to_owned());
        }
        let lost = all.len() - known.len();
        sentences.extend((lost > 0).then(|| lang.tell("heads.lost", &numbers(lost))));
        if let (Some([first, _]), Some([last, _])) = (self.theory.first(), self.theory.last()) {
            let (first, last) = (show(*first), show(*last));
            let entropy = if first == last { first } else { format!("{first} … {last}") };
            sentences.push(lang.fill("heads.theory", &[("entropy", &entropy)]));
        }
        sentences.join(" ")
    }

    /// Returns the numbers of each head, and one of each pinned run.
    pub fn table(&self, quantity: HeadQuantity) -> Table {
        let row = |head: &HeadPoint| {
            let [entropy, peak] = [0, 1].map(|index| head.measured.map(|numbers| numbers[index]));
            let theory = self.theory.get(head.block - 1);
            let [expected, largest] = [0, 1].map(|index| theory.map(|numbers| numbers[index]));
            (label(head), vec![entropy, expected, peak, largest])
        };
        const COLUMNS: &[&str] = &["head", "evenness", "predicted-evenness", "peak", "predicted-peak"];
        let numbers = |heads: &[HeadPoint]| {
            heads.iter().filter_map(|head| Some((label(head), head.measured?[quantity as usize]))).collect()
        };
        let others = self.others.iter().map(|(mark, heads)| (*mark, numbers(heads)));
        Table::new(COLUMNS, self.heads.iter().map(row).collect()).beside(others)
    }
}

fn label(head: &HeadPoint) -> RowLabel {
    RowLabel::Head(LayerId::Block(head.block), head.head)
}
