//! The reference pages of the schemes, `www/schemes`: the same cards in every language, each whole,
//! with a link that the lab understands, and nothing in them that runs or comes from elsewhere.
#![allow(missing_docs)]

use std::collections::BTreeSet;

use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::{Prediction, predict};
use init_lab::lab::spec::Scheme;

/// The schemes in the order of the lab's list.
const SCHEMES: &[&str] = Scheme::IDS;
/// Cards about networks that are trained already: no scheme, but the same question.
const OTHERS: &[&str] = &["lora", "new-tokens"];

/// One article of a page, still HTML.
struct Card {
    id: String,
    html: String,
}

impl Card {
    /// What stands between the tag that opens so and the next `end`; `None` unless there is one such tag.
    fn part(&self, opening: &str, end: &str) -> Option<&str> {
        let mut found = self.html.split(opening).skip(1);
        let rest = found.next()?;
        found.next().is_none().then(|| rest.split(end).next())?
    }

    fn formula(&self) -> &str {
        self.part("<math display=\"block\" class=\"formula\">", "</math>").unwrap_or_default()
    }

    fn pytorch(&self) -> &str {
        self.part("<pre class=\"pytorch\"><code>", "</code></pre>").unwrap_or_default()
    }

    fn try_link(&self) -> String {
        let link = self.part("<a class=\"try\" href=\"../#", "\"").unwrap_or_default();
        link.replace("&amp;", "&")
    }
}

fn page(lang: &Lang) -> String {
    let path = format!("{}/www/schemes/{}.html", env!("CARGO_MANIFEST_DIR"), lang.id());
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cards(lang: &Lang) -> Vec<Card> {
    let page = page(lang);
    let parts = page.split("<article id=\"").skip(1).map(|rest| {
        let (id, rest) = rest.split_once("\">").expect("an id");
        let (html, _) = rest.split_once("</article>").expect("an end");
        Card { id: id.to_owned(), html: html.to_owned() }
    });
    parts.collect()
}

#[test]
fn every_scheme_has_a_card_in_every_language() {
    let expected: Vec<&str> = SCHEMES.iter().chain(OTHERS).copied().collect();
    for lang in Lang::ALL {
        let ids: Vec<String> = cards(lang).into_iter().map(|card| card.id).collect();
        assert_eq!(ids, expected, "{}", lang.id());
    }
    for scheme in Scheme::ALL {
        assert!(SCHEMES.contains(&scheme.id()), "{} has no card", scheme.id());
    }
}

#[test]
fn every_card_is_whole() {
    for lang in Lang::ALL {
        for card in cards(lang) {
            let name = format!("{} {}", lang.id(), card.id);
            for class in ["law", "look", "source"] {
                let text = card.part(&format!("<p class=\"{class}\"><b>"), "</p>");
                assert!(text.is_some_and(|text| text.len() > 20), "{name}: {class}");
            }
            assert!(card.part("<h3>", "</h3>").is_some_and(|text| !text.is_empty()), "{name}: name");
            assert!(card.formula().contains("<m"), "{name}: formula");
            assert!(card.pytorch().contains('('), "{name}: {}", card.pytorch());
            assert!(card.try_link().starts_with("v=1&"), "{name}: {}", card.try_link());
            assert!(card.html.matches("<p class=\"beware\">").count() <= 1, "{name}");
        }
    }
}

#[test]
fn the_languages_show_the_same_formulas_lines_and_links() {
    let english = cards(&Lang::En);
    for lang in Lang::ALL {
        for (card, model) in cards(lang).iter().zip(&english) {
            assert_eq!(card.formula(), model.formula(), "{} {}", lang.id(), card.id);
            assert_eq!(card.pytorch(), model.pytorch(), "{} {}", lang.id(), card.id);
            assert_eq!(card.try_link(), model.try_link(), "{} {}", lang.id(), card.id);
            assert_eq!(outside(card), outside(model), "{} {}", lang.id(), card.id);
        }
    }
}

/// The addresses that a card points to.
fn outside(card: &Card) -> Vec<&str> {
    card.html.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_link_opens_the_lab_without_a_notice() {
    for card in cards(&Lang::En) {
        let (lab, notices) = Lab::from_link(&card.try_link());
        assert_eq!(notices, [], "{}", card.id);
        if SCHEMES.contains(&card.id.as_str()) {
            assert_eq!(lab.spec.start.scheme.id(), card.id, "the link shows another scheme");
        }
    }
}

/// A link that is followed may lead anywhere; what the page loads by itself is its style and its icon.
#[test]
fn nothing_runs_and_nothing_comes_from_elsewhere() {
    for lang in Lang::ALL {
        let page = page(lang);
        let lower = page.to_lowercase();
        assert!(page.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", lang.id())), "{}", lang.id());
        assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"));
        for word in ["<script", "javascript:", "<iframe", "<object", "<embed", "<style", " style=", "@import", "<base"]
        {
            assert!(!lower.contains(word), "{}: {word}", lang.id());
        }
        let handler = lower.split(" on").skip(1).any(|rest| {
            let name = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            !name.is_empty() && rest[name.len()..].starts_with('=')
        });
        assert!(!handler, "{}: an event handler", lang.id());
        for tag in lower.split('<').filter(|tag| tag.starts_with("link") || tag.starts_with("img")) {
            assert!(!tag.contains("//"), "{}: <{tag}", lang.id());
        }
    }
    for sheet in ["page.css", "schemes/schemes.css"] {
        let css = std::fs::read_to_string(format!("{}/www/{sheet}", env!("CARGO_MANIFEST_DIR"))).expect(sheet);
        assert!(!css.contains("url(") && !css.contains("@import"), "{sheet}");
    }
}

/// `tests/golden/schemes.py` executed exactly the lines that the cards show.
#[test]
fn every_line_was_executed_as_it_stands() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/schemes.json")).expect("JSON");
    let cases = golden["cases"].as_array().expect("cases");
    let executed: BTreeSet<(&str, &str)> =
        cases.iter().filter_map(|case| Some((case["scheme"].as_str()?, case["line"].as_str()?))).collect();
    let cards = cards(&Lang::En);
    let shown: Vec<(&str, String)> = cards
        .iter()
        .flat_map(|card| {
            card.pytorch().lines().map(|line| (card.id.as_str(), line.replace("&lt;", "<").replace("&gt;", ">")))
        })
        .collect();
    let shown: BTreeSet<(&str, &str)> =
        shown.iter().map(|(id, line)| (*id, line.split('#').next().unwrap_or_default().trim())).collect();
    assert_eq!(shown, executed, "run tests/golden/generate.sh");
}

/// What the cards say that the lab shows, where theory says it too: by the card's own link, or the
/// change of it that the card asks for.
#[test]
fn the_numbers_on_the_cards_are_the_labs() {
    let cards = cards(&Lang::En);
    let shown = |id: &str, change: &str| {
        let card = cards.iter().find(|card| card.id == id).expect("a card");
        let (lab, notices) = Lab::from_link(&format!("{}&{change}", card.try_link()));
        assert_eq!(notices, [], "{id}");
        predict(&lab.spec)
    };
    let check = |what: &str, value: f64, from: f64, to: f64| {
        assert!((from..=to).contains(&value), "{what}: {value}");
    };

    // Variance before activation in layer 20 of 20, and what is left of the last layer in 30.
    let last = |p: &Prediction| p.layers[p.layers.len() - 2];
    let z = |p: &Prediction| last(p).preactivation_var.expect("a variance");
    check("normal 0.11 keeps 0.6 %", z(&shown("normal", "")), 0.0055, 0.0065);
    check("normal 0.125 is level", z(&shown("normal", "std=0.125")), 0.999, 1.001);
    // The first layer has 64 inputs, whatever the width: 64σ², and level from there.
    check("normal, 20 units", z(&shown("normal", "std=0.3162&width=20")), 6.3, 6.5);
    check("Xavier, 1/(2 layer)", z(&shown("xavier-normal", "")), 0.02, 0.03);
    check("Xavier, a billionth", z(&shown("xavier-uniform", "")), 1e-9, 2e-9);
    check("Kaiming is level", z(&shown("kaiming-normal", "")), 1.999, 2.001);
    check("GELU, 0.4", z(&shown("kaiming-uniform", "")), 0.35, 0.45);
    let typical = |p: &Prediction| last(p).preactivation_median.expect("a median");
    check("GELU, half of the networks below 0.2", typical(&shown("kaiming-uniform", "")), 0.15, 0.25);
    check("SiLU, half of the networks below 0.03", typical(&shown("kaiming-normal", "act=silu")), 0.002, 0.03);

    let pytorch = shown("pytorch", "");
    check("0.4/width", z(&pytorch), 0.4 / 128.0 * 0.99, 0.4 / 128.0 * 1.01);
    let gradient = |layer: usize| pytorch.layers[layer].gradient.expect("a gradient");
    check("10⁻⁷ of the last", gradient(1) / gradient(20), 0.5e-7, 2e-7);
    check("PyTorch without biases", z(&shown("pytorch", "bias=0")), 0.0, 1e-12);

    let growth = |p: &Prediction| last(p).activation_var.expect("end") / p.layers[0].activation_var.expect("start");
    check("GPT-2, ninefold", growth(&shown("gpt2", "")), 8.0, 10.0);
    check("without √(2L)", growth(&shown("gpt2", "init=normal")), 200.0, 300.0);
    check("d σ² is 0.3", 64.0 * 0.0693 * 0.0693, 0.295, 0.315);
    check("plain Xavier, no norm", growth(&shown("gpt2", "init=xavier-normal&norm=none")), 1000.0, 1e6);

    // The shape of the distribution does not matter to what is expected, and little to chance.
    let (uniform, normal) = (shown("uniform", ""), shown("uniform", "init=normal"));
    for (a, b) in uniform.layers.iter().zip(&normal.layers) {
        assert_eq!(
            (a.preactivation_var, a.activation_var, a.gradient),
            (b.preactivation_var, b.activation_var, b.gradient)
        );
        assert!((a.activation_spread / b.activation_spread - 1.0).abs() < 0.1);
    }
}
