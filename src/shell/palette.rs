//! The colours of `static/css/tokens.css` as plain values, for charts, which cannot read CSS.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::lab::pin::Letter;

/// The colours of the charts. What was measured is drawn in ink, what theory says in the accent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The colour of measurements.
    pub ink: String,
    /// The colour of the axes' text, and of measurements that stand behind others.
    pub muted: String,
    /// The colour of the lines of the grid.
    pub line: String,
    /// The colour of theory.
    pub accent: String,
    /// The colour of the area where theory expects most networks.
    pub band: String,
    /// The colour that a chart stands on.
    pub surface: String,
    /// The colour of what blows up.
    pub exploding: String,
    /// The colours of pinned runs, by letter.
    pub runs: [String; 7],
    /// The colour of what stands out a little from that.
    pub raised: String,
}

impl Palette {
    /// Reads the colours of the theme that the page has now.
    pub fn read() -> Self {
        let resolve = || {
            let document = document();
            let probe: HtmlElement = document.create_element("span").ok()?.dyn_into().ok()?;
            document.body()?.append_child(&probe).ok()?;
            // The token is read as the colour of an element, because a custom property itself comes back unresolved.
            let color = |token: &str| {
                probe.style().set_property("color", &format!("var({token})")).ok()?;
                window().get_computed_style(&probe).ok()??.get_property_value("color").ok()
            };
            let mut runs: [String; 7] = Default::default();
            for (run, letter) in runs.iter_mut().zip(Letter::IDS) {
                *run = color(&format!("--run-{letter}"))?;
            }
            let palette = Self {
                runs,
                exploding: color("--exploding")?,
                ink: color("--ink")?,
                muted: color("--muted")?,
                line: color("--line")?,
                accent: color("--accent")?,
                band: color("--band")?,
                surface: color("--surface")?,
                raised: color("--raised")?,
            };
            probe.remove();
            Some(palette)
        };
        resolve().unwrap_or_default()
    }
}
