//! Draws the recorded picture of a lab, a file of SVG, for places where no lab can be: the measured layers as dots, theory as
//! a line, and the address.
//!
//! It stands by itself, so it has the colours of the site's own sheet in it, for light and for dark.

use serde::Deserialize;

use super::lang::Lang;
use super::number::{Number, power_of_ten};
use super::snippet::html;

/// The sheet with the colours.
const TOKENS: &str = include_str!("../../static/css/tokens.css");
/// What is coloured, and by which token.
const COLOURS: [(&str, &str, &str); 7] = [
    (".surface", "fill", "surface"),
    (".ink", "fill", "ink"),
    (".muted", "fill", "muted"),
    (".grid", "stroke", "line"),
    (".edge", "stroke", "edge"),
    (".theory", "stroke", "accent"),
    (".line", "fill", "accent"),
];
/// The size of the picture, and its axes: left, right, top and bottom.
const SIZE: [f64; 2] = [720.0, 400.0];
const AXES: [f64; 4] = [64.0, 700.0, 92.0, 330.0];
/// About how many letters a line has room for, in the size of the title and in that of the address.
const TITLE_ROOM: usize = 62;
const ADDRESS_ROOM: usize = 104;
/// The most lines of the grid, and the most numbers below the axis.
const MOST_LINES: usize = 6;
const MOST_NUMBERS: usize = 20;

/// What is drawn of a layer, as a lab tells it to the page around.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "docs/contract.md says what the fields are")]
pub struct PosterLayer {
    pub name: String,
    pub activation_var: Option<Number>,
    pub predicted_activation_var: Option<Number>,
    pub gradient_rms: Option<Number>,
    pub predicted_gradient_rms: Option<Number>,
}

/// What is drawn by depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterChart {
    /// The variance of each layer's output.
    Variance,
    /// The size of the gradient of each layer's weights.
    Gradient,
    /// Nothing, because students are to guess it.
    Covered,
}

/// A picture of a lab.
pub struct Poster<'a> {
    /// What the lab is called.
    pub title: &'a str,
    /// The address that it is found at.
    pub address: &'a str,
    /// What is drawn.
    pub chart: PosterChart,
    /// The step at which the layers were measured.
    pub step: u64,
    /// The layers, input to output.
    pub layers: &'a [PosterLayer],
}

impl Poster<'_> {
    /// Returns the file, with words in a language whose texts are there.
    pub fn svg(&self, lang: Lang) -> String {
        let Self { title, address, chart, step, layers } = *self;
        let say = |key: &str| html(lang.text(key));
        let name = match chart {
            PosterChart::Gradient => say("chart.gradient-title"),
            PosterChart::Variance | PosterChart::Covered => say("chart.variance-title"),
        };
        let [left, _, top, bottom] = AXES;
        let legend = match chart {
            PosterChart::Covered => {
                format!(r#"<text class="muted" x="{left}" y="{:.0}" font-size="48">?</text>"#, (top + bottom) / 2.0)
            }
            PosterChart::Variance | PosterChart::Gradient => legend(
                &html(&lang.tell("studio.poster-measured", &[("step", step.to_string())])),
                &say("studio.poster-theory"),
            ),
        };
        let curve = if chart == PosterChart::Covered { String::new() } else { curves(chart, layers) };
        let [width, height] = SIZE;
        let lines: String = lines(&printable(title), TITLE_ROOM, 2)
            .iter()
            .zip([30, 54])
            .map(|(line, y)| {
                format!(r#"<text class="ink" x="16" y="{y}" font-size="19" font-weight="600">{}</text>"#, html(line))
            })
            .collect();
        let address = shortened(address);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{0}" font-family="system-ui, sans-serif" font-size="13">
<style>{1}</style>
<rect class="surface edge" x="0.5" y="0.5" width="{2}" height="{3}" rx="10"/>
{lines}
<text class="muted" x="16" y="80">{name}</text>
{legend}
{curve}
<text class="muted" x="16" y="{4}" font-size="11">{address}</text>
</svg>
"#,
            html(&printable(title)),
            style(),
            width - 1.0,
            height - 1.0,
            height - 12.0,
        )
    }
}

/// The rules of the colours: those for light, and in a dark page those for dark.
fn style() -> String {
    let rules = |dark: bool| -> String {
        let rule =
            |(class, property, token): &(&str, &str, &str)| format!("{class}{{{property}:{}}}", colour(token, dark));
        COLOURS.iter().map(rule).collect()
    };
    format!("{}.theory{{fill:none;stroke-width:2}}@media(prefers-color-scheme:dark){{{}}}", rules(false), rules(true))
}

/// A colour of the sheet, which has two for each token.
fn colour(token: &str, dark: bool) -> &'static str {
    let pair = TOKENS.split_once(&format!("--{token}: light-dark(")).and_then(|(_, rest)| rest.split_once(')'));
    let pair = pair.and_then(|(pair, _)| pair.split_once(", "));
    pair.map_or("currentColor", |(light, other)| if dark { other } else { light })
}

fn legend(measured: &str, theory: &str) -> String {
    let right = AXES[1];
    format!(
        r#"<text class="muted" x="{right}" y="80" text-anchor="end"><tspan class="ink">●</tspan> {measured}   <tspan class="line">—</tspan> {theory}</text>"#
    )
}

/// Axes, theory's line and the measured dots. Sizes are drawn by their powers of ten; what is 0 or left f32 has none.
fn curves(chart: PosterChart, layers: &[PosterLayer]) -> String {
    let log = |number: Option<Number>| {
        number.map(|number| number.0).filter(|number| *number > 0.0 && number.is_finite()).map(libm::log10)
    };
    let read = |layer: &PosterLayer| match chart {
        PosterChart::Gradient => [log(layer.gradient_rms), log(layer.predicted_gradient_rms)],
        PosterChart::Variance | PosterChart::Covered => {
            [log(layer.activation_var), log(layer.predicted_activation_var)]
        }
    };
    let places: Vec<(&PosterLayer, [Option<f64>; 2])> = layers.iter().map(|layer| (layer, read(layer))).collect();
    let all = || places.iter().flat_map(|(_, pair)| pair.iter().flatten().copied());
    let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| (low.min(log), high.max(log)));
    if low > high {
        return String::new();
    }
    // A flat line has room around it too.
    let margin = (0.08 * (high - low)).max(0.5);
    let (low, high) = (low - margin, high + margin);
    let [left, right, top, bottom] = AXES;
    let x = |at: usize| left + (right - left) * (at as f64 + 0.5) / layers.len() as f64;
    let y = |log: f64| top + (bottom - top) * (high - log) / (high - low);
    let stride = libm::ceil((high - low) / MOST_LINES as f64).max(1.0) as usize;
    let grid = (libm::ceil(low) as i32..=libm::floor(high) as i32).filter(|power| power.rem_euclid(stride as i32) == 0);
    let grid: String = grid
        .map(|power| {
            let level = y(f64::from(power));
            format!(
                r#"<path class="grid" d="M{left} {level:.1}H{right}"/><text class="muted" x="{:.0}" y="{:.1}" text-anchor="end" font-size="12">{}</text>"#,
                left - 8.0,
                level + 4.0,
                power_of_ten(f64::from(power))
            )
        })
        .collect();
    let points = |which: usize| places.iter().enumerate().filter_map(move |(at, (_, pair))| Some((at, pair[which]?)));
    let line: String = points(1)
        .enumerate()
        .map(|(nth, (at, log))| format!("{}{:.1} {:.1}", if nth == 0 { 'M' } else { 'L' }, x(at), y(log)))
        .collect();
    let dots: String = points(0)
        .map(|(at, log)| format!(r#"<circle class="ink" cx="{:.1}" cy="{:.1}" r="4"/>"#, x(at), y(log)))
        .collect();
    let numbers = numbers(layers, x, bottom + 20.0);
    format!(r#"{grid}{numbers}<path class="theory" d="{line}"/>{dots}"#)
}

/// The numbers of the layers below the axis, as many as there is room for.
fn numbers(layers: &[PosterLayer], x: impl Fn(usize) -> f64, y: f64) -> String {
    let every = layers.len().div_ceil(MOST_NUMBERS).max(1);
    let number = |layer: &PosterLayer| layer.name.split('.').nth(1).and_then(|number| number.parse::<usize>().ok());
    let numbered = layers.iter().enumerate().filter_map(|(at, layer)| Some((x(at), number(layer)?)));
    numbered
        .filter(|(_, number)| number % every == 1 % every)
        .map(|(x, number)| {
            format!(r#"<text class="muted" x="{x:.1}" y="{y:.0}" text-anchor="middle" font-size="12">{number}</text>"#)
        })
        .collect()
}

/// The text without the signs that XML does not have.
fn printable(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).collect()
}

/// The text in at most so many lines of about as many letters, cut between words.
fn lines(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < room) {
            Some(line) => *line = format!("{line} {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// The address as far as there is room; the picture is a link, and has it whole.
fn shortened(address: &str) -> String {
    if address.chars().count() <= ADDRESS_ROOM {
        return html(address);
    }
    let start: String = address.chars().take(ADDRESS_ROOM).collect();
    format!("{}…", html(&start))
}
