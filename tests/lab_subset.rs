//! `examples`: how many of the training examples a network has, and where that changes nothing.

use init_lab::lab::effect::Effect;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::plane::{PlanePoints, points};
use init_lab::lab::prediction::mlp_theory;
use init_lab::lab::spec::Spec;

use crate::languages;

fn spec(link: &str) -> Spec {
    Lab::from_link(link).0.spec
}

/// What the notices of a link say in English.
fn told(link: &str) -> Vec<String> {
    Lang::En.learn(languages::texts(Lang::En));
    Lab::default().open(link).1.iter().map(|notice| Lang::En.notice(notice)).collect()
}

#[test]
fn the_number_goes_into_the_link_and_its_bounds_are_told() {
    let (lab, notices) = Lab::from_link("examples=50");
    assert_eq!((lab.spec.examples(), notices.len()), (Some(50), 0));
    assert_eq!(lab.link(), "#v=1&examples=50");
    assert_eq!(spec("").examples(), None);
    assert_eq!(spec("examples=0").examples(), None);
    assert_eq!(spec("examples=1").examples(), Some(2));
    assert!(told("examples=1")[0].contains('2'), "{:?}", told("examples=1"));
    assert!(told("data=xor&examples=5000")[0].contains("600"), "{:?}", told("data=xor&examples=5000"));
    assert_eq!(spec("data=chars&examples=5000").examples(), Some(5000));
    assert!(told("data=chars&examples=9000")[0].contains("8000"), "{:?}", told("data=chars&examples=9000"));
    // A transformer reads a text, which has no examples to count.
    assert_eq!(spec("model=gpt&examples=50").examples(), None);
    assert!(told("model=gpt&examples=50")[0].contains("text"), "{:?}", told("model=gpt&examples=50"));
}

#[test]
fn what_changes_nothing_is_told() {
    let effect = |link: &str| Effect::of(&spec(link));
    assert_ne!(effect("examples=50"), effect(""));
    assert_eq!(effect("examples=1437"), effect(""));
    assert_eq!(effect("data=circles&examples=600"), effect("data=circles"));
    assert_eq!(effect("examples=50&batch=128"), effect("examples=50&batch=50"));
    assert_ne!(effect("examples=50&batch=20"), effect("examples=50"));
    assert!(told("examples=1437")[0].contains("all"), "{:?}", told("examples=1437"));
    assert!(told("examples=50&batch=128")[0].contains("no more"), "{:?}", told("examples=50&batch=128"));
    assert_eq!(told("examples=50&batch=20"), [""; 0]);
}

/// Theory is about the batch that there is.
#[test]
fn theory_knows_the_batch() {
    assert_eq!(mlp_theory(&spec("examples=50")).batch, 50);
    assert_eq!(mlp_theory(&spec("examples=50&batch=20")).batch, 20);
    assert_eq!(mlp_theory(&spec("")).batch, 64);
}

/// The points that the page draws are those that the network trains on.
#[test]
fn the_plane_shows_the_points_that_there_are() {
    let [few, all] = ["&examples=30", ""].map(|few| spec(&format!("data=circles{few}")).run);
    assert_eq!(points(few, PlanePoints::Training), points(all, PlanePoints::Training)[..30]);
    assert_eq!(points(few, PlanePoints::HeldOut), points(all, PlanePoints::HeldOut));
}
