//! Draws the singular values as a histogram: what was measured in ink, where theory expects it in the accent.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::runs::RunMark;
use crate::lab::spectrum::{SpectrumBins, SpectrumCurve};
use crate::science::marchenko::{MarchenkoPastur, SingularLaw};

/// The points of a density.
const POINTS: usize = 120;

/// The figure of the singular values of a matrix or of the Jacobian.
pub fn spectrum(curve: &SpectrumCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let bins = curve.bins();
    let (low, high) =
        bins.as_ref().map_or_else(|| empty_range(curve), |bins| (bins.edges[0], bins.edges[bins.now.len()]));
    let logarithmic = bins.as_ref().is_some_and(|bins| bins.logarithmic);
    // Before a measurement a density is drawn as if there were as many bins.
    let width = (high - low) / bins.as_ref().map_or(32, |bins| bins.now.len()) as f64;
    let density = |law: Option<MarchenkoPastur>| -> Vec<[f64; 2]> {
        let Some(law) = law else { return Vec::new() };
        let [from, to] = law.edges();
        let x = |at: usize| from + (to - from) * at as f64 / POINTS as f64;
        (0..=POINTS).map(x).map(|x| [x, width * law.density(x)]).collect()
    };
    let of_law = density(if let Some(SingularLaw::Spread(law)) = curve.law { Some(law) } else { None });
    let of_random = density(curve.random.filter(|_| curve.now.as_ref().is_some_and(|(step, _)| *step > 0)));
    let bars = |read: fn(&SpectrumBins) -> Option<&Vec<f64>>| {
        let shares = bins.as_ref().and_then(|bins| Some((&bins.edges, read(bins)?)));
        shares.map_or(Vec::new(), |(edges, shares)| steps(edges, shares))
    };
    let now = if curve.now.is_some() { bars(|bins| Some(&bins.now)) } else { Vec::new() };
    let first = bars(|bins| bins.first.as_ref());
    let others: Vec<(RunMark, Vec<[f64; 2]>)> = bins.as_ref().map_or(Vec::new(), |bins| {
        bins.others.iter().map(|(mark, shares)| (*mark, steps(&bins.edges, shares))).collect()
    });
    let compared = others.iter().map(|(_, outline)| outline);
    let tallest = [&now, &first, &of_law, &of_random]
        .into_iter()
        .chain(compared)
        .flatten()
        .map(|point| point[1])
        .fold(0.05, f64::max);
    let [_, top] = outward(0.0, 1.08 * tallest, leap(tallest));
    let place = match curve.law {
        Some(SingularLaw::Same(s) | SingularLaw::Single(s)) => Some(s),
        _ => curve.expected,
    };
    let upright = place.map_or(Vec::new(), |s| vec![[s, 0.0], [s, top]]);
    let mut data = vec![
        trace(&[[low, 0.0], [high, 0.0]]).line(&palette.line, 0.0, "solid").silent(),
        trace(&now)
            .line(&palette.ink, 1.5, "solid")
            .filled(&palette.line)
            .hover(lang.text("chart.singular-now"), ".1%"),
        trace(&first).line(&palette.muted, 1.5, "dot").hover(lang.text("chart.first-look"), ".1%"),
        trace(&of_random).line(&palette.accent, 1.5, "dot").silent(),
        trace(&[of_law, upright].concat()).line(&palette.accent, 2.5, "solid").silent(),
    ];
    data.extend(others.iter().map(|(mark, outline)| {
        let (x, y) = outline.iter().map(|point| (point[0], Some(point[1]))).unzip();
        look.compared(*mark, x, y, ".1%")
    }));
    let x_axis = if logarithmic { look.log_axis(low.log10(), high.log10()) } else { look.axis([low, high], false) };
    let x_axis = Axis { title: look.title("chart.singular-value"), showgrid: false, ..x_axis };
    look.figure(data, [x_axis, look.axis([0.0, top], true)], Vec::new())
}

/// The range of the axis before anything was measured: where theory expects something.
fn empty_range(curve: &SpectrumCurve) -> (f64, f64) {
    let high = curve.law.map(|law| law.edges()[1]).or(curve.expected).unwrap_or(1.0);
    (0.0, if high > 0.0 { 1.5 * high } else { 1.0 })
}

/// The outline of bars.
fn steps(edges: &[f64], heights: &[f64]) -> Vec<[f64; 2]> {
    let bars = edges.windows(2).zip(heights);
    bars.flat_map(|(edges, height)| [[edges[0], *height], [edges[1], *height]]).collect()
}

/// A curve through points. One without points has an empty one, because Plotly would leave it out.
fn trace(points: &[[f64; 2]]) -> Trace {
    if points.is_empty() {
        return Trace::new(vec![0.0], vec![None]);
    }
    let (x, y) = points.iter().map(|point| (point[0], Some(point[1]).filter(|y| y.is_finite()))).unzip();
    Trace::new(x, y)
}
