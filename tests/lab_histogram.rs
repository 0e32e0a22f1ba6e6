//! The chart of distributions and that of dead units: what is asked of the worker, what is drawn, and what is said.

use init_lab::lab::curve::{DepthCurve, Quantity, Table};
use init_lab::lab::histogram::{HistogramChoice, HistogramCurve, extent, outline, point};
use init_lab::lab::history::History;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Content, Frame, LayerMetric, Measures, TensorHistogram};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spec::{Role, Spec};
use init_lab::lab::spreadsheet::DecimalMark;
use init_lab::lab::state::{Edit, State};
use init_lab::lab::view::Chart;
use init_lab::science::activation::Activation;
use init_lab::science::density::{activations, preactivations};
use init_lab::science::histogram::{Distribution, HISTOGRAM_BINS};
use init_lab::science::layer::{LayerId, MatrixId};

use crate::languages;

const NOTHING: Measures =
    Measures { histograms: false, units: false, heads: false, guesses: false, path: false, lines: false, plane: false };
const BOTH: Measures = Measures { histograms: true, units: true, ..NOTHING };

fn spec(link: &str) -> Spec {
    Lab::from_link(link).0.spec
}

fn frame(run: u32, step: u64, spec: &Spec) -> Frame {
    Frame {
        run,
        step,
        loss: Number(2.3),
        val_loss: Some(Number(2.4)),
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: spec.architecture().layers().into_iter().map(LayerMetric::unmeasured).collect(),
        weights: Vec::new(),
        frozen_share: None,
        heads: Vec::new(),
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        step_ms: 1.0,
    }
}

/// A histogram that counts as theory's distribution says.
fn counted(content: Content, id: MatrixId, distribution: &Distribution) -> TensorHistogram {
    let entries = 1_000_000;
    let count = |share: f64| (share * f64::from(entries)).round() as u32;
    TensorHistogram {
        content,
        id,
        entries: entries as usize,
        mean: Number(distribution.mean),
        std: Number(distribution.std),
        counts: distribution.shares.iter().copied().map(count).collect(),
        outside: distribution.outside.map(count),
        zeros: count(distribution.zeros),
        near_zero: count(distribution.near_zero),
        saturated: distribution.saturated.map(count),
    }
}

#[test]
fn the_worker_measures_what_is_on_the_page() {
    let mut state = State::open("charts=variance,histograms");
    assert!(matches!(state.apply(Event::Ready).as_slice(), [Command::Measure(BOTH), Command::Start { .. }]));
    let mut state = State::open("charts=variance");
    assert!(matches!(state.apply(Event::Ready).as_slice(), [Command::Start { .. }]), "nothing is asked for");
    let dead = state.edit(Edit::Charts(vec![Chart::Variance, Chart::Dead])).commands;
    assert_eq!(dead, [Command::Measure(Measures { units: true, ..Measures::default() })]);
    assert_eq!(state.edit(Edit::Charts(vec![Chart::Dead, Chart::Variance])).commands, [], "their order says nothing");
    assert_eq!(state.edit(Edit::Charts(vec![Chart::Loss])).commands, [Command::Measure(NOTHING)]);
    // A link that opens a chart and a network asks first, so that the network's start is measured.
    let commands = state.edit(Edit::Open("std=0.3&charts=histograms".to_owned())).commands;
    assert!(matches!(commands.as_slice(), [Command::Measure(BOTH), Command::Start { .. }]), "{commands:?}");
    let mut hidden = State::open("charts=histograms&hide=histograms");
    assert!(matches!(hidden.apply(Event::Ready).as_slice(), [Command::Start { .. }]), "what is hidden costs nothing");
}

/// What was not looked at in step 0 cannot be counted later, and the chart says so.
#[test]
fn a_chart_of_dead_units_that_was_opened_late_says_that_it_has_no_start() {
    let lacks = |at_start: Option<Number>, step: u64| {
        let mut state = State::open("depth=2&act=relu");
        state.apply(Event::Ready);
        let (run, net) = (state.run, state.spec().clone());
        for (step, dead) in [(0, at_start), (step, Some(Number(0.25)))] {
            let mut frame = frame(run, step, &net);
            frame.layers.iter_mut().for_each(|layer| layer.dead_units = dead);
            state.apply(Event::Frame(frame));
        }
        DepthCurve::new(&state, &predict(&net), Quantity::Dead).lacks_start(&state)
    };
    assert!(lacks(None, 7));
    assert!(!lacks(Some(Number(0.5)), 7) && !lacks(None, 0));
    for lang in Lang::ALL {
        assert!(languages::texts(*lang).contains_key("units.no-start"));
    }
}

#[test]
fn what_is_measured_now_and_then_stays_until_it_is_measured_again() {
    let link = "depth=2&act=relu&charts=histograms";
    let mut state = State::open(link);
    state.apply(Event::Ready);
    let (run, net) = (state.run, state.spec().clone());
    let histogram = |variance: f64| {
        let id = LayerId::Hidden(1).matrix();
        vec![counted(Content::Weights, id, &preactivations(variance).expect("a density"))]
    };
    state.apply(Event::Frame(frame(run, 0, &net)));
    let mut first = frame(run, 7, &net);
    first.histograms = histogram(1.0);
    first.layers[0].dead_units = Some(Number(0.5));
    state.apply(Event::Frame(first));
    state.apply(Event::Frame(frame(run, 8, &net)));
    let shown = state.frame.as_ref().expect("a frame");
    assert_eq!((shown.step, &shown.histograms), (8, &histogram(1.0)));
    assert_eq!(shown.layers[0].dead_units, Some(Number(0.5)));
    // The same step again, with what was asked for since: no loss is told twice.
    let losses = (state.record.loss.points().count(), state.record.val_loss.points().count());
    let again = Frame {
        losses: Vec::new(),
        histograms: histogram(4.0),
        start_histograms: histogram(0.25),
        ..frame(run, 8, &net)
    };
    state.apply(Event::Frame(again));
    assert_eq!((state.record.loss.points().count(), state.record.val_loss.points().count()), losses);
    assert_eq!(state.initial.as_ref().expect("a start").histograms, histogram(0.25));
    assert_eq!(state.frame.as_ref().expect("a frame").histograms, histogram(4.0));
    let choice = HistogramChoice { content: Content::Weights, ..HistogramChoice::default() };
    let curve = HistogramCurve::new(&state, choice, &choice.theory(&net, &predict(&net)));
    let std = |of: &Option<Distribution>| of.as_ref().map(|of| of.std);
    assert_eq!((std(&curve.rows[0].now), std(&curve.rows[0].start)), (Some(2.0), Some(0.5)));
    assert!(curve.rows[1].now.is_none() && curve.rows[1].theory.is_some());
    // Who goes back sees those that were made last before.
    state.apply(Event::Frame(frame(run, 9, &net)));
    state.edit(Edit::Look(Some(7)));
    assert_eq!(state.shown().expect("a frame").histograms, histogram(1.0));
    state.apply(Event::Frame(frame(run, 10, &net)));
    state.edit(Edit::Look(Some(9)));
    assert_eq!(
        (state.shown().expect("a frame").step, &state.shown().expect("a frame").histograms),
        (9, &histogram(4.0))
    );
    state.edit(Edit::Look(None));
    assert_eq!(state.shown().expect("a frame").histograms, histogram(4.0));
    let with = |history: &History| history.frames().filter(|frame| !frame.histograms.is_empty()).count();
    assert_eq!(with(&state.record.history), 2, "each is remembered once");
    // Where the chart is taken away, its numbers go too.
    state.edit(Edit::Charts(vec![Chart::Variance]));
    assert!(state.frame.as_ref().expect("a frame").histograms.is_empty());
    // And of a run that is not on the page any more few are kept, with the first and the last.
    for step in 11..200 {
        state.record.history.push(&Frame { histograms: histogram(1.0), ..frame(run, step, &net) });
    }
    state.edit(Edit::Reseed);
    let history = &state.runs.list()[0].record.history;
    assert_eq!(with(history), 8);
    let steps: Vec<u64> =
        history.frames().filter(|frame| !frame.histograms.is_empty()).map(|frame| frame.step).collect();
    assert_eq!((steps[0], steps[7]), (7, 199));
    assert_eq!(history.last_histograms(198).map(|frame| frame.step), Some(steps[6]));
    assert_eq!(history.last_histograms(1).map(|frame| frame.step), Some(7));
}

#[test]
fn rows_are_the_matrices_that_have_such_numbers() {
    let names = |link: &str, content: Content, role: Role, layer: Option<LayerId>| -> Vec<String> {
        let choice = HistogramChoice { content, role, layer, own_units: true };
        choice.shown(&spec(link)).into_iter().map(|id| id.to_string()).collect()
    };
    let mlp = "depth=2";
    assert_eq!(names(mlp, Content::Activations, Role::Query, None), ["hidden.1", "hidden.2"]);
    assert_eq!(names(mlp, Content::Weights, Role::Query, None), ["hidden.1", "hidden.2", "output"]);
    assert_eq!(names(mlp, Content::Weights, Role::Query, Some(LayerId::Output)), ["output"]);
    assert_eq!(names(mlp, Content::Activations, Role::Query, Some(LayerId::Output)), ["hidden.1", "hidden.2"]);
    let gpt = "model=gpt&depth=2";
    assert_eq!(names(gpt, Content::Gradients, Role::Key, None), ["block.1.k", "block.2.k"]);
    assert_eq!(names(gpt, Content::Activations, Role::Key, None), ["block.1.mlp-in", "block.2.mlp-in"]);
    assert_eq!(names(gpt, Content::Preactivations, Role::Head, None), ["head"]);
    // A tied head has no weights of its own.
    assert_ne!(names(gpt, Content::Weights, Role::Head, None), ["head"]);
    let many = names("depth=60", Content::Activations, Role::Hidden, None);
    assert_eq!((many.len(), many[0].as_str(), many[13].as_str()), (14, "hidden.1", "hidden.60"));
    assert!(many.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn theory_stands_where_it_knows_something() {
    let known = |link: &str, content: Content, role: Role| -> Vec<bool> {
        let spec = spec(link);
        let choice = HistogramChoice { content, role, ..HistogramChoice::default() };
        choice.theory(&spec, &predict(&spec)).into_iter().map(|(_, theory)| theory.is_some()).collect()
    };
    let mlp = "depth=3&init=kaiming-normal";
    assert_eq!(known(mlp, Content::Weights, Role::Hidden), [true; 4]);
    assert_eq!(known(mlp, Content::Preactivations, Role::Hidden), [true; 4]);
    assert_eq!(known(mlp, Content::Activations, Role::Hidden), [true; 3]);
    assert_eq!(known(mlp, Content::Gradients, Role::Hidden), [false; 4]);
    assert_eq!(known("depth=3&init=lsuv", Content::Weights, Role::Hidden), [false; 4], "its size follows the data");
    let gpt = "model=gpt&depth=2";
    assert_eq!(known(gpt, Content::Weights, Role::Query), [true; 2]);
    assert_eq!(known(gpt, Content::Activations, Role::MlpIn), [true; 2]);
    assert_eq!(known(gpt, Content::Preactivations, Role::Query), [false; 2]);
    // Between z and φ stands a norm, so that φ sees a variance of 1.
    let normed = spec("depth=3&init=normal&std=0.001&norm=layer&pos=inner&act=tanh");
    let choice = HistogramChoice::default();
    let theory = choice.theory(&normed, &predict(&normed));
    assert_eq!(theory[0].1, activations(Activation::Tanh, 1.0));
}

#[test]
fn a_picture_has_as_many_points_for_every_distribution() {
    let relu = activations(Activation::Relu, 4.0).expect("a density");
    for distribution in [preactivations(1e-30).expect("a density"), relu.clone()] {
        let points = outline(&distribution, distribution.std);
        assert_eq!(points.len(), HISTOGRAM_BINS + 2);
        assert!(points.iter().all(|(x, height)| x.is_finite() && (0.0..=1.0).contains(height)));
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "from left to right");
        assert!(points.iter().any(|(_, height)| *height == 1.0), "the peak has height 1");
        let [low, high] = extent(&distribution, distribution.std);
        assert!(low <= 0.0 && high > 2.0 && high <= 4.7, "{low} {high}");
    }
    assert_eq!(point(&relu, 1.0), (0.0, relu.zeros));
    let constant = Distribution { mean: 3.0, std: 0.0, zeros: 0.0, ..relu };
    assert_eq!(point(&constant, 2.0), (1.5, 1.0));
}

/// The sentences about one network, after this was measured of its hidden layers.
fn said(link: &str, content: Content, measured: &[Distribution], dead: &[f64]) -> Vec<&'static str> {
    let mut state = State::open(link);
    state.apply(Event::Ready);
    let net = state.spec().clone();
    let mut now = frame(state.run, 0, &net);
    let ids = (1..).map(|number| LayerId::Hidden(number).matrix());
    now.histograms = ids.zip(measured).map(|(id, distribution)| counted(content, id, distribution)).collect();
    for (layer, dead) in now.layers.iter_mut().zip(dead) {
        layer.dead_units = Some(Number(*dead));
    }
    state.apply(Event::Frame(now));
    let choice = HistogramChoice { content, ..HistogramChoice::default() };
    let curve = HistogramCurve::new(&state, choice, &choice.theory(&net, &predict(&net)));
    let remarks = curve.remarks();
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        for remark in &remarks {
            let text = lang.remark(remark);
            assert!(!text.starts_with("histogram.") && !text.contains(['{', '}']), "{text}");
        }
        let table = curve.table();
        assert!(table.columns.iter().all(|column| lang.text(&format!("table.{column}")) != format!("table.{column}")));
        assert!(table.rows.iter().all(|(_, values)| values.len() + 1 == table.columns.len()));
    }
    remarks.iter().map(|remark| remark.key).collect()
}

#[test]
fn what_is_said_is_what_is_there() {
    let (relu, tanh) = ("depth=2&act=relu", "depth=2&act=tanh");
    let normal = preactivations(1.0).expect("a density");
    let half = activations(Activation::Relu, 1.0).expect("a density");
    assert_eq!(said(relu, Content::Activations, &[], &[]), ["expected"]);
    assert_eq!(said(relu, Content::Gradients, &[], &[]), ["waiting"]);
    assert_eq!(said(relu, Content::Weights, &[normal.clone(), normal.clone()], &[]), ["spread"]);
    assert_eq!(said("depth=1&act=relu", Content::Activations, std::slice::from_ref(&half), &[0.0]), ["one"]);
    assert_eq!(said(relu, Content::Activations, &[half.clone(), half.clone()], &[0.0, 0.84]), ["spread", "dead"]);
    let wide = activations(Activation::Tanh, 100.0).expect("a density");
    assert_eq!(said(tanh, Content::Activations, &[wide.clone(), wide], &[]), ["spread", "saturated"]);
    // One number in fifty lies far out.
    let mut heavy = normal.clone();
    heavy.shares[HISTOGRAM_BINS / 2] -= 0.02;
    heavy.outside[1] += 0.02;
    assert_eq!(said(tanh, Content::Weights, &[heavy.clone()], &[]), ["one", "heavy"]);
    assert_eq!(said(tanh, Content::Gradients, &[heavy], &[]), ["one", "heavy-normal"]);
    let sparse =
        Distribution { zeros: 0.9, shares: normal.shares.iter().map(|share| 0.1 * share).collect(), ..normal.clone() };
    assert!(said(tanh, Content::Weights, &[sparse], &[]).contains(&"zeros"));
    let lost = Distribution { std: f64::NAN, ..normal.clone() };
    assert_eq!(said(tanh, Content::Weights, std::slice::from_ref(&lost), &[]), ["broken"]);
    assert_eq!(said(tanh, Content::Weights, &[normal, lost], &[]), ["one", "broken"]);
}

#[test]
fn one_layer_alone_has_a_table_of_its_bins() {
    let mut state = State::open("depth=3&act=relu");
    state.apply(Event::Ready);
    let net = state.spec().clone();
    let id = LayerId::Hidden(2).matrix();
    let half = activations(Activation::Relu, 1.0).expect("a density");
    let histograms = vec![counted(Content::Activations, id, &half)];
    state.apply(Event::Frame(Frame { histograms, ..frame(state.run, 0, &net) }));
    let choice = HistogramChoice { layer: Some(LayerId::Hidden(2)), ..HistogramChoice::default() };
    let curve = HistogramCurve::new(&state, choice, &choice.theory(&net, &predict(&net)));
    let table = curve.table();
    assert_eq!(table.columns, ["value", "density", "start-density", "theory-density"]);
    assert_eq!(table.rows.len(), HISTOGRAM_BINS);
    let whole: f64 = table.rows.iter().filter_map(|(_, values)| values[0]).sum::<f64>() * half.std / 8.0;
    assert!((whole - (1.0 - half.zeros - half.outside[1])).abs() < 1e-4, "the densities add up to {whole}");
    let all = HistogramCurve {
        choice: HistogramChoice { layer: None, ..choice },
        rows: [curve.rows.clone(), curve.rows].concat(),
        stale: false,
    };
    assert!(all.table().for_programs().csv(DecimalMark::Point).starts_with("layer,mean,std,"));
    assert_eq!(all.table().rows[0].0.id(), "hidden.2");
}

#[test]
fn dead_units_are_drawn_beside_what_theory_says_of_saturation() {
    let mut state = State::open("depth=3&act=tanh&init=normal&std=0.5");
    state.apply(Event::Ready);
    let net = state.spec().clone();
    let mut now = frame(state.run, 0, &net);
    now.layers[1].saturated_share = Some(Number(0.75));
    state.apply(Event::Frame(now));
    let prediction = predict(&net);
    let curve = DepthCurve::new(&state, &prediction, Quantity::Dead);
    assert_eq!(curve.most(), Some((LayerId::Hidden(2), 0.75)));
    let predicted: Vec<Option<f64>> = curve.points.iter().map(|point| point.predicted).collect();
    assert!(predicted[..3].iter().all(|share| share.is_some_and(|share| share > 0.3)), "{predicted:?}");
    assert_eq!(predicted[3], None, "logits do not saturate");
    let table = Table::dead(&state, &prediction);
    assert_eq!(table.rows[1].1[..2], [None, Some(0.75)]);
    let relu = spec("depth=3&act=relu");
    let curve = DepthCurve::new(&State::open("depth=3&act=relu"), &predict(&relu), Quantity::Dead);
    assert!(curve.points.iter().all(|point| point.predicted.is_none()));
}
