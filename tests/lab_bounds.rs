//! Ranges: where a teacher says between which numbers a reader may move a knob, nothing moves it out.

use init_lab::lab::bounds::{BoundedKnobs, KnobBounds};
use init_lab::lab::diagnosis::Verdict;
use init_lab::lab::knob::{KNOBS, Kind, Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::notice::Notice;
use init_lab::lab::prediction::sigma;
use init_lab::lab::remedy::{Remedy, Search};
use init_lab::lab::spec::{KINDS, Spec};
use init_lab::lab::state::{Edit, RunEdit, State};
use init_lab::lab::zones::SigmaZones;

use crate::languages;

fn knob(id: &str) -> &'static Knob {
    Knob::find(id).unwrap_or_else(|| panic!("there is no knob {id}"))
}

fn number(state: &State, id: &str) -> f64 {
    knob(id).number(state.spec())
}

fn set(state: &mut State, id: &str, number: f64) {
    state.edit(Edit::Knob(knob(id), KnobSetting::Number(number)));
}

/// The keys of the notices, which say what happened.
fn said(notices: &[Notice]) -> Vec<&'static str> {
    notices.iter().map(|notice| notice.key).collect()
}

#[test]
fn a_range_alone_leaves_the_value_or_moves_it_in() {
    for (link, std) in [("std=0.01..0.3", 0.02), ("std=0.05..0.3", 0.05), ("std=0.001..0.01", 0.01), ("std=..", 0.02)] {
        let (lab, notices) = Lab::default().open(link);
        assert_eq!((lab.spec.start.std, notices), (std, Vec::new()), "{link}");
    }
    let (lab, notices) = Lab::from_link("std=0.088@0.01..0.3");
    assert_eq!((lab.spec.start.std, notices), (0.088, Vec::new()));
    let (lab, notices) = Lab::from_link("std=0.5@0.01..0.3");
    assert_eq!((lab.spec.start.std, said(&notices)), (0.3, vec!["range.kept"]));
}

#[test]
fn every_number_has_a_range_that_goes_there_and_back() {
    for kind in KINDS {
        let base = Lab { spec: Spec::of_kind(kind).expect("a kind"), ..Lab::default() };
        // Heads have to divide the width as well.
        let is_free = |knob: &&Knob| knob.id != "heads" && (knob.id, *kind) != ("width", "gpt");
        for knob in KNOBS.iter().filter(|knob| knob.applies(&base.spec)).filter(is_free) {
            let Some(own) = knob.range(&base.spec) else { continue };
            // A part of the slider in which the knob does not stand.
            let value = knob.number(&base.spec);
            let (low, high) = if own.position(value) < 0.5 { (0.6, 0.9) } else { (0.1, 0.4) };
            let [low, high] = [low, high].map(|place| own.value_at(place));
            let (lab, notices) = base.apply(&format!("{}={low}..{high}", knob.id));
            assert_eq!(said(&notices), [""; 0], "{kind} {}={low}..{high}", knob.id);
            let range = lab.view.bounds.range(knob, &lab.spec).expect("a knob of numbers");
            assert_eq!([range.from, range.to, range.min, range.max], [low, high, low, high], "{}", knob.id);
            let moved = knob.number(&lab.spec);
            if !value.is_nan() {
                let is_end = |end: f64| (moved - end).abs() <= 1e-9 * end.abs();
                assert!(is_end(low) || is_end(high), "{kind} {}: {moved} in {low}..{high}", knob.id);
            }
            assert_eq!(Lab::from_link(&lab.link()), (lab.clone(), Vec::new()), "{}", lab.link());
            assert_eq!(Lab::from_link(&lab.address()).0.view, lab.view, "{}", lab.address());
        }
    }
}

#[test]
fn the_order_of_keys_does_not_matter_to_ranges() {
    let (one, _) = Lab::from_link("gain=1.5..2&init=kaiming-normal&act=tanh&depth=5..20&std=0.01..0.3");
    let (other, _) = Lab::from_link("std=0.01..0.3&depth=5..20&act=tanh&init=kaiming-normal&gain=1.5..2");
    assert_eq!(one, other);
    // The gain of tanh lies in its range, so that it still follows the activation.
    assert_eq!(one.spec.start.gain, None);
}

#[test]
fn what_is_no_range_is_told_in_both_languages() {
    let texts: Vec<_> = Lang::ALL.iter().map(|lang| (lang, languages::texts(*lang))).collect();
    for (link, key) in [
        ("std=0.3..0.01", "range.order"),
        ("std=0.1..0.1", "range.order"),
        ("depth=5.2..5.8", "range.order"),
        ("std=a..b", "range.format"),
        ("std=0.02@0.3", "range.format"),
        ("std=1..2..3", "range.format"),
        ("std=200..500", "range.outside"),
        ("depth=-7..0", "range.outside"),
        ("std=0.01..500", "range.beyond"),
        ("init=0.1..0.3", "bad-value"),
        ("b=std=0.1..0.3", "bad-value"),
    ] {
        let (lab, notices) = Lab::from_link(link);
        assert_eq!(said(&notices), [key], "{link}");
        assert_eq!(lab.spec, Spec::mlp(), "{link} changes no number");
        for (lang, texts) in &texts {
            lang.learn(texts.clone());
            let text = lang.notice(&notices[0]);
            assert!(!text.contains('{') && !text.contains("notice."), "{link}: {text}");
            let knob = lang.label(link.split('=').next().unwrap_or_default());
            assert!(text.contains(&knob) || link.starts_with("b="), "{link}: {text}");
        }
    }
    // What reaches too far ends where the knob does; what cannot be read leaves the knob free.
    assert_eq!(Lab::from_link("std=0.01..500").0.link(), "#v=1&std=0.01..100");
    assert_eq!(Lab::from_link("std=a..b").0.view.bounds, BoundedKnobs::default());
    assert_eq!(Lab::from_link("std=0.01..").0.link(), "#v=1&std=0.01..100");
}

#[test]
fn no_gesture_and_no_text_leaves_the_range() {
    let mut state = State::open("std=0.01..0.3&depth=5..20&lr=0.001..0.1");
    for (id, asked, used) in [("std", 2.0, 0.3), ("std", 1e-5, 0.01), ("depth", 60.0, 20.0), ("lr", 5.0, 0.1)] {
        set(&mut state, id, asked);
        assert_eq!((number(&state, id), said(&state.notices)), (used, vec!["range.kept"]), "{id} = {asked}");
    }
    state.edit(Edit::Typed(knob("std"), "√(2/2)".to_owned()));
    assert_eq!((number(&state, "std"), said(&state.notices)), (0.3, vec!["range.kept"]));
    set(&mut state, "std", 0.1);
    assert_eq!((number(&state, "std"), said(&state.notices)), (0.1, vec![]));
    // A message of the page around is moved too, and leaves the range as it is.
    state.edit(Edit::Set("std=7&depth=1".to_owned()));
    assert_eq!((number(&state, "std"), number(&state, "depth")), (0.3, 5.0));
    assert_eq!(said(&state.notices), ["range.kept", "range.kept"]);
    state.edit(Edit::Experiment(Some("explode")));
    assert_eq!(number(&state, "std"), 0.3, "{}", state.lab.link());
    // The page around may set the knob free again.
    state.edit(Edit::Set("std=7@..".to_owned()));
    assert_eq!((number(&state, "std"), said(&state.notices)), (7.0, vec![]));
}

#[test]
fn another_kind_of_network_and_an_earlier_run_stay_within() {
    let mut state = State::open("width=100..200&std=0.05..0.3&b=std=0.9");
    state.edit(Edit::Knob(knob("model"), KnobSetting::Choice("gpt")));
    assert_eq!((number(&state, "width"), number(&state, "std")), (100.0, 0.05));
    let mut state = State::open("std=0.05..0.3&b=std=0.9");
    let letter = state.lab.pins[0].letter;
    state.edit(Edit::Run(RunEdit::Reopen(letter)));
    assert_eq!((number(&state, "std"), said(&state.notices)), (0.3, vec!["range.kept"]));
}

#[test]
fn a_slider_is_as_long_as_its_range() {
    let (lab, _) = Lab::from_link("std=0.01..1&depth=4..8");
    let range = lab.view.bounds.range(knob("std"), &lab.spec).expect("a range");
    assert_eq!([0.0, 0.5, 1.0].map(|place| range.value_at(place)), [0.01, 0.1, 1.0]);
    assert_eq!(range.nudge(1.0, 1, true), 1.0);
    assert_eq!(range.nudge(0.01, -1, false), 0.01);
    let depth = lab.view.bounds.range(knob("depth"), &lab.spec).expect("a range");
    assert_eq!([0.0, 1.0].map(|place| depth.value_at(place)), [4.0, 8.0]);
    // The colours of the track are those of its part, and their borders stand at the same σ.
    let (whole, part) = (SigmaZones::new(&lab.spec), SigmaZones::within(&lab.spec, range));
    assert_eq!(part.stretches.first().map(|stretch| stretch.sigmas[0]), Some(0.01));
    assert_eq!(part.stretches.last().map(|stretch| stretch.sigmas[1]), Some(1.0));
    let border = |zones: &SigmaZones| zones.stretches[1].sigmas[0];
    assert!((border(&whole) / border(&part) - 1.0).abs() < 0.02, "{} {}", border(&whole), border(&part));
    // Where the σ that keeps the signal's size lies outside, nothing offers it.
    let low = Lab::from_link("std=0.001..0.01").0;
    let range = low.view.bounds.range(knob("std"), &low.spec).expect("a range");
    assert!(whole.level.is_some_and(|level| level > 0.01));
    assert_eq!(SigmaZones::within(&low.spec, range).level, None);
}

fn found(link: &str) -> (State, Option<Remedy>) {
    let state = State::open(link);
    let search = Search::new(state.spec(), Verdict::Exploding, None).expect("a fault");
    let mut search = search.within(&state.lab.view.bounds);
    while search.is_open() {
        search.step();
    }
    (state, search.found())
}

#[test]
fn the_fix_stays_within() {
    // Left free, the fix takes a σ near √(2/128) or a scheme with that one.
    let (free, fix) = found("std=0.5");
    let after = fix.expect("a fix").apply(free.spec()).0;
    assert!(sigma(&after).hidden < 0.3, "{}", sigma(&after).hidden);
    let (mut state, fix) = found("std=0.5@0.3..1&lr=0.05..1");
    if let Some(fix) = fix {
        let (after, _) = fix.apply(state.spec());
        let bounds = &state.lab.view.bounds;
        assert!((0.3..=1.0).contains(&sigma(&after).hidden), "{}", sigma(&after).hidden);
        assert_eq!(bounds.keep(&mut after.clone()), []);
        state.edit(Edit::Remedy(fix.edits));
        assert_eq!((state.spec(), said(&state.notices)), (&after, vec![]));
    }
    // Whatever is asked for in its place is moved, and told.
    state.edit(Edit::Remedy(vec![("std", KnobSetting::Number(0.001)), ("lr", KnobSetting::Number(50.0))]));
    assert_eq!((number(&state, "std"), number(&state, "lr")), (0.3, 1.0));
    assert_eq!(said(&state.notices), ["range.kept", "range.kept"]);
}

#[test]
fn a_typed_range_is_read_as_in_a_link() {
    for (text, link) in [("0.01..0.3", "0.01..0.3"), (" 0.01 .. 0.3 ", "0.01..0.3"), ("..1e-1", "0.000001..0.1")] {
        let (bounds, notice) = KnobBounds::read(knob("std"), text).expect("a range");
        assert_eq!((bounds.map(|bounds| bounds.text()), notice), (Some(link.to_owned()), None), "{text}");
    }
    for text in ["", " ", "..", "0.000001..100"] {
        assert_eq!(KnobBounds::read(knob("std"), text), Ok((None, None)), "{text}");
    }
    assert!(matches!(knob("depth").kind, Kind::Range(range) if range.whole));
    let (bounds, _) = KnobBounds::read(knob("depth"), "4.5..8.5").expect("a range");
    assert_eq!(bounds.map(|bounds| bounds.text()), Some("5..8".to_owned()));
}
