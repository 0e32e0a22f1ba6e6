//! Looks into the network: what the page keeps of them, and what it says of them.

use crate::languages;
use init_lab::lab::inspection::{Absence, Inspection, JacobianSpectrum, LossSharpness, MatrixSpectrum, Subject};
use init_lab::lab::lang::Lang;
use init_lab::lab::metric::Frame;
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::sharpness::SharpnessCurve;
use init_lab::lab::spectrum::{SpectrumChoice, SpectrumCurve, SpectrumSpan};
use init_lab::lab::state::{Edit, State};
use init_lab::science::layer::{LayerId, MatrixId};
use init_lab::science::marchenko::MarchenkoPastur;
use init_lab::science::site::Role;

const MATRIX: MatrixId = MatrixId { layer: LayerId::Hidden(2), role: Role::Hidden };

/// A lab whose network was measured at step 0.
fn measured(link: &str) -> State {
    let mut state = State::open(link);
    state.apply(Event::Ready);
    let run = state.run;
    state.apply(Event::Frame(frame(run, 0)));
    state
}

fn frame(run: u32, step: u64) -> Frame {
    let json = serde_json::json!({
        "run": run, "step": step, "loss": 2.3, "valLoss": null, "accuracy": null, "losses": [2.3],
        "layers": [], "weights": [], "stepMs": 1.0,
    });
    serde_json::from_value(json).expect("a frame")
}

fn learn() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
}

fn ask(state: &mut State, subject: Subject) -> u32 {
    let commands = state.edit(Edit::Inspect(subject)).commands;
    let [Command::Inspect { run, request, subject: asked }] = commands[..] else { panic!("{commands:?}") };
    assert_eq!((run, asked), (state.run, subject));
    request
}

/// Asks for a look, and answers it.
fn look(state: &mut State, step: u64, subject: Subject, result: Inspection) {
    let request = ask(state, subject);
    let run = state.run;
    state.apply(Event::Inspected { run, step, request, result });
}

fn matrix(values: &[f64]) -> Inspection {
    let sides = [values.len(); 2];
    Inspection::Matrix(MatrixSpectrum { matrix: MATRIX, sides, values: values.iter().copied().map(Number).collect() })
}

fn jacobian(hidden: &[f64], logits: &[f64]) -> Inspection {
    let numbers = |values: &[f64]| vec![values.iter().copied().map(Number).collect()];
    Inspection::Jacobian(JacobianSpectrum { hidden: numbers(hidden), logits: numbers(logits) })
}

fn sharpness(value: f64, error: f64, rate: f64) -> Inspection {
    let (value, error) = (Number(value), Number(error));
    Inspection::Sharpness(LossSharpness { value, error, products: 9, rate, preconditioned: false })
}

fn curve(state: &State, choice: SpectrumChoice) -> SpectrumCurve {
    SpectrumCurve::new(state.spec(), &state.record.looks, &[], choice)
}

fn words(state: &State, choice: SpectrumChoice) -> String {
    learn();
    curve(state, choice).words(state.spec(), Lang::En)
}

fn told(state: &State) -> String {
    learn();
    SharpnessCurve::new(state).words(Lang::En)
}

#[test]
fn nothing_is_asked_before_there_is_a_network() {
    let mut state = State::open("");
    assert_eq!(state.edit(Edit::Inspect(Subject::Sharpness)).commands, []);
    state.apply(Event::Ready);
    assert_eq!(state.edit(Edit::Inspect(Subject::Sharpness)).commands, []);
    assert_eq!(state.looks.pending, None, "so that nothing waits for an answer");
}

#[test]
fn a_look_is_under_way_until_its_own_answer_comes() {
    let mut state = measured("");
    let run = state.run;
    let first = ask(&mut state, Subject::Sharpness);
    assert_eq!(state.looks.share(Subject::Sharpness), Some(0.0));
    assert_eq!(state.looks.share(Subject::Jacobian), None);
    state.apply(Event::Inspecting { request: first, share: 0.4 });
    assert_eq!(state.looks.share(Subject::Sharpness), Some(0.4));
    let second = ask(&mut state, Subject::Matrix(MATRIX));
    state.apply(Event::Inspecting { request: first, share: 0.9 });
    state.apply(Event::Inspected { run, step: 0, request: first, result: sharpness(1.0, 0.1, 0.1) });
    assert_eq!((state.looks.share(Subject::Matrix(MATRIX)), state.record.looks.sharpness.len()), (Some(0.0), 0));
    state.apply(Event::Inspected { run, step: 0, request: second, result: matrix(&[2.0, 1.0]) });
    assert_eq!((state.looks.pending, state.record.looks.spectra.len()), (None, 1));
}

#[test]
fn a_new_run_forgets_what_was_seen_and_takes_no_late_answer() {
    let mut state = measured("");
    look(&mut state, 0, Subject::Sharpness, sharpness(1.0, 0.1, 0.1));
    let (old, late) = (state.run, ask(&mut state, Subject::Sharpness));
    state.edit(Edit::Reset);
    assert_eq!((state.record.looks.sharpness.len(), state.looks.pending), (0, None));
    state.apply(Event::Inspected { run: old, step: 0, request: late, result: sharpness(1.0, 0.1, 0.1) });
    assert_eq!(state.record.looks.sharpness, []);
    let run = state.run;
    state.apply(Event::Frame(frame(run, 0)));
    assert!(ask(&mut state, Subject::Sharpness) > late, "numbers of requests are never used twice");
}

#[test]
fn the_first_and_the_newest_singular_values_are_kept() {
    let mut state = measured("");
    let subject = Subject::Matrix(MATRIX);
    for (step, values) in [(0, [1.0, 0.5]), (10, [2.0, 0.5]), (20, [3.0, 0.5])] {
        look(&mut state, step, subject, matrix(&values));
    }
    let found = curve(&state, SpectrumChoice::Matrix(MATRIX));
    assert_eq!(found.first, Some((0, vec![1.0, 0.5])));
    assert_eq!(found.now, Some((20, vec![3.0, 0.5])));
    assert_eq!(found.table().rows[0].1[..2], [Some(3.0), Some(1.0)]);
    // Another subject is kept beside it.
    look(&mut state, 30, Subject::Jacobian, jacobian(&[1.0], &[2.0]));
    assert_eq!(curve(&state, SpectrumChoice::Matrix(MATRIX)), found);
    let logits = curve(&state, SpectrumChoice::Logits);
    assert_eq!((logits.now, logits.first), (Some((30, vec![2.0])), None));
    // A second look at the same step takes the place of the first.
    look(&mut state, 30, Subject::Jacobian, jacobian(&[1.5], &[2.5]));
    let hidden = curve(&state, SpectrumChoice::Hidden);
    assert_eq!((hidden.now, hidden.first), (Some((30, vec![1.5])), None));
}

#[test]
fn sharpness_is_kept_by_step() {
    let mut state = measured("lr=0.1");
    for (step, value) in [(0, 1.0), (10, 2.0), (10, 3.0)] {
        look(&mut state, step, Subject::Sharpness, sharpness(value, 0.1, 0.1));
    }
    let kept: Vec<(u64, f64)> =
        state.record.looks.sharpness.iter().map(|(step, found)| (*step, found.value.0)).collect();
    assert_eq!(kept, [(0, 1.0), (10, 3.0)]);
    for step in 0..1000 {
        look(&mut state, 100 + step, Subject::Sharpness, sharpness(1.0, 0.1, 0.1));
    }
    assert_eq!(state.record.looks.sharpness.len(), 256);
    assert_eq!(SharpnessCurve::new(&state).table().rows.len(), 256);
}

#[test]
fn bounds_follow_the_rule_and_the_rate_of_the_step() {
    let bound = |link: &str| SharpnessCurve::new(&measured(link)).bounds();
    assert_eq!(bound("opt=sgd&lr=0.1"), [(0, 20.0)]);
    assert!((bound("opt=momentum&lr=0.1")[0].1 - 38.0).abs() < 1e-9);
    assert!((bound("opt=adam&lr=0.1")[0].1 - 380.0).abs() < 1e-9);
    let mut state = measured("opt=sgd&lr=0.1&warmup=10");
    look(&mut state, 4, Subject::Sharpness, sharpness(1.0, 0.1, 0.05));
    assert_eq!(SharpnessCurve::new(&state).bounds(), [(4, 40.0)]);
}

#[test]
fn the_sharpness_is_put_into_words() {
    let says = |value: f64, error: f64| {
        let mut state = measured("opt=sgd&lr=0.1");
        look(&mut state, 5, Subject::Sharpness, sharpness(value, error, 0.1));
        told(&state)
    };
    assert!(told(&measured("opt=sgd&lr=0.1")).contains("2/η = 20"));
    assert!(says(10.0, 0.2).contains("10 ± 0.2 at step 5") && says(10.0, 0.2).contains("50 % of 2/η = 20"));
    assert!(says(10.0, 0.2).contains("stable") && !says(10.0, 0.2).contains("edge"));
    assert!(says(19.0, 0.2).contains("edge of stability"));
    assert!(says(40.0, 0.2).contains("overshoots"));
    assert!(says(0.1, 0.2).contains("cannot be told from 0"));
    assert!(says(0.0, 0.0).contains("cannot be told from 0"));
    assert!(says(-3.0, 0.2).contains("upwards in no direction"));
    assert!(!says(10.0, 0.2).contains("clipped"));
    let mut clipped = measured("opt=sgd&lr=0.1&clip=1");
    look(&mut clipped, 5, Subject::Sharpness, sharpness(10.0, 0.1, 0.1));
    assert!(told(&clipped).contains("clipped"));
}

#[test]
fn singular_values_are_put_into_words() {
    let spread = "init=normal&std=0.1&width=16&depth=3";
    let says = |link: &str, step: u64, values: &[f64]| {
        let mut state = measured(link);
        look(&mut state, step, Subject::Matrix(MATRIX), matrix(values));
        words(&state, SpectrumChoice::Matrix(MATRIX))
    };
    // σ√n·(1 ± 1) = 0 and 0.8, beyond which a matrix of sixteen rows may well reach.
    assert!(words(&measured(spread), SpectrumChoice::Matrix(MATRIX)).contains("between 0 and 0.8"));
    let drawn = |largest: f64, factor: f64| {
        let mut values = MarchenkoPastur::new([16, 16], 0.1 * factor).quantiles(16);
        values[0] = largest;
        values
    };
    assert!(says(spread, 0, &drawn(0.85, 1.0)).contains("None lies further above"));
    assert!(says(spread, 50, &drawn(2.0, 1.0)).contains("1 of 16 lie further above that range than chance"));
    assert!(says(spread, 0, &drawn(2.0, 1.0)).contains("1 of 16 lie clearly above that range."), "it was drawn so");
    let sparse = "init=sparse&std=0.1&width=16&depth=3";
    assert!(says(sparse, 50, &drawn(2.0, 1.0)).contains("clearly above"), "few numbers reach further");
    // What has grown as a whole is as random as before.
    assert!(says(spread, 50, &drawn(1.6, 2.0)).contains("None lies further above"));
    let orthogonal = "init=orthogonal&width=4&depth=3";
    assert!(says(orthogonal, 0, &[1.0; 4]).contains("still all equal"));
    assert!(says(orthogonal, 9, &[1.5, 1.0, 1.0, 0.5]).contains("3 times the smallest"));
    assert!(says(orthogonal, 9, &[1.5, 1.0, 1.0, 0.0]).contains("0 as far as f32 can tell"));
    assert!(says("init=zeros&width=4&depth=3", 0, &[0.0; 4]).contains("passes nothing"));
    assert!(says("init=constant&std=0.1&width=4&depth=3", 0, &[0.4, 0.0, 0.0, 0.0]).contains("single direction"));
}

#[test]
fn what_is_left_of_a_change_of_the_input_is_put_into_words() {
    let says = |values: &[f64]| {
        let mut state = measured("init=orthogonal&act=linear&width=64&depth=20");
        look(&mut state, 0, Subject::Jacobian, jacobian(values, &[]));
        words(&state, SpectrumChoice::Hidden)
    };
    assert!(says(&[1.0; 3]).contains("dynamical isometry") && says(&[1.0; 3]).contains("root mean square of 1 at"));
    assert!(says(&[0.011, 0.01, 0.01]).contains("but not as large"));
    assert!(says(&[1.5, 1.0, 0.01]).contains("kept on average"));
    assert!(says(&[0.1, 0.01]).contains("shrink"));
    assert!(says(&[100.0, 3.0]).contains("grow"));
    assert!(says(&[1.0, 1e-9]).contains("directions are lost"));
    assert!(says(&[0.0, 0.0]).contains("No change of the input arrives"));
}

#[test]
fn why_nothing_came_of_a_look_is_said_in_every_language() {
    learn();
    for absence in [
        Absence::NotFinite,
        Absence::TooLarge,
        Absence::Adapters,
        Absence::OtherModel,
        Absence::NoMoments,
        Absence::Gone,
    ] {
        let mut state = measured("");
        look(&mut state, 0, Subject::Sharpness, Inspection::Nothing(absence));
        for lang in Lang::ALL {
            let text = state.looks.absent(Subject::Sharpness, *lang).expect("a sentence");
            assert!(!text.starts_with("inspect."), "{absence:?}");
        }
        assert_eq!(state.looks.absent(Subject::Jacobian, Lang::En), None);
        ask(&mut state, Subject::Sharpness);
        assert_eq!(state.looks.absent(Subject::Sharpness, Lang::En), None, "it is asked again");
    }
}

#[test]
fn every_matrix_has_a_name_and_bins_hold_every_value() {
    learn();
    for link in ["depth=3", "model=gpt", "model=gpt&block=llama&tied=off"] {
        let state = measured(link);
        let all = SpectrumChoice::all(state.spec());
        for lang in Lang::ALL {
            let mut names: Vec<String> =
                all.iter().map(|choice| choice.name(state.spec().network.model, *lang)).collect();
            assert!(names.iter().all(|name| !name.contains("role.") && !name.contains("layer.")), "{names:?}");
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }
    for values in [&[1.0, 0.5, 1e-9, 0.0][..], &[0.0; 3], &[2.0; 5], &[1e30, 1e28], &[1e-30]] {
        let mut state = measured("init=lsuv");
        look(&mut state, 0, Subject::Matrix(MATRIX), matrix(values));
        look(&mut state, 0, Subject::Jacobian, jacobian(values, values));
        for choice in [SpectrumChoice::Hidden, SpectrumChoice::Logits] {
            let bins = curve(&state, choice).bins().expect("bins");
            assert!((bins.now.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{values:?}");
            assert!(bins.edges.iter().all(|edge| edge.is_finite()) && bins.edges.is_sorted(), "{values:?}");
        }
    }
    let span = SpectrumSpan::of(&[3e200, 4e200]);
    assert!((span.rms / (12.5_f64.sqrt() * 1e200) - 1.0).abs() < 1e-12);
}

#[test]
fn requests_and_answers_survive_the_way_between_page_and_worker() {
    let subjects = [Subject::Matrix(MATRIX), Subject::Jacobian, Subject::Sharpness];
    for (request, subject) in (1..).zip(subjects) {
        let command = Command::Inspect { run: 3, request, subject };
        let json = serde_json::to_string(&command).expect("JSON");
        assert_eq!(serde_json::from_str::<Command>(&json).expect("a command"), command);
    }
    let results = [
        matrix(&[f64::INFINITY, 1.0]),
        jacobian(&[f64::NAN], &[]),
        sharpness(f64::NAN, f64::INFINITY, 0.1),
        Inspection::Nothing(Absence::NotFinite),
    ];
    for result in results {
        let event = Event::Inspected { run: 3, step: 1 << 40, request: 1, result };
        let json = serde_json::to_string(&event).expect("JSON");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("an event"), event);
    }
}
