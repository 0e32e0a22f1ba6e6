//! Another run beside the present one in the charts that look inside: what is drawn of it, and what its table has.

use init_lab::lab::heads::{HeadCurve, HeadQuantity};
use init_lab::lab::histogram::{HistogramChoice, HistogramCurve};
use init_lab::lab::inspection::{Inspection, LossSharpness, MatrixSpectrum, Subject};
use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::metric::Frame;
use init_lab::lab::number::Number;
use init_lab::lab::pin::Letter;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::record::{RunRecord, StoredRun};
use init_lab::lab::runs::RunMark;
use init_lab::lab::sharpness::SharpnessCurve;
use init_lab::lab::spectrum::{SpectrumChoice, SpectrumCurve};
use init_lab::lab::state::{Edit, RunEdit, State};
use init_lab::lab::updates::{UpdateCurve, UpdateHistory};
use init_lab::science::histogram::HISTOGRAM_BINS;
use init_lab::science::layer::{LayerId, MatrixId};
use init_lab::science::site::Role;

const A: RunMark = RunMark::Pin(Letter::A);
const MATRIX: MatrixId = MatrixId { layer: LayerId::Hidden(2), role: Role::Hidden };

/// A measurement of a network whose numbers all follow from one.
fn frame(run: u32, step: u64, number: f64) -> Frame {
    let weights = (1..=2).map(|layer| {
        serde_json::json!({ "name": format!("hidden.{layer}"), "std": number, "updateRatio": (step > 0).then_some(number / 10.0) })
    });
    let mut counts = vec![0; HISTOGRAM_BINS];
    counts[HISTOGRAM_BINS / 2] = 100;
    let heads = (1..=2)
        .map(|head| serde_json::json!({ "name": "block.1", "head": head, "entropy": number, "peak": 1.0 - number }));
    let json = serde_json::json!({
        "run": run, "step": step, "loss": 2.3, "valLoss": null, "accuracy": null, "losses": [2.3], "layers": [],
        "weights": weights.collect::<Vec<_>>(), "heads": heads.collect::<Vec<_>>(), "stepMs": 1.0,
        "histograms": [{
            "content": "activations", "name": "hidden.2", "entries": 100, "mean": 0.0, "std": number,
            "counts": counts, "outside": [0, 0], "zeros": 0, "nearZero": 0, "saturated": null,
        }],
    });
    serde_json::from_value(json).expect("a frame")
}

fn take(state: &mut State, step: u64, number: f64) {
    let run = state.run;
    state.apply(Event::Frame(frame(run, step, number)));
}

fn look(state: &mut State, step: u64, subject: Subject, result: Inspection) {
    let commands = state.edit(Edit::Inspect(subject)).commands;
    let [Command::Inspect { run, request, .. }] = commands[..] else { panic!("{commands:?}") };
    state.apply(Event::Inspected { run, step, request, result });
}

fn matrix(values: [f64; 2]) -> Inspection {
    Inspection::Matrix(MatrixSpectrum { matrix: MATRIX, sides: [2, 2], values: values.map(Number).to_vec() })
}

fn sharpness(value: f64) -> Inspection {
    let (value, error) = (Number(value), Number(0.1));
    Inspection::Sharpness(LossSharpness { value, error, products: 9, rate: 0.1, preconditioned: false })
}

/// A lab with a pinned run whose numbers are those of `0.5`, beside a present one with those of `0.25`.
fn compared(link: &str) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state.apply(Event::Ready);
    take(&mut state, 0, 0.5);
    take(&mut state, 10, 0.5);
    look(&mut state, 10, Subject::Matrix(MATRIX), matrix([3.0, 1.0]));
    look(&mut state, 10, Subject::Sharpness, sharpness(7.0));
    state.edit(Edit::Run(RunEdit::Pin));
    let knob = Knob::find("seed").expect("a knob");
    state.edit(Edit::Knob(knob, KnobSetting::Seed(77)));
    take(&mut state, 0, 0.25);
    take(&mut state, 10, 0.25);
    state
}

#[test]
fn updates_of_a_pinned_run_are_drawn_by_matrix_and_by_step() {
    let state = compared("depth=2&width=8&charts=updates");
    let curve = UpdateCurve::new(&state, &predict(state.spec()));
    let [(A, ratios)] = &curve.others[..] else { panic!("{:?}", curve.others) };
    assert_eq!(*ratios.last().expect("a matrix"), (MATRIX, 0.05));
    let table = curve.table();
    assert_eq!(table.others, [A]);
    assert!(table.rows.iter().all(|(_, row)| row.len() == 3), "each row has each column: {table:?}");
    assert_eq!(table.rows[1].1[2], Some(0.05));
    let history = UpdateHistory::new(&state);
    let [(A, courses)] = &history.others[..] else { panic!("{:?}", history.others) };
    assert_eq!(courses[0].1, [(10, 0.05)]);
    assert_eq!(history.playhead, None);
}

#[test]
fn the_playhead_is_on_every_axis_of_steps() {
    let mut state = compared("depth=2&width=8");
    take(&mut state, 20, 0.75);
    state.edit(Edit::Look(Some(10)));
    assert_eq!(UpdateHistory::new(&state).playhead, Some(10));
    assert_eq!(SharpnessCurve::new(&state).playhead, Some(10));
}

#[test]
fn heads_of_a_pinned_run_are_drawn_by_block() {
    let state = compared("model=gpt&depth=1&heads=2&context=8&charts=attention-heads");
    let curve = HeadCurve::new(&state, Vec::new());
    let [(A, heads)] = &curve.others[..] else { panic!("{:?}", curve.others) };
    assert_eq!(heads.len(), 2);
    assert_eq!(heads[1].measured, Some([0.5, 0.5]));
    assert_eq!(curve.heads[1].measured, Some([0.25, 0.75]));
    let last = |quantity| curve.table(quantity).rows[0].1.last().copied().flatten();
    assert_eq!((last(HeadQuantity::Entropy), last(HeadQuantity::Peak)), (Some(0.5), Some(0.5)));
}

#[test]
fn histograms_of_a_pinned_run_lie_over_those_of_the_present_one() {
    let mut state = compared("depth=2&width=8&charts=histograms");
    let choice = HistogramChoice::default();
    let theory = choice.theory(state.spec(), &predict(state.spec()));
    let curve = HistogramCurve::new(&state, choice, &theory);
    assert_eq!(curve.marks(), [A]);
    let row = curve.rows.iter().find(|row| row.id == MATRIX).expect("a row");
    assert_eq!(row.others.iter().map(|(mark, of)| (*mark, of.std)).collect::<Vec<_>>(), [(A, 0.5)]);
    assert_eq!(row.now.as_ref().map(|now| now.std), Some(0.25));
    // At another step it is the nearest that was kept.
    take(&mut state, 300, 0.25);
    assert_eq!(HistogramCurve::new(&state, choice, &theory).marks(), [A]);
    let row = |mark| curve.table().others.contains(&mark);
    assert!(row(A));
}

#[test]
fn what_was_looked_into_stays_with_its_run() {
    let mut state = compared("depth=2&width=8");
    assert_eq!(state.record.looks.spectra, [], "nothing was looked into in this run");
    let others = |state: &State| -> Vec<_> {
        state.compared().into_iter().map(|(mark, record)| (mark, record.looks.clone())).collect()
    };
    let curve = |state: &State| {
        SpectrumCurve::new(state.spec(), &state.record.looks, &others(state), SpectrumChoice::Matrix(MATRIX))
    };
    assert_eq!(curve(&state).others[0].values, [3.0, 1.0]);
    let bins = curve(&state).bins().expect("bins of the other run alone");
    assert!(bins.now.iter().all(|share| *share == 0.0) && bins.others[0].1.iter().sum::<f64>() > 0.99);
    look(&mut state, 10, Subject::Matrix(MATRIX), matrix([6.0, 2.0]));
    let found = curve(&state);
    let bins = found.bins().expect("bins");
    assert!(*bins.edges.last().expect("an edge") >= 6.0, "both are in the picture");
    assert!((bins.others[0].1.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(found.table().rows[0].1, [Some(6.0), None, found.table().rows[0].1[2], Some(3.0)]);
    let sharp = SharpnessCurve::new(&state);
    assert_eq!(sharp.others.iter().map(|(mark, points)| (*mark, points[0].1.value.0)).collect::<Vec<_>>(), [(A, 7.0)]);
    let table = sharp.table();
    assert_eq!((table.others, table.rows.last().and_then(|(_, row)| row[4])), (vec![A], Some(7.0)));
}

#[test]
fn looks_survive_a_reload() {
    let mut state = compared("depth=2&width=8");
    look(&mut state, 10, Subject::Sharpness, sharpness(4.0));
    let record = state.present_record();
    let stored = serde_json::to_string(&StoredRun::new(&record, 1.0)).expect("text");
    let back = RunRecord::from(serde_json::from_str::<StoredRun>(&stored).expect("a run"));
    assert_eq!(back.looks, record.looks);
    // A run that was stored before looks were kept has none.
    let mut older: serde_json::Value = serde_json::from_str(&stored).expect("text");
    older.as_object_mut().expect("fields").remove("looks");
    let older: StoredRun = serde_json::from_value(older).expect("a run");
    assert_eq!(RunRecord::from(older).looks.sharpness, []);
}

/// What is known of the steps before a divergence comes later than the steps after them.
#[test]
fn measurements_between_known_ones_find_their_place() {
    let mut state = compared("depth=2&width=8");
    for step in [20, 30, 40] {
        take(&mut state, step, 0.25);
    }
    let run = state.run;
    let trail = (25..30).chain([30, 35]).map(|step| frame(run, step, 0.3)).collect();
    state.apply(Event::Trail { run, frames: trail });
    state.apply(Event::Trail { run: run + 1, frames: vec![frame(run + 1, 36, 0.3)] });
    let steps: Vec<u64> = state.record.history.frames().map(|frame| frame.step).collect();
    assert_eq!(steps, [0, 10, 20, 25, 26, 27, 28, 29, 30, 35, 40]);
    assert_eq!(state.record.step(), Some(40));
}
