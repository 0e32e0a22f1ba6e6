//! The recorded picture of a lab.

use init_lab::lab::lang::Lang;
use init_lab::lab::number::Number;
use init_lab::lab::poster::{Poster, PosterChart, PosterLayer};

use crate::languages;

fn layer(name: &str, measured: f64, predicted: f64) -> PosterLayer {
    PosterLayer {
        name: name.to_owned(),
        activation_var: Some(Number(measured)),
        predicted_activation_var: Some(Number(predicted)),
        gradient_rms: None,
        predicted_gradient_rms: Some(Number(1.0)),
    }
}

fn picture(title: &str, chart: PosterChart, layers: &[PosterLayer]) -> String {
    Lang::En.learn(languages::texts(Lang::En));
    Poster { title, address: "https://example.org/#v=1&act=tanh", chart, step: 7, layers }.svg(Lang::En)
}

/// The heights of the dots, from the top.
fn dots(svg: &str) -> Vec<f64> {
    let parts = svg.split("<circle ").skip(1);
    parts
        .map(|part| {
            part.split("cy=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("cy").parse().expect("a number")
        })
        .collect()
}

#[test]
fn dots_stand_where_their_powers_of_ten_do() {
    let layers = [layer("hidden.1", 1.0, 1.0), layer("hidden.2", 1e-2, 1e-2), layer("hidden.3", 1e-4, 1e-3)];
    let svg = picture("Variance", PosterChart::Variance, &layers);
    let [first, second, third] = dots(&svg)[..] else { panic!("{svg}") };
    assert!(first < second && ((third - second) - (second - first)).abs() < 0.2, "equal ratios are equal steps: {svg}");
    for text in
        ["measured at step 7", "theory", "Variance of the signal by depth", "https://example.org/#v=1&amp;act=tanh"]
    {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    for number in 1..=3 {
        assert!(svg.contains(&format!(">{number}</text>")), "{svg}");
    }
    assert!(svg.contains("@media(prefers-color-scheme:dark)") && !svg.contains("currentColor"), "{svg}");
}

#[test]
fn what_is_no_size_is_left_out() {
    let layers = [
        layer("embedding", f64::NAN, 0.0),
        layer("block.1", f64::INFINITY, f64::NAN),
        layer("head", 0.0, f64::INFINITY),
    ];
    assert!(dots(&picture("A", PosterChart::Variance, &layers)).is_empty());
    let flat = [layer("block.1", 1.0, 1.0), layer("block.2", 1.0, 1.0)];
    assert!(dots(&picture("A", PosterChart::Variance, &flat)).iter().all(|y| y.is_finite()));
    assert!(dots(&picture("A", PosterChart::Variance, &[])).is_empty());
    let gradient = picture("A", PosterChart::Gradient, &flat);
    assert!(
        dots(&gradient).is_empty() && gradient.contains("Gradient by depth"),
        "only theory has a gradient: {gradient}"
    );
}

#[test]
fn what_is_to_be_guessed_is_not_shown() {
    let svg = picture("A", PosterChart::Covered, &[layer("hidden.1", 1.0, 1.0)]);
    assert!(dots(&svg).is_empty() && !svg.contains("<path") && svg.contains(">?<"), "{svg}");
}

#[test]
fn a_title_is_text_and_has_two_lines_at_most() {
    let title = "<b>σ</b> & \"one\"\u{1} ".to_owned() + &"word ".repeat(60);
    let svg = picture(&title, PosterChart::Variance, &[]);
    assert!(svg.contains("&lt;b&gt;σ&lt;/b&gt; &amp; &quot;one&quot;") && !svg.contains("<b>"), "{svg}");
    assert!(!svg.contains('\u{1}'), "XML has no such sign");
    assert_eq!(svg.matches("font-weight").count(), 2);
    assert!(svg.contains("word…"));
}
