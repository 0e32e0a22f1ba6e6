//! The reference pages of the schemes, `www/schemes`: the same cards in every language, each whole,
//! with a link that the lab understands, and nothing in them that runs or comes from elsewhere.

use std::collections::BTreeSet;

use crate::card::{Card, cards, page};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::spec::Scheme;

/// The schemes in the order of the lab's list.
const SCHEMES: &[&str] = Scheme::IDS;
/// Cards about networks that are trained already: no scheme, but the same question.
const OTHERS: &[&str] = &["lora", "new-tokens"];

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

/// A link that is followed may lead anywhere; what the page loads by itself is its style, its icon and the site's script.
#[test]
fn one_script_runs_and_nothing_comes_from_elsewhere() {
    for lang in Lang::ALL {
        let page = page(lang);
        let script = "<script src=\"../site.js\"></script>";
        assert!(page.contains(script), "{}", lang.id());
        let lower = page.replacen(script, "", 1).to_lowercase();
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
    for sheet in
        ["www/page.css", "www/math.css", "www/schemes/schemes.css", "static/css/tokens.css", "static/css/site.css"]
    {
        let css = std::fs::read_to_string(format!("{}/{sheet}", env!("CARGO_MANIFEST_DIR"))).expect(sheet);
        // The palette, the bar and the font of formulas stand beside the page's sheet.
        let css = css
            .replace("@import url(\"tokens.css\");", "")
            .replace("@import url(\"site.css\");", "")
            .replace("url(\"stix-two-math-latin-400-normal.woff2\")", "");
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
