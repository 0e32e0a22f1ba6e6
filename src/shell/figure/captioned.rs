//! Makes a picture that stands by itself of a chart: with its title, a legend, what it shows in a sentence, and the link
//! that leads back to it.

use super::Look;
use super::schema::{Annotation, CaptionLegend, Figure, Moves, Trace};

/// The pixels above the axes for the title and the legend, and the height of a line of words.
const HEAD: u32 = 62;
const LINE: u32 = 16;

impl Figure {
    /// This figure with a title above, and a caption and a link below.
    pub fn captioned(mut self, title: &str, caption: &str, link: &str, look: &Look) -> Self {
        // A letter of the caption is about 5.6 pixels wide.
        let letters = (look.width as f64 / 5.6) as usize;
        let lines: Vec<String> = [caption, link].iter().flat_map(|text| wrapped(text, letters)).collect();
        let below = LINE * (lines.len() as u32 + 1);
        let layout = &mut self.layout;
        let inside = layout.height as f64 - f64::from(layout.margin.t + layout.margin.b);
        let (bottom, left) = (f64::from(layout.margin.b), f64::from(layout.margin.l));
        layout.height += (HEAD + below) as usize;
        layout.margin.t += HEAD;
        layout.margin.b += below;
        layout.paper_bgcolor.clone_from(&look.palette.surface);
        layout.showlegend = true;
        // It stands above words that stand above the chart.
        let has_words = layout.annotations.iter().any(|word| word.yref.is_some());
        let above = if has_words { 18.0 } else { 4.0 };
        layout.legend = Some(CaptionLegend { orientation: "h", x: 0.0, y: 1.0 + above / inside, yanchor: "bottom" });
        let word = |text: String, y: f64, yanchor: &'static str, yshift: f64, size: f64| Annotation {
            xanchor: "left",
            x: -(left - 10.0) / (look.width as f64 - left).max(1.0),
            yref: Some("paper"),
            yshift: Some(yshift),
            align: Some("left"),
            yanchor,
            moves: Moves::Nowhere,
            font: look.font(size),
            ..look.note(y, text)
        };
        layout.annotations.push(word(
            format!("<b>{title}</b>"),
            1.0,
            "bottom",
            f64::from(layout.margin.t) - 32.0,
            15.0,
        ));
        layout.annotations.push(word(lines.join("<br>"), 0.0, "top", -bottom, 11.0));
        self.data.iter_mut().for_each(Trace::show_in_legend);
        self
    }
}

impl Trace {
    /// What the pointer reads from a curve begins with its name; a curve without has none in the legend either.
    fn show_in_legend(&mut self) {
        self.name = self.hovertemplate.as_ref().and_then(|text| text.split(" %{").next()).map(str::to_owned);
        let has_points = self.y.iter().any(Option::is_some);
        self.showlegend = Some(self.name.is_some() && has_points);
    }
}

/// Text in lines of at most so many letters, broken between words or, where a word is longer, within it. Signs that
/// would be markup are written out.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let signs: Vec<char> = word.chars().collect();
        for part in signs.chunks(letters.max(1)) {
            let room = letters.saturating_sub(lines.last().map_or(0, |line| line.chars().count()));
            if part.len() + 1 > room {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(part);
            }
        }
    }
    let plain = |line: String| line.replace('&', "&amp;").replace('<', "&lt;");
    lines.into_iter().filter(|line| !line.is_empty()).map(plain).collect()
}
