//! Draws a measure over two sweeps as coloured cells, and theory's line over them.

use super::color::{Rgb, blend, mix, parse};
use super::curves::marker;
use super::schema::{
    ColorBar, ColorBarTitle, ColorScale, Each, FontSize, Hatching, StudyAxis, StudyLine, StudyMarker, StudyTrace,
};
use super::{Parts, StudyLook, curve, dashed, key, solid, titled};
use crate::lab::number::show;
use crate::study::file::Scale;
use crate::study::picture::{AxisData, CellData, Picture};

/// The colour of the best value. The worst one is a grey that differs from the page, because what is not run has the page's
/// own colour.
const BEST: &str = "#1f4cb8";
/// How far that grey lies from the background to the colour of words.
const WORST: f64 = 0.3;

/// Draws a cell for each network, and theory's prediction as a line.
pub(super) fn map(picture: &Picture, look: &StudyLook) -> Parts {
    let Some(y) = &picture.y else { return Parts::default() };
    let value = |cell: &&CellData| cell.value.map(|number| number.0);
    let of = |wanted: fn(Option<f64>) -> bool| -> Vec<&CellData> {
        picture.cells.iter().filter(|cell| wanted(value(cell))).collect()
    };
    let done = of(|value| value.is_some_and(f64::is_finite));
    let lost = of(|value| value.is_some_and(|value| !value.is_finite()));
    let waiting = of(|value| value.is_none());
    let unlearned: Vec<&CellData> = done.iter().copied().filter(|cell| cell.learned == Some(false)).collect();
    let trace = |cells: &[&CellData], marker: StudyMarker| bars(cells, marker, picture, y, look);
    let is_loss = picture.measure.id().ends_with("loss");
    let largest = done.iter().filter_map(value).fold(0.0, f64::max);
    let most = match () {
        () if is_loss => picture.guess,
        () if picture.measure.is_size() && largest > 0.0 => largest,
        () => 1.0,
    };
    let grey = blend(parse(&look.palette.raised), parse(&look.palette.muted), WORST);
    let (best, worst): (Rgb, Rgb) = (parse(BEST), parse(&grey));
    let [low, high] = if is_loss { [best, worst] } else { [worst, best] };
    let shade = |value: f64| mix(low, high, value / most);
    let colors = done.iter().filter_map(value).map(shade).collect();
    let done = StudyMarker {
        color: Some(Each::Every(colors)),
        line: Some(solid(&look.palette.surface, 0.0)),
        ..StudyMarker::default()
    };
    let clear = || StudyMarker {
        color: Some(Each::All("rgba(0,0,0,0)".to_owned())),
        line: Some(solid(&look.palette.line, 0.5)),
        ..StudyMarker::default()
    };
    let hatched = Hatching { shape: "/", fgcolor: look.palette.muted.clone(), size: 7, solidity: 0.12 };
    let is_waiting = !waiting.is_empty();
    let mut data = vec![
        StudyTrace {
            name: Some(look.say("waiting")),
            showlegend: is_waiting,
            ..trace(&waiting, StudyMarker { pattern: Some(hatched), ..clear() })
        },
        trace(&of(|value| value.is_some_and(f64::is_finite)), done),
        trace(&lost, clear()),
        scale(picture, most, shade, look),
        signs(&lost, "x", "blown-up", look),
        signs(&unlearned, "circle-open", "learns-not", look),
    ];
    if !picture.line.is_empty() {
        data.push(theory(picture, y, look));
    }
    Parts { data, x: axis(&picture.x, look.width / 70), y: axis(y, 10), shapes: Vec::new() }
}

/// A sign in each of these cells, because a colour alone does not tell them apart.
fn signs(cells: &[&CellData], symbol: &'static str, name: &str, look: &StudyLook) -> StudyTrace {
    StudyTrace {
        x: cells.iter().map(|cell| cell.at[0] as f64).collect(),
        y: cells.iter().map(|cell| Some(cell.at[1] as f64)).collect(),
        mode: Some("markers"),
        marker: Some(marker(look.palette.muted.clone(), 6.0, Each::All(symbol))),
        showlegend: !cells.is_empty(),
        ..key(look.say(name))
    }
}

/// The cells as bars of height 1, because Plotly's smallest bundle has no heat maps.
fn bars(cells: &[&CellData], marker: StudyMarker, picture: &Picture, y: &AxisData, look: &StudyLook) -> StudyTrace {
    let x = &picture.x;
    let label = |cell: &&CellData| {
        let state = match cell.value {
            None => look.say("waiting"),
            Some(value) => format!("{} {}", look.say(picture.measure.id()), show(value.0)),
        };
        format!("{} {}, {} {}<br>{state}", x.name, x.labels[cell.at[0]], y.name, y.labels[cell.at[1]])
    };
    StudyTrace {
        r#type: Some("bar"),
        x: cells.iter().map(|cell| cell.at[0] as f64).collect(),
        y: vec![Some(1.0); cells.len()],
        base: cells.iter().map(|cell| cell.at[1] as f64 - 0.5).collect(),
        width: Some(1.0),
        customdata: cells.iter().map(|cell| cell.link.clone()).collect(),
        hovertext: cells.iter().map(label).collect(),
        hovertemplate: Some("%{hovertext}<extra></extra>"),
        marker: Some(marker),
        ..StudyTrace::default()
    }
}

/// The legend of the colours.
fn scale(picture: &Picture, most: f64, shade: impl Fn(f64) -> String, look: &StudyLook) -> StudyTrace {
    let title = ColorBarTitle { text: look.say(picture.measure.id()), side: "right", font: FontSize { size: 11.0 } };
    let scale = ColorScale {
        color: [0.0],
        cmin: 0.0,
        cmax: most,
        showscale: true,
        colorscale: [0.0, 0.25, 0.5, 0.75, 1.0].map(|at| (at, shade(at * most))).to_vec(),
        colorbar: ColorBar { thickness: 10, outlinewidth: 0, title, tickfont: FontSize { size: 10.0 } },
    };
    let marker = StudyMarker { scale: Some(scale), ..StudyMarker::default() };
    StudyTrace { mode: Some("markers"), marker: Some(marker), name: None, showlegend: false, ..key(String::new()) }
}

/// How deep the signal reaches by theory. Where there is no limit the line leaves the map at its top.
fn theory(picture: &Picture, y: &AxisData, look: &StudyLook) -> StudyTrace {
    let top = y.labels.len() as f64 - 0.5;
    let points = || picture.line.iter().map(|[along, up]| (place(&picture.x, along.0), place(y, up.0).min(top)));
    let line = StudyLine { shape: Some("linear"), ..dashed(&look.palette.ink, 2.0) };
    let x = points().map(|(x, _)| x).collect();
    let line = curve(x, points().map(|(_, y)| Some(y)).collect(), look.say("theory"), line);
    StudyTrace { hoverinfo: Some("skip"), ..line }
}

fn axis(axis: &AxisData, most: usize) -> StudyAxis {
    let count = axis.labels.len();
    let places: Vec<usize> = (0..count).step_by(count.div_ceil(most.max(1)).max(1)).collect();
    StudyAxis {
        title: titled(axis.name.clone()),
        range: Some([-0.5, count as f64 - 0.5]),
        tickvals: Some(places.iter().map(|place| *place as f64).collect()),
        ticktext: Some(places.iter().map(|place| axis.labels[*place].clone()).collect()),
        ..StudyAxis::default()
    }
}

/// The position of a value on an axis whose values are one unit apart. Between and beyond them it follows the axis's
/// scale.
fn place(axis: &AxisData, value: f64) -> f64 {
    let AxisData { numbers, scale, .. } = axis;
    let map = |x: f64| if *scale == Scale::Log { x.ln() } else { x };
    if numbers.len() < 2 {
        return 0.0;
    }
    let above = numbers.iter().position(|known| *known >= value).map_or(numbers.len() - 1, |at| at.max(1));
    let [low, high] = [above - 1, above].map(|at| map(numbers[at]));
    (above - 1) as f64 + (map(value) - low) / (high - low)
}
