//! Draws the spread of Q, K and V by block: three kinds of marks in ink, and the σ that they started with.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::curve::WeightCurve;

/// How many times higher than everything else the equilibrium may lie and still be in the picture.
const TALL: f64 = 6.0;

/// The figure of the attention weights' standard deviation by block.
pub fn weights(curve: &WeightCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let looks = [
        ("chart.q", "circle", "solid", &palette.ink),
        ("chart.k", "square-open", "dash", &palette.ink),
        ("chart.v", "diamond", "dot", &palette.muted),
    ];
    let traces = looks.into_iter().enumerate().map(|(index, (key, symbol, dash, color))| {
        let places = curve.blocks.iter().map(|(block, _)| *block as f64).collect();
        let stds = curve.blocks.iter().map(|(_, stds)| stds[index].filter(|std| std.is_finite())).collect();
        Trace::new(places, stds).line(color, 1.5, dash).dots(color, 7.0, symbol, 1.0).hover(lang.text(key), ".4~g")
    });
    let others = curve.others.iter().flat_map(|other| {
        (0..3).map(|index| {
            let (x, y) = other.blocks.iter().map(|(block, stds)| (*block as f64, stds[index])).unzip();
            look.compared(other.mark, x, y, ".4~g")
        })
    });
    let traces = others.chain(traces);
    let all = || curve.others.iter().flat_map(|other| &other.blocks).chain(&curve.blocks);
    let known = all().flat_map(|(_, stds)| stds).flatten().chain([&curve.start]);
    let known = known.copied().filter(|std| std.is_finite());
    let spread = |(low, high): (f64, f64), std: f64| (low.min(std), high.max(std));
    let (low, high) = known.fold((f64::INFINITY, 0.0), spread);
    let rest = curve.equilibrium.map(|rest| rest.std).filter(|rest| (low / TALL..=high * TALL).contains(rest));
    let (low, high) = rest.into_iter().fold((low, high), spread);
    let margin = (0.15 * (high - low)).max(0.1 * high).max(1e-6);
    let last = curve.blocks.len() as f64;
    let x_axis = Axis {
        dtick: Some((last / 8.0).ceil()),
        title: look.title("chart.block"),
        ..look.axis([0.5, last + 0.5], false)
    };
    let [bottom, top] = outward((low - margin).max(0.0), high + margin, leap(high));
    let y_axis = look.axis([bottom, top], true);
    let note = look.note(curve.start, lang.text("chart.start").to_owned());
    let mut guides = vec![(look.guide(curve.start, &palette.accent, "dash"), Some(note))];
    if let Some(rest) = rest {
        let note = look.left(rest, lang.text("chart.equilibrium").to_owned());
        guides.push((look.guide(rest, &palette.accent, "dash"), Some(note)));
    }
    look.figure(traces.collect(), [x_axis, y_axis], guides)
}
