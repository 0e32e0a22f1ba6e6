//! Draws distributions one above the other: now as an area, the start as a dotted outline, theory in the accent.
//! Numbers that are exactly 0 are an upright line as long as their share, theory's share of them a dot.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::histogram::{HistogramCurve, HistogramRow, extent, outline, point};
use crate::lab::runs::RunMark;
use crate::science::histogram::Distribution;
use crate::science::layer::MatrixId;

/// How high a distribution is drawn, in distances from one row to the next.
const HEIGHT: f64 = 1.25;

/// RidgeCurve of one curve, with gaps between them.
#[derive(Default)]
struct RidgeCurve {
    x: Vec<f64>,
    y: Vec<Option<f64>>,
}

impl RidgeCurve {
    fn add(&mut self, base: f64, points: impl IntoIterator<Item = (f64, f64)>) {
        for (x, height) in points {
            self.x.push(x);
            self.y.push(Some(base + HEIGHT * height));
        }
        self.x.push(self.x.last().copied().unwrap_or_default());
        self.y.push(None);
    }

    fn trace(self) -> Trace {
        Trace::new(self.x, self.y).silent()
    }
}

/// The figure of the distributions that a reader chose.
pub fn histograms(curve: &HistogramCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let [mut area, mut now, mut zeros, mut start, mut theory, mut expected]: [RidgeCurve; 6] = Default::default();
    let mut range: Option<[f64; 2]> = None;
    let mut others: Vec<(RunMark, RidgeCurve)> =
        curve.marks().into_iter().map(|mark| (mark, RidgeCurve::default())).collect();
    for (index, row) in curve.rows.iter().enumerate() {
        let (base, unit) = ((curve.rows.len() - 1 - index) as f64, curve.unit(row));
        let own = [&row.now, &row.start, &row.theory].into_iter().flatten();
        for part in own.chain(row.others.iter().map(|(_, of)| of)) {
            let [low, high] = extent(part, unit);
            range = range.map_or(Some([low, high]), |[from, to]| Some([from.min(low), to.max(high)]));
        }
        // A line is drawn only where there are numbers. The area has all its points, because it moves only then.
        let draw = |curve: &mut RidgeCurve, of: Option<&Distribution>| {
            if let Some(of) = of {
                let [low, high] = extent(of, unit);
                let seen = outline(of, unit).into_iter().filter(|(x, height)| *height > 0.0 && *x > low && *x < high);
                curve.add(base, [(low, 0.0)].into_iter().chain(seen).chain([(high, 0.0)]));
            }
        };
        draw(&mut now, row.now.as_ref());
        draw(&mut start, row.start.as_ref());
        draw(&mut theory, row.theory.as_ref());
        for (mark, ridge) in &mut others {
            draw(ridge, row.others.iter().find(|(own, _)| own == mark).map(|(_, of)| of));
        }
        if let Some(of) = &row.now {
            let (x, share) = point(of, unit);
            zeros.add(base, [(x, 0.0), (x, share / HEIGHT)]);
            area.add(base, outline(of, unit));
        }
        if let Some((x, share)) = row.theory.as_ref().map(|of| point(of, unit)).filter(|(_, share)| *share > 0.0) {
            expected.add(base, [(x, share / HEIGHT)]);
        }
    }
    let ink = if curve.stale { &palette.muted } else { &palette.ink };
    // The pointer reads nothing from these curves, but a picture that stands by itself names them in its legend.
    let named = |curve: RidgeCurve, key: &str| curve.trace().hover(lang.text(key), ".3~g");
    let mut data = vec![
        area.trace().line(ink, 0.0, "solid").enclosing(&palette.line),
        named(now, "chart.now").line(ink, 1.2, "solid"),
        zeros.trace().line(ink, 2.5, "solid"),
        named(start, "chart.at-start").line(&palette.ink, 1.2, "dot"),
        named(theory, "chart.predicted").line(&palette.accent, 2.0, "solid"),
        expected.trace().dots(&palette.accent, 7.0, "circle", 1.0),
    ];
    data.extend(others.into_iter().map(|(mark, ridge)| look.compared(mark, ridge.x, ridge.y, ".3~g").silent()));
    look.figure(data, [value_axis(curve, range, look), row_axis(&curve.rows, look)], Vec::new())
}

fn value_axis(curve: &HistogramCurve, range: Option<[f64; 2]>, look: &Look) -> Axis {
    let [low, high] = range.filter(|[low, high]| low < high && (high - low).is_finite()).unwrap_or([-1.0, 1.0]);
    let key = if curve.choice.own_units { "chart.own-unit" } else { "chart.value" };
    Axis { title: look.title(key), ..look.axis(outward(low, high, leap(high - low)), false) }
}

fn row_axis(rows: &[HistogramRow], look: &Look) -> Axis {
    let name = |MatrixId { layer, .. }: MatrixId| match layer.number() {
        Some(number) => number.to_string(),
        None => look.lang.text(&format!("axis.{}", layer.kind())).to_owned(),
    };
    let last = rows.len().saturating_sub(1) as f64;
    let places = (0..rows.len()).map(|index| last - index as f64).collect();
    let names = rows.iter().map(|row| name(row.id)).collect();
    Axis {
        tickvals: Some(places),
        ticktext: Some(names),
        title: look.title("chart.layer"),
        ..look.axis([-0.1, last + HEIGHT + 0.1], true)
    }
}
