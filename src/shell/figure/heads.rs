//! Draws how sharply the heads of attention look: a dot for each head beside its block, and theory's line.

use super::Look;
use super::schema::{Axis, Figure, Trace};
use crate::lab::heads::{HeadCurve, HeadPoint, HeadQuantity};

/// How much of the room of a block its heads take up.
const BREADTH: f64 = 0.7;

/// The figure of a quantity of the heads by block.
pub fn heads(curve: &HeadCurve, quantity: HeadQuantity, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let index = quantity as usize;
    let points = |heads: &[HeadPoint], read: fn(&HeadPoint) -> Option<[f64; 2]>| -> (Vec<f64>, Vec<Option<f64>>) {
        let count = heads.iter().map(|head| head.head).max().unwrap_or(1) as f64;
        let x = |head: &HeadPoint| head.block as f64 + BREADTH * ((head.head as f64 - 0.5) / count - 0.5);
        let y = |head: &HeadPoint| read(head).map(|numbers| numbers[index]).filter(|y| y.is_finite());
        heads.iter().map(|head| (x(head), y(head))).unzip()
    };
    let trace = |read: fn(&HeadPoint) -> Option<[f64; 2]>| {
        let (x, y) = points(&curve.heads, read);
        Trace::new(x, y)
    };
    let (size, opacity) = (if curve.heads.len() > 64 { 5.0 } else { 7.0 }, if curve.stale { 0.35 } else { 1.0 });
    let blocks = (1..=curve.theory.len()).map(|block| block as f64).collect();
    let theory = Trace::new(blocks, curve.theory.iter().map(|numbers| Some(numbers[index])).collect());
    let theory = if curve.theory.len() == 1 {
        theory.dots(&palette.accent, 11.0, "diamond", 1.0)
    } else {
        theory.line(&palette.accent, 2.5, "solid")
    };
    let mut data: Vec<Trace> = Vec::new();
    data.extend(curve.others.iter().map(|(mark, heads)| {
        let (x, y) = points(heads, |head| head.measured);
        look.compared_marks(*mark, x, y, ".3~g")
    }));
    data.extend([
        theory.hover(lang.text("chart.predicted"), ".3~g"),
        trace(|head| head.initial)
            .dots(&palette.ink, size, "circle-open", 0.45)
            .hover(lang.text("chart.initial"), ".3~g"),
        trace(|head| head.measured)
            .dots(&palette.ink, size, "circle", opacity)
            .hover(lang.text("chart.measured"), ".3~g"),
    ]);
    // A run that is compared may be deeper.
    let all = curve.others.iter().map(|(_, heads)| heads).chain([&curve.heads]);
    let last = all.filter_map(|heads| heads.last()).map(|head| head.block).max().unwrap_or(1) as f64;
    let dtick = Some((last / 8.0).ceil().max(1.0));
    let x_axis = Axis { dtick, title: look.title("chart.block"), ..look.axis([0.5, last + 0.5], false) };
    let guide = (quantity == HeadQuantity::Entropy).then(|| {
        let note = look.note(1.0, lang.text("chart.even-head").to_owned());
        (look.guide(1.0, &palette.muted, "dash"), Some(note))
    });
    look.figure(data, [x_axis, look.axis([-0.03, 1.1], true)], guide.into_iter().collect())
}
