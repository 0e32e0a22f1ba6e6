//! Draws the small labs: what was computed in ink, what theory says in the accent.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::toy::{ChainCurve, F32_ENDS, FIRST_WIDTH, OneWeightCurve, ScoreCurve};

/// Up to how many powers of ten from the limits of f32 a product has them in its picture.
const NEAR: f64 = 4.0;
/// How many times the way of a weight its picture reaches beyond both ends: what flies off leaves it.
const BEYOND: f64 = 1.0;

/// The size of a product by its number of factors. The axis is that of powers of ten, since some leave f64.
pub fn product(curve: &ChainCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let line = |read: fn(&[f64; 4]) -> f64| curve.expected.iter().map(read).collect::<Vec<f64>>();
    let power = |trace: Trace, key: &str| Trace {
        hovertemplate: Some(format!("{} 10<sup>%{{y:.1f}}</sup><extra></extra>", lang.text(key))),
        ..trace
    };
    let size = if curve.expected.len() > 50 { 5.0 } else { 7.0 };
    let data = vec![
        counted(line(|size| size[2])).line(&palette.band, 0.0, "solid").silent(),
        counted(line(|size| size[3])).line(&palette.band, 0.0, "solid").filled(&palette.band).silent(),
        power(counted(line(|size| size[0])).line(&palette.accent, 1.5, "dash"), "chart.mean-of-all"),
        power(counted(line(|size| size[1])).line(&palette.accent, 2.5, "solid"), "chart.typical"),
        power(counted(curve.measured.clone()).dots(&palette.ink, size, "circle", 1.0), "chart.measured"),
    ];
    let all = curve.expected.iter().flatten().chain(&curve.measured);
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(low, high), size| (low.min(*size), high.max(*size)));
    let step = ((high - low) / 6.0).ceil().max(1.0);
    let range = outward(low - 0.1 * step, high + 0.1 * step, step);
    let guides = F32_ENDS.into_iter().zip(["chart.f32-zero", "chart.f32-infinite"]);
    let met = guides.filter(|(end, _)| end.abs() < NEAR + if *end < 0.0 { -low } else { high });
    let guides: Vec<_> = met
        .map(|(end, key)| (look.guide(end, &palette.exploding, "dot"), Some(look.left(end, lang.text(key).to_owned()))))
        .collect();
    let range = [range[0].min(lowest(&guides)), range[1].max(highest(&guides))];
    let ticks = (libm::ceil(range[0] / step) as i64..=libm::floor(range[1] / step) as i64).map(|at| at as f64 * step);
    let ticks: Vec<f64> = ticks.collect();
    let names = ticks.iter().map(|tick| if *tick == 0.0 { "1".to_owned() } else { format!("10<sup>{tick}</sup>") });
    let y_axis = Axis { ticktext: Some(names.collect()), tickvals: Some(ticks), ..look.axis(range, true) };
    let last = curve.expected.len() as f64;
    let x_axis = Axis { title: look.title("chart.factors"), ..look.axis([0.5, last + 0.5], false) };
    look.figure(data, [x_axis, y_axis], guides)
}

type Guides = [(super::schema::GuideLine, Option<super::schema::Annotation>)];

fn lowest(guides: &Guides) -> f64 {
    guides.iter().map(|(guide, _)| guide.y0 - NEAR).fold(0.0, f64::min)
}

fn highest(guides: &Guides) -> f64 {
    guides.iter().map(|(guide, _)| guide.y0 + NEAR).fold(0.0, f64::max)
}

/// Numbers at 1, 2, ….
fn counted(values: Vec<f64>) -> Trace {
    from(1, &values)
}

/// Numbers at a first place and those after it. A curve without numbers has an empty one, because Plotly would leave it
/// out.
fn from(first: usize, values: &[f64]) -> Trace {
    if values.is_empty() {
        return Trace::new(vec![first as f64], vec![None]);
    }
    let x = (first..first + values.len()).map(|at| at as f64).collect();
    Trace::new(x, values.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect())
}

/// The weight over steps, under each optimizer.
pub fn one_weight(curve: &OneWeightCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let (start, target) = (curve.course.start, curve.course.target);
    let (low, high) = (start.min(target), start.max(target));
    let way = if high > low { high - low } else { 1.0 };
    let shown = curve.weights.iter().flat_map(|weights| &weights[..=curve.step]).filter(|weight| weight.is_finite());
    let (least, most) = shown.fold((low, high), |(low, high), weight| (low.min(*weight), high.max(*weight)));
    let ends = [least.max(low - BEYOND * way), most.min(high + BEYOND * way)];
    let range = outward(ends[0] - 0.05 * way, ends[1] + 0.05 * way, leap(way));
    // Far outside the picture it does not matter how far, and Plotly cannot draw every number.
    let bounds = [low - 50.0 * way, high + 50.0 * way];
    let looks: [(&String, f64, &'static str, &str); 4] = [
        (&palette.ink, 2.5, "solid", "option.opt.sgd"),
        (&palette.muted, 2.0, "dot", "option.opt.momentum"),
        (&palette.accent, 3.0, "solid", "option.opt.adam"),
        (&palette.exploding, 1.8, "dash", "option.opt.adamw"),
    ];
    let lines = curve.weights.iter().zip(looks).map(|(weights, (color, width, dash, key))| {
        let part: Vec<f64> = weights[..=curve.step].iter().map(|weight| weight.clamp(bounds[0], bounds[1])).collect();
        from(0, &part).line(color, width, dash).hover(lang.text(key), ".4~g")
    });
    let steps = curve.weights[0].len() as f64 - 1.0;
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis([-0.01 * steps, 1.01 * steps], false) };
    let word = look.note(target, lang.text("chart.target").to_owned());
    let guides = vec![(look.guide(target, &palette.muted, "dash"), Some(word))];
    look.figure(lines.collect(), [x_axis, look.axis(range, true)], guides)
}

/// The spread of scores by the width d.
pub fn score_size(curve: &ScoreCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let size = if curve.measured.len() > 100 { 4.0 } else { 6.0 };
    let data = vec![
        from(FIRST_WIDTH, &curve.expected).line(&palette.accent, 2.5, "solid").hover(lang.text("chart.root"), ".3~g"),
        from(FIRST_WIDTH, &curve.measured)
            .dots(&palette.ink, size, "circle", 1.0)
            .hover(lang.text("chart.measured"), ".3~g"),
    ];
    let most = curve.measured.iter().chain(&curve.expected).copied().fold(0.0, f64::max);
    let last = (FIRST_WIDTH + curve.measured.len()) as f64 - 1.0;
    let x_axis = Axis { title: look.title("chart.width-d"), ..look.axis([0.0, 1.02 * last], false) };
    look.figure(data, [x_axis, look.axis(outward(0.0, 1.05 * most, leap(most)), true)], Vec::new())
}

/// The softmaxes of some scores as bars side by side.
pub fn softmax(curve: &ScoreCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let bars = |shares: &[f64], from: f64, to: f64| {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (share, key) in shares.iter().zip(1..) {
            let (left, right) = (f64::from(key) + from, f64::from(key) + to);
            x.extend([left, left, right, right, left, left]);
            y.extend([Some(0.0), Some(*share), Some(*share), Some(0.0), Some(0.0), None]);
        }
        Trace::new(x, y)
    };
    let data = vec![
        bars(&curve.before, -0.4, 0.0)
            .line(&palette.ink, 1.0, "solid")
            .enclosing(&palette.muted)
            .hover(lang.text("chart.softmax-before"), ".3~g"),
        bars(&curve.after, 0.0, 0.4)
            .line(&palette.accent, 1.0, "solid")
            .enclosing(&palette.accent)
            .hover(lang.text("chart.softmax-after"), ".3~g"),
    ];
    let count = curve.before.len() as f64;
    let even = 1.0 / count;
    let dtick = Some((count / 8.0).ceil().max(1.0));
    let x_axis = Axis { title: look.title("chart.key"), dtick, ..look.axis([0.5, count + 0.5], false) };
    let word = look.note(even, lang.text("chart.even-share").to_owned());
    let guides = vec![(look.guide(even, &palette.muted, "dash"), Some(word))];
    look.figure(data, [x_axis, look.axis([0.0, 1.05], true)], guides)
}
