//! What a chart shows until Plotly has come: the same curves between the same axes, drawn by the page itself.
//!
//! Plotly is as large as all that the lab's first view needs beside it. Over a slow network a reader would drag σ for
//! seconds and see nothing move.

use std::f64::consts::TAU;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::figure::schema::{Axis, Figure, Layout, Line, Trace};
use crate::lab::number::show;

/// The class of the element that is drawn on, within the chart's.
const CLASS: &str = "draft";

/// Draws a figure, in place of what was drawn before.
pub fn draw_draft(element: &HtmlElement, figure: &Figure) {
    let Some(canvas) = canvas_of(element) else { return };
    let Layout { width, height, .. } = figure.layout;
    let scale = window().device_pixel_ratio();
    // Another size clears it too.
    canvas.set_width((width as f64 * scale) as u32);
    canvas.set_height((height as f64 * scale) as u32);
    let context = canvas.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    if let Some(context) = context {
        context.scale(scale, scale).ok();
        DraftPicture::new(context, figure).draw(&figure.data);
    }
}

/// Takes away what was drawn, once Plotly has drawn the chart.
pub fn remove_draft(element: &HtmlElement) {
    if let Ok(Some(canvas)) = element.query_selector(&format!(":scope > .{CLASS}")) {
        canvas.remove();
    }
}

fn canvas_of(element: &HtmlElement) -> Option<HtmlCanvasElement> {
    if let Ok(Some(canvas)) = element.query_selector(&format!(":scope > .{CLASS}")) {
        return canvas.dyn_into().ok();
    }
    let canvas = document().create_element("canvas").ok()?;
    canvas.set_class_name(CLASS);
    element.append_child(&canvas).ok()?;
    canvas.dyn_into().ok()
}

/// A picture that is being drawn.
struct DraftPicture<'a> {
    context: CanvasRenderingContext2d,
    layout: &'a Layout,
    /// Left, top, right and bottom of what is inside the axes, in pixels.
    inside: [f64; 4],
}

impl<'a> DraftPicture<'a> {
    fn new(context: CanvasRenderingContext2d, figure: &'a Figure) -> Self {
        let layout = &figure.layout;
        let margin = &layout.margin;
        let far = |whole: usize, margin: u32| whole as f64 - f64::from(margin);
        let [left, top] = [margin.l, margin.t].map(f64::from);
        Self { context, layout, inside: [left, top, far(layout.width, margin.r), far(layout.height, margin.b)] }
    }

    fn draw(&self, curves: &[Trace]) {
        let [left, top, right, bottom] = self.inside;
        for guide in &self.layout.shapes {
            let y = self.y(guide.y0);
            if (top..=bottom).contains(&y) {
                self.stroke(&[(left, y), (right, y)], &guide.line);
            }
        }
        self.draw_axes();
        self.context.begin_path();
        self.context.rect(left, top, right - left, bottom - top);
        self.context.clip();
        let mut below = Vec::new();
        for curve in curves {
            let points = self.points(curve);
            if let (Some("tonexty"), Some(color)) = (curve.fill, &curve.fillcolor) {
                let around: Vec<(f64, f64)> = points.iter().copied().chain(below.into_iter().rev()).collect();
                self.trace_out(&around);
                self.context.set_fill_style_str(color);
                self.context.fill();
            }
            if let Some(line) = curve.line.as_ref().filter(|line| line.width > 0.0) {
                self.stroke(&points, line);
            }
            self.draw_dots(curve, &points);
            below = points;
        }
    }

    /// The points of a curve that have a place, in pixels. Theory's curves have no gaps in between.
    fn points(&self, curve: &Trace) -> Vec<(f64, f64)> {
        let both = curve.x.iter().zip(&curve.y);
        both.filter_map(|(x, y)| Some((self.x(*x), self.y((*y)?)))).collect()
    }

    fn x(&self, value: f64) -> f64 {
        let [left, _, right, _] = self.inside;
        left + (right - left) * share(&self.layout.xaxis, value)
    }

    fn y(&self, value: f64) -> f64 {
        let [_, top, _, bottom] = self.inside;
        bottom - (bottom - top) * share(&self.layout.yaxis, value)
    }

    fn trace_out(&self, points: &[(f64, f64)]) {
        self.context.begin_path();
        for (x, y) in points {
            self.context.line_to(*x, *y);
        }
    }

    fn stroke(&self, points: &[(f64, f64)], line: &Line) {
        self.trace_out(points);
        self.context.set_stroke_style_str(&line.color);
        self.context.set_line_width(line.width);
        let dashes: &[f64] = match line.dash {
            "dash" => &[9.0, 9.0],
            "dot" => &[3.0, 3.0],
            _ => &[],
        };
        let dashes: Array = dashes.iter().copied().map(JsValue::from).collect();
        self.context.set_line_dash(&dashes).ok();
        self.context.stroke();
    }

    fn draw_dots(&self, curve: &Trace, points: &[(f64, f64)]) {
        let Some(marker) = &curve.marker else { return };
        self.context.set_fill_style_str(&marker.color);
        self.context.set_global_alpha(marker.opacity);
        for (x, y) in points {
            self.context.begin_path();
            self.context.arc(*x, *y, marker.size / 2.0, 0.0, TAU).ok();
            self.context.fill();
        }
        self.context.set_global_alpha(1.0);
    }

    /// The lines across the picture, the numbers beside them, and those below.
    fn draw_axes(&self) {
        let [left, _, right, bottom] = self.inside;
        let Layout { xaxis, yaxis, font, .. } = self.layout;
        self.context.set_font(&format!("{}px {}", font.size, font.family));
        self.context.set_fill_style_str(&font.color);
        self.context.set_text_align("right");
        self.context.set_text_baseline("middle");
        let grid = Line { color: yaxis.gridcolor.clone(), width: 1.0, dash: "solid" };
        for (value, text) in ticks(yaxis) {
            let y = self.y(value);
            self.stroke(&[(left, y), (right, y)], &grid);
            self.context.fill_text(&text, left - 8.0, y).ok();
        }
        self.context.set_text_align("center");
        for (value, text) in ticks(xaxis) {
            self.context.fill_text(&text, self.x(value), bottom + 15.0).ok();
        }
        if let Some(title) = &xaxis.title {
            self.context.fill_text(&title.text, (left + right) / 2.0, bottom + 31.0).ok();
        }
    }
}

/// How far along an axis a value lies, from 0 to 1.
fn share(axis: &Axis, value: f64) -> f64 {
    let [first, last] = axis.range;
    let at = if axis.r#type == "log" { value.log10() } else { value };
    (at - first) / (last - first)
}

/// The values at which an axis has ticks, and how they are written.
fn ticks(axis: &Axis) -> Vec<(f64, String)> {
    if let (Some(values), Some(texts)) = (&axis.tickvals, &axis.ticktext) {
        return values.iter().copied().zip(texts.iter().cloned()).collect();
    }
    let [first, last] = axis.range;
    let is_log = axis.r#type == "log";
    let step = axis.dtick.unwrap_or_else(|| round_step((last - first) / 5.0));
    let steps = (first / step).ceil() as i64..=(last / step).floor() as i64;
    let written = |place: f64| if is_log { (libm::pow(10.0, place), raised(place)) } else { (place, show(place)) };
    // No axis has so many, whatever its range.
    steps.take(20).map(|tick| written(tick as f64 * step)).collect()
}

/// The smallest of 1, 2 and 5 times a power of ten that is no smaller than a distance.
fn round_step(distance: f64) -> f64 {
    let power = libm::pow(10.0, distance.max(f64::MIN_POSITIVE).log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|times| times * power).find(|step| *step >= distance).unwrap_or(10.0 * power)
}

/// A power of ten, as it is written.
fn raised(power: f64) -> String {
    if power == 0.0 {
        return "1".to_owned();
    }
    let above = |sign: char| match sign {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
    };
    format!("10{}", power.to_string().chars().map(above).collect::<String>())
}
