//! The chart of updates: measured beside theory's first update, in words, and by step.

use init_lab::lab::lang::Lang;
use init_lab::lab::metric::{Frame, LayerMetric, WeightMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::Event;
use init_lab::lab::spec::Role;
use init_lab::lab::state::{Edit, State};
use init_lab::lab::updates::{UpdateCurve, UpdateHistory};
use init_lab::science::layer::{LayerId, MatrixId};

use crate::languages;

/// A lab that was measured at step 0 with this size of weights and gradients everywhere.
fn begun(link: &str, std: f64, gradient: f64) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state.apply(Event::Ready);
    measure(&mut state, 0, std, gradient, |_| None);
    state
}

/// Takes in a frame whose matrices have these ratios.
fn measure(state: &mut State, step: u64, std: f64, gradient: f64, ratio: impl Fn(MatrixId) -> Option<f64>) {
    let architecture = state.spec().architecture();
    let layer = |id| LayerMetric { gradient_rms: Some(Number(gradient)), ..LayerMetric::unmeasured(id) };
    let mut ids: Vec<MatrixId> = architecture.matrices().iter().map(|site| site.id()).collect();
    ids.sort();
    let weight = |id| WeightMetric { id, std: Number(std), update_ratio: ratio(id).map(Number) };
    state.apply(Event::Frame(Frame {
        run: state.run,
        step,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: architecture.layers().into_iter().map(layer).collect(),
        weights: ids.into_iter().map(weight).collect(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }));
}

fn curve(state: &State) -> UpdateCurve {
    UpdateCurve::new(state, &predict(state.spec()))
}

/// Theory's ratio of the last matrix, through whose measured gradient the predicted ones go.
fn last(link: &str, std: f64, gradient: f64) -> Option<f64> {
    curve(&begun(link, std, gradient)).matrices.last()?.predicted
}

#[track_caller]
fn assert_close(found: Option<f64>, wanted: f64) {
    let found = found.expect("theory");
    assert!((found / wanted - 1.0).abs() < 1e-9, "{found} is not {wanted}");
}

/// By hand: η = 0.01, σ = 0.05, g = 0.2.
#[test]
fn the_first_update_follows_the_rule() {
    let (eta, sigma, g): (f64, f64, f64) = (0.01, 0.05, 0.2);
    let sgd = eta * g;
    assert_close(last("lr=0.01&init=kaiming-normal", sigma, g), sgd / sgd.hypot(sigma));
    assert_close(last("lr=0.01&opt=momentum&init=kaiming-normal", sigma, g), sgd / sgd.hypot(sigma));
    // Whatever the gradient is, an Adam's number moves by η, unless its gradient is as small as ε.
    assert_close(last("lr=0.01&opt=adam", sigma, 1e6), eta * (1e6 / (1e6 + 1e-8)) / eta.hypot(sigma));
    let small = eta * 1e-8 / 2e-8;
    assert_close(last("lr=0.01&opt=adam", sigma, 1e-8), small / small.hypot(sigma));
    // Decay: a part of the gradient, or beside it.
    let (lambda, kept) = (0.5, sigma * (1.0 - eta * 0.5));
    let coupled = sgd.hypot(eta * lambda * sigma) / sgd.hypot(kept);
    assert_close(last("lr=0.01&wd=0.5&init=kaiming-normal", sigma, g), coupled);
    let adam = eta * g / (g + 1e-8);
    let decoupled = adam.hypot(eta * lambda * sigma) / adam.hypot(kept);
    assert_close(last("lr=0.01&wd=0.5&opt=adamw", sigma, g), decoupled);
    // The first of 100 steps of a warm-up has a hundredth of the rate.
    let warm = 1e-4 * g;
    assert_close(last("lr=0.01&warmup=100&init=kaiming-normal", sigma, g), warm / warm.hypot(sigma));
}

#[test]
fn where_theory_has_no_first_update_the_note_says_why() {
    Lang::En.learn(languages::texts(Lang::En));
    let silent = |link: &str, why: &str| {
        let state = begun(link, 0.05, 0.2);
        let curve = curve(&state);
        assert!(curve.matrices.iter().all(|matrix| matrix.predicted.is_none()), "{link}");
        assert!(curve.note(Lang::En).ends_with(Lang::En.text(why)), "{link}: {}", curve.note(Lang::En));
    };
    silent("init=mup", "updates.no-mup");
    silent("model=gpt&opt=sgd", "updates.no-blocks");
    silent("clip=1", "updates.no-clip");
    silent("init=constant", "updates.no-gradient");
    let unmeasured = State::open("");
    assert!(curve(&unmeasured).note(Lang::En).ends_with(Lang::En.text("updates.no-anchor")));
    // Weights without a spread have no ratio, whatever the optimizer.
    assert_eq!(last("opt=adam&init=zeros", 0.0, 0.2), None);
    // Only the rows of the characters in a batch move, unless the head shares them.
    let token = |link: &str| {
        let curve = curve(&begun(link, 0.05, 0.2));
        curve.matrices.into_iter().find(|matrix| matrix.id.role == Role::Token).expect("a table").predicted
    };
    assert!(token("model=gpt").is_some() && token("model=gpt&tied=off").is_none());
}

#[test]
fn the_sentence_is_about_what_is_shown() {
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
    }
    let mut state = begun("depth=3", 0.05, 0.2);
    assert_eq!(curve(&state).words(Lang::En), Lang::En.text("updates.none"));
    let mut said = |ratios: [f64; 4]| {
        measure(&mut state, 1, 0.05, 0.2, |id| Some(ratios[id.layer.number().unwrap_or(4) - 1]));
        Lang::ALL.iter().for_each(|lang| {
            let text = curve(&state).words(*lang);
            assert!(!text.contains(['{', '}']) && !text.contains("updates."), "{text}");
        });
        curve(&state).words(Lang::En)
    };
    let healthy = said([1e-3, 2e-3, 3e-3, 4e-3]);
    assert!(healthy.contains("0.001 of their own spread in layer 1"), "{healthy}");
    assert!(healthy.contains("0.004 in the output layer") && healthy.ends_with("between these bounds."), "{healthy}");
    let uneven = said([7.94e-5, 1e-3, 2e-2, 3e-2]);
    assert!(uneven.contains("7.94·10⁻⁵ of their own spread in layer 1"), "{uneven}");
    assert!(uneven.contains("1 of 4 matrices lie below") && uneven.contains("2 of 4 matrices lie above"), "{uneven}");
    let broken = said([0.0, f64::NAN, f64::INFINITY, 1e-3]);
    assert!(broken.starts_with("1 of 4 matrices did not move") && broken.contains("In 2 of 4 matrices"), "{broken}");
}

#[test]
fn each_matrix_has_a_row_and_a_name() {
    Lang::En.learn(languages::texts(Lang::En));
    let mut state = begun("model=gpt&depth=2", 0.05, 0.2);
    measure(&mut state, 1, 0.05, 0.2, |id| Some(if id.role == Role::Query { 0.25 } else { 0.5 }));
    let curve = curve(&state);
    use Role::{AttentionOut, Key, MlpIn, MlpOut, Position, Query, Token, Value};
    assert_eq!(curve.roles(), [Token, Position, Query, Key, Value, AttentionOut, MlpIn, MlpOut]);
    let table = curve.table();
    assert_eq!(table.columns, ["matrix", "update-ratio", "predicted-update"]);
    let row = |id: &str| table.rows.iter().find(|(label, _)| label.id() == id).expect(id);
    assert_eq!(row("block.2.q").1[0], Some(0.25));
    assert_eq!(row("embedding.token").1[0], Some(0.5));
    assert_eq!(Lang::En.row(&row("block.2.q").0), "block 2, queries Q");
    assert_eq!(Lang::En.row(&row("embedding.token").0), "the embedding, token embedding");
}

#[test]
fn a_few_layers_are_followed_from_step_to_step() {
    Lang::En.learn(languages::texts(Lang::En));
    let layers = |link: &str| {
        let mut state = begun(link, 0.05, 0.2);
        measure(&mut state, 1, 0.05, 0.2, |id| Some(if id.role == Role::Key { 1e-1 } else { 1e-3 }));
        state.record.updates.curves()
    };
    let ids = |link: &str| layers(link).into_iter().map(|(layer, _)| layer).collect::<Vec<_>>();
    assert_eq!(ids("depth=20"), [LayerId::Hidden(1), LayerId::Hidden(11), LayerId::Output]);
    assert_eq!(ids("depth=1"), [LayerId::Hidden(1), LayerId::Output]);
    assert_eq!(ids("model=gpt&depth=4"), [1, 2, 4].map(LayerId::Block));
    assert_eq!(ids("model=gpt&depth=1"), [LayerId::Block(1)]);
    // The geometric mean of Q, K, V, out and the MLP's two, one of them a hundred times as large.
    let [(step, ratio)] = layers("model=gpt&depth=1")[0].1[..] else { panic!("one point") };
    assert!(step == 1 && (ratio / (1e-3 * 100f64.powf(1.0 / 6.0)) - 1.0).abs() < 1e-12, "{ratio}");

    let mut state = begun("depth=2", 0.05, 0.2);
    assert_eq!(
        (state.record.updates.last_step(), UpdateHistory::new(&state).words(Lang::En)),
        (None, text("updates.none"))
    );
    for step in 1..=5000 {
        measure(&mut state, step, 0.05, 0.2, |_| Some(1.0 / step as f64));
    }
    measure(&mut state, 5001, 0.05, 0.2, |_| Some(f64::NAN));
    let history = UpdateHistory::new(&state);
    let (_, points) = &history.curves[0];
    let (step, ratio) = points[points.len() - 1];
    assert!(points.len() <= 1025 && step == 5000 && (5000.0 * ratio - 1.0).abs() < 1e-12, "{step} {ratio}");
    let words = history.words(Lang::En);
    assert!(words.contains(": layer 1 from 0.125 at step 8 to 2·10⁻⁴ at step 5000; layer 2 from"), "{words}");
    state.edit(Edit::Reset);
    assert_eq!(state.record.updates.last_step(), None);
}

fn text(key: &str) -> String {
    Lang::En.text(key).to_owned()
}
