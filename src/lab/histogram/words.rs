//! The table of histograms, and what is said of them.

use super::{HistogramCurve, HistogramRow, size};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::diagnosis::{Sentence, SentenceValue};
use crate::lab::metric::Content;
use crate::lab::number::show;
use crate::lab::runs::RunMark;
use crate::science::histogram::{BINS_PER_STD, Distribution, HISTOGRAM_BINS, REACH};

/// A share is worth a sentence from here on.
const NOTABLE: f64 = 0.005;
/// Tails are called heavy where they have so many times as many numbers as is expected, and [`NOTABLE`] of all more.
const HEAVY: f64 = 2.0;
/// The share of a normal distribution beyond three standard deviations.
const NORMAL_TAILS: f64 = 0.002_7;

pub(super) fn table(curve: &HistogramCurve) -> Table {
    if let [row] = &curve.rows[..] {
        return bins(row);
    }
    const COLUMNS: &[&str] =
        &["layer", "mean", "std", "start-std", "theory-std", "near-zero", "zeros", "tails", "saturated", "dead"];
    let rows = curve.rows.iter().map(|row| {
        let std = |of: &Option<Distribution>| of.as_ref().map(|of| of.std);
        let now = |read: fn(&Distribution) -> f64| row.now.as_ref().map(read);
        let values = vec![
            now(|now| now.mean),
            std(&row.now),
            std(&row.start),
            std(&row.theory),
            now(|now| now.near_zero),
            now(|now| now.zeros),
            now(Distribution::tails),
            row.now.as_ref().and_then(|now| now.saturated),
            row.dead,
        ];
        (RowLabel::Matrix(row.id), values)
    });
    let stds = |mark: &RunMark| {
        let of = |row: &HistogramRow| {
            let (_, other) = row.others.iter().find(|(own, _)| own == mark)?;
            Some((RowLabel::Matrix(row.id), other.std))
        };
        (*mark, curve.rows.iter().filter_map(of).collect())
    };
    Table::new(COLUMNS, rows.collect()).beside(curve.marks().iter().map(stds))
}

/// The densities of one matrix, at the middles of the bins of what is measured now, or else of what is known of it.
fn bins(row: &HistogramRow) -> Table {
    const COLUMNS: &[&str] = &["value", "density", "start-density", "theory-density"];
    let all = [&row.now, &row.start, &row.theory];
    let Some(grid) = all.into_iter().flatten().next() else { return Table::new(COLUMNS, Vec::new()) };
    let line = |bin: usize| {
        let middle = 0.5 * (grid.edge(bin) + grid.edge(bin + 1));
        let at = |of: &Option<Distribution>| of.as_ref().map(|of| density_at(of, middle));
        (RowLabel::Number(show(middle)), all.map(at).to_vec())
    };
    let others = row.others.iter().map(|(mark, of)| {
        let middle = |bin: usize| 0.5 * (grid.edge(bin) + grid.edge(bin + 1));
        let at = |bin: usize| (RowLabel::Number(show(middle(bin))), density_at(of, middle(bin)));
        (*mark, (0..HISTOGRAM_BINS).map(at).collect())
    });
    Table::new(COLUMNS, (0..HISTOGRAM_BINS).map(line).collect()).beside(others)
}

fn density_at(distribution: &Distribution, x: f64) -> f64 {
    let place = (x - distribution.mean) / distribution.std * BINS_PER_STD as f64 + (REACH * BINS_PER_STD) as f64;
    let is_inside = place >= 0.0 && place < HISTOGRAM_BINS as f64;
    if is_inside { distribution.density(place as usize) } else { 0.0 }
}

pub(super) fn remarks(curve: &HistogramCurve) -> Vec<Sentence> {
    let rows = &curve.rows;
    let broken = rows.iter().find(|row| row.is_broken).map(|row| at("broken", row, Vec::new()));
    let measured: Vec<(&HistogramRow, &Distribution)> =
        rows.iter().filter_map(|row| Some((row, row.now.as_ref()?))).collect();
    let (Some((first, from)), Some((last, to))) = (measured.first(), measured.last()) else {
        let is_known = rows.iter().any(|row| row.theory.is_some());
        let waiting = Sentence { key: if is_known { "expected" } else { "waiting" }, values: Vec::new() };
        return vec![broken.unwrap_or(waiting)];
    };
    let mut all = Vec::new();
    if measured.len() == 1 {
        let numbers = vec![("std", show(from.std)), ("mean", show(from.mean)), ("near", percent(from.near_zero))];
        all.push(at("one", first, numbers));
    } else {
        let values = vec![
            ("from", SentenceValue::Layer(first.id.layer)),
            ("first", SentenceValue::Text(show(from.std))),
            ("to", SentenceValue::Layer(last.id.layer)),
            ("last", SentenceValue::Text(show(to.std))),
        ];
        all.push(Sentence { key: "spread", values });
    }
    all.extend(broken);
    let most = |read: &dyn Fn(&HistogramRow, &Distribution) -> Option<f64>| {
        let shares = measured.iter().filter_map(|(row, now)| Some((*row, read(row, now)?)));
        shares.filter(|(_, share)| *share >= NOTABLE).max_by(|(_, a), (_, b)| a.total_cmp(b))
    };
    let share = |key: &'static str, (row, share): (&HistogramRow, f64)| at(key, row, vec![("share", percent(share))]);
    all.extend(most(&|row, _| row.dead).map(|found| share("dead", found)));
    all.extend(most(&|_, now| now.saturated).map(|found| share("saturated", found)));
    let is_relu = rows.iter().any(|row| row.dead.is_some()) && curve.choice.content == Content::Activations;
    if !is_relu {
        // Of a ReLU zeros are what it is for.
        all.extend(most(&|_, now| Some(now.zeros)).map(|found| share("zeros", found)));
    }
    let excess = |row: &HistogramRow, now: &Distribution| {
        let expected = expected_tails(row);
        Some(now.tails() - expected).filter(|excess| *excess >= NOTABLE && now.tails() >= HEAVY * expected)
    };
    if let Some((row, excess)) = most(&excess) {
        let expected = expected_tails(row);
        let key = if row.theory.is_some() { "heavy" } else { "heavy-normal" };
        all.push(at(key, row, vec![("share", percent(excess + expected)), ("expected", percent(expected))]));
    }
    all.extend(moved(&measured));
    all
}

/// The share beyond three standard deviations that theory expects, or else a normal distribution has.
fn expected_tails(row: &HistogramRow) -> f64 {
    row.theory.as_ref().map_or(NORMAL_TAILS, Distribution::tails)
}

/// The layer whose size has changed most since the start, where it has.
fn moved(measured: &[(&HistogramRow, &Distribution)]) -> Option<Sentence> {
    let ratio = |(row, now): &(&HistogramRow, &Distribution)| {
        let ratio = size(now) / size(row.start.as_ref()?);
        Some(ratio).filter(|ratio| *ratio > 0.0 && ratio.is_finite())
    };
    let all = measured.iter().filter_map(|pair| Some((pair.0, ratio(pair)?)));
    let far = |ratio: f64| libm::log(ratio).abs();
    let (row, ratio) = all.max_by(|(_, a), (_, b)| far(*a).total_cmp(&far(*b)))?;
    (far(ratio) > 0.1).then(|| at("moved", row, vec![("ratio", show(ratio))]))
}

fn at(key: &'static str, row: &HistogramRow, numbers: Vec<(&'static str, String)>) -> Sentence {
    let numbers = numbers.into_iter().map(|(name, number)| (name, SentenceValue::Text(number)));
    Sentence { key, values: std::iter::once(("layer", SentenceValue::Layer(row.id.layer))).chain(numbers).collect() }
}

/// A share as a person reads it, in percent without the sign.
fn percent(share: f64) -> String {
    show(100.0 * share)
}
