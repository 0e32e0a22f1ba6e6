//! Ten held-out digits, one of each class: what the network takes them for, and what tells them apart layer by layer.
//!
//! ```text
//! d_bi = h_bi − ⟨h_bi⟩_b      of digit b and unit i of a layer's output h: what the ten have in common is taken off
//! r    = √⟨h_bi²⟩             of the layer;  of the inputs it is 1
//! ```
//!
//! A picture of a digit has a pixel for each unit: d/1, on the scale of the inputs, or d/r, on that of the layer itself.
//! The first is grey where the signal dies and also where all digits look alike, the second only where they look alike;
//! its mean square over the ten is their share of the signal, ⟨d²⟩/r².

use super::curve::{RowLabel, Table};
use super::examples::{DIGITS, DigitPath};
use super::lang::Lang;
use super::metric::{ClassGuess, DigitLayer};
use super::number::{Number, round_to, show};
use super::state::State;
use crate::science::choice::choices;
use crate::science::layer::LayerId;

/// Of a layer so many units are shown, the first ones.
pub const MOST_UNITS: usize = 128;
/// Of a network so many layers are shown, evenly chosen, the first and the last among them.
pub const MOST_LAYERS: usize = 24;
/// At this number a pixel is white, and at its negative black.
const FULL: f64 = 1.5;
/// Below this root mean square a picture on the scale of the inputs is as good as grey.
const FADED: f64 = 0.1;
/// Above it most pixels are black or white.
const BEYOND: f64 = 4.0;
/// Below this share a picture on the layer's own scale is as good as grey.
const ALIKE: f64 = 0.01;

choices! {
    /// In which units the pictures of a digit are.
    pub enum DigitScale {
        /// In those of the inputs, whose mean square is 1.
        Input "input",
        /// In the root mean square of each layer.
        Layer "layer",
    }
}

/// Writes numbers from −1 to 1 as two hexadecimal digits each, for a message.
pub fn encode(parts: impl Iterator<Item = f64>) -> String {
    parts.map(|part| format!("{:02x}", (128.0 + 127.0 * part.clamp(-1.0, 1.0)).round() as u8)).collect()
}

/// Reads what [`encode`] wrote.
pub fn decode(text: &str) -> Vec<f64> {
    let sign = |pair: &[u8]| pair.iter().try_fold(0, |sum, sign| Some(16 * sum + char::from(*sign).to_digit(16)?));
    text.as_bytes().chunks(2).map(|pair| (f64::from(sign(pair).unwrap_or(128)) - 128.0) / 127.0).collect()
}

/// The numbers of the hidden layers that are shown, from 0.
pub fn shown_layers(depth: usize) -> Vec<usize> {
    let shown = depth.min(MOST_LAYERS);
    (0..shown).map(|place| if shown > 1 { place * (depth - 1) / (shown - 1) } else { 0 }).collect()
}

/// What the network takes the digits for.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitGuesses {
    /// The guesses, from 0 to 9, or nothing where none are known of this step.
    pub guesses: Vec<ClassGuess>,
    /// The updates made.
    pub step: u64,
    /// Whether the reader has gone back in time.
    pub past: bool,
}

impl DigitGuesses {
    /// Those of the measurement that is shown.
    pub fn new(state: &State) -> Self {
        let shown = state.shown();
        let guesses = shown.map(|frame| frame.guesses.clone()).filter(|all| all.len() == DIGITS).unwrap_or_default();
        Self { guesses, step: shown.map_or(0, |frame| frame.step), past: state.past.is_some() }
    }

    /// Whether the network is right about a digit; nothing where it has no one answer.
    pub fn is_right(&self, digit: usize) -> Option<bool> {
        Some(self.guesses.get(digit)?.class? == digit)
    }

    /// A sentence that says how many are right, and what is strange about the answers.
    pub fn words(&self, lang: Lang) -> String {
        if self.guesses.is_empty() {
            return lang.text(if self.past { "digits.past" } else { "digits.none" }).to_owned();
        }
        let right = (0..DIGITS).filter(|digit| self.is_right(*digit) == Some(true)).count();
        let values = [("step", self.step.to_string()), ("right", right.to_string())];
        let mut sentences = vec![lang.tell("digits.right", &values)];
        let classes: Vec<usize> = self.guesses.iter().filter_map(|guess| guess.class).collect();
        let lost = self.guesses.iter().filter(|guess| !guess.probability.0.is_finite()).count();
        let undecided = DIGITS - classes.len() - lost;
        if let [first, rest @ ..] = classes.as_slice()
            && classes.len() == DIGITS
            && rest.iter().all(|class| class == first)
        {
            sentences.push(lang.tell("digits.same", &[("class", first.to_string())]));
        }
        for (count, key) in [(undecided, "digits.undecided"), (lost, "digits.lost")] {
            sentences.extend((count > 0).then(|| lang.tell(key, &[("count", count.to_string())])));
        }
        sentences.join(" ")
    }

    /// The guesses as numbers.
    pub fn table(&self) -> Table {
        let row = |(digit, guess): (usize, &ClassGuess)| {
            let right = self.is_right(digit).map(|right| f64::from(u8::from(right)));
            let values = vec![guess.class.map(|class| class as f64), Some(guess.probability.0), right];
            (RowLabel::Number(digit.to_string()), values)
        };
        const COLUMNS: &[&str] = &["digit", "guess", "guess-probability", "guess-right"];
        Table::new(COLUMNS, self.guesses.iter().enumerate().map(row).collect())
    }
}

/// One digit on its way through the network.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitRoute {
    /// Which digit it is.
    pub digit: usize,
    /// The updates made when it was measured.
    pub step: u64,
    /// Its pictures, layer by layer.
    pub pictures: Vec<DigitPicture>,
    scale: DigitScale,
}

/// The picture of a digit in a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitPicture {
    /// The layer.
    pub layer: LayerId,
    /// A pixel for each unit, from −1 (black) over 0 (what all ten have in common) to 1 (white). It is empty where
    /// numbers left f32.
    pub pixels: Vec<f64>,
    /// √⟨d²⟩ over the ten digits.
    pub difference: f64,
    /// Their share of the signal, ⟨d²⟩/r²; `None` where there is no signal or it is not finite.
    pub share: Option<f64>,
}

impl DigitRoute {
    /// The way of a digit.
    pub fn new(digit: usize, path: &DigitPath, scale: DigitScale) -> Self {
        let picture = |layer: &DigitLayer| {
            let (Number(peak), Number(difference), Number(rms)) = (layer.peak, layer.difference, layer.rms);
            let unit = FULL * if scale == DigitScale::Layer && rms > 0.0 { rms } else { 1.0 };
            let cells = decode(&layer.cells);
            let own = cells.chunks((cells.len() / DIGITS).max(1)).nth(digit).unwrap_or_default();
            let share = (difference / rms).powi(2);
            DigitPicture {
                layer: layer.id,
                pixels: own.iter().map(|part| (part * peak / unit).clamp(-1.0, 1.0)).collect(),
                difference,
                share: share.is_finite().then_some(share),
            }
        };
        Self { digit, step: path.step, pictures: path.layers.iter().map(picture).collect(), scale }
    }

    /// Sentences that say what becomes of what tells the digits apart.
    pub fn words(&self, lang: Lang) -> String {
        let [Some(first), Some(last)] = [self.pictures.first(), self.pictures.last()] else {
            return lang.text("digits.none").to_owned();
        };
        if self.pictures.iter().any(|picture| picture.pixels.is_empty()) {
            let layer = self.pictures.iter().find(|picture| picture.pixels.is_empty()).map(|picture| picture.layer);
            return lang.tell("digits.broken", &[("layer", layer.map(|layer| lang.layer(layer)).unwrap_or_default())]);
        }
        let share = last.share.unwrap_or(0.0);
        let fate = if last.difference < FADED {
            "fades"
        } else if last.difference > BEYOND {
            "grows"
        } else {
            "lives"
        };
        let pattern = if share < ALIKE { "alike" } else { "apart" };
        let values = [
            ("step", self.step.to_string()),
            ("first", show(first.difference)),
            ("last", show(last.difference)),
            ("layer", lang.layer(last.layer)),
            ("share", show(100.0 * share)),
        ];
        let told = [format!("digits.{fate}"), format!("digits.{pattern}")];
        told.iter().map(|key| lang.tell(key, &values)).collect::<Vec<_>>().join(" ")
    }

    /// Whether the numbers of a picture have left f32.
    pub fn is_lost(&self, place: usize) -> bool {
        self.pictures.get(place).is_some_and(|picture| picture.pixels.is_empty())
    }

    /// What stands below a picture: the number that its contrast shows.
    pub fn caption(&self, picture: &DigitPicture) -> String {
        match self.scale {
            DigitScale::Input => {
                // There is room for one digit beside a power of ten.
                let digits = if (1e-3..1e5).contains(&picture.difference) { 2 } else { 1 };
                show(round_to(picture.difference, digits))
            }
            DigitScale::Layer => picture.share.map_or("–".to_owned(), |share| format!("{} %", percent(share))),
        }
    }

    /// What tells the digits apart, layer by layer, as numbers.
    pub fn table(&self) -> Table {
        let row =
            |picture: &DigitPicture| (RowLabel::Layer(picture.layer), vec![Some(picture.difference), picture.share]);
        const COLUMNS: &[&str] = &["layer", "digit-difference", "digit-share"];
        Table::new(COLUMNS, self.pictures.iter().map(row).collect())
    }
}

/// A share in percent, with few signs.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if !percent.is_finite() {
        return "–".to_owned();
    }
    if (1.0..=100.0).contains(&percent) { format!("{percent:.0}") } else { show(round_to(percent, 1)) }
}
