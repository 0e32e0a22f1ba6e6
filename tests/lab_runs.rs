//! Runs beside the present one: what is pinned and kept, what a link says of it, and how a reader goes back in time.

use crate::languages;
use init_lab::lab::comparison::RunComparison;
use init_lab::lab::curve::{DepthCurve, LossCurve, Quantity, Table};
use init_lab::lab::history::History;
use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric, RunId};
use init_lab::lab::number::Number;
use init_lab::lab::pin::{Letter, MOST_PINS, Pin};
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event, Why};
use init_lab::lab::record::{RunRecord, StoredRun};
use init_lab::lab::runs::RunMark;
use init_lab::lab::state::{Edit, RunEdit, State};
use init_lab::science::layer::LayerId;

fn frame(run: RunId, step: u64, loss: f64) -> Frame {
    Frame {
        run,
        step,
        loss: Number(loss),
        val_loss: Some(Number(loss)),
        accuracy: Some(Number(0.5)),
        losses: vec![Number(loss)],
        layers: Vec::new(),
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }
}

/// The page with an engine, measured at step 0 of its link.
fn ready(link: &str) -> (State, Vec<Command>) {
    let mut state = State::open(link);
    let commands = state.apply(Event::Ready);
    state.apply(Event::Frame(frame(1, 0, 2.3)));
    (state, commands)
}

fn train(state: &mut State, step: u64, loss: f64) {
    let run = state.run;
    if state.record.step().is_none() {
        state.apply(Event::Frame(frame(run, 0, 2.3)));
    }
    state.edit(Edit::Play);
    state.apply(Event::Frame(frame(run, step, loss)));
    state.edit(Edit::Pause);
    state.apply(Event::Paused { run, step });
}

fn set_std(state: &mut State, std: f64) {
    let knob = Knob::find("std").expect("a knob");
    state.edit(Edit::Knob(knob, KnobSetting::Number(std)));
}

fn marks(state: &State) -> Vec<RunMark> {
    state.compared().into_iter().map(|(mark, _)| mark).collect()
}

#[test]
fn a_history_keeps_its_ends_and_is_bounded() {
    let mut history = History::default();
    for step in 0..100_000 {
        history.push(&frame(1, step * 3, 1.0));
        assert!(history.len() <= 290);
    }
    let steps: Vec<u64> = history.frames().map(|frame| frame.step).collect();
    assert!(steps.is_sorted() && steps[0] == 0 && steps.last() == Some(&299_997));
    // The newest are all there, and the others are about evenly apart.
    assert_eq!(steps[steps.len() - 48], 299_997 - 141);
    let gaps: Vec<u64> = steps[..steps.len() - 48].windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (least, most) = (gaps.iter().min().expect("gaps"), gaps.iter().max().expect("gaps"));
    assert!(*most <= 3 * least, "{least} to {most}");
    assert_eq!(history.at(10).map(|frame| frame.step), Some(0));
    assert!(history.at(150_000).is_some_and(|frame| frame.step <= 150_000 && frame.step > 147_000));
    assert_eq!(history.sample(32).len(), 32);
    assert_eq!(history.sample(32).last().map(|frame| frame.step), Some(299_997));
}

#[test]
fn a_nudge_of_sigma_loses_nothing_that_was_trained() {
    let (mut state, _) = ready("");
    train(&mut state, 100, 1.5);
    set_std(&mut state, 0.1);
    assert_eq!(marks(&state), [RunMark::Ghost]);
    let (_, ghost) = state.compared()[0];
    assert_eq!((ghost.step(), ghost.loss.last()), (Some(100), Some((100, 1.5))));
    assert_eq!(ghost.spec.start.std, 0.02);
    // The ghost is drawn, but tables and files have what was asked for.
    let prediction = predict(state.spec());
    assert_eq!(DepthCurve::new(&state, &prediction, Quantity::Activation).others.len(), 1);
    assert_eq!(Table::variance(&state, &prediction).others, []);
    assert_eq!(LossCurve::new(&state, &prediction).table().others, []);
    // A drag measures one start after another, and none of them takes the ghost's place.
    for std in [0.11, 0.12, 0.13] {
        let run = state.run;
        state.apply(Event::Frame(frame(run, 0, 2.3)));
        set_std(&mut state, std);
    }
    assert_eq!(state.compared()[0].1.step(), Some(100));
    assert_eq!(state.runs.list().len(), 1);
    // To play after the end begins again, and what came before stays.
    train(&mut state, 50, 1.0);
    let run = state.run;
    state.apply(Event::Finished { run, step: 50, why: Why::Done });
    state.edit(Edit::Play);
    let last = state.runs.list().last().expect("a run");
    assert_eq!((last.record.step(), last.record.end.clone()), (Some(50), Some(Why::Done)));
}

#[test]
fn a_pinned_run_keeps_its_letter_and_the_next_one_has_another() {
    let (mut state, _) = ready("");
    assert_eq!(state.letter(), Letter::A);
    train(&mut state, 10, 2.0);
    state.edit(Edit::Run(RunEdit::Pin));
    assert_eq!(state.letter(), Letter::A, "it is the same run still");
    assert_eq!(marks(&state), []);
    set_std(&mut state, 0.1);
    assert_eq!(state.letter(), Letter::B);
    assert_eq!(marks(&state), [RunMark::Pin(Letter::A)]);
    assert_eq!(state.lab.link(), "#v=1&std=0.1&a=std=0.02");
    state.edit(Edit::Run(RunEdit::Name(Letter::A, " Glorot; & co ".into())));
    state.edit(Edit::Run(RunEdit::Hide(Letter::A, true)));
    assert_eq!(marks(&state), []);
    let (again, notices) = Lab::from_link(&state.lab.link());
    assert_eq!(notices, []);
    assert_eq!((again.pins[0].name.as_str(), &again.pins[0].spec), ("Glorot  & co", &state.lab.pins[0].spec));
    // Exchanged, the pinned run is the present one, and what was present is pinned with its own letter.
    state.edit(Edit::Run(RunEdit::Hide(Letter::A, false)));
    state.edit(Edit::Run(RunEdit::Swap(Letter::A)));
    assert_eq!((state.spec().start.std, state.letter()), (0.02, Letter::A));
    assert_eq!((state.lab.pins[0].letter, state.lab.pins[0].spec.start.std), (Letter::B, 0.1));
    state.edit(Edit::Run(RunEdit::Reopen(Letter::B)));
    assert_eq!((state.spec().start.std, state.letter()), (0.1, Letter::B));
    state.edit(Edit::Run(RunEdit::Unpin(Letter::B)));
    assert_eq!(state.lab.pins, []);
}

#[test]
fn there_is_room_for_six() {
    let (mut state, _) = ready("");
    for number in 0..8 {
        set_std(&mut state, 0.1 + f64::from(number) / 100.0);
        let run = state.run;
        state.apply(Event::Frame(frame(run, 0, 2.3)));
        state.edit(Edit::Run(RunEdit::Pin));
    }
    assert_eq!(state.lab.pins.len(), MOST_PINS);
    assert_eq!(state.letter(), Letter::G);
    assert_eq!(state.notices.len(), 1);
    let (again, notices) = Lab::from_link(&state.lab.link());
    assert_eq!((again, notices), (state.lab.clone(), Vec::new()));
}

#[test]
fn the_fix_becomes_the_second_run() {
    let (mut state, _) = ready("");
    state.edit(Edit::Remedy(vec![("init", KnobSetting::Choice("kaiming-normal"))]));
    assert_eq!(state.letter(), Letter::B);
    assert_eq!(marks(&state), [RunMark::Pin(Letter::A)]);
}

#[test]
fn what_a_link_compares_is_trained_beside_the_present_run() {
    let (mut state, commands) = ready("v=1&init=xavier-normal&b=init=kaiming-normal;name=He");
    let [Command::Measure(_), Command::Start { run: 1, .. }, Command::Accompany { run, spec }] = &commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!(spec.start.scheme.id(), "kaiming-normal");
    state.apply(Event::Frame(frame(*run, 0, 2.4)));
    assert_eq!(marks(&state), [RunMark::Pin(Letter::B)]);
    assert_eq!(state.frame.as_ref().map(|frame| frame.run), Some(1));
    assert_eq!(state.edit(Edit::Play).commands, [Command::Resume], "it is there already");
    state.apply(Event::Frame(frame(*run, 20, 1.0)));
    // When the present run begins again, the worker has dropped both; the other is built again when it is needed, and
    // what is known of it stays.
    let again = state.edit(Edit::Reset);
    assert!(matches!(again.commands[..], [Command::Start { .. }]), "{again:?}");
    assert_eq!(state.compared()[0].1.step(), Some(20));
    let play = state.edit(Edit::Play).commands;
    let [Command::Accompany { run: next, .. }, Command::Resume] = play[..] else { panic!("{play:?}") };
    state.apply(Event::Frame(frame(next, 0, 2.4)));
    state.apply(Event::Frame(frame(next, 10, 1.2)));
    assert_eq!(state.compared()[0].1.step(), Some(20));
    state.apply(Event::Frame(frame(next, 30, 0.9)));
    state.apply(Event::Finished { run: next, step: 30, why: Why::Done });
    let record = state.compared().into_iter().find(|(mark, _)| *mark != RunMark::Ghost).expect("B").1;
    assert_eq!((record.step(), record.end.clone()), (Some(30), Some(Why::Done)));
    // An event of a companion that was dropped changes nothing.
    state.apply(Event::Frame(frame(*run, 500, 0.1)));
    assert!(state.runs.list().iter().all(|run| run.record.step() <= Some(30)));
    let stop = state.edit(Edit::Run(RunEdit::Along(Letter::B, false))).commands;
    assert_eq!(stop, []);
}

#[test]
fn every_pair_of_recorded_links_goes_there_and_back() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/recorded.json");
    let file = std::fs::read_to_string(FILE).expect("the recorded links");
    let recorded: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let links = recorded["links"].as_array().expect("links").iter();
    let labs: Vec<Lab> = links.map(|link| Lab::from_link(link["link"].as_str().expect("a link")).0).collect();
    assert!(labs.len() > 200);
    for (index, lab) in labs.iter().enumerate() {
        for other in [&labs[(index * 7 + 3) % labs.len()], &labs[(index * 31 + 11) % labs.len()], lab] {
            let pin = Pin::new(Letter::C, String::new(), other.spec.clone());
            let both = Lab { pins: vec![pin], ..lab.clone() };
            let link = both.link();
            let (again, notices) = Lab::from_link(&link);
            assert_eq!(again, both, "{link}");
            // What is said of either network by itself is said of it here too.
            let own = [lab, other].map(|lab| Lab::from_link(&lab.link()).1).concat();
            assert!(notices.iter().all(|notice| own.contains(notice)), "{link}: {notices:?}");
        }
    }
}

#[test]
fn a_pin_of_a_link_may_say_anything() {
    for (link, pins, told) in [
        ("b=", 0, 0),
        ("b=;;", 1, 0),
        ("b=nonsense", 1, 1),
        ("b=std=1e99;theme=dark;b=std%3D1", 1, 3),
        ("b=name=%F0%9F%A6%80;init=zeros", 1, 0),
        ("b=model=gpt;depth=2&c=model=gpt;block=llama", 2, 0),
    ] {
        let (lab, notices) = Lab::from_link(link);
        assert_eq!((lab.pins.len(), notices.len()), (pins, told), "{link}: {notices:?}");
        assert_eq!(Lab::from_link(&lab.link()).0, lab, "{link}");
    }
}

#[test]
fn a_reader_goes_back_to_a_step() {
    let (mut state, _) = ready("");
    for (step, loss) in [(10, 2.2), (20, 2.0), (30, 1.5)] {
        train(&mut state, step, loss);
    }
    state.edit(Edit::Look(Some(25)));
    assert_eq!(state.shown().map(|frame| frame.step), Some(20));
    let then = state.then().expect("the past");
    assert_eq!((then.record.loss.last(), then.frame.map(|frame| frame.step)), (Some((20, 2.0)), Some(20)));
    // It stays there while training goes on, and now is where the newest measurement is.
    train(&mut state, 40, 1.2);
    assert_eq!(state.moment(), 20);
    state.edit(Edit::Look(Some(40)));
    assert!(state.past.is_none() && state.moment() == 40);
    state.edit(Edit::Look(Some(0)));
    assert_eq!(state.moment(), 0);
    set_std(&mut state, 0.5);
    assert!(state.past.is_none());
}

#[test]
fn runs_that_a_browser_kept_come_back() {
    let (mut state, _) = ready("v=1&std=0.1&b=std=0.3");
    train(&mut state, 10, 2.0);
    // It is stored and read again, as a browser does it.
    let stored = |record: &RunRecord| {
        let text = serde_json::to_string(&StoredRun::new(record, 1.0)).expect("JSON");
        RunRecord::from(serde_json::from_str::<StoredRun>(&text).expect("a run"))
    };
    let record = |link: &str, step: u64| {
        let mut record = RunRecord::new(Lab::from_link(link).0.spec);
        record.take(&frame(0, 0, 2.3));
        record.take(&frame(0, step, 1.0));
        record.end = Some(Why::Stopped);
        assert_eq!(stored(&record), record);
        stored(&record)
    };
    set_std(&mut state, 0.2);
    let kept = vec![record("std=0.3", 500), record("std=0.1", 7), record("std=0.7", 9)];
    state.edit(Edit::Run(RunEdit::Restore(kept)));
    let found: Vec<(f64, Option<u64>)> =
        state.runs.list().iter().map(|run| (run.record.spec.start.std, run.record.step())).collect();
    // What this page trained itself wins, and the pin of the link has what was kept of it.
    assert_eq!(found.len(), 3);
    assert!(found.contains(&(0.3, Some(500))) && found.contains(&(0.1, Some(10))) && found.contains(&(0.7, Some(9))));
    assert!(marks(&state).contains(&RunMark::Pin(Letter::B)) && marks(&state).contains(&RunMark::Ghost));
    assert_eq!(state.runs.ghost().map(|run| run.record.spec.start.std), Some(0.1));
    let numbers: Vec<u32> = state.runs.list().iter().map(|run| run.id).collect();
    state.edit(Edit::Run(RunEdit::Forget(numbers[0])));
    assert_eq!(state.runs.list().len(), 2);
}

#[test]
fn a_step_in_slow_motion_goes_forward_and_back_and_then_makes_the_update() {
    let (mut state, _) = ready("depth=2");
    let mut measured = frame(1, 0, 2.3);
    measured.layers = state.spec().architecture().layers().into_iter().map(LayerMetric::unmeasured).collect();
    for layer in &mut measured.layers {
        (layer.activation_var, layer.gradient_rms) = (Some(Number(1.0)), Some(Number(0.1)));
    }
    state.apply(Event::Frame(measured));
    let prediction = predict(state.spec());
    let dots = |state: &State, quantity| -> String {
        let curve = DepthCurve::new(state, &prediction, quantity);
        curve.points.iter().map(|point| if point.measured.is_some() { '●' } else { '·' }).collect()
    };
    state.edit(Edit::Slow(true));
    let mut seen = Vec::new();
    let reaction = loop {
        seen.push((dots(&state, Quantity::Activation), dots(&state, Quantity::Gradient)));
        let reaction = state.edit(Edit::Tick);
        if state.slow.is_none() {
            break reaction;
        }
    };
    let expected = [("●··", "···"), ("●●·", "···"), ("●●●", "···"), ("●●●", "··●"), ("●●●", "·●●"), ("●●●", "●●●")];
    assert_eq!(seen, expected.map(|(forward, back)| (forward.to_owned(), back.to_owned())));
    assert_eq!(reaction.commands, [Command::Step(1)]);
    // Play ends it, and shows everything.
    state.edit(Edit::Slow(true));
    state.edit(Edit::Play);
    assert_eq!((dots(&state, Quantity::Activation), state.slow), ("●●●".to_owned(), None));
}

#[test]
fn a_single_step_is_made_of_every_run_that_is_trained_beside() {
    let (mut state, _) = ready("v=1&init=xavier-normal&b=init=kaiming-normal");
    assert_eq!(state.edit(Edit::Step(3)).commands, [Command::Step(3)], "it is there already");
    let (mut state, _) = ready("v=1&init=xavier-normal&b=init=kaiming-normal");
    state.edit(Edit::Reset);
    let run = state.run;
    state.apply(Event::Frame(frame(run, 0, 2.3)));
    let commands = state.edit(Edit::Step(3)).commands;
    assert!(matches!(commands[..], [Command::Accompany { .. }, Command::Step(3)]), "{commands:?}");
}

/// Where both are as large nothing is “1 times smaller”.
#[test]
fn equal_variances_are_said_to_be_equal() {
    let spec = Lab::default().spec;
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        let said = |ratio: f64| {
            let ratio = Some((LayerId::Hidden(4), ratio));
            lang.comparison(&RunComparison { knobs: Vec::new(), losses: None, ratio }, Letter::B, &spec, &spec)
        };
        for (near, far) in [(0.9996, 0.5), (1.0, 2.0)] {
            assert!(
                said(near).ends_with(lang.fill("runs.alike", &[("layer", &lang.layer(LayerId::Hidden(4)))]).as_str())
            );
            assert!(said(far).contains('2'), "{}", said(far));
        }
    }
}
