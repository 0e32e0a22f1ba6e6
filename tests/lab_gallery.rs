//! The galleries of prepared labs and schemes.

use init_lab::lab::catalog;
use init_lab::lab::gallery::{DepthSketch, GalleryKind, LAB_GROUPS};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::spec::Spec;
use init_lab::lab::zones::SignalZone;

use crate::languages;

const KINDS: [GalleryKind; 2] = [GalleryKind::Labs, GalleryKind::Schemes];

#[test]
fn every_prepared_lab_stands_in_a_group() {
    for lab in catalog::all() {
        assert!(LAB_GROUPS.contains(&lab.group), "{}: {}", lab.id, lab.group);
    }
    for group in LAB_GROUPS {
        assert!(catalog::all().iter().any(|lab| lab.group == group), "nothing stands in {group}");
    }
}

#[test]
fn every_card_has_a_name_a_sentence_and_a_group_in_every_language() {
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        for kind in KINDS {
            for key in kind.groups().iter().copied().chain([kind.id(), &format!("all-{}", kind.id())]) {
                assert!(texts.contains_key(&format!("gallery.{key}")), "{lang:?} {key}");
            }
        }
        lang.learn(texts);
        for (kind, spec) in KINDS.into_iter().flat_map(|kind| [(kind, Spec::mlp()), (kind, Spec::gpt())]) {
            for card in kind.cards(&spec, *lang) {
                assert!(kind.groups().contains(&card.group), "{}", card.id);
                // A text that is missing is its key.
                assert!(!card.title.is_empty() && !card.title.ends_with(".title"), "{lang:?} {}", card.id);
                assert!(!card.words.is_empty() && !card.words.contains(&format!("{}.note", card.id)), "{}", card.id);
            }
        }
    }
}

/// A teacher looks for the labs of a course, whatever they are about.
#[test]
fn every_course_has_a_name_and_its_labs() {
    let courses = catalog::courses();
    let numbers =
        courses.iter().map(|&course| (course, catalog::all().iter().filter(|lab| lab.course == Some(course)).count()));
    let numbers: std::collections::BTreeMap<_, _> = numbers.collect();
    assert_eq!((numbers["aero"], numbers["makemore"], numbers["d2l"], numbers["fast-ai"]), (12, 4, 3, 3));
    for lab in catalog::all().iter().filter(|lab| lab.group == "courses") {
        assert!(lab.course.is_some(), "{} is from no course", lab.id);
    }
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        let named: Vec<&str> = texts.keys().filter_map(|key| key.strip_prefix("course.")).collect();
        for course in courses.iter().copied().chain(["all", "choose"]) {
            assert!(named.contains(&course), "{lang:?} {course}");
        }
        assert_eq!(named.len(), courses.len() + 2, "{lang:?} names a course without a lab");
    }
}

#[test]
fn a_card_leads_to_the_network_that_its_list_leads_to() {
    for lab in catalog::all() {
        let wanted = Lab::from_link(&format!("x={}", lab.id)).0;
        let found = GalleryKind::Labs.specs(lab.id, &Spec::mlp());
        assert_eq!(found[0], wanted.spec, "{}", lab.id);
        assert_eq!(found.len(), 1 + wanted.pins.len(), "{}", lab.id);
    }
    let spec = Lab::from_link("depth=5&init=kaiming-normal&gain=3").0.spec;
    let found = GalleryKind::Schemes.specs("xavier-normal", &spec);
    assert_eq!(found, [Lab::from_link("depth=5&init=xavier-normal").0.spec]);
}

#[test]
fn a_sketch_is_what_theory_expects() {
    let sketch = |link: &str| DepthSketch::new(&Lab::from_link(link).0.spec);
    let zone = |link: &str| sketch(link).zone;
    assert_eq!(zone("init=normal&std=0.02"), Some(SignalZone::Dies));
    assert_eq!(zone("init=kaiming-normal"), Some(SignalZone::Holds));
    assert_eq!(zone("init=normal&std=0.5"), Some(SignalZone::Explodes));
    // Kaiming's variance is about 1 − 1/π after every ReLU: log₁₀ of it is −0.17, and y = 32·(1 + 0.17/4) = 33.3.
    let held = sketch("depth=3&init=kaiming-normal").variance;
    let heights: Vec<f64> = held.split(['M', 'L']).filter_map(|point| point.split(' ').nth(1)?.parse().ok()).collect();
    assert!(heights.len() == 3 && heights.iter().all(|y| (y - 33.3).abs() < 0.3), "{held}");
    let zeros = sketch("init=zeros&depth=3");
    assert!(zeros.dead && zeros.variance.is_empty());
    // Theory says nothing of one number for all weights, and the picture stays empty.
    let silent = sketch("init=constant");
    assert!(!silent.dead && silent.variance.is_empty() && silent.zone.is_none());
}

#[test]
fn no_curve_has_a_number_that_is_none() {
    for spec in [Spec::mlp(), Spec::gpt()] {
        for kind in KINDS {
            for card in kind.cards(&spec, Lang::En) {
                for network in kind.specs(card.id, &spec) {
                    let sketch = DepthSketch::new(&network);
                    let text = sketch.variance + &sketch.gradient;
                    assert!(!text.contains("NaN") && !text.contains("inf"), "{}: {text}", card.id);
                }
            }
        }
    }
}
