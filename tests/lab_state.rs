//! Whole sessions as transcripts: what is asked, what is sent, what is seen.

use init_lab::lab::curve::{DepthCurve, LossCurve, Quantity};
use init_lab::lab::diagnosis::{SentenceValue, Verdict, diagnose};
use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::message::layer_reports;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event, Failure, NetworkSize, Pass, Why};
use init_lab::lab::spec::{DeviceChoice, Scheme};
use init_lab::lab::state::{Edit, EngineState, Phase, Reaction, RunEdit, State};
use init_lab::science::layer::LayerId;

use crate::languages;

#[test]
fn the_engine_gets_the_run_once_it_listens() {
    let mut state = State::open("#v=1&std=0.1");
    assert_eq!(state.edit(knob("std", "0.2")).commands, [], "nobody listens yet");
    let commands = state.apply(Event::Ready);
    let [Command::Measure(_), Command::Start { run, spec }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((*run, spec.start.std), (state.run, 0.2));
}

#[test]
fn what_was_asked_before_the_engine_came_is_done_when_it_comes() {
    let mut state = State::open("charts=variance");
    state.edit(Edit::Play);
    assert!(state.running());
    assert!(matches!(state.apply(Event::Ready).as_slice(), [Command::Start { .. }, Command::Resume]));
    let mut state = State::open("charts=variance");
    state.edit(Edit::Step(3));
    state.edit(Edit::Step(2));
    assert!(matches!(state.apply(Event::Ready).as_slice(), [Command::Start { .. }, Command::Step(3)]));
}

#[test]
fn what_only_later_parts_ask_for_is_left_to_their_code() {
    let knob = Knob::find("std").expect("std");
    let at_once = [Edit::Knob(knob, KnobSetting::Number(0.2)), Edit::Open(String::new()), Edit::Play, Edit::Reseed];
    let later = [Edit::Typed(knob, "0.2".to_owned()), Edit::Sweep, Edit::Run(RunEdit::Pin), Edit::Experiment(None)];
    for (edit, comes_later) in at_once.map(|edit| (edit, false)).into_iter().chain(later.map(|edit| (edit, true))) {
        assert_eq!(edit.comes_later(), comes_later, "{edit:?}");
        // No edit asks for this where nothing plays.
        let marked = |_: &mut State, _: Edit| Reaction { settle: true, ..Reaction::default() };
        let reaction = State::open("#v=1").edit_with(edit.clone(), marked);
        assert_eq!(reaction.settle, comes_later, "{edit:?}");
    }
}

#[test]
fn each_request_for_steps_ends_before_the_next_begins() {
    let mut state = measured("");
    let run = state.run;
    assert_eq!(state.edit(Edit::Step(3)).commands, [Command::Step(3)]);
    assert_eq!(state.edit(Edit::Step(4)).commands, []);
    assert!(state.running());
    state.apply(Event::Frame(frame(run, 3)));
    assert_eq!(state.apply(Event::Paused { run, step: 3 }), [Command::Step(4)]);
    state.apply(Event::Frame(frame(run, 7)));
    assert_eq!(state.apply(Event::Paused { run, step: 7 }), []);
    assert!(!state.running());
    state.edit(Edit::Step(2));
    state.edit(Edit::Step(2));
    state.edit(Edit::Reset);
    assert_eq!(state.apply(Event::Frame(frame(state.run, 0))), [], "a new run makes no old steps");
    assert_eq!(state.edit(Edit::Step(1)).commands, [Command::Step(1)]);
}

#[test]
fn stale_events_change_nothing() {
    let mut state = measured("");
    let old = state.run;
    state.edit(knob("std", "0.3"));
    let before = state.clone();
    let shape = NetworkSize { parameters: 1, examples: 1, held_out: 1, classes: 2, fingerprint: String::new() };
    for event in [
        Event::Frame(frame(old, 5)),
        Event::Started { run: old, shape },
        Event::Paused { run: old, step: 5 },
        Event::Finished { run: old, step: 5, why: Why::Done },
    ] {
        assert_eq!(state.apply(event), []);
        assert_eq!(state, before);
    }
}

#[test]
fn a_live_knob_tunes_and_any_other_restarts() {
    let mut state = measured("");
    let run = state.run;
    let reaction = state.edit(knob("lr", "0.5"));
    assert!(
        matches!(reaction.commands.as_slice(), [Command::Tune { run: r, spec }] if *r == run && spec.training.lr == 0.5)
    );
    assert!(state.frame.is_some(), "the run goes on");
    let reaction = state.edit(knob("depth", "7"));
    assert!(matches!(reaction.commands.as_slice(), [Command::Start { run: r, .. }] if *r == run + 1));
    assert!(state.frame.is_none() && state.stale.is_some(), "the old picture stays until there is a new one");
    assert_eq!(state.phase, Phase::Waiting);
}

#[test]
fn a_value_that_is_there_already_does_nothing() {
    let mut state = measured("");
    let before = state.clone();
    assert_eq!(state.edit(knob("depth", "20")).commands, []);
    assert_eq!(state, before);
}

#[test]
fn training_goes_on_after_a_drag_has_come_to_rest() {
    let mut state = measured("");
    assert_eq!(state.edit(Edit::Play).commands, [Command::Resume]);
    let reaction = state.edit(knob("std", "0.1"));
    assert!(reaction.settle && matches!(reaction.commands.as_slice(), [Command::Start { .. }]));
    state.apply(Event::Frame(frame(state.run, 0)));
    assert_eq!(state.edit(Edit::Settled).commands, [Command::Resume]);
    let mut paused = measured("");
    assert!(!paused.edit(knob("std", "0.1")).settle, "a paused lab stays paused");
}

#[test]
fn dragging_sigma_under_another_scheme_takes_that_sigma() {
    for (scheme, expected) in [
        ("kaiming-normal", Scheme::Normal),
        ("xavier-uniform", Scheme::Uniform),
        ("orthogonal", Scheme::Normal),
        ("constant", Scheme::Constant),
        ("gpt2", Scheme::Gpt2),
    ] {
        let mut state = measured(&format!("init={scheme}"));
        state.edit(knob("std", "0.07"));
        assert_eq!((state.spec().start.scheme, state.spec().start.std), (expected, 0.07), "{scheme}");
    }
}

#[test]
fn reset_keeps_the_spec_and_reseed_changes_only_the_seed() {
    let mut state = measured("seed=4");
    let spec = state.spec().clone();
    let run = state.run;
    let reaction = state.edit(Edit::Reset);
    assert_eq!(reaction.commands, [Command::Start { run: run + 1, spec: spec.clone() }]);
    state.edit(Edit::Reseed);
    assert_eq!(state.spec().run.seed, 5);
    assert_eq!(state.spec().start.std, spec.start.std);
}

#[test]
fn bad_input_is_refused_with_a_notice() {
    let mut state = measured("");
    let spec = state.spec().clone();
    assert_eq!(state.edit(knob("std", "tall")).commands, []);
    assert_eq!((state.spec(), state.notices.len()), (&spec, 1));
    state.edit(knob("std", "0.1"));
    assert_eq!(state.notices, [], "a good value puts the notice away");
}

#[test]
fn a_set_message_begins_a_paused_run_on_top_of_the_present_state() {
    let mut state = measured("depth=5");
    state.edit(Edit::Play);
    let reaction = state.edit(Edit::Set("#v=1&std=0.4".into()));
    assert!(matches!(reaction.commands.as_slice(), [Command::Start { .. }]) && !reaction.settle);
    assert_eq!((state.spec().network.depth, state.spec().start.std), (5, 0.4));
    assert!(!state.running());
}

#[test]
fn a_dead_worker_is_replaced_on_the_cpu_and_training_goes_on() {
    let mut state = measured("");
    state.edit(Edit::Play);
    state.apply(Event::Frame(frame(state.run, 8)));
    state.apply(Event::Failed(Failure::Gone));
    assert_eq!((state.engine, state.failure.as_ref()), (EngineState::Loading, Some(&Failure::Gone)));
    let commands = state.apply(Event::Ready);
    let [Command::Measure(_), Command::Start { spec, .. }, Command::Resume] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(spec.run.device, DeviceChoice::Cpu);
}

/// The script of the worker has asked for it three times, and its absence says nothing about the GPU.
#[test]
fn a_file_of_the_engine_that_does_not_come_is_named_and_asked_for_on_request() {
    let failure = Failure::from_error("Uncaught Error: missing file: worker_bg.wasm");
    assert_eq!(failure, Failure::Missing("worker_bg.wasm".to_owned()));
    assert_eq!([Failure::from_error(""), Failure::from_error("x")], [Failure::Gone, Failure::Panic("x".to_owned())]);
    let mut state = State::open("device=auto");
    state.apply(Event::Failed(failure.clone()));
    assert_eq!((state.engine, state.cpu_only), (EngineState::Dead, false));
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        let told = lang.failure(&failure);
        assert!(told.contains("worker_bg.wasm") && !told.contains('{'), "{told}");
    }
    state.edit(knob("width", "16"));
    assert_eq!((state.engine, state.spec().run.device), (EngineState::Loading, DeviceChoice::Auto));
    state.apply(Event::Ready);
    assert_eq!(state.failure, None, "it has come");
}

#[test]
fn a_spec_that_kills_every_worker_is_given_up_until_something_changes() {
    let mut state = measured("");
    for expected in [EngineState::Loading, EngineState::Dead] {
        state.apply(Event::Failed(Failure::OutOfMemory));
        assert_eq!(state.engine, expected);
        if expected == EngineState::Loading {
            state.apply(Event::Ready);
        }
    }
    state.edit(knob("width", "16"));
    assert_eq!(state.engine, EngineState::Loading, "a new worker may try the smaller network");
}

#[test]
fn frames_fill_the_loss_curve_without_gaps() {
    let mut state = measured("");
    state.edit(Edit::Play);
    for (step, count) in [(3, 3), (4, 1), (10, 6)] {
        let mut frame = frame(state.run, step);
        frame.losses = vec![Number(1.0); count];
        state.apply(Event::Frame(frame));
    }
    let steps: Vec<u64> = state.record.loss.points().map(|(step, _)| step).collect();
    assert_eq!(steps, (0..=10).collect::<Vec<_>>());
}

/// New tokens join in the middle of a run, and from then on there is more to guess among.
#[test]
fn the_loss_of_guessing_follows_the_size_of_the_network() {
    let mut state = measured("model=gpt&adapt=tokens");
    let guess = |state: &State| LossCurve::new(state, &predict(state.spec())).guess;
    assert!((guess(&state) - 50_f64.ln()).abs() < 1e-12);
    let shape = NetworkSize { parameters: 1, examples: 1, held_out: 1, classes: 75, fingerprint: String::new() };
    state.apply(Event::Started { run: state.run, shape });
    assert!((guess(&state) - 75_f64.ln()).abs() < 1e-12);
    state.edit(Edit::Reset);
    assert!((guess(&state) - 50_f64.ln()).abs() < 1e-12, "a new run begins with the small vocabulary");
}

#[test]
fn a_long_curve_stays_bounded_and_keeps_its_ends() {
    let mut series = init_lab::lab::series::Series::default();
    for step in 0..100_000 {
        series.push(step, step as f64);
    }
    let points: Vec<(u64, f64)> = series.points().collect();
    assert!(points.len() <= 1025, "{}", points.len());
    assert_eq!((points[0].0, points[points.len() - 1].0), (0, 99_999));
}

#[test]
fn verdicts_follow_the_measurement() {
    let verdict = |variances: &[f64], gradients: &[f64]| {
        let mut state = measured("");
        let mut frame = frame(state.run, 0);
        frame.layers = layers(variances, gradients);
        state.initial = Some(frame.clone());
        state.frame = Some(frame);
        diagnose(&state).verdict
    };
    assert_eq!(verdict(&[1.0, 0.9, 1.1, 1.0], &[1.0, 1.0, 1.0, 1.0]), Verdict::Steady);
    assert_eq!(verdict(&[1.0, 1e-2, 1e-4, 1.0], &[1.0, 1.0, 1.0, 1.0]), Verdict::Vanishing);
    assert_eq!(verdict(&[1.0, 1e3, 1e5, 1.0], &[1.0, 1.0, 1.0, 1.0]), Verdict::Exploding);
    assert_eq!(verdict(&[1.0, 1.0, 1.0, 1.0], &[1e-5, 1e-3, 1.0, 1.0]), Verdict::VanishingGradient);
    assert_eq!(verdict(&[1.0, 1.0, 1.0, 1.0], &[1e5, 1e3, 1.0, 1.0]), Verdict::ExplodingGradient);
    assert_eq!(verdict(&[0.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 0.0, 0.0]), Verdict::Symmetric);
}

#[test]
fn a_network_that_blew_up_says_where() {
    let mut state = measured("");
    let why = Why::Diverged { step: 12, layer: Some(LayerId::Hidden(7)), pass: Pass::Forward };
    state.apply(Event::Finished { run: state.run, step: 12, why });
    let diagnosis = diagnose(&state);
    assert_eq!(diagnosis.verdict, Verdict::Diverged);
    assert!(diagnosis.sentences[0].values.contains(&("step", SentenceValue::Text("12".into()))));
    assert!(diagnosis.sentences[0].values.contains(&("layer", SentenceValue::Layer(LayerId::Hidden(7)))));
    assert!(!state.running());
}

/// A lab whose engine has measured the run's start.
pub(crate) fn measured(link: &str) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, []);
    state.apply(Event::Ready);
    state.apply(Event::Frame(frame(state.run, 0)));
    assert_eq!(state.phase, Phase::Paused);
    state
}

pub(crate) fn frame(run: u32, step: u64) -> Frame {
    Frame {
        run,
        step,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: layers(&[1.0, 1.0], &[1.0, 1.0]),
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

fn layers(variances: &[f64], gradients: &[f64]) -> Vec<LayerMetric> {
    let layer = |(index, (variance, gradient)): (usize, (&f64, &f64))| LayerMetric {
        preactivation_var: Some(Number(*variance)),
        activation_var: Some(Number(*variance)),
        gradient_rms: Some(Number(*gradient)),
        ..LayerMetric::unmeasured(LayerId::Hidden(index + 1))
    };
    variances.iter().zip(gradients).enumerate().map(layer).collect()
}

fn knob(id: &'static str, value: &str) -> Edit {
    Edit::Typed(Knob::find(id).expect("a knob"), value.into())
}

/// What theory said of the start's gradients stays where it was when the network trains, and carries a band.
#[test]
fn predicted_gradients_are_anchored_to_step_zero() {
    let mut state = State::open("depth=4&init=kaiming-normal");
    state.apply(Event::Ready);
    let prediction = predict(state.spec());
    let unknown = DepthCurve::new(&state, &prediction, Quantity::Gradient);
    assert!(unknown.relative && unknown.points.iter().all(|point| point.band.is_none()));
    let names = |gradients: &[f64]| {
        let mut layers = layers(&[1.0; 5], gradients);
        layers[4].id = LayerId::Output;
        layers
    };
    let start = Frame { layers: names(&[1e-3, 1e-3, 1e-3, 1e-3, 2e-3]), ..frame(state.run, 0) };
    state.apply(Event::Frame(start.clone()));
    let before = DepthCurve::new(&state, &prediction, Quantity::Gradient);
    let predicted = |curve: &DepthCurve| curve.points.iter().map(|point| point.predicted).collect::<Vec<_>>();
    assert!((before.points[4].predicted.expect("the anchor") / 2e-3 - 1.0).abs() < 1e-12);
    // Every other layer has a band about its line, and the anchor none.
    for point in &before.points[..4] {
        let (low, high) = point.band.expect("a band");
        assert!((low..high).contains(&point.predicted.expect("a line")));
    }
    assert_eq!(before.points[4].band, None);
    // Trained, the last layer's gradient is a billionth of what it was: nothing that was predicted moves.
    let later = Frame { layers: names(&[1e-12, 1e-12, 1e-12, 1e-12, 1e-12]), ..frame(state.run, 10) };
    let reports = layer_reports(&later, Some(&start), &prediction);
    state.apply(Event::Frame(later));
    assert_eq!(predicted(&DepthCurve::new(&state, &prediction, Quantity::Gradient)), predicted(&before));
    let told: Vec<Option<f64>> = reports.iter().map(|report| report.predicted_gradient_rms.map(|x| x.0)).collect();
    assert_eq!(told, predicted(&before));
}

/// Of a flood of settings only the last network is built.
#[test]
fn edits_in_one_go_build_one_run() {
    let mut state = measured("");
    let each = |std: &str| knob("std", std);
    let edits = [Edit::Step(1), each("0.2"), Edit::Play, each("0.3"), each("0.4"), Edit::Step(2)];
    let reaction = edits.into_iter().fold(Reaction::default(), |all, edit| all.then(state.edit(edit)));
    let starts: Vec<f64> = reaction
        .commands
        .iter()
        .filter_map(|command| if let Command::Start { spec, .. } = command { Some(spec.start.std) } else { None })
        .collect();
    assert_eq!((starts, reaction.settle), (vec![0.4], true));
    assert_eq!(reaction.commands.last(), Some(&Command::Step(2)));
}
