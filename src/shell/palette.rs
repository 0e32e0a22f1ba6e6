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
        const TOKENS: [&str; 8] = ["ink", "muted", "line", "accent", "band", "surface", "exploding", "raised"];
        let runs = Letter::IDS.iter().map(|letter| format!("run-{letter}"));
        let Some(colors) = colors_of(TOKENS.map(str::to_owned).into_iter().chain(runs)) else { return Self::default() };
        let mut colors = colors.into_iter();
        let mut next = || colors.next().unwrap_or_default();
        Self {
            ink: next(),
            muted: next(),
            line: next(),
            accent: next(),
            band: next(),
            surface: next(),
            exploding: next(),
            raised: next(),
            runs: [(); 7].map(|()| next()),
        }
    }
}

/// Tokens of the style sheet as plain colours. Each is read as the colour of an element, because a custom property itself
/// comes back unresolved; all elements stand there before the first is read, because after a change the first reading makes
/// the browser work out the styles of the whole page.
fn colors_of(tokens: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let document = document();
    let probe = document.create_element("span").ok()?;
    let elements: Vec<HtmlElement> = tokens
        .map(|token| {
            let element: HtmlElement = document.create_element("i").ok()?.dyn_into().ok()?;
            element.style().set_property("color", &format!("var(--{token})")).ok()?;
            probe.append_child(&element).ok()?;
            Some(element)
        })
        .collect::<Option<_>>()?;
    document.body()?.append_child(&probe).ok()?;
    let color = |element: &HtmlElement| window().get_computed_style(element).ok()??.get_property_value("color").ok();
    let colors = elements.iter().map(color).collect();
    probe.remove();
    colors
}
